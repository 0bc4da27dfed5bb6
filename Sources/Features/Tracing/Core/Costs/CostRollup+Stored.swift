import SQLCore

extension CostRollup {
    /// The minute of a trace's start, as ``ProjectRollup/minute(of:)`` has it.
    private static let traceMinute: SQL = """
        CASE
            WHEN t.start_time >= 0 THEN t.start_time / 60000000
            ELSE (t.start_time - 59999999) / 60000000
        END
        """

    /// Takes the stored costs of spans out of the sums, and perhaps adds them to those of another
    /// project.
    ///
    /// - Parameter condition: Which spans, as a condition on the table `spans` called `s`.
    package mutating func takeBack(
        spansWhere condition: SQL, givingTo receiver: Int64? = nil,
        on connection: any SQLConnection
    ) throws {
        let rows = try connection.query(
            """
            SELECT t.project_rowid, \(Self.traceMinute) AS trace_minute,
                \(TraceRemoval.spanMinute) AS span_minute, e.model_id, e.is_prompt, e.token_type,
                COUNT(*), SUM(e.tokens), SUM(COALESCE(e.cost, 0.0))
            FROM spans s
            JOIN traces t ON t.id = s.trace_rowid
            JOIN span_cost_entries e ON e.span_rowid = s.id
            WHERE \(condition)
            GROUP BY t.project_rowid, trace_minute, span_minute, e.model_id, e.is_prompt,
                e.token_type
            """)
        for row in rows {
            let amount = Amount(
                entryCount: row.integer(6), tokens: row.double(7), cost: row.double(8))
            add(-amount, row, project: row.integer(0))
            if let receiver { add(amount, row, project: receiver) }
        }
    }

    private mutating func add(_ amount: Amount, _ row: SQLRow, project: Int64) {
        countByTrace(
            amount, isPrompt: row.integer(4) == 1, tokenType: row.text(5), project: project,
            minute: row.integer(1))
        guard let model = row.optionalInteger(3) else { return }
        countByModel(
            amount, isPrompt: row.integer(4) == 1, tokenType: row.text(5), model: model,
            project: project, minute: row.integer(2))
    }
}
