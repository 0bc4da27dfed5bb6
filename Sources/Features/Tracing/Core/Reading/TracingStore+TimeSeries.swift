import FilterLanguage
import PhoenixModel
import SQLCore

/// How many spans start in a bin, by their status.
package struct SpanStatusCounts: Sendable, Hashable {
    package var ok: Int64
    package var error: Int64
    package var unset: Int64
    package var total: Int64 { ok + error + unset }
}

/// How many traces start in a bin, and how many of those have a root under which a span failed.
package struct TraceStatusCounts: Sendable, Hashable {
    package var error: Int64 = 0
    package var total: Int64 = 0
}

extension TracingStore {
    /// How many traces start in each bin; bins without any are nil.
    package func traceCountSeries(
        of project: Project.ID, _ bins: TimeBins
    ) async throws -> [Int64?] {
        let sources = Self.totalsSources(of: [project], in: bins.range)
        let rows = try await series(bins, of: sources, "SUM(x.traces)")
        var counts = [Int64?](repeating: nil, count: bins.starts.count)
        for row in rows where row.integer(1) > 0 { counts[Int(row.integer(0))] = row.integer(1) }
        return counts
    }

    /// How many spans start in each bin; bins without any are nil.
    ///
    /// - Parameter expression: A condition of the span language.
    package func spanCountSeries(
        of project: Project.ID, _ bins: TimeBins, where expression: Filter? = nil
    ) async throws -> [SpanStatusCounts?] {
        var sources: [SQL]
        if expression?.condition == nil {
            sources = Self.totalsSources(of: [project], in: bins.range)
        } else {
            let conditions = ProjectSelection(range: bins.range, expression: expression)
                .spanConditions(of: [project], payloads)
            sources = [
                """
                SELECT s.start_time AS time, 1 AS spans,
                    CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END AS errors,
                    CASE WHEN s.status_code = 'OK' THEN 1 ELSE 0 END AS oks
                FROM spans s
                WHERE \(conditions, separator: " AND ")
                """
            ]
        }
        let rows = try await series(
            bins, of: sources, "SUM(x.spans)", "SUM(x.errors)", "SUM(x.oks)")
        var counts = [SpanStatusCounts?](repeating: nil, count: bins.starts.count)
        for row in rows where row.integer(1) > 0 {
            counts[Int(row.integer(0))] = SpanStatusCounts(
                ok: row.integer(3), error: row.integer(2),
                unset: row.integer(1) - row.integer(2) - row.integer(3))
        }
        return counts
    }

    /// How many traces start in each bin, and how many of them failed.
    package func traceStatusSeries(
        of project: Project.ID, _ bins: TimeBins
    ) async throws -> [TraceStatusCounts] {
        var counts = [TraceStatusCounts](repeating: .init(), count: bins.starts.count)
        guard !counts.isEmpty else { return counts }
        for (bin, total) in try await traceCountSeries(of: project, bins).enumerated() {
            counts[bin].total = total ?? 0
        }
        let range = bins.range.conditions(on: "t.start_time")
        // Traces with errors have an index of their own.
        let rows = try await database.read { connection in
            try connection.query(
                """
                SELECT x.bin, COUNT(*)
                FROM (
                    SELECT \(bins.index(of: "t.start_time")) AS bin
                    FROM traces t
                    WHERE t.project_rowid = \(project) AND t.error_count > 0
                        AND \(range, separator: " AND ")
                        AND EXISTS (
                            SELECT 1
                            FROM spans s
                            WHERE s.trace_rowid = t.id AND s.parent_id IS NULL
                                AND s.cumulative_error_count > 0)
                ) x
                GROUP BY x.bin
                """)
        }
        for row in rows { counts[Int(row.integer(0))].error = row.integer(1) }
        return counts
    }

    /// Quantiles of how long the traces took that start in each bin, in milliseconds; bins without
    /// any are nil.
    package func traceLatencyMsSeries(
        of project: Project.ID, _ bins: TimeBins, _ probabilities: [Double]
    ) async throws -> [[Double]?] {
        var series = [[Double]?](repeating: nil, count: bins.starts.count)
        guard !series.isEmpty else { return series }
        let range = bins.range.conditions(on: "t.start_time")
        let rows: SQL = """
            SELECT \(bins.index(of: "t.start_time")), t.end_time - t.start_time
            FROM traces t
            WHERE t.project_rowid = \(project) AND \(range, separator: " AND ")
            """
        let groups = try await database.read {
            try Quantiles.values(at: probabilities, ofGroups: rows, on: $0)
        }
        for (bin, values) in groups { series[Int(bin)] = values.map { $0 / 1000 } }
        return series
    }

    /// Sums of a time series: one row a bin, which is its first column.
    private func series(
        _ bins: TimeBins, of sources: [SQL], _ sums: SQL...
    ) async throws -> [SQLRow] {
        guard !bins.starts.isEmpty, !sources.isEmpty else { return [] }
        let columns = sums.map { sum -> SQL in "CAST(\(sum) AS BIGINT)" }
        // The bin has a column of its own, since PostgreSQL does not group by an expression with
        // bound values.
        return try await database.read { connection in
            try connection.query(
                """
                SELECT x.bin, \(columns, separator: ", ")
                FROM (
                    SELECT \(bins.index(of: "y.time")) AS bin, y.*
                    FROM (\(sources, separator: " UNION ALL ")) y
                ) x
                GROUP BY x.bin
                ORDER BY x.bin
                """)
        }
    }
}
