/// Header fields in the order sent. Names compare without regard to case and are kept in lower
/// case, as HTTP/2 demands and HTTP/1 allows; a name may occur several times.
package struct HTTPHeaders: Sendable, Hashable, Sequence, ExpressibleByDictionaryLiteral {
    package typealias Field = (name: String, value: String)

    private struct Entry: Sendable, Hashable {
        var name: String
        var value: String
    }

    private var entries: [Entry] = []

    package init() {}

    package init(_ fields: [(String, String)]) {
        entries.reserveCapacity(fields.count)
        for (name, value) in fields { add(name, value) }
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// Appends a field and leaves others of the same name where they are.
    package mutating func add(_ name: String, _ value: String) {
        entries.append(Entry(name: Self.lowercased(name), value: value))
    }

    /// Appends a field whose name the caller knows to be in lower case.
    package mutating func add(lowercasedName name: String, _ value: String) {
        entries.append(Entry(name: name, value: value))
    }

    /// Replaces every field of that name by the one given.
    package mutating func set(_ name: String, _ value: String) {
        let name = Self.lowercased(name)
        guard let first = entries.firstIndex(where: { $0.name == name }) else {
            entries.append(Entry(name: name, value: value))
            return
        }
        entries[first].value = value
        for index in entries.indices.reversed() where index > first && entries[index].name == name {
            entries.remove(at: index)
        }
    }

    package mutating func remove(_ name: String) {
        let name = Self.lowercased(name)
        entries.removeAll { $0.name == name }
    }

    /// The first value of that name. Setting replaces every field of the name; nil removes them.
    package subscript(name: String) -> String? {
        get {
            let name = Self.lowercased(name)
            return entries.first { $0.name == name }?.value
        }
        set {
            if let newValue { set(name, newValue) } else { remove(name) }
        }
    }

    /// Every value of that name, in order.
    package func values(of name: String) -> [String] {
        let name = Self.lowercased(name)
        return entries.compactMap { $0.name == name ? $0.value : nil }
    }

    package func contains(_ name: String) -> Bool {
        let name = Self.lowercased(name)
        return entries.contains { $0.name == name }
    }

    /// The elements of a comma-separated field (RFC 9110, section 5.6.1), trimmed, over all fields
    /// of that name. Not for fields whose values hold commas, such as dates and cookies.
    package func list(_ name: String) -> [String] {
        values(of: name).flatMap { value in
            value.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
        }
    }

    package func makeIterator() -> AnyIterator<Field> {
        var iterator = entries.makeIterator()
        return AnyIterator { iterator.next().map { ($0.name, $0.value) } }
    }

    private static func lowercased(_ name: String) -> String {
        // Most callers pass lower case, which then costs one scan and no allocation.
        name.utf8.contains { $0 >= 0x41 && $0 <= 0x5A } ? name.lowercased() : name
    }
}
