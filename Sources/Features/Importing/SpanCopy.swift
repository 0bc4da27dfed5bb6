import JSON
import OpenInference
import PhoenixModel
import SQLCore
import Tracing

/// Copies spans with their traces and what they cost, in the order in which they were stored.
///
/// They go the way of spans that arrive, so that payloads, sums and indexes are what they would be
/// had they been sent here. Row ids and costs stay.
struct SpanCopy {
    let source: ImportSource
    let target: TracingStore
    /// Microseconds since 1970.
    let now: Int64
    /// How many spans a transaction stores at most.
    var rowsMax = 8192

    /// Spans that are ready to be written.
    struct Batch: Sendable {
        var batches: [SpanBatch]
        var traces: [StatedTrace]
        var count: Int
        var last: Int64
        var byteCount: Int
    }

    private static let table = "spans"

    /// So many spans are packed together.
    private static let packed = 1024

    /// - Parameter progress: Called after each commit with the spans that it stored.
    func run(progress: (Int) -> Void) async throws {
        var size = BatchSize(rowsMax: rowsMax)
        let position = try await target.database.read {
            try ImportPosition.load(Self.table, on: $0)?.first
        }
        var next = try await read(after: position, limit: size.rows)
        while let batch = next {
            size.saw(rows: batch.count, bytes: batch.byteCount)
            let limit = size.rows
            async let following = read(after: batch.last, limit: limit)
            try await target.insert(batch.batches, traces: batch.traces, now: now) { connection in
                try ImportPosition.save([batch.last], of: Self.table, on: connection)
            }
            progress(batch.count)
            next = try await following
        }
    }

    // MARK: Reading

    private func read(after position: Int64?, limit: Int) async throws -> Batch? {
        let start: SQL = if let position { "s.id > \(position)" } else { "1 = 1" }
        let found = try await source.database.read { connection -> Found? in
            let rows = try SourceSpan.rows(where: start, limit: limit, on: connection)
            guard let first = rows.first?.integer(0), let last = rows.last?.integer(0) else {
                return nil
            }
            return Found(
                rows: rows,
                traces: try SourceSpan.traces(
                    ofSpansWhere: "s.id >= \(first) AND s.id <= \(last)", on: connection),
                costs: try SourceSpan.costs(
                    where: "c.span_rowid >= \(first) AND c.span_rowid <= \(last)", on: connection),
                last: last)
        }
        return if let found { try await prepared(found) } else { nil }
    }

    /// Spans as they were read.
    private struct Found: Sendable {
        var rows: [SQLRow]
        var traces: [StatedTrace]
        var costs: [Int64: SpanCost]
        var last: Int64
    }

    /// Maps and packs rows, beside the writer.
    @concurrent
    private func prepared(_ found: Found) async throws -> Batch {
        var batches: [SpanBatch] = []
        var byteCount = 0
        for chunk in found.rows.chunked(by: Self.packed) {
            let spans = try chunk.map { row in
                do {
                    return try Self.span(row, cost: found.costs[row.integer(0)])
                } catch {
                    throw ImportError(
                        "The span in row \(row.integer(0)) of the source cannot be read: \(error)")
                }
            }
            byteCount += spans.reduce(0) { $0 + $1.byteCount }
            batches.append(target.batch(spans))
        }
        return Batch(
            batches: batches, traces: found.traces, count: found.rows.count, last: found.last,
            byteCount: byteCount)
    }

    private static func span(_ row: SQLRow, cost: SpanCost?) throws -> IncomingSpan {
        let span = try SourceSpan(row)
        var (attributes, events) = (span.attributes, span.events)
        let columns: AttributeColumns
        do throws(JSONError) {
            columns = try AttributeColumns(attributes: attributes, events: events)
        } catch {
            attributes = try ImportedValue.checked(attributes)
            events = try ImportedValue.checked(events)
            columns = try AttributeColumns(attributes: attributes, events: events)
        }
        var incoming = IncomingSpan(
            projectName: "", traceID: span.traceID, spanID: span.spanID, parentID: span.parentID,
            name: span.name, kind: span.kind, statusCode: span.statusCode,
            statusMessage: span.statusMessage, startTime: span.startTime, endTime: span.endTime,
            promptTokens: span.promptTokens, completionTokens: span.completionTokens,
            modelName: columns.modelName, provider: columns.provider,
            sessionID: columns.sessionID, userID: columns.userID,
            firstErrorMessage: columns.firstErrorMessage, eventCount: columns.eventCount,
            origin: nil,
            payload: SpanPayload(attributes: attributes, events: events, extras: []))
        incoming.stated = IncomingSpan.Statement(row: span.row, cost: cost)
        return incoming
    }
}
