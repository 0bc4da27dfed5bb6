import JSON
import OpenInference
import PhoenixModel

/// A span as a row of a table for data analysis: the attributes that OpenInference knows have a
/// column each, the others share one for each of their first segments.
struct SpanFrameRow {
    let stored: StoredSpan
    /// By the name of the column, without `attributes.` in front.
    let attributes: JSONObject

    init(_ stored: StoredSpan) throws {
        self.stored = stored
        attributes = Self.columns(
            stored.payload.attributes.isEmpty
                ? [:] : try JSON.parse(stored.payload.attributes).objectValue ?? [:])
    }

    /// An object with the attributes that are known at this level under their whole names. Objects
    /// further in, in lists too, are treated alike: `{"message": {"role": …}}` becomes
    /// `{"message.role": …}`.
    static func columns(_ object: JSONObject) -> JSONObject {
        var columns = JSONObject()
        let rest = split(object, under: "", into: &columns)
        for (key, value) in rest { columns[key] = unfolded(value) }
        return columns
    }

    private static func unfolded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object): .object(columns(object))
        case .array(let elements): .array(elements.map(unfolded))
        // The reader of the clients takes no integer beyond 64 bits.
        case .number(let literal): .string(literal)
        default: value
        }
    }

    /// Takes the known attributes out of an object, and returns what is left of it.
    private static func split(
        _ object: JSONObject, under prefix: String, into columns: inout JSONObject
    ) -> JSONObject {
        var rest = JSONObject()
        for (key, value) in object {
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if case .object(let inner) = value, KnownAttributes.prefixes.contains(path) {
                let left = split(inner, under: path, into: &columns)
                if !left.isEmpty { rest[key] = .object(left) }
            } else if KnownAttributes.names.contains(path) {
                columns[path] = unfolded(opened(value, at: path))
            } else {
                rest[key] = value
            }
        }
        return rest
    }

    /// Objects that came as JSON text, which spans added through REST keep as they were sent.
    private static func opened(_ value: JSONValue, at path: String) -> JSONValue {
        guard KnownAttributes.jsonText.contains(path), case .string(let text) = value,
            case .object(let object)? = try? JSON.parse(text)  // Text that is no JSON stays text.
        else { return value }
        return .object(object)
    }
}
