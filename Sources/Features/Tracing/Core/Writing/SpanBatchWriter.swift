import DomainEvents
import PhoenixModel
import SQLCore

/// What writing a batch of spans changed.
package struct SpanWriteSummary: Sendable {
    package var insertedCount = 0
    /// Spans whose id was stored before, or came twice in the batch.
    package var duplicateCount = 0
    /// What was inserted, by project.
    package var insertions: [SpansInserted] = []

    package init() {}
}

/// Writes a batch of spans inside the caller's transaction.
///
/// The rules are those of the contract (data model, section 2.2): the first project and the first
/// session that a trace is seen with stay; traces and sessions only ever widen; a repeated span id
/// changes nothing but that; cumulative counts, and which model calls wrap another one, come out the
/// same for any order of arrival.
///
/// The number of statements depends on the batch's size, and on how far its spans lie below stored
/// roots, one statement a level; there is one more when a stored model call begins to wrap one. When another server wins a race for the same trace, ``write(_:)``
/// throws a `uniqueViolation` or `conflict`, and the whole transaction must be run again.
struct SpanBatchWriter {
    private let connection: any SQLConnection
    private let payloadStore: any SpanPayloadStore
    private let pricing: (any SpanPricing)?
    /// Microseconds since 1970, for rows that say when they were made.
    private let now: Int64

    private var directory: TraceDirectory
    private var forest = SpanForest()
    private var rollup = ProjectRollup()
    private var costs = CostRollup()
    private var summary = SpanWriteSummary()

    init(
        connection: any SQLConnection, payloadStore: any SpanPayloadStore,
        pricing: (any SpanPricing)?, now: Int64
    ) {
        self.connection = connection
        self.payloadStore = payloadStore
        self.pricing = pricing
        self.now = now
        directory = TraceDirectory(connection: connection, now: now)
    }

    /// Writes the spans in their order.
    ///
    /// - Parameter stated: Traces that are made as they are told.
    mutating func write(
        _ batches: [SpanBatch], of stated: [StatedTrace] = []
    ) throws -> SpanWriteSummary {
        let spans = batches.count == 1 ? batches[0].spans : batches.flatMap(\.spans)
        guard !spans.isEmpty else { return summary }
        var known = spans[0].stated == nil ? try storedSpanIDs(among: spans) : []
        try connection.holdSegmentsOpen()
        try directory.load(for: spans, stated)
        try loadForest(for: spans, besides: known)
        forest.reserve(spans.count)
        let pricer = try pricer(for: spans)

        var inserted: [InsertedSpan] = []
        inserted.reserveCapacity(spans.count)
        for (index, span) in spans.enumerated() {
            let trace = directory.meet(span)
            guard known.insert(span.spanID).inserted else {
                summary.duplicateCount += 1
                continue
            }
            let row = directory.traces[trace].row
            let own = CumulativeCounts(
                errors: span.hasError ? 1 : 0, promptTokens: span.promptTokens ?? 0,
                completionTokens: span.completionTokens ?? 0)
            let node = forest.insert(
                SpanForest.Key(trace: row, span: span.spanID), parent: span.parentID, own: own,
                isModelCall: span.isModelCall)
            directory.count(own, inTraceAt: trace)
            let cost = cost(of: span, by: pricer)
            if let cost { directory.count(cost, inTraceAt: trace) }
            inserted.append(InsertedSpan(span: index, trace: trace, node: node, cost: cost))
        }

        forest.settle()
        try directory.moveCosts(in: &costs)
        try directory.store(into: &rollup)
        let watermark = try store(inserted, of: spans, in: batches)
        try storeGrowth()
        try storeNewWrappers()
        try rollup.apply(on: connection)
        try costs.apply(on: connection)
        summary.insertedCount = inserted.count
        summary.insertions = insertions(upTo: watermark)
        return summary
    }

    /// A span of the batch that was not stored before.
    private struct InsertedSpan {
        /// Its position in the batch, that of its trace in the directory, and its node in the forest.
        var span: Int
        var trace: Int
        var node: Int
        var cost: SpanCost?
    }

    private func cost(of span: IncomingSpan, by pricer: (any SpanPricer)?) -> SpanCost? {
        if let stated = span.stated { return stated.cost }
        return span.isModelCall ? pricer?.cost(of: span) : nil
    }

    private func pricer(for spans: [IncomingSpan]) throws -> (any SpanPricer)? {
        guard let pricing, spans.contains(where: \.isModelCall) else { return nil }
        return try pricing.currentPrices(on: connection)
    }

    // MARK: Reading what is stored

    private func storedSpanIDs(among spans: [IncomingSpan]) throws -> Set<OTelID> {
        var known = Set<OTelID>(minimumCapacity: spans.count)
        for chunk in spans.chunked() {
            let ids = chunk.map(\.spanID.bytes)
            for row in try connection.query(
                "SELECT span_id FROM spans WHERE span_id IN (\(list: ids))")
            {
                known.insert(OTelID(row.blob(0)))
            }
        }
        return known
    }

    /// Loads the stored children and ancestors of the batch's spans; traces that begin with this batch
    /// have none.
    private mutating func loadForest(
        for spans: [IncomingSpan], besides known: Set<OTelID>
    ) throws {
        var wanted: [SpanForest.Key] = []
        var parents: Set<SpanForest.Key> = []
        // By position: to copy the spans would take longer than the rest.
        for index in spans.indices {
            guard let row = directory.storedRow(of: spans[index].traceID) else { continue }
            let id = spans[index].spanID
            if !known.contains(id) { wanted.append(SpanForest.Key(trace: row, span: id)) }
            if let parent = spans[index].parentID {
                parents.insert(SpanForest.Key(trace: row, span: parent))
            }
        }
        guard !wanted.isEmpty else { return }
        try loadChildren(of: wanted)
        try loadAncestors(from: Array(parents))
    }

    private static let forestColumns: SQL = """
        s.id, s.trace_rowid, s.span_id, s.parent_id, s.cumulative_error_count,
        s.cumulative_llm_token_count_prompt, s.cumulative_llm_token_count_completion,
        s.span_kind, s.wraps_model_call
        """

    private mutating func loadChildren(of keys: [SpanForest.Key]) throws {
        for chunk in keys.chunked() {
            addStored(
                try connection.query(
                    """
                    WITH w (trace_rowid, span_id) AS (VALUES \(rows: Self.values(chunk)))
                    SELECT \(Self.forestColumns)
                    FROM w
                    JOIN spans s ON s.trace_rowid = w.trace_rowid AND s.parent_id = w.span_id
                    """))
        }
    }

    /// Loads spans and all that is above them, in one statement however deep they are.
    private mutating func loadAncestors(from keys: [SpanForest.Key]) throws {
        for chunk in keys.chunked() {
            // UNION, not UNION ALL: a circle of parents ends where it began.
            addStored(
                try connection.query(
                    """
                    WITH RECURSIVE w (trace_rowid, span_id) AS (
                        VALUES \(rows: Self.values(chunk))
                    ),
                    up (id, trace_rowid, parent_id) AS (
                        SELECT s.id, s.trace_rowid, s.parent_id
                        FROM w
                        JOIN spans s ON s.span_id = w.span_id AND s.trace_rowid = w.trace_rowid
                        UNION
                        SELECT s.id, s.trace_rowid, s.parent_id
                        FROM up
                        JOIN spans s ON s.span_id = up.parent_id AND s.trace_rowid = up.trace_rowid
                    )
                    SELECT \(Self.forestColumns)
                    FROM up
                    JOIN spans s ON s.id = up.id
                    """))
        }
    }

    private static func values(_ keys: some Sequence<SpanForest.Key>) -> [[SQLValue]] {
        keys.map { [.integer($0.trace), .blob($0.span.bytes)] }
    }

    private mutating func addStored(_ rows: [SQLRow]) {
        for row in rows {
            forest.addStored(
                row: row.integer(0),
                SpanForest.Key(trace: row.integer(1), span: OTelID(row.blob(2))),
                parent: row.optionalBlob(3).map { OTelID($0) },
                counts: CumulativeCounts(
                    errors: row.integer(4), promptTokens: row.integer(5),
                    completionTokens: row.integer(6)),
                isModelCall: row.text(7) == IncomingSpan.modelCallKind,
                wrapsModelCall: row.integer(8) == 1)
        }
    }

    // MARK: Writing

    private static let columns: [BulkRows.Column] = [
        .init("id", .bigint), .init("trace_rowid", .bigint), .init("project_rowid", .bigint),
        .init("span_id", .blob), .init("parent_id", .blob), .init("name", .text),
        .init("span_kind", .text), .init("start_time", .bigint), .init("end_time", .bigint),
        .init("status_code", .text), .init("status_message", .text), .init("event_count", .integer),
        .init("cumulative_error_count", .bigint),
        .init("cumulative_llm_token_count_prompt", .bigint),
        .init("cumulative_llm_token_count_completion", .bigint),
        .init("llm_token_count_prompt", .bigint), .init("llm_token_count_completion", .bigint),
        .init("model_name", .text), .init("provider", .text), .init("session_id", .text),
        .init("user_id", .text), .init("first_error_message", .text), .init("origin_id", .bigint),
        .init("wraps_model_call", .integer),
    ]

    /// - Returns: The highest row id given out.
    private mutating func store(
        _ inserted: [InsertedSpan], of spans: [IncomingSpan], in batches: [SpanBatch]
    ) throws -> Int64 {
        guard !inserted.isEmpty else { return 0 }
        let stated = inserted.compactMap { spans[$0.span].stated?.row }
        let ids =
            stated.isEmpty
            ? try connection.allocateIDs(inserted.count, for: "spans") : stated
        precondition(
            ids.count == inserted.count, "\(ids.count) of \(inserted.count) spans have a row id.")
        let origins = try SpanOriginTable(connection: connection)
            .rows(of: inserted.compactMap { spans[$0.span].origin })
        let payloads = try storePayloads(of: inserted, spans, in: batches)

        var costRows = SpanCostRows()
        var rows = BulkRows(Self.columns + payloadStore.columns)
        let rowsMax = min(inserted.count, Self.rowsAtOnce)
        rows.reserve(rows: rowsMax, bytes: rowsMax * 96)
        try connection.insert(rows.columns, into: "spans") { insert in
            for (position, item) in inserted.enumerated() {
                let span = spans[item.span]
                append(item, of: span, row: ids[position], origins: origins, to: &rows)
                payloads.appendCells(ofPayloadAt: position, to: &rows)
                if let cost = item.cost {
                    costRows.append(cost, span: ids[position])
                    let trace = directory.traces[item.trace]
                    costs.count(
                        cost, project: trace.project,
                        traceMinute: ProjectRollup.minute(of: trace.startTime),
                        spanMinute: ProjectRollup.minute(of: span.startTime))
                }
                if rows.count == Self.rowsAtOnce {
                    try insert(rows)
                    rows.removeAll()
                }
            }
            try insert(rows)
        }
        try costRows.store(on: connection)
        return ids.last ?? 0
    }

    /// So many rows are made before they go to the database.
    private static let rowsAtOnce = 128

    /// Appends the row of a span up to its payload, and counts the span in its minute.
    private mutating func append(
        _ item: InsertedSpan, of span: IncomingSpan, row: Int64, origins: [[UInt8]: Int64],
        to rows: inout BulkRows
    ) {
        let trace = directory.traces[item.trace]
        let counts = forest.counts(at: item.node)
        let isWrapper = forest.wrapsModelCall(at: item.node)
        rollup.countSpans(
            1, oks: span.statusCode == "OK" ? 1 : 0, errors: span.hasError ? 1 : 0,
            promptTokens: isWrapper ? 0 : span.promptTokens ?? 0,
            completionTokens: isWrapper ? 0 : span.completionTokens ?? 0,
            project: trace.project, minute: ProjectRollup.minute(of: span.startTime))
        rows.append(row)
        rows.append(trace.row)
        rows.append(trace.project)
        span.spanID.withUnsafeBytes { rows.append($0) }
        if let parent = span.parentID {
            parent.withUnsafeBytes { rows.append($0) }
        } else {
            rows.appendNull()
        }
        rows.append(span.name)
        rows.append(span.kind)
        rows.append(span.startTime)
        rows.append(span.endTime)
        rows.append(span.statusCode)
        rows.append(span.statusMessage)
        rows.append(Int64(span.eventCount))
        rows.append(counts.errors)
        rows.append(counts.promptTokens)
        rows.append(counts.completionTokens)
        rows.append(span.promptTokens)
        rows.append(span.completionTokens)
        rows.append(span.modelName)
        rows.append(span.provider)
        rows.append(span.sessionID)
        rows.append(span.userID)
        rows.append(span.firstErrorMessage)
        rows.append(span.origin.flatMap { origins[$0.digest] })
        rows.append(Int64(isWrapper ? 1 : 0))
    }

    /// Stores the payloads of the inserted spans in their order.
    private func storePayloads(
        of inserted: [InsertedSpan], _ spans: [IncomingSpan], in batches: [SpanBatch]
    ) throws -> any SpanPayloadWriter {
        var payloads = payloadStore.writer()
        var rest = inserted[...]
        var end = 0
        for batch in batches {
            end += batch.spans.count
            let own = rest.prefix { $0.span < end }
            rest = rest[own.endIndex...]
            // What was packed holds all payloads of its batch, also those of spans known before.
            if let packed = batch.packed, own.count == batch.spans.count {
                payloads.append(packed)
            } else {
                for item in own { payloads.append(spans[item.span].payload) }
            }
        }
        try payloads.store(on: connection)
        return payloads
    }

    /// What the batch inserted, by project in the order of their first traces.
    private func insertions(upTo watermark: Int64) -> [SpansInserted] {
        var insertions: [SpansInserted] = []
        var indexes: [Int64: Int] = [:]
        for trace in directory.traces where trace.addedSpans > 0 {
            let index = indexes[trace.project] ?? insertions.count
            if index == insertions.count {
                indexes[trace.project] = index
                insertions.append(
                    SpansInserted(
                        project: RowID(trace.project), traces: TraceSample([]), spanCount: 0,
                        watermark: watermark))
            }
            insertions[index].traces.append(RowID(trace.row))
            insertions[index].spanCount += Int(trace.addedSpans)
        }
        return insertions
    }

    /// Marks the stored model calls that another one arrived below, and takes their tokens back.
    private mutating func storeNewWrappers() throws {
        for chunk in forest.newWrappers.sorted().chunked() {
            let wrappers = try connection.query(
                """
                UPDATE spans
                SET wraps_model_call = 1
                WHERE id IN (\(list: chunk))
                \(ProjectRollup.returningTokens)
                """)
            for wrapper in wrappers { rollup.countTokens(of: wrapper, sign: -1) }
        }
    }

    private func storeGrowth() throws {
        let growth = forest.growth.sorted { $0.row < $1.row }
        for chunk in growth.chunked() {
            let rows = chunk.map { row, added in
                [
                    SQLValue.integer(row), .integer(added.errors), .integer(added.promptTokens),
                    .integer(added.completionTokens),
                ]
            }
            try connection.execute(
                """
                WITH v (id, errors, prompt, completion) AS (VALUES \(rows: rows))
                UPDATE spans
                SET cumulative_error_count = cumulative_error_count + v.errors,
                    cumulative_llm_token_count_prompt =
                        cumulative_llm_token_count_prompt + v.prompt,
                    cumulative_llm_token_count_completion =
                        cumulative_llm_token_count_completion + v.completion
                FROM v
                WHERE spans.id = v.id
                """)
            try connection.widenSegments(ofSpans: chunk.map(\.row))
        }
    }
}
