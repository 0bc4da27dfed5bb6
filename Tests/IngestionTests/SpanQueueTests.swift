import Testing

@testable import Ingestion

@Suite struct SpanQueueTests {
    private func queue(spans: Int = 10, bytes: Int = 1000, perWrite: Int = 6) -> SpanQueue<String> {
        SpanQueue(
            limits: .init(spans: spans, bytes: bytes, spansPerWrite: perWrite, bytesPerWrite: 500))
    }

    @Test func `a full queue rejects the whole batch`() {
        var queue = queue()
        #expect(queue.admit("a", spans: 6, bytes: 1) == .admitted)
        #expect(queue.admit("b", spans: 5, bytes: 1) == .full)
        #expect(queue.spanCount == 6)
        #expect(queue.admit("c", spans: 4, bytes: 1) == .admitted)
    }

    @Test func `bytes count as spans do`() {
        var queue = queue()
        #expect(queue.admit("a", spans: 1, bytes: 900) == .admitted)
        #expect(queue.admit("b", spans: 1, bytes: 101) == .full)
    }

    @Test func `an empty queue takes a batch that is larger than itself`() {
        var queue = queue()
        #expect(queue.admit("a", spans: 50, bytes: 5000) == .admitted)
        #expect(queue.admit("b", spans: 1, bytes: 1) == .full)
        #expect(queue.beginWrite() == ["a"])
        queue.endWrite()
        #expect(queue.admit("b", spans: 1, bytes: 1) == .admitted)
    }

    @Test func `what is being written still takes room`() {
        var queue = queue()
        _ = queue.admit("a", spans: 10, bytes: 10)
        _ = queue.beginWrite()
        #expect(queue.admit("b", spans: 1, bytes: 1) == .full)
        queue.endWrite()
        #expect(queue.spanCount == 0)
        #expect(queue.byteCount == 0)
    }

    @Test func `a write takes batches in their order up to its bounds`() {
        var queue = queue()
        for (name, spans) in [("a", 3), ("b", 3), ("c", 3)] {
            _ = queue.admit(name, spans: spans, bytes: 10)
        }
        #expect(queue.beginWrite() == ["a", "b"])
        queue.endWrite()
        #expect(queue.beginWrite() == ["c"])
        queue.endWrite()
        #expect(queue.beginWrite() == [])
    }

    @Test func `a batch that was taken out is not kept`() {
        final class Token: Sendable {}
        weak var taken: Token?
        var queue = SpanQueue<Token>(
            limits: .init(spans: 10, bytes: 1000, spansPerWrite: 1, bytesPerWrite: 500))
        do {
            let token = Token()
            taken = token
            _ = queue.admit(token, spans: 1, bytes: 1)
        }
        _ = queue.admit(Token(), spans: 1, bytes: 1)
        _ = queue.beginWrite()
        #expect(taken == nil)
        #expect(!queue.isEmpty)
    }

    @Test func `a closed queue admits nothing and gives out what waits`() {
        var queue = queue()
        _ = queue.admit("a", spans: 1, bytes: 1)
        queue.close()
        #expect(queue.admit("b", spans: 1, bytes: 1) == .closed)
        #expect(!queue.isEmpty)
        #expect(queue.beginWrite() == ["a"])
        #expect(queue.isEmpty)
    }
}
