import PhoenixModel
import SQLCore
import Tracing

/// What the traces that start in one bin of a time series cost.
package struct CostPoint: Sendable, Hashable {
    /// What each kind of tokens cost; none when nothing has a cost.
    package var details: [CostDetail] = []

    package var summary: CostSummary {
        var summary = CostSummary()
        for detail in details {
            if detail.isPrompt {
                summary.prompt = summary.prompt + detail.value
            } else {
                summary.completion = summary.completion + detail.value
            }
        }
        return summary.withoutZeros
    }
}

extension CostStore {
    /// What projects cost: the spans of traces that start in the range, and that the expression or
    /// their session satisfies. Projects without such spans are absent.
    package func summaries(
        ofProjects ids: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: CostSummary] {
        if selection.expression?.condition != nil {
            return try await filteredSummaries(ofProjects: ids, in: selection)
        }
        let range = selection.range
        return try await read(ids) { ids in
            let sources = Self.traceSources(of: ids, in: range, details: false)
            return """
                SELECT x.project_rowid,
                    SUM(CASE WHEN x.is_prompt = 1 THEN x.tokens ELSE 0.0 END),
                    SUM(CASE WHEN x.is_prompt = 0 THEN x.tokens ELSE 0.0 END),
                    SUM(CASE WHEN x.is_prompt = 1 THEN x.cost ELSE 0.0 END),
                    SUM(CASE WHEN x.is_prompt = 0 THEN x.cost ELSE 0.0 END)
                FROM (\(sources, separator: " UNION ALL ")) x
                GROUP BY x.project_rowid
                """
        } _: {
            CostSummary($0, from: 1)
        }
    }

    private func filteredSummaries(
        ofProjects ids: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: CostSummary] {
        let payloads = spanPayloadStore(for: database.dialect)
        var spans = selection
        spans.range = .always
        let range = selection.range.conditions(on: "t.start_time")
        let condition = spans
        return try await read(ids) { ids in
            let conditions =
                condition.spanConditions(of: ids.map { Project.ID($0) }, payloads) + range
            return """
                SELECT s.project_rowid, COALESCE(SUM(c.prompt_tokens), 0.0),
                    COALESCE(SUM(c.completion_tokens), 0.0), COALESCE(SUM(c.prompt_cost), 0.0),
                    COALESCE(SUM(c.completion_cost), 0.0)
                FROM spans s
                JOIN span_costs c ON c.span_rowid = s.id
                JOIN traces t ON t.id = s.trace_rowid
                WHERE \(conditions, separator: " AND ")
                GROUP BY s.project_rowid
                """
        } _: {
            CostSummary($0, from: 1)
        }
    }

    /// Selections of `project_rowid`, a time, side, type and sums: from the rollup the whole minutes
    /// in which traces start, from traces and spans the rest of the range.
    ///
    /// - Parameter details: Whether the rest is told by type of tokens; otherwise its types are wrong
    ///   and only its sides count, which needs no look at spans.
    private static func traceSources(
        of projects: [Int64], in range: TimeRange, details: Bool
    ) -> [SQL] {
        let minutes = range.minutes
        var sources: [SQL] = []
        if let whole = minutes.whole {
            let conditions =
                ["m.project_rowid IN (\(list: projects))"] + Self.conditions(on: whole)
            sources.append(
                """
                SELECT m.project_rowid, m.minute * 60000000 AS time, m.is_prompt, m.token_type,
                    m.tokens, m.cost
                FROM trace_cost_minutes m
                WHERE \(conditions, separator: " AND ")
                """)
        }
        for edge in minutes.rest {
            let conditions: [SQL] =
                ["t.project_rowid IN (\(list: projects))", "t.cost_count > 0"]
                + edge.conditions(on: "t.start_time")
            if details {
                sources.append(
                    """
                    SELECT t.project_rowid, t.start_time AS time, e.is_prompt, e.token_type, e.tokens,
                        COALESCE(e.cost, 0.0) AS cost
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    JOIN span_cost_entries e ON e.span_rowid = s.id
                    WHERE \(conditions, separator: " AND ")
                    """)
                continue
            }
            for (isPrompt, side) in [("1", "prompt"), ("0", "completion")] {
                sources.append(
                    """
                    SELECT t.project_rowid, t.start_time AS time, \(unsafe: isPrompt) AS is_prompt,
                        'input' AS token_type, t.\(unsafe: side)_cost_tokens AS tokens,
                        t.\(unsafe: side)_cost AS cost
                    FROM traces t
                    WHERE \(conditions, separator: " AND ")
                    """)
            }
        }
        if sources.isEmpty {
            sources.append(
                """
                SELECT m.project_rowid, m.minute AS time, m.is_prompt, m.token_type, m.tokens, m.cost
                FROM trace_cost_minutes m
                WHERE 1 = 0
                """)
        }
        return sources
    }

    private static func conditions(on minutes: Range<Int64>) -> [SQL] {
        var conditions: [SQL] = []
        if minutes.lowerBound != .min { conditions.append("m.minute >= \(minutes.lowerBound)") }
        if minutes.upperBound != .max { conditions.append("m.minute < \(minutes.upperBound)") }
        return conditions
    }

    /// What the traces that start in each bin cost.
    package func series(of project: Project.ID, _ bins: TimeBins) async throws -> [CostPoint] {
        var points = [CostPoint](repeating: CostPoint(), count: bins.starts.count)
        guard !points.isEmpty else { return points }
        let sources = Self.traceSources(of: [project.value], in: bins.range, details: true)
        let rows = try await database.read { connection in
            // The bin has a column of its own, since PostgreSQL does not group by an expression with
            // bound values.
            try connection.query(
                """
                SELECT x.bin, x.is_prompt, x.token_type, SUM(x.tokens), SUM(x.cost)
                FROM (
                    SELECT \(bins.index(of: "y.time")) AS bin, y.*
                    FROM (\(sources, separator: " UNION ALL ")) y
                ) x
                GROUP BY x.bin, x.is_prompt, x.token_type
                ORDER BY x.bin, x.is_prompt, x.token_type
                """)
        }
        for row in rows {
            points[Int(row.integer(0))].details.append(CostDetail(row, from: 1))
        }
        return points
    }
}
