/// An attribute value of OTLP (`AnyValue`), pointing into the request that holds it.
///
/// It may be used only inside the closure that received it.
package struct OTLPValue {
    package enum Kind: UInt8, Sendable {
        case unset, string, bool, integer, double, array, map, bytes
    }

    package let kind: Kind
    /// The text, the bytes, or the encoded elements. Text may be invalid UTF-8.
    package let content: UnsafeRawBufferPointer
    private let bits: UInt64

    init(_ message: UnsafeRawBufferPointer) {
        var kind = Kind.unset
        var content = UnsafeRawBufferPointer(start: nil, count: 0)
        var bits: UInt64 = 0
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: kind = .string
            case 2 where cursor.isVarint: kind = .bool
            case 3 where cursor.isVarint: kind = .integer
            case 4 where cursor.isFixed64: kind = .double
            case 5 where cursor.isBytes: kind = .array
            case 6 where cursor.isBytes: kind = .map
            case 7 where cursor.isBytes: kind = .bytes
            default: continue
            }
            content = cursor.content
            bits = cursor.bits
        }
        self.kind = kind
        self.content = content
        self.bits = bits
    }

    package var boolValue: Bool { bits != 0 }
    package var integerValue: Int64 { Int64(bitPattern: bits) }
    package var doubleValue: Double { Double(bitPattern: bits) }

    /// Visits the elements of an array; does nothing for other kinds.
    package func forEachElement(_ body: (OTLPValue) -> Void) {
        guard kind == .array else { return }
        var cursor = FieldCursor(content)
        while cursor.next() {
            guard cursor.number == 1, cursor.isBytes else { continue }
            body(OTLPValue(cursor.content))
        }
    }

    /// Visits the members of a map, duplicate keys included; does nothing for other kinds.
    package func forEachMember(_ body: (OTLPAttribute) -> Void) {
        guard kind == .map else { return }
        var cursor = FieldCursor(content)
        while cursor.next() {
            guard cursor.number == 1, cursor.isBytes else { continue }
            body(OTLPAttribute(cursor.content))
        }
    }
}

/// A key with its value, pointing into the request that holds it.
package struct OTLPAttribute {
    /// UTF-8, possibly invalid.
    package let key: UnsafeRawBufferPointer
    package let value: OTLPValue

    init(_ message: UnsafeRawBufferPointer) {
        var key = UnsafeRawBufferPointer(start: nil, count: 0)
        var value = UnsafeRawBufferPointer(start: nil, count: 0)
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: key = cursor.content
            case 2 where cursor.isBytes: value = cursor.content
            default: break
            }
        }
        self.key = key
        self.value = OTLPValue(value)
    }
}
