/// Reads the fields of one protobuf message in place.
///
/// What it returns points into the message, so the message's memory must outlive both. Nothing is
/// allocated. Text is not checked to be UTF-8.
///
/// Source: protobuf encoding specification, <https://protobuf.dev/programming-guides/encoding/>.
package struct ProtobufReader {
    package enum WireType: UInt32, Sendable {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
        case startGroup = 3
        case endGroup = 4
        case fixed32 = 5
    }

    /// The number and the wire type of a field.
    package struct Field: Sendable {
        package let number: UInt32
        package let wireType: WireType

        package init(number: UInt32, wireType: WireType) {
            self.number = number
            self.wireType = wireType
        }
    }

    /// How deep messages and groups may be nested: the default of the usual protobuf libraries.
    package static var maximumDepth: Int { 100 }

    private var next: UnsafeRawPointer
    private let end: UnsafeRawPointer

    /// The bytes that are not read yet.
    package var rest: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: next, count: end - next)
    }

    package init(_ message: UnsafeRawBufferPointer) {
        // An empty buffer may have no address; any address serves, as none is ever read.
        next = message.baseAddress ?? UnsafeRawPointer(Self.placeholder.utf8Start)
        end = next + message.count
    }

    @inlinable static var placeholder: StaticString { " " }

    /// The next field, or `nil` at the end of the message. Its value must be read or skipped next.
    package mutating func field() throws(ProtobufError) -> Field? {
        if next == end { return nil }
        let tag = try varint()
        guard tag <= UInt64(UInt32.max) else { throw .overlongInteger }
        guard let wireType = WireType(rawValue: UInt32(truncatingIfNeeded: tag & 7)) else {
            throw .wireType
        }
        let number = UInt32(truncatingIfNeeded: tag >> 3)
        guard number != 0 else { throw .fieldNumber }
        return Field(number: number, wireType: wireType)
    }

    /// The value of a varint field. Bits beyond 64 are dropped, as protobuf does.
    package mutating func varint() throws(ProtobufError) -> UInt64 {
        guard next < end else { throw .truncated }
        let first = next.load(as: UInt8.self)
        if first < 0x80 {
            next += 1
            return UInt64(first)
        }
        return try longVarint()
    }

    private mutating func longVarint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 70 {
            guard next < end else { throw .truncated }
            let byte = next.load(as: UInt8.self)
            next += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .overlongInteger
    }

    /// The content of a length-delimited field: text, bytes, a message or packed numbers.
    package mutating func bytes() throws(ProtobufError) -> UnsafeRawBufferPointer {
        let count = try varint()
        guard count <= UInt64(end - next) else { throw .truncated }
        let content = UnsafeRawBufferPointer(start: next, count: Int(count))
        next += Int(count)
        return content
    }

    package mutating func fixed64() throws(ProtobufError) -> UInt64 {
        guard end - next >= 8 else { throw .truncated }
        let value = next.loadUnaligned(as: UInt64.self)
        next += 8
        return UInt64(littleEndian: value)
    }

    package mutating func fixed32() throws(ProtobufError) -> UInt32 {
        guard end - next >= 4 else { throw .truncated }
        let value = next.loadUnaligned(as: UInt32.self)
        next += 4
        return UInt32(littleEndian: value)
    }

    /// Reads past the value of a field, a whole group included.
    ///
    /// - Parameter depth: How deep the message is nested, so that groups cannot nest without bound.
    package mutating func skip(_ field: Field, depth: Int = 0) throws(ProtobufError) {
        switch field.wireType {
        case .varint: _ = try varint()
        case .fixed64: _ = try fixed64()
        case .lengthDelimited: _ = try bytes()
        case .fixed32: _ = try fixed32()
        case .startGroup: try skipGroup(field.number, depth: depth + 1)
        case .endGroup: throw .wireType
        }
    }

    private mutating func skipGroup(_ number: UInt32, depth: Int) throws(ProtobufError) {
        guard depth <= Self.maximumDepth else { throw .tooDeep }
        while let field = try field() {
            if field.wireType == .endGroup {
                guard field.number == number else { throw .wireType }
                return
            }
            try skip(field, depth: depth)
        }
        throw .truncated
    }
}
