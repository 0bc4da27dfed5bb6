/// The items of a query string or of an `application/x-www-form-urlencoded` body, in order, with
/// repeated names.
///
/// Decoding follows the URL standard: `&` separates, `+` is a blank, a broken percent sequence
/// stays as it is, and bytes that are no UTF-8 become U+FFFD.
package struct HTTPQuery: Sendable, Hashable, Sequence {
    package struct Item: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    package let items: [Item]

    package init(_ encoded: String) {
        self.init(encoded.utf8)
    }

    package init(_ encoded: some Collection<UInt8>) {
        var items: [Item] = []
        for pair in encoded.split(separator: UInt8(ascii: "&")) {
            let separator = pair.firstIndex(of: UInt8(ascii: "="))
            let name = pair[..<(separator ?? pair.endIndex)]
            let value = separator.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
            items.append(
                Item(
                    name: PercentCoding.decode(name, plusIsBlank: true),
                    value: PercentCoding.decode(value, plusIsBlank: true)))
        }
        self.items = items
    }

    package func first(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    package func all(_ name: String) -> [String] {
        items.compactMap { $0.name == name ? $0.value : nil }
    }

    package func contains(_ name: String) -> Bool {
        items.contains { $0.name == name }
    }

    package func makeIterator() -> IndexingIterator<[Item]> {
        items.makeIterator()
    }
}
