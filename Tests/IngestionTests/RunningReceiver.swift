import Diagnostics
import Ingestion
import Logging
import SQLCore
import TestSupport
import Tracing

/// A receiver on an empty SQLite database, with its writer running.
struct RunningReceiver {
    let receiver: TraceReceiver
    let storage: StorageGuard
    private let ingestor: SpanIngestor
    private let database: any SQLDatabase

    static func run(_ body: (RunningReceiver) async throws -> Void) async throws {
        try await TestDatabase.sqlite.withDatabase { database in
            let storage = StorageGuard()
            let ingestor = SpanIngestor(
                store: TracingStore(database), storage: storage, metrics: MetricsRegistry(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { 0 })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await ingestor.run() }
                try await body(
                    RunningReceiver(
                        receiver: TraceReceiver(ingestor), storage: storage, ingestor: ingestor,
                        database: database))
                await ingestor.stop()
                try await group.waitForAll()
            }
        }
    }

    func stop() async { await ingestor.stop() }

    /// The stored spans as `project/name`, by their names.
    func stored() async throws -> [String] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT p.name || '/' || s.name
                FROM spans s
                JOIN projects p ON p.id = s.project_rowid
                ORDER BY s.name
                """
            ).map { $0.text(0) }
        }
    }
}

/// A request in OTLP/JSON with these spans of one resource.
func exportRequest(project: String? = nil, _ spans: String...) -> String {
    let attributes =
        project.map {
            #"{"key":"openinference.project.name","value":{"stringValue":"\#($0)"}}"#
        } ?? ""
    return #"{"resourceSpans":[{"resource":{"attributes":[\#(attributes)]},"#
        + #""scopeSpans":[{"spans":[\#(spans.joined(separator: ","))]}]}]}"#
}

/// A span in OTLP/JSON; an id of 0 is left out.
func exportedSpan(_ name: String, trace: Int = 1, span: Int) -> String {
    func id(_ number: Int, _ digits: Int) -> String {
        guard number > 0 else { return "" }
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
    return #"{"name":"\#(name)","traceId":"\#(id(trace, 32))","spanId":"\#(id(span, 16))"}"#
}
