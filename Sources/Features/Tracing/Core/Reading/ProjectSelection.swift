import FilterLanguage
import PhoenixModel
import SQLCore

/// Which spans, traces or sessions of some projects a sum or a quantile is over.
package struct ProjectSelection: Sendable, Hashable {
    package var range: TimeRange
    /// A condition of the span language, or of the session language; nil for all.
    package var expression: Filter?

    package init(range: TimeRange = .always, expression: Filter? = nil) {
        self.range = range
        self.expression = expression
    }

    /// The condition of the expression; nil when it selects everything.
    private func condition(_ payloads: any SpanPayloadStore) -> SQL? {
        guard let expression else { return nil }
        return expression.sql(
            over: TracingFilterColumns(language: expression.language, payloads: payloads))
    }

    private func sessionTraces(of projects: [Project.ID], _ condition: SQL) -> SQL {
        """
        SELECT st.id
        FROM project_sessions ps
        JOIN traces st ON st.project_session_rowid = ps.id
        WHERE ps.project_id IN (\(list: projects)) AND \(condition)
        """
    }

    /// Conditions on the spans table called `s`: those that start in the range and that the
    /// expression, or their session, satisfies.
    package func spanConditions(of projects: [Project.ID], _ payloads: any SpanPayloadStore)
        -> [SQL]
    {
        var conditions: [SQL] = ["s.project_rowid IN (\(list: projects))"]
        conditions += range.conditions(on: "s.start_time")
        if let condition = condition(payloads) {
            if let expression, let name = expression.requiredSpanAnnotations.sorted().first {
                let annotation = expression.annotationCondition(
                    named: name,
                    over: TracingFilterColumns(language: .span, payloads: payloads))
                conditions.append(
                    """
                    s.id IN (SELECT fa0.span_rowid FROM span_annotations fa0 WHERE \(annotation))
                    """)
            }
            conditions.append(
                expression?.language == .session
                    ? "s.trace_rowid IN (\(sessionTraces(of: projects, condition)))" : condition)
        }
        return conditions
    }

    /// Conditions on the traces table called `t`: those that start in the range and that have a span,
    /// or a session, that satisfies the expression.
    package func traceConditions(
        of projects: [Project.ID], _ payloads: any SpanPayloadStore
    ) -> [SQL] {
        var conditions: [SQL] = ["t.project_rowid IN (\(list: projects))"]
        conditions += range.conditions(on: "t.start_time")
        if let condition = condition(payloads) {
            conditions.append(
                expression?.language == .session
                    ? "t.id IN (\(sessionTraces(of: projects, condition)))"
                    : """
                    t.id IN (
                        SELECT s.trace_rowid
                        FROM spans s
                        WHERE s.project_rowid IN (\(list: projects)) AND \(condition))
                    """)
        }
        return conditions
    }

    /// Conditions on the sessions table called `ps`: those that overlap the range and that satisfy
    /// the expression.
    package func sessionConditions(
        of projects: [Project.ID], _ payloads: any SpanPayloadStore
    ) -> [SQL] {
        var conditions: [SQL] = ["ps.project_id IN (\(list: projects))"]
        if let end = range.end { conditions.append("ps.start_time < \(end)") }
        if let start = range.start { conditions.append("ps.end_time >= \(start)") }
        if let condition = condition(payloads) { conditions.append(condition) }
        return conditions
    }
}

extension TracingStore {
    /// Counts and sums over the spans that a selection has. Projects without any are not in the
    /// answer, and ``ProjectTotals/traces`` is 0. A model call below another one takes that one's
    /// tokens out whether it is selected itself or not.
    package func spanTotals(
        of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: ProjectTotals] {
        let payloads = payloads
        return try await database.read { connection in
            var totals: [Project.ID: ProjectTotals] = [:]
            for chunk in projects.chunked() {
                let conditions = selection.spanConditions(of: Array(chunk), payloads)
                let rows = try connection.query(
                    """
                    SELECT s.project_rowid, COUNT(*),
                        CAST(SUM(\(CountedTokens.prompt)) AS BIGINT),
                        CAST(SUM(\(CountedTokens.completion)) AS BIGINT)
                    FROM spans s
                    WHERE \(conditions, separator: " AND ")
                    GROUP BY s.project_rowid
                    """)
                for row in rows {
                    var sum = ProjectTotals()
                    sum.spans = row.integer(1)
                    sum.promptTokens = row.integer(2)
                    sum.completionTokens = row.integer(3)
                    totals[row.id(0)] = sum
                }
            }
            return totals
        }
    }

    /// How many traces a selection has. Projects without any are not in the answer.
    package func traceCounts(
        of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: Int64] {
        let payloads = payloads
        return try await counts(of: projects) { chunk in
            let conditions = selection.traceConditions(of: chunk, payloads)
            return """
                SELECT t.project_rowid, COUNT(*)
                FROM traces t
                WHERE \(conditions, separator: " AND ")
                GROUP BY t.project_rowid
                """
        }
    }

    /// How many sessions a selection has. Projects without any are not in the answer.
    package func sessionCounts(
        of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: Int64] {
        let payloads = payloads
        return try await counts(of: projects) { chunk in
            let conditions = selection.sessionConditions(of: chunk, payloads)
            return """
                SELECT ps.project_id, COUNT(*)
                FROM project_sessions ps
                WHERE \(conditions, separator: " AND ")
                GROUP BY ps.project_id
                """
        }
    }

    private func counts(
        of projects: [Project.ID], _ query: @escaping @Sendable ([Project.ID]) -> SQL
    ) async throws -> [Project.ID: Int64] {
        try await database.read { connection in
            var counts: [Project.ID: Int64] = [:]
            for chunk in projects.chunked() {
                for row in try connection.query(query(Array(chunk))) {
                    counts[row.id(0)] = row.integer(1)
                }
            }
            return counts
        }
    }

    /// What the sessions of a selection are on average. Projects without any are not in the answer.
    package func sessionAverages(
        of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: SessionAverages] {
        let payloads = payloads
        return try await database.read { connection in
            var averages: [Project.ID: SessionAverages] = [:]
            for chunk in projects.chunked() {
                let conditions = selection.sessionConditions(of: Array(chunk), payloads)
                let rows = try connection.query(
                    """
                    SELECT ps.project_id, COUNT(*),
                        CAST(SUM(ps.end_time - ps.start_time) AS BIGINT),
                        CAST(SUM((
                            SELECT COUNT(*)
                            FROM traces t
                            WHERE t.project_session_rowid = ps.id)) AS BIGINT)
                    FROM project_sessions ps
                    WHERE \(conditions, separator: " AND ")
                    GROUP BY ps.project_id
                    """)
                for row in rows {
                    let count = Double(row.integer(1))
                    averages[row.id(0)] = SessionAverages(
                        durationMs: Double(row.integer(2)) / count / 1000,
                        traceCount: Double(row.integer(3)) / count)
                }
            }
            return averages
        }
    }
}

/// What a project's sessions are on average.
package struct SessionAverages: Sendable, Hashable {
    package var durationMs: Double
    package var traceCount: Double
}
