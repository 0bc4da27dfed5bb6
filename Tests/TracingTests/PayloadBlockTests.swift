import Compression
import Testing

@testable import Tracing

@Suite struct PayloadBlockTests {
    private func payload(_ text: String, events: String = "[]", extras: String = "") -> SpanPayload
    {
        SpanPayload(
            attributes: Array(text.utf8), events: Array(events.utf8), extras: Array(extras.utf8))
    }

    private func reader(_ block: PayloadBlock) throws -> PayloadBlock.Reader {
        try PayloadBlock.Reader(
            compressed: block.compressed(with: ZstdCompressor(level: 1)), with: ZstdDecompressor())
    }

    @Test func `payloads come back in their order`() throws {
        let payloads = [payload("{}"), payload(#"{"a":1}"#, extras: #"{"b":2}"#), payload("")]
        let reader = try reader(PayloadBlock(payloads))
        #expect(reader.count == 3)
        let read = try (0..<3).map { try reader.payload($0) }
        #expect(read == payloads)
    }

    @Test func `attributes are shown without the rest`() throws {
        let reader = try reader(PayloadBlock([payload("first"), payload("second")]))
        let attributes = try reader.withAttributes(1) { Array($0) }
        #expect(attributes == Array("second".utf8))
    }

    @Test func `a cleared payload is empty and the others stay`() throws {
        var block = PayloadBlock([payload("first"), payload("second")])
        block.clear(0)
        let reader = try reader(block)
        #expect(try reader.payload(0) == payload("", events: ""))
        #expect(try reader.payload(1) == payload("second"))
    }

    @Test(arguments: [-1, 2, 1 << 40])
    func `an entry that is not there is an error and no trap`(index: Int) throws {
        let reader = try reader(PayloadBlock([payload("first"), payload("second")]))
        #expect(throws: PayloadBlockError.self) { try reader.payload(index) }
        #expect(throws: PayloadBlockError.self) { try reader.withAttributes(index) { $0.count } }
    }

    @Test(
        arguments: [
            [], [1, 0, 0], [255, 255, 255, 255], [1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 7],
        ] as [[UInt8]])
    func `bytes of another form are an error`(content: [UInt8]) {
        let compressed = ZstdCompressor(level: 1).compress(content)
        #expect(throws: PayloadBlockError.self) {
            try PayloadBlock.Reader(compressed: compressed, with: ZstdDecompressor())
        }
    }

    @Test func `bytes that are not compressed are an error`() {
        #expect(throws: PayloadBlockError.self) {
            try PayloadBlock.Reader(compressed: [1, 2, 3, 4, 5], with: ZstdDecompressor())
        }
    }
}
