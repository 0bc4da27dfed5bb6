/// Spans that came together, with what could be made of them before their turn to be written.
package struct SpanBatch: Sendable {
    package let spans: [IncomingSpan]
    /// Their payloads as they will be stored; nil when the writer is to do that.
    let packed: PackedPayloads?

    init(spans: [IncomingSpan], packed: PackedPayloads? = nil) {
        self.spans = spans
        self.packed = packed
    }
}
