import SQLCore

extension TraceDirectory {
    /// Adds what the batch's spans cost to the rows of traces that were stored before.
    func updateTraceCosts() throws {
        let changed = traces.filter { $0.isStored && $0.addedCosts.count > 0 }
            .sorted { $0.row < $1.row }
        for chunk in changed.chunked() {
            let rows = chunk.map { trace -> [SQLValue] in
                let sums = trace.addedCosts
                return [
                    .integer(trace.row), .integer(sums.count), .double(sums.promptTokens),
                    .double(sums.completionTokens), .double(sums.promptCost),
                    .double(sums.completionCost),
                ]
            }
            try connection.execute(
                """
                WITH v (id, spans, prompt_tokens, completion_tokens, prompt, completion)
                    AS (VALUES \(rows: rows))
                UPDATE traces
                SET cost_count = cost_count + v.spans,
                    prompt_cost_tokens = COALESCE(prompt_cost_tokens, 0) + v.prompt_tokens,
                    completion_cost_tokens =
                        COALESCE(completion_cost_tokens, 0) + v.completion_tokens,
                    prompt_cost = COALESCE(prompt_cost, 0) + v.prompt,
                    completion_cost = COALESCE(completion_cost, 0) + v.completion
                FROM v
                WHERE traces.id = v.id
                """)
        }
    }

    /// Takes stored costs along to the minute in which their trace starts from this batch on.
    ///
    /// Call it before the batch's spans are stored.
    func moveCosts(in costs: inout CostRollup) throws {
        let moved = traces.filter { trace in
            guard trace.hasStoredCosts, let stored = trace.storedTimes?.start else { return false }
            return ProjectRollup.minute(of: stored) != ProjectRollup.minute(of: trace.startTime)
        }
        let byRow = Dictionary(uniqueKeysWithValues: moved.map { ($0.row, $0) })
        for chunk in moved.map(\.row).chunked() {
            let sums = try connection.query(
                """
                SELECT s.trace_rowid, e.is_prompt, e.token_type, COUNT(*), SUM(e.tokens),
                    SUM(COALESCE(e.cost, 0.0))
                FROM spans s
                JOIN span_cost_entries e ON e.span_rowid = s.id
                WHERE s.trace_rowid IN (\(list: chunk))
                GROUP BY s.trace_rowid, e.is_prompt, e.token_type
                """)
            for row in sums {
                guard let trace = byRow[row.integer(0)], let stored = trace.storedTimes?.start
                else {
                    continue
                }
                let amount = CostRollup.Amount(
                    entryCount: row.integer(3), tokens: row.double(4), cost: row.double(5))
                for (amount, time) in [(-amount, stored), (amount, trace.startTime)] {
                    costs.countByTrace(
                        amount, isPrompt: row.integer(1) == 1, tokenType: row.text(2),
                        project: trace.project, minute: ProjectRollup.minute(of: time))
                }
            }
        }
    }
}
