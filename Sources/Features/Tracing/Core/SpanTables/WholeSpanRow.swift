import JSON
import OpenInference
import PhoenixModel

/// A span as a row of a table for data analysis: the attributes that OpenInference knows have a
/// column each, the others share one for each of their first segments.
enum WholeSpanRow {
    static let fixed = [
        "context.span_id", "name", "span_kind", "parent_id", "start_time", "end_time",
        "status_code", "status_message", "events", "context.span_id", "context.trace_id",
    ]

    /// - Throws: A `JSONError` when the payload is damaged, or was blanked by a deletion that is
    ///   just under way.
    static func row(_ stored: StoredSpan) throws -> SpanTableRow {
        let span = stored.span
        let payload = stored.payload
        let id = SpanTableCell.text(span.otelID.hex)
        var attributes: [SpanTableRow.Named] = []
        if !payload.attributes.isEmpty {
            let object = try SpanPayload.parsed(payload.attributes).objectValue ?? [:]
            attributes = columns(object).map { ("attributes.\($0.key)", .value($0.value)) }
        }
        return SpanTableRow(
            cells: [
                id, .text(span.name), .text(span.kind),
                span.parentID.map { .text($0.hex) } ?? .null, .time(span.startTime),
                .time(span.endTime), .text(span.statusCode), .text(span.statusMessage),
                .json(payload.events.isEmpty ? Array("[]".utf8) : payload.events), id,
                .text(stored.traceID.hex),
            ],
            groups: [attributes])
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
