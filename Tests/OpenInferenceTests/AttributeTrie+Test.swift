import JSON

@testable import OpenInference

/// The nested form of dotted keys, as a JSON object. Null values are left out.
func unflattened(_ attributes: JSONObject) -> [UInt8] {
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
