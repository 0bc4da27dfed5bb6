import Diagnostics
import Tracing

/// What ingestion counts about itself, under the contract's names.
struct IngestionMetrics: Sendable {
    let rejections: Counter
    let failedSpans: Counter
    private let writtenSpans: Counter
    private let duplicateSpans: Counter
    private let writeSeconds: Histogram
    private let lastSuccess: Gauge

    init(_ registry: MetricsRegistry) {
        rejections = registry.counter(
            "phoenix_span_queue_rejections_total",
            help: "Requests refused because the span queue was full.")
        failedSpans = registry.counter(
            "phoenix_span_ingestion_failed_spans_total",
            help: "Spans that were not stored, by reason.")
        writtenSpans = registry.counter(
            "phoenix_spans_inserted_total", help: "Spans that were stored.")
        duplicateSpans = registry.counter(
            "phoenix_spans_duplicate_total", help: "Spans received whose id was stored before.")
        writeSeconds = registry.histogram(
            "phoenix_bulk_loader_span_insertion_time_seconds",
            help: "Time from the start of a write to its durable commit.",
            bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 180])
        lastSuccess = registry.gauge(
            "phoenix_span_ingestion_last_success_timestamp_seconds",
            help: "When spans were last stored, in seconds since 1970; 0 when never.")
    }

    /// Shows how many spans wait or are being written.
    func showQueue(in registry: MetricsRegistry, read: @escaping @Sendable () -> Double) {
        registry.gauge(
            "phoenix_span_queue_size", help: "Spans that wait or are being written.", read: read)
    }

    /// - Parameter time: When the commit was durable, in microseconds since 1970.
    func wrote(_ summary: SpanWriteSummary, in duration: Duration, at time: Int64) {
        writtenSpans.add(Double(summary.insertedCount))
        duplicateSpans.add(Double(summary.duplicateCount))
        writeSeconds.record(duration)
        lastSuccess.set(Double(time) / 1e6)
    }
}
