import PhoenixModel
import SQLCore

/// What the spans and traces of a project add up to.
package struct ProjectTotals: Sendable, Hashable {
    /// Traces that start in the time range.
    package var traces: Int64 = 0
    /// Spans that start in the time range.
    package var spans: Int64 = 0
    /// The tokens of those spans, save of model calls with another model call directly below them.
    package var promptTokens: Int64 = 0
    package var completionTokens: Int64 = 0

    package init() {}
}

extension TracingStore {
    /// Sums over spans and traces of projects. Projects without any are not in the answer.
    ///
    /// Whole minutes come from the rollup, the rest of the range from the spans and traces that
    /// start there: one statement whatever the range.
    package func totals(
        of projects: [Project.ID], in range: TimeRange = .always
    ) async throws -> [Project.ID: ProjectTotals] {
        try await database.read { connection in
            var totals: [Project.ID: ProjectTotals] = [:]
            for chunk in projects.chunked() {
                let sources = Self.totalsSources(of: Array(chunk), in: range)
                guard !sources.isEmpty else { continue }
                let rows = try connection.query(
                    """
                    SELECT x.project_rowid, CAST(SUM(x.traces) AS BIGINT),
                        CAST(SUM(x.spans) AS BIGINT), CAST(SUM(x.prompt_tokens) AS BIGINT),
                        CAST(SUM(x.completion_tokens) AS BIGINT)
                    FROM (\(sources, separator: " UNION ALL ")) x
                    GROUP BY x.project_rowid
                    """)
                for row in rows {
                    var sum = ProjectTotals()
                    sum.traces = row.integer(1)
                    sum.spans = row.integer(2)
                    sum.promptTokens = row.integer(3)
                    sum.completionTokens = row.integer(4)
                    totals[row.id(0)] = sum
                }
            }
            return totals
        }
    }

    /// Selections of `project_rowid`, a time and the sums, from the rollup and from the edges.
    static func totalsSources(of projects: [Project.ID], in range: TimeRange) -> [SQL] {
        let minutes = range.minutes
        var sources: [SQL] = []
        if let whole = minutes.whole {
            var conditions: [SQL] = ["m.project_rowid IN (\(list: projects))"]
            if whole.lowerBound != .min { conditions.append("m.minute >= \(whole.lowerBound)") }
            if whole.upperBound != .max { conditions.append("m.minute < \(whole.upperBound)") }
            sources.append(
                """
                SELECT m.project_rowid, m.minute * 60000000 AS time, m.trace_count AS traces,
                    m.span_count AS spans, m.error_count AS errors, m.ok_count AS oks,
                    m.llm_token_count_prompt AS prompt_tokens,
                    m.llm_token_count_completion AS completion_tokens
                FROM project_minutes m
                WHERE \(conditions, separator: " AND ")
                """)
        }
        for edge in minutes.rest {
            let spans: [SQL] =
                ["s.project_rowid IN (\(list: projects))"] + edge.conditions(on: "s.start_time")
            let traces: [SQL] =
                ["t.project_rowid IN (\(list: projects))"] + edge.conditions(on: "t.start_time")
            sources.append(
                """
                SELECT s.project_rowid, s.start_time AS time, 0 AS traces, 1 AS spans,
                    CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END AS errors,
                    CASE WHEN s.status_code = 'OK' THEN 1 ELSE 0 END AS oks,
                    \(CountedTokens.prompt) AS prompt_tokens,
                    \(CountedTokens.completion) AS completion_tokens
                FROM spans s
                WHERE \(spans, separator: " AND ")
                """)
            sources.append(
                """
                SELECT t.project_rowid, t.start_time AS time, 1 AS traces, 0 AS spans,
                    0 AS errors, 0 AS oks, 0 AS prompt_tokens, 0 AS completion_tokens
                FROM traces t
                WHERE \(traces, separator: " AND ")
                """)
        }
        return sources
    }

    /// When the first trace of each project starts and the last one ends. Projects without traces
    /// are not in the answer.
    package func traceTimes(of projects: [Project.ID]) async throws -> [Project.ID: TraceTimes] {
        try await database.read { connection in
            var times: [Project.ID: TraceTimes] = [:]
            for chunk in projects.chunked() {
                let rows = try connection.query(
                    """
                    SELECT p.id,
                        (SELECT MIN(t.start_time) FROM traces t WHERE t.project_rowid = p.id),
                        \(Self.lastTraceEnd)
                    FROM projects p
                    WHERE p.id IN (\(list: chunk))
                    """)
                for row in rows {
                    guard let start = row.optionalInteger(1), let end = row.optionalInteger(2)
                    else { continue }
                    times[row.id(0)] = TraceTimes(
                        start: Timestamp(microseconds: start), end: Timestamp(microseconds: end))
                }
            }
            return times
        }
    }

    /// When the last trace of the project `p` ends.
    ///
    /// Whatever ends after the trace that starts last does not start earlier than that end less the
    /// longest trace, so only those traces are looked at.
    static let lastTraceEnd: SQL = """
        (
            SELECT MAX(t.end_time)
            FROM traces t
            WHERE t.project_rowid = p.id AND t.start_time >= (
                SELECT l.end_time
                FROM traces l
                WHERE l.project_rowid = p.id
                ORDER BY l.start_time DESC
                LIMIT 1
            ) - (
                SELECT d.end_time - d.start_time
                FROM traces d
                WHERE d.project_rowid = p.id
                ORDER BY (d.end_time - d.start_time) DESC
                LIMIT 1
            )
        )
        """
}

/// The time from the start of a project's first trace to the end of its last one.
package struct TraceTimes: Sendable, Hashable {
    package var start: Timestamp
    package var end: Timestamp
}
