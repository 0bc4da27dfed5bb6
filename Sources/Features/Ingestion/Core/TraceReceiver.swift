import OTLP
import OpenInference
import SQLCore
import Tracing

/// Turns export requests into stored spans: decodes, maps and hands them to the writer.
package struct TraceReceiver: Sendable {
    /// How many bytes a request may have after decompression.
    package static let requestBytesMax = 64 << 20

    private let ingestor: SpanIngestor
    /// Decoding takes several times the request's size, so only as many decode at once as there are
    /// cores on a small machine. The others wait with their compressed bodies.
    private let decoders = SeatPool(count: 2)

    package init(_ ingestor: SpanIngestor) { self.ingestor = ingestor }

    /// Throws when a request would be refused now.
    package func requireRoom() throws(IngestionError) { try ingestor.requireRoom() }

    /// Stores the spans of a request and returns when they are durable.
    ///
    /// - Parameters:
    ///   - projectName: The project that replaces what the resources name; nil to follow them.
    ///   - decode: Decompresses and parses the request. Called once, when memory for it is at hand.
    /// - Returns: The answer to the sender; it names spans that were refused singly.
    /// - Throws: What `decode` throws, or ``IngestionError``.
    package func receive(
        intoProject projectName: String?,
        _ decode: @Sendable () throws -> TraceExportRequest
    ) async throws -> TraceExportResponse {
        let (batch, refusals) = try await mapped(projectName, decode)
        let outcome = try await ingestor.ingest(batch)
        var reasons = refusals.map { "span \($0.index): \($0.reason.rawValue)" }
        reasons += outcome.rejected.map { "span \(batch.spans[$0.index].spanID): \($0.reason)" }
        guard !reasons.isEmpty else { return TraceExportResponse() }
        let shown = reasons.prefix(10).joined(separator: "; ")
        let more = reasons.count > 10 ? "; and \(reasons.count - 10) more" : ""
        return TraceExportResponse(
            rejectedSpans: Int64(reasons.count),
            errorMessage: "Spans were refused: \(shown)\(more).")
    }

    private func mapped(
        _ projectName: String?, _ decode: @Sendable () throws -> TraceExportRequest
    ) async throws -> (SpanBatch, [SpanRefusal]) {
        let seat = await decoders.take()
        defer { decoders.give(back: seat) }
        // The queue may have filled up while this request waited for its turn.
        try ingestor.requireRoom()
        var mapper = SpanMapper()
        let traces = mapper.map(try decode(), projectName: projectName)
        let origins = traces.origins.map { SpanOrigin(json: $0.json) }
        let spans = traces.spans.map { IncomingSpan($0, origin: origins[$0.originIndex]) }
        return (ingestor.batch(spans), traces.refusals)
    }
}

extension TraceReceiver: SpanIngesting {
    package func ingest(
        _ direct: [SpanMapper.DirectSpan]
    ) async throws -> [(index: Int, reason: String)] {
        var mapper = SpanMapper()
        let spans = direct.map { IncomingSpan(mapper.map($0), origin: nil) }
        return try await ingestor.ingest(ingestor.batch(spans)).rejected
    }
}
