import JSON

/// What writes itself as JSON without building a tree first.
package protocol JSONWritable: Sendable {
    func write(to writer: inout JSONWriter)
}

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    mutating func member(_ name: String, _ number: Int64) {
        key(name)
        integer(number)
    }

    /// A number that is not finite becomes null.
    mutating func member(_ name: String, number: Double?) {
        key(name)
        if let number { double(number) } else { null() }
    }

    mutating func member(_ name: String, _ items: [some JSONWritable]) {
        key(name)
        beginArray()
        for item in items { item.write(to: &self) }
        endArray()
    }
}
