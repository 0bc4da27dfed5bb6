import ArrowStream
import JSON
import Testing

struct ArrowStreamTests {
    private struct Message {
        var metadata: [UInt8]
        var bodyStart: Int
    }

    private func number(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Int {
        bytes.prefix(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The field of a table in the metadata, by the rules of FlatBuffers; nil when it is left out.
    private func place(of slot: Int, inTableAt table: Int, _ bytes: [UInt8]) -> Int? {
        let vtable = table - number(bytes[table...], 4)
        guard 4 + 2 * slot < number(bytes[vtable...], 2) else { return nil }
        let offset = number(bytes[(vtable + 4 + 2 * slot)...], 2)
        return offset == 0 ? nil : table + offset
    }

    private func target(_ place: Int, _ bytes: [UInt8]) -> Int {
        place + number(bytes[place...], 4)
    }

    private func text(at place: Int, _ bytes: [UInt8]) -> String {
        let start = target(place, bytes)
        let count = number(bytes[start...], 4)
        return String(decoding: bytes[(start + 4)..<(start + 4 + count)], as: UTF8.self)
    }

    private static let columns: [ArrowStream.Column] = [
        .init(name: "name", type: .text), .init(name: "n", type: .integer),
        .init(name: "lists", type: .list(.double)), .init(name: "none", type: .null),
        .init(name: "at", type: .timestamp),
        .init(name: "both", type: .structure([.init(name: "flag", type: .bool)])),
    ]

    @Test func `the head names the columns`() throws {
        let bytes = ArrowStream(Self.columns).head(metadata: [("pandas", "{}")])
        #expect(bytes.prefix(4) == [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(number(bytes[4...], 4) == bytes.count - 8)
        #expect(bytes.count % 8 == 0)
        let metadata = Array(bytes[8...])
        let message = number(metadata[0...], 4)
        #expect(metadata[try #require(place(of: 1, inTableAt: message, metadata))] == 1)
        let schema = target(try #require(place(of: 2, inTableAt: message, metadata)), metadata)
        let fields = target(try #require(place(of: 1, inTableAt: schema, metadata)), metadata)
        #expect(number(metadata[fields...], 4) == 6)
        let names = try (0..<6).map { index in
            let field = target(fields + 4 + 4 * index, metadata)
            return text(at: try #require(place(of: 0, inTableAt: field, metadata)), metadata)
        }
        #expect(names == ["name", "n", "lists", "none", "at", "both"])
    }

    @Test func `a batch tells where its buffers are`() throws {
        let bytes = ArrowStream(Self.columns).batch([
            ["a", .null, ["x": 1]], [1, 2, 3], [[0.5], .null, []], [.null, .null, .null],
            [5, 6, 7], [["flag": true], .null, [:]],
        ])
        let size = number(bytes[4...], 4)
        let metadata = Array(bytes[8..<(8 + size)])
        let body = Array(bytes[(8 + size)...])
        let message = number(metadata[0...], 4)
        #expect(
            number(metadata[try #require(place(of: 3, inTableAt: message, metadata))...], 8)
                == body.count)
        let batch = target(try #require(place(of: 2, inTableAt: message, metadata)), metadata)
        #expect(number(metadata[try #require(place(of: 0, inTableAt: batch, metadata))...], 8) == 3)
        func pairs(_ slot: Int) throws -> [[Int]] {
            let start = target(try #require(place(of: slot, inTableAt: batch, metadata)), metadata)
            return (0..<number(metadata[start...], 4)).map { index in
                [0, 8].map { number(metadata[(start + 4 + 16 * index + $0)...], 8) }
            }
        }
        #expect(
            try pairs(1) == [
                [3, 1], [3, 0], [3, 1], [1, 0], [3, 3], [3, 0], [3, 1], [3, 2],
            ])
        let buffers = try pairs(2).map { Array(body[$0[0]..<($0[0] + $0[1])]) }
        #expect(buffers.count == 14)
        #expect(buffers[0] == [0b101])
        #expect(buffers[2] == Array(#"a{"x":1}"#.utf8))
        #expect(buffers[3].isEmpty)
        #expect(buffers[6] == [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])
        // A structure's validity, then its member's.
        #expect(buffers[11] == [0b101])
        #expect(buffers[12] == [0b001])
        #expect(buffers[13] == [0b001])
    }
}
