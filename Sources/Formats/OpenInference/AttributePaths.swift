import JSON

/// The flat form of nested attributes, and back.
package enum AttributePaths {
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

    /// Turns dotted keys into nested attributes by the rules of the contract's data model, section
    /// 2.1. Values, nested ones included, stay as they are; null ones are left out.
    ///
    /// - Returns: The nested attributes as a JSON object.
    package static func unflatten(_ attributes: JSONObject) -> [UInt8] {
        var trie = AttributeTrie()
        let arena = KeyArena()
        for (key, value) in attributes where !value.isNull {
            trie.insert(arena.keep(key.utf8), value)
        }
        var writer = JSONWriter()
        trie.write(to: &writer)
        // The trie points into the arena.
        withExtendedLifetime(arena) {}
        return writer.bytes
    }
}
