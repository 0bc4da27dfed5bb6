import ProtobufWire

/// Walks the fields of a message.
///
/// It reads as `ProtobufReader` does, and stands in this module so that the compiler can merge it
/// into the loops that read each attribute of each span. A malformed field ends the walk and is told
/// by ``error``; messages that have been validated have none, so their readers need not look.
struct FieldCursor {
    private var position: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private(set) var number: UInt32 = 0
    private var wireType: UInt32 = 0
    /// The value of a varint, fixed32 or fixed64 field.
    private(set) var bits: UInt64 = 0
    /// The value of a length-delimited field.
    private(set) var content = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Why the walk ended before the end of the message.
    private(set) var error: ProtobufError?

    @inline(__always)
    init(_ message: UnsafeRawBufferPointer) {
        // An empty buffer may have no address; any address serves, as none is ever read.
        position = message.baseAddress ?? UnsafeRawPointer(Self.placeholder.utf8Start)
        end = position + message.count
    }

    private static var placeholder: StaticString { " " }

    /// Moves to the next field that is not a group. `false` at the end and at a malformed field.
    ///
    /// - Parameter depth: How deep the message is nested, so that groups cannot nest without bound.
    @inline(__always)
    mutating func next(depth: Int = 0) -> Bool {
        while position < end {
            let tag = varint()
            number = UInt32(truncatingIfNeeded: tag >> 3)
            wireType = UInt32(truncatingIfNeeded: tag & 7)
            if number == 0 || tag > UInt64(UInt32.max) {
                fail(number == 0 ? .fieldNumber : .overlongInteger)
                return false
            }
            switch wireType {
            case 0: bits = varint()
            case 1: bits = fixed(8)
            case 2:
                let length = varint()
                if length > UInt64(end - position) {
                    fail(.truncated)
                    return false
                }
                content = UnsafeRawBufferPointer(start: position, count: Int(length))
                position += Int(length)
            case 5: bits = fixed(4)
            case 3:
                skipGroup(depth: depth)
                continue
            default: fail(.wireType)
            }
            return error == nil
        }
        return false
    }

    @inline(never)
    private mutating func fail(_ error: ProtobufError) {
        // The first reason is the true one.
        if self.error == nil { self.error = error }
        position = end
    }

    @inline(__always)
    private mutating func varint() -> UInt64 {
        if position < end {
            let first = position.load(as: UInt8.self)
            if first < 0x80 {
                position += 1
                return UInt64(first)
            }
        }
        return longVarint()
    }

    @inline(never)
    private mutating func longVarint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = position.load(as: UInt8.self)
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift >= 70 {
                fail(.overlongInteger)
                return 0
            }
        }
        fail(.truncated)
        return 0
    }

    @inline(__always)
    private mutating func fixed(_ size: Int) -> UInt64 {
        guard end - position >= size else {
            fail(.truncated)
            return 0
        }
        defer { position += size }
        return size == 8
            ? UInt64(littleEndian: position.loadUnaligned(as: UInt64.self))
            : UInt64(UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)))
    }

    /// Reads past the rest of a group, whose start has been read.
    @inline(never)
    private mutating func skipGroup(depth: Int) {
        var reader = ProtobufReader(UnsafeRawBufferPointer(start: position, count: end - position))
        do throws(ProtobufError) {
            let group = ProtobufReader.Field(number: number, wireType: .startGroup)
            try reader.skip(group, depth: depth)
            position = end - reader.rest.count
        } catch {
            fail(error)
        }
    }

    // Protobuf ignores a known field number that comes with another wire type.
    @inline(__always) var isVarint: Bool { wireType == 0 }
    @inline(__always) var isFixed64: Bool { wireType == 1 }
    @inline(__always) var isBytes: Bool { wireType == 2 }
    @inline(__always) var isFixed32: Bool { wireType == 5 }
}
