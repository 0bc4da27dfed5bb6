import PhoenixModel
import SQLCore

/// Which calls are priced again.
package struct RepricingSelection: Sendable, Hashable {
    /// Nil for all.
    package var project: Project.ID?
    /// The name of the model as spans report it; nil for all.
    package var modelName: String?
    /// When the spans start.
    package var range: TimeRange

    package init(
        project: Project.ID? = nil, modelName: String? = nil, range: TimeRange = .always
    ) {
        self.project = project
        self.modelName = modelName
        self.range = range
    }
}

/// How far pricing again has come.
package struct RepricingProgress: Sendable, Hashable {
    /// Spans looked at and spans whose cost is another than before.
    package var spanCount = 0
    package var changedCount = 0
    /// The last span looked at.
    package var lastID = Span.ID(0)
    package var isDone = false

    package init() {}
}

extension TracingStore {
    /// How many calls are priced again in one transaction, so that ingestion does not wait long.
    private static let repricingSlice = 512

    /// Prices the next calls of a selection again, by the prices that hold now, in one transaction.
    ///
    /// Call it with what it returned until that is done. The sums over the spans follow in the same
    /// transaction, so it is safe beside a running server, and may be stopped at any time. A span keeps
    /// its cost when that comes out the same.
    package func reprice(
        _ selection: RepricingSelection, from progress: RepricingProgress
    ) async throws -> RepricingProgress {
        guard let pricing else { preconditionFailure("The store was made without prices.") }
        let payloads = payloads
        return try await database.write { connection in
            var conditions: [SQL] = ["s.id > \(progress.lastID)", "s.span_kind = 'LLM'"]
            if let project = selection.project {
                conditions.append("s.project_rowid = \(project)")
            }
            if let name = selection.modelName { conditions.append("s.model_name = \(name)") }
            conditions += selection.range.conditions(on: "s.start_time")
            let found = try connection.query(
                """
                SELECT s.id, s.trace_rowid
                FROM spans s
                WHERE \(conditions, separator: " AND ")
                ORDER BY s.id
                LIMIT \(Self.repricingSlice)
                """)
            var next = progress
            next.isDone = found.count < Self.repricingSlice
            guard let last = found.last else { return next }
            next.lastID = last.id(0)
            next.spanCount += found.count
            try connection.holdSegmentsOpen()
            // In the order of the row ids, as whoever writes spans locks them.
            _ = try connection.query(
                """
                SELECT t.id
                FROM traces t
                WHERE t.id IN (\(list: Set(found.map { $0.integer(1) }).sorted()))
                ORDER BY t.id
                \(SQL.forUpdate)
                """)
            let pricer = try pricing.currentPrices(on: connection)
            next.changedCount += try Self.reprice(
                found.map { $0.integer(0) }, by: pricer, payloads, connection)
            return next
        }
    }

    /// - Returns: How many costs changed.
    private static func reprice(
        _ ids: [Int64], by pricer: any SpanPricer, _ payloads: any SpanPayloadStore,
        _ connection: any SQLConnection
    ) throws -> Int {
        let stored = try storedCosts(of: ids, connection)
        let rows = try connection.query(
            """
            SELECT s.id, s.trace_rowid, s.project_rowid, s.start_time, t.start_time,
                \(payloads.selection)
            FROM spans s
            JOIN traces t ON t.id = s.trace_rowid
            WHERE s.id IN (\(list: ids))
            """)
        let carried = try payloads.payloads(in: rows, startingAt: 5, on: connection)
        var costRows = SpanCostRows()
        var rollup = CostRollup()
        var changed: [Int64] = []
        var traces: Set<Int64> = []
        for (row, payload) in zip(rows, carried) {
            let cost = pricer.cost(attributes: payload.attributes, startTime: row.integer(3))
            guard !isSame(cost, stored[row.integer(0)]) else { continue }
            changed.append(row.integer(0))
            traces.insert(row.integer(1))
            guard let cost else { continue }
            costRows.append(cost, span: row.integer(0))
            rollup.count(
                cost, project: row.integer(2),
                traceMinute: ProjectRollup.minute(of: row.integer(4)),
                spanMinute: ProjectRollup.minute(of: row.integer(3)))
        }
        guard !changed.isEmpty else { return 0 }
        try connection.markSegmentsStale(ofSpansWhere: "s.id IN (\(list: changed))")
        try rollup.takeBack(spansWhere: "s.id IN (\(list: changed))", on: connection)
        for table in ["span_cost_details", "span_costs"] {
            try connection.execute(
                "DELETE FROM \(unsafe: table) WHERE span_rowid IN (\(list: changed))")
        }
        try costRows.store(on: connection)
        try CostSums.refresh(traces: traces.sorted(), on: connection)
        try rollup.apply(on: connection)
        return changed.count
    }

    private static func storedCosts(
        of ids: [Int64], _ connection: any SQLConnection
    ) throws -> [Int64: SpanCost] {
        let rows = try connection.query(
            """
            SELECT e.span_rowid, e.model_id, e.is_prompt, e.token_type, e.tokens, e.cost
            FROM span_cost_entries e
            WHERE e.span_rowid IN (\(list: ids))
            """)
        return Dictionary(grouping: rows) { $0.integer(0) }.mapValues { rows in
            SpanCost(
                modelID: rows[0].optionalInteger(1).map { GenerativeModel.ID($0) },
                entries: rows.map { row in
                    SpanCost.Entry(
                        isPrompt: row.integer(2) != 0, tokenType: row.text(3),
                        tokens: row.double(4), cost: row.optionalDouble(5))
                })
        }
    }

    private static func isSame(_ left: SpanCost?, _ right: SpanCost?) -> Bool {
        left?.modelID == right?.modelID
            && left.map { Set($0.entries) } == right.map { Set($0.entries) }
    }
}
