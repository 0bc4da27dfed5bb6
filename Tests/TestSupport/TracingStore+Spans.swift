import Tracing

extension TracingStore {
    /// Writes groups of spans as if each had come in a request.
    package func insert(
        _ groups: [[IncomingSpan]], now: Int64
    ) async throws -> SpanWriteSummary {
        try await insert(groups.map { batch($0) }, now: now)
    }
}
