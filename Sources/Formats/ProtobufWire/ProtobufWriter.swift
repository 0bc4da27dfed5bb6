/// Appends the fields of a protobuf message to a byte buffer.
package struct ProtobufWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]

    package init(reserving capacity: Int = 64) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package mutating func varint(_ number: UInt32, _ value: UInt64) {
        tag(number, .varint)
        append(value)
    }

    /// Writes an `int32`, `int64` or enumeration; a negative one takes ten bytes.
    package mutating func integer(_ number: UInt32, _ value: Int64) {
        varint(number, UInt64(bitPattern: value))
    }

    package mutating func fixed64(_ number: UInt32, _ value: UInt64) {
        tag(number, .fixed64)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func fixed32(_ number: UInt32, _ value: UInt32) {
        tag(number, .fixed32)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func double(_ number: UInt32, _ value: Double) {
        fixed64(number, value.bitPattern)
    }

    package mutating func bytes(_ number: UInt32, _ content: some Collection<UInt8>) {
        tag(number, .lengthDelimited)
        append(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    package mutating func string(_ number: UInt32, _ text: String) {
        bytes(number, text.utf8)
    }

    /// Writes a nested message whose length is known only afterwards; see ``beginMessage(_:)``.
    package mutating func message<E: Error>(
        _ number: UInt32, _ body: (inout ProtobufWriter) throws(E) -> Void
    ) throws(E) {
        let start = beginMessage(number)
        try body(&self)
        endMessage(start)
    }

    /// Begins a nested message, to be ended by ``endMessage(_:)`` with what this returns.
    ///
    /// The length takes five bytes, padded, which every reader accepts; so nothing is moved or
    /// copied however deep messages are nested.
    package mutating func beginMessage(_ number: UInt32) -> Int {
        tag(number, .lengthDelimited)
        bytes.append(contentsOf: [0x80, 0x80, 0x80, 0x80, 0x00])
        return bytes.count
    }

    package mutating func endMessage(_ start: Int) {
        let length = bytes.count - start
        precondition(length < 1 << 35, "A message of \(length) bytes does not fit its length.")
        for index in 0..<5 {
            let bits = UInt8(truncatingIfNeeded: length >> (7 * index)) & 0x7F
            bytes[start - 5 + index] = bits | (index < 4 ? 0x80 : 0)
        }
    }

    private mutating func tag(_ number: UInt32, _ wireType: ProtobufReader.WireType) {
        append(UInt64(number) << 3 | UInt64(wireType.rawValue))
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
