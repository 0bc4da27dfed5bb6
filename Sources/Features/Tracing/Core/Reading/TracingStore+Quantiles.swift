import PhoenixModel
import SQLCore

/// Continuous percentiles: the value at a place in the order, interpolated between neighbours.
package enum Quantiles {
    /// Computes quantiles in the database: only the neighbours of each place come back.
    ///
    /// - Parameters:
    ///   - probabilities: From 0 to 1.
    ///   - rows: Selects integers: `group_key` and `value`.
    /// - Returns: One value a probability for each group that has rows.
    static func values(
        at probabilities: [Double], of rows: SQL, on connection: any SQLConnection
    ) throws -> [Int64: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        let places = probabilities.map { probability -> SQL in
            """
            (q.place > \(probability) * (q.total - 1) - 1
                AND q.place < \(probability) * (q.total - 1) + 1)
            """
        }
        let found = try connection.query(
            """
            SELECT q.group_key, q.total, q.place, q.value
            FROM (
                SELECT x.group_key, x.value,
                    ROW_NUMBER() OVER (PARTITION BY x.group_key ORDER BY x.value) - 1 AS place,
                    COUNT(*) OVER (PARTITION BY x.group_key) AS total
                FROM (\(rows)) x
            ) q
            WHERE \(places, separator: " OR ")
            """)
        var groups: [Int64: (total: Int64, values: [Int64: Double])] = [:]
        for row in found {
            groups[row.integer(0), default: (row.integer(1), [:])].values[row.integer(2)] = Double(
                row.integer(3))
        }
        return groups.mapValues { group in
            probabilities.map { interpolated($0, count: group.total) { group.values[$0] ?? 0 } }
        }
    }

    /// The value of a probability, given the values at places.
    static func interpolated(
        _ probability: Double, count: Int64, _ value: (Int64) -> Double
    ) -> Double {
        let position = min(max(probability, 0), 1) * Double(count - 1)
        let below = Int64(position)
        let fraction = position - Double(below)
        let low = value(below)
        guard fraction > 0, below + 1 < count else { return low }
        return low + (value(below + 1) - low) * fraction
    }
}

extension TracingStore {
    /// Quantiles, in milliseconds, of how long traces took. Projects without traces in the
    /// selection are not in the answer.
    ///
    /// - Parameter probabilities: From 0 to 1.
    package func traceLatencyMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: [Double]] {
        let payloads = payloads
        return try await quantiles(probabilities, of: projects) { chunk in
            let conditions = selection.traceConditions(of: chunk, payloads)
            return """
                SELECT t.project_rowid AS group_key, t.end_time - t.start_time AS value
                FROM traces t
                WHERE \(conditions, separator: " AND ")
                """
        }
    }

    /// The same of how long spans took.
    package func spanLatencyMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: [Double]] {
        if projects.count == 1, selection.expression?.condition == nil {
            // The segments of one project know its latencies.
            var filter = SpanFilter()
            filter.startTime = selection.range.start
            filter.endTime = selection.range.end
            let values = try await spanLatencyMsQuantiles(
                probabilities, of: projects[0], where: filter
            ).compactMap { $0 }
            return values.isEmpty ? [:] : [projects[0]: values]
        }
        let payloads = payloads
        return try await quantiles(probabilities, of: projects) { chunk in
            let conditions = selection.spanConditions(of: chunk, payloads)
            return """
                SELECT s.project_rowid AS group_key, s.end_time - s.start_time AS value
                FROM spans s
                WHERE \(conditions, separator: " AND ")
                """
        }
    }

    /// The same of how long sessions took.
    package func sessionDurationMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: [Double]] {
        let payloads = payloads
        return try await quantiles(probabilities, of: projects) { chunk in
            let conditions = selection.sessionConditions(of: chunk, payloads)
            return """
                SELECT ps.project_id AS group_key, ps.end_time - ps.start_time AS value
                FROM project_sessions ps
                WHERE \(conditions, separator: " AND ")
                """
        }
    }

    private func quantiles(
        _ probabilities: [Double], of projects: [Project.ID],
        _ rows: @escaping @Sendable ([Project.ID]) -> SQL
    ) async throws -> [Project.ID: [Double]] {
        try await database.read { connection in
            var found: [Project.ID: [Double]] = [:]
            for chunk in projects.chunked() {
                let groups = try Quantiles.values(
                    at: probabilities, of: rows(Array(chunk)), on: connection)
                for (project, values) in groups {
                    found[Project.ID(project)] = values.map { $0 / 1000 }
                }
            }
            return found
        }
    }
}
