import DomainEvents
import PhoenixModel
import SQLCore
import SQLiteDatabase

/// Projects, sessions, traces and spans in the database.
///
/// The queries of each noun are in an extension of its own.
package struct TracingStore: Sendable {
    package let database: any SQLDatabase
    package let payloads: any SpanPayloadStore
    let pricing: (any SpanPricing)?
    /// Nil where other processes may write to the database.
    let latencyCache: LatencyCache?
    /// Told of every change after its commit. Must not wait.
    package let publish: @Sendable (DomainEvent) -> Void

    /// - Parameter pricing: What says what a call of a language model costs; without it none has a
    ///   cost.
    package init(
        _ database: any SQLDatabase, pricing: (any SpanPricing)? = nil,
        publish: @escaping @Sendable (DomainEvent) -> Void = { _ in }
    ) {
        self.database = database
        self.pricing = pricing
        self.publish = publish
        payloads = spanPayloadStore(for: database.dialect)
        latencyCache = database.dialect == .sqlite ? LatencyCache() : nil
    }

    /// The functions that statements of this feature call on SQLite; register them when opening it.
    package static let sqliteFunctions: [SQLiteFunction] = [
        BlockPayloadStore.attributeFunction, BlockPayloadStore.containsFunction,
    ]

    /// Prepares spans that came together, as far as that can be done beside the writer.
    package func batch(_ spans: [IncomingSpan]) -> SpanBatch {
        SpanBatch(spans: spans, packed: payloads.packed(spans.map(\.payload)))
    }

    /// Writes spans in one transaction and returns when it is durable.
    ///
    /// A race with another server for the same trace is run again.
    ///
    /// - Parameters:
    ///   - batches: Spans, in the order received.
    ///   - traces: Traces that come from another database with their spans; those that are stored stay
    ///     as they are.
    ///   - now: The time in microseconds since 1970.
    ///   - alongside: What else is to be done in the same transaction, after the spans.
    @discardableResult
    package func insert(
        _ batches: [SpanBatch], traces: [StatedTrace] = [], now: Int64,
        alongside: @escaping @Sendable (any SQLConnection) throws -> Void = { _ in }
    ) async throws -> SpanWriteSummary {
        let payloads = payloads
        let pricing = pricing
        let summary = try await racing {
            try await database.write { connection in
                var writer = SpanBatchWriter(
                    connection: connection, payloadStore: payloads, pricing: pricing, now: now)
                let summary = try writer.write(batches, of: traces)
                try alongside(connection)
                return summary
            }
        }
        for insertion in summary.insertions { publish(.spansInserted(insertion)) }
        return summary
    }

    /// What was inserted behind a row id of a span: the catch-up of those whom an event did not
    /// reach.
    ///
    /// - Parameter limit: How many rows are looked at; nil is returned when there are more.
    /// - Returns: One insertion a project, and the highest row id that there is.
    package func insertions(
        after watermark: Int64, limit: Int64 = 10_000
    ) async throws -> (insertions: [SpansInserted]?, watermark: Int64) {
        try await database.read { connection in
            let query: SQL = "SELECT MAX(id) FROM spans"
            let newest = try connection.first(query)?.optionalInteger(0) ?? 0
            if newest <= watermark { return ([], watermark) }
            if newest - watermark > limit { return (nil, newest) }
            let rows = try connection.query(
                """
                SELECT s.project_rowid, s.trace_rowid, COUNT(*)
                FROM spans s
                WHERE s.id > \(watermark) AND s.id <= \(newest)
                GROUP BY s.project_rowid, s.trace_rowid
                ORDER BY s.project_rowid, s.trace_rowid
                """)
            var insertions: [SpansInserted] = []
            for row in rows {
                let project = row.id(0, of: Project.self)
                if insertions.last?.project != project {
                    insertions.append(
                        SpansInserted(
                            project: project, traces: TraceSample([]), spanCount: 0,
                            watermark: newest))
                }
                insertions[insertions.count - 1].traces.append(row.id(1))
                insertions[insertions.count - 1].spanCount += Int(row.integer(2))
            }
            return (insertions, newest)
        }
    }
}
