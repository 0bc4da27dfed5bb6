import SQLCore

/// Knows what models cost. The feature of costs implements it, and the composition root hands it
/// over.
package protocol SpanPricing: Sendable {
    /// The prices that hold now.
    ///
    /// It is asked once for each batch with calls of language models, in the batch's transaction, and
    /// throws only what the connection throws.
    func currentPrices(on connection: any SQLConnection) throws -> any SpanPricer
}

/// Prices spans, by one state of the prices.
package protocol SpanPricer: Sendable {
    /// What a call cost. Nil when it used nothing, or when what it says about that makes no sense: a
    /// span is never lost over its cost.
    ///
    /// - Parameters:
    ///   - attributes: The nested attributes of a span of kind LLM, as JSON.
    ///   - startTime: When the span started, in microseconds since 1970.
    func cost(attributes: [UInt8], startTime: Int64) -> SpanCost?
}

extension SpanPricer {
    func cost(of span: IncomingSpan) -> SpanCost? {
        cost(attributes: span.payload.attributes, startTime: span.startTime)
    }
}
