import ProtobufWire
import Testing

/// Reads all fields of a message and throws away the values.
private func skipAll(_ bytes: [UInt8]) throws -> [UInt32] {
    try bytes.withUnsafeBytes { buffer in
        var reader = ProtobufReader(buffer)
        var numbers: [UInt32] = []
        while let field = try reader.field() {
            numbers.append(field.number)
            try reader.skip(field)
        }
        return numbers
    }
}

@Suite struct ProtobufReaderTests {
    @Test(
        arguments: [
            ([], []), ([0x08, 0x96, 0x01], [1]), ([0x09, 1, 2, 3, 4, 5, 6, 7, 8], [1]),
            ([0x0D, 1, 2, 3, 4], [1]), ([0x0A, 0x00, 0x12, 0x01, 0xFF], [1, 2]),
            ([0x0B, 0x13, 0x14, 0x18, 0x05, 0x0C, 0x20, 0x00], [1, 4]),
            ([0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 0x00], [536_870_911]),
            ([0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x7F], [1]),
        ] as [([UInt8], [UInt32])])
    func `well-formed fields are read past`(bytes: [UInt8], numbers: [UInt32]) throws {
        #expect(try skipAll(bytes) == numbers)
    }

    @Test(
        arguments: [
            ([0x08], .truncated), ([0x08, 0x80], .truncated), ([0x09, 1, 2, 3], .truncated),
            ([0x0D, 1], .truncated), ([0x0A, 0x02, 0x01], .truncated), ([0x80], .truncated),
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], .truncated),
            ([0x08] + [UInt8](repeating: 0xFF, count: 10), .overlongInteger),
            ([0x88, 0x80, 0x80, 0x80, 0x10, 0x00], .overlongInteger),
            ([0x00, 0x00], .fieldNumber), ([0x02, 0x00], .fieldNumber),
            ([0x0E], .wireType), ([0x0F], .wireType), ([0x0C], .wireType),
            ([0x0B, 0x14], .wireType), ([0x0B, 0x08, 0x01], .truncated),
        ] as [([UInt8], ProtobufError)])
    func `malformed fields are refused`(bytes: [UInt8], expected: ProtobufError) {
        #expect(throws: expected) { try skipAll(bytes) }
    }

    @Test func `groups nest a hundred deep and no deeper`() throws {
        func groups(_ depth: Int) -> [UInt8] {
            [UInt8](repeating: 0x0B, count: depth) + [UInt8](repeating: 0x0C, count: depth)
        }
        #expect(try skipAll(groups(100)) == [1])
        #expect(throws: ProtobufError.tooDeep) { try skipAll(groups(101)) }
        #expect(throws: ProtobufError.tooDeep) { try skipAll(groups(1_000_000)) }
    }

    @Test func `random bytes never trap`() {
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            let bytes = (0..<Int(state % 40)).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1
            _ = try? skipAll(bytes)  // Either outcome is fine; a trap would end the process.
        }
    }
}

@Suite struct ProtobufWriterTests {
    @Test func `what is written reads back the same`() throws {
        var writer = ProtobufWriter()
        writer.varint(1, 300)
        writer.integer(2, -1)
        writer.fixed64(3, .max)
        writer.fixed32(4, 7)
        writer.double(5, 1.5)
        writer.string(6, "é")
        writer.message(536_870_911) { inner in
            inner.message(1) { $0.bytes(2, [UInt8](repeating: 1, count: 300)) }
        }
        try writer.bytes.withUnsafeBytes { buffer in
            var reader = ProtobufReader(buffer)
            #expect(try reader.field()?.number == 1)
            #expect(try reader.varint() == 300)
            #expect(try reader.field()?.number == 2)
            #expect(try reader.varint() == .max)
            #expect(try reader.field()?.number == 3)
            #expect(try reader.fixed64() == .max)
            #expect(try reader.field()?.number == 4)
            #expect(try reader.fixed32() == 7)
            #expect(try reader.field()?.number == 5)
            #expect(try reader.fixed64() == 1.5.bitPattern)
            #expect(try reader.field()?.number == 6)
            #expect(try Array(reader.bytes()) == Array("é".utf8))
            #expect(try reader.field()?.number == 536_870_911)
            var inner = ProtobufReader(try reader.bytes())
            #expect(try inner.field()?.number == 1)
            var innermost = ProtobufReader(try inner.bytes())
            #expect(try innermost.field()?.number == 2)
            #expect(try innermost.bytes().count == 300)
            #expect(try innermost.field() == nil)
            #expect(try inner.field() == nil)
            #expect(try reader.field() == nil)
        }
    }

    @Test func `a message of fields is the bytes that the specification shows`() {
        var writer = ProtobufWriter()
        writer.varint(1, 150)
        writer.string(2, "testing")
        let testing = Array("testing".utf8)
        #expect(writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07] + testing)
    }
}
