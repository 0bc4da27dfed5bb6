import JSON

/// Turns nested attributes into their flat form.
package enum AttributeFlattening {
    /// Turns nested attributes into dotted keys.
    ///
    /// A list is descended only when it contains objects, its position being a segment of the key;
    /// other lists stay values. Nulls and empty objects have no flat form and are left out.
    package static func flatten(_ attributes: JSONObject) -> JSONObject {
        var flat = JSONObject()
        for (key, value) in attributes { flatten(value, key, into: &flat) }
        return flat
    }

    private static func flatten(_ value: JSONValue, _ path: String, into flat: inout JSONObject) {
        switch value {
        case .null: break
        case .object(let members):
            for (key, member) in members { flatten(member, "\(path).\(key)", into: &flat) }
        case .array(let elements) where elements.contains { $0.objectValue != nil }:
            for (index, element) in elements.enumerated() {
                flatten(element, "\(path).\(index)", into: &flat)
            }
        default: flat[path] = value
        }
    }
}
