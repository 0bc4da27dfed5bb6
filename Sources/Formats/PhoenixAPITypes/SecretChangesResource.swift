import JSON

/// Which secrets were stored and which deleted, by their keys.
package struct SecretChangesResource: JSONWritable, Hashable {
    package var upsertedKeys: [String]
    package var deletedKeys: [String]

    package init(upsertedKeys: [String], deletedKeys: [String]) {
        self.upsertedKeys = upsertedKeys
        self.deletedKeys = deletedKeys
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("upserted_keys")
        writer.value(.array(upsertedKeys.map { .string($0) }))
        writer.key("deleted_keys")
        writer.value(.array(deletedKeys.map { .string($0) }))
        writer.endObject()
    }
}
