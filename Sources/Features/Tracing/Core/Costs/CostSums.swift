import SQLCore

/// What a trace's spans cost together, as its row has it.
struct CostSums: Hashable, Sendable {
    /// The spans that have a cost.
    var count: Int64 = 0
    var promptTokens = 0.0
    var completionTokens = 0.0
    var promptCost = 0.0
    var completionCost = 0.0

    mutating func add(_ cost: SpanCost) {
        let prompt = cost.side(isPrompt: true)
        let completion = cost.side(isPrompt: false)
        count += 1
        promptTokens += prompt.tokens ?? 0
        completionTokens += completion.tokens ?? 0
        promptCost += prompt.cost ?? 0
        completionCost += completion.cost ?? 0
    }

    static let columns: [BulkRows.Column] = [
        .init("cost_count", .bigint), .init("prompt_cost_tokens", .double),
        .init("completion_cost_tokens", .double), .init("prompt_cost", .double),
        .init("completion_cost", .double),
    ]

    /// Appends the cells of ``columns``: nulls when no span has a cost.
    func appendCells(to rows: inout BulkRows) {
        rows.append(count)
        for value in [promptTokens, completionTokens, promptCost, completionCost] {
            rows.append(count == 0 ? nil : value)
        }
    }

    /// Computes the sums of traces anew from their spans.
    ///
    /// - Parameter traces: The row ids of traces that the transaction has locked.
    static func refresh(traces: [Int64], on connection: any SQLConnection) throws {
        for chunk in traces.sorted().chunked() {
            try connection.execute(
                """
                WITH v (id, spans, prompt_tokens, completion_tokens, prompt, completion) AS (
                    SELECT t.id, COUNT(c.span_rowid),
                        CASE WHEN COUNT(c.span_rowid) = 0 THEN NULL
                            ELSE COALESCE(SUM(c.prompt_tokens), 0.0) END,
                        CASE WHEN COUNT(c.span_rowid) = 0 THEN NULL
                            ELSE COALESCE(SUM(c.completion_tokens), 0.0) END,
                        CASE WHEN COUNT(c.span_rowid) = 0 THEN NULL
                            ELSE COALESCE(SUM(c.prompt_cost), 0.0) END,
                        CASE WHEN COUNT(c.span_rowid) = 0 THEN NULL
                            ELSE COALESCE(SUM(c.completion_cost), 0.0) END
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    LEFT JOIN span_costs c ON c.span_rowid = s.id
                    WHERE t.id IN (\(list: chunk))
                    GROUP BY t.id
                )
                UPDATE traces
                SET cost_count = v.spans,
                    prompt_cost_tokens = v.prompt_tokens,
                    completion_cost_tokens = v.completion_tokens,
                    prompt_cost = v.prompt,
                    completion_cost = v.completion
                FROM v
                WHERE traces.id = v.id
                """)
        }
    }
}
