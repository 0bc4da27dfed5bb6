import JSON
import OpenInference
import PhoenixModel
import SQLCore
import Tracing

/// Copies spans with their traces and what they cost, those of one lane in the order in which they
/// were stored.
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
    /// How many transactions write beside each other, each the spans of its own traces: one or two, and
    /// not fewer than in an earlier attempt. Nil for as many as the target has use for: in PostgreSQL
    /// each has a process of its own, SQLite has one writer.
    var laneCount: Int?

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
        let laneCount = self.laneCount ?? (target.database.dialect == .postgres ? 2 : 1)
        try await withThrowingTaskGroup(of: (Lane, Int)?.self) { group in
            for index in 0..<laneCount {
                let lane = Lane(index: index, count: laneCount, size: BatchSize(rowsMax: rowsMax))
                group.addTask { try await step(try await begun(lane)) }
            }
            for try await stored in group {
                guard let (lane, spanCount) = stored else { continue }
                progress(spanCount)
                group.addTask { try await step(lane) }
            }
        }
    }

    // MARK: Lanes

    /// Copies the spans of some of the traces, batch by batch.
    private struct Lane {
        let index: Int
        let count: Int
        var size: BatchSize
        /// Read, and not written.
        var next: Batch?

        /// Under which its position is stored.
        var name: String { count == 1 ? SpanCopy.table : "\(SpanCopy.table) \(index + 1)/2" }

        /// The condition on the table `spans` called `s` for being one of its spans.
        var condition: SQL {
            // PostgreSQL takes an equality to select few rows, and would sort the table for each page.
            count == 1 ? "1 = 1" : "ABS(s.trace_rowid) % 2 <> \(1 - index)"
        }
    }

    /// The lane with the first batch that is missing.
    private func begun(_ lane: Lane) async throws -> Lane {
        let position = try await target.database.read { connection in
            // What was copied in one lane is copied for both.
            let key =
                try ImportPosition.load(lane.name, on: connection)
                ?? ImportPosition.load(Self.table, on: connection)
            return key?.first
        }
        var begun = lane
        begun.next = try await read(lane, after: position, limit: lane.size.rows)
        return begun
    }

    /// Writes the batch of a lane while it reads the one behind it.
    ///
    /// - Returns: The lane as it is then, and how many spans were stored; nil at its end.
    private func step(_ lane: Lane) async throws -> (Lane, Int)? {
        guard let batch = lane.next else { return nil }
        var size = lane.size
        size.saw(rows: batch.count, bytes: batch.byteCount)
        let limit = size.rows
        async let following = read(lane, after: batch.last, limit: limit)
        let name = lane.name
        try await target.insert(batch.batches, traces: batch.traces, now: now) { connection in
            try ImportPosition.save([batch.last], of: name, on: connection)
        }
        var stepped = lane
        stepped.size = size
        stepped.next = try await following
        return (stepped, batch.count)
    }

    // MARK: Reading

    private func read(_ lane: Lane, after position: Int64?, limit: Int) async throws -> Batch? {
        let start: SQL = if let position { "s.id > \(position)" } else { "1 = 1" }
        let found = try await source.database.read { connection -> Found? in
            let rows = try SourceSpan.rows(
                where: "\(start) AND \(lane.condition)", limit: limit, on: connection)
            guard let first = rows.first?.integer(0), let last = rows.last?.integer(0) else {
                return nil
            }
            let read: SQL = "s.id >= \(first) AND s.id <= \(last) AND \(lane.condition)"
            return Found(
                rows: rows, traces: try SourceSpan.traces(ofSpansWhere: read, on: connection),
                // Reading the other lane's costs too takes less than telling them apart.
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
