import HTTPMessages
import Testing

struct HTTPBodyTests {
    @Test func `a body of bytes is collected or iterated`() async throws {
        let body = HTTPBody.bytes([1, 2, 3])
        #expect(try await body.collect(upTo: 3) == [1, 2, 3])
        var chunks: [[UInt8]] = []
        for try await chunk in body { chunks.append(chunk) }
        #expect(chunks == [[1, 2, 3]])
        for try await _ in HTTPBody.empty { Issue.record("An empty body has no chunks.") }
    }

    @Test func `a body over the limit is refused`() async {
        await #expect(throws: HTTPBodyError.tooLarge(limit: 2)) {
            try await HTTPBody.bytes([1, 2, 3]).collect(upTo: 2)
        }
    }
}
