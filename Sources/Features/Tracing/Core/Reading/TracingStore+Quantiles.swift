import PhoenixModel
import SQLCore

/// Continuous percentiles: the value at a place in the order, interpolated between neighbours.
package enum Quantiles {
    /// Computes quantiles of groups.
    ///
    /// - Parameters:
    ///   - probabilities: From 0 to 1.
    ///   - rows: Selects integers: a group and a value.
    /// - Returns: One value a probability for each group that has rows.
    static func values(
        at probabilities: [Double], of rows: SQL, on connection: any SQLConnection
    ) throws -> [Int64: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        let pairs = try connection.integers(rows)
        var groups: [Int64: [Int64]] = [:]
        var last: (group: Int64, values: [Int64])?
        // Neighbours tend to be of one group, so a group is looked up when it changes only.
        for index in stride(from: 0, to: pairs.count, by: 2) {
            if last?.group != pairs[index] {
                if let last { groups[last.group] = last.values }
                last = (pairs[index], groups.removeValue(forKey: pairs[index]) ?? [])
            }
            last!.values.append(pairs[index + 1])
        }
        if let last { groups[last.group] = last.values }
        return groups.mapValues { values in
            let sorted = values.sorted()
            return probabilities.map { probability in
                interpolated(probability, count: Int64(sorted.count)) { Double(sorted[Int($0)]) }
            }
        }
    }

    /// The place, from 0 on, at or below a quantile among `count` values.
    static func place(of probability: Double, count: Int64) -> Int64 {
        Int64(min(max(probability, 0), 1) * Double(count - 1))
    }

    /// The value of a probability, given the values at places.
    static func interpolated(
        _ probability: Double, count: Int64, _ value: (Int64) -> Double
    ) -> Double {
        let position = min(max(probability, 0), 1) * Double(count - 1)
        let below = place(of: probability, count: count)
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
        var whole: Set<Project.ID> = []
        if selection.expression?.condition == nil {
            whole = try await self.projects(projects, withAllTracesIn: selection.range)
        }
        let payloads = payloads
        let parts = try await quantiles(
            probabilities, of: projects.filter { !whole.contains($0) }
        ) { chunk in
            let conditions = selection.traceConditions(of: chunk, payloads)
            return """
                SELECT t.project_rowid AS group_key, t.end_time - t.start_time AS value
                FROM traces t
                WHERE \(conditions, separator: " AND ")
                """
        }
        let all = try await traceLatencyMsQuantiles(
            probabilities, of: projects.filter { whole.contains($0) })
        return parts.merging(all) { _, all in all }
    }

    /// The projects that have no trace outside of a range.
    private func projects(
        _ projects: [Project.ID], withAllTracesIn range: TimeRange
    ) async throws -> Set<Project.ID> {
        var outside: [SQL] = []
        if let start = range.start { outside.append("t.start_time < \(start)") }
        if let end = range.end { outside.append("t.start_time >= \(end)") }
        guard !outside.isEmpty else { return Set(projects) }
        // One look into an index for each side.
        let conditions: [SQL] = outside.map {
            "NOT EXISTS (SELECT 1 FROM traces t WHERE t.project_rowid = p.id AND \($0))"
        }
        return try await database.read { connection in
            var found: Set<Project.ID> = []
            for chunk in projects.chunked() {
                let ids = try connection.integers(
                    """
                    SELECT p.id
                    FROM projects p
                    WHERE p.id IN (\(list: chunk)) AND \(conditions, separator: " AND ")
                    """)
                found.formUnion(ids.map { Project.ID($0) })
            }
            return found
        }
    }

    /// The same over all traces of the projects: an index has them in their order, and the minutes
    /// tell how many there are.
    private func traceLatencyMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID]
    ) async throws -> [Project.ID: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        return try await database.read { connection in
            var found: [Project.ID: [Double]] = [:]
            for chunk in projects.chunked(by: Self.quantilesMax / probabilities.count + 1) {
                let totals = try connection.query(
                    """
                    SELECT m.project_rowid, CAST(SUM(m.trace_count) AS BIGINT)
                    FROM project_minutes m
                    WHERE m.project_rowid IN (\(list: chunk))
                    GROUP BY m.project_rowid
                    HAVING SUM(m.trace_count) > 0
                    """)
                guard !totals.isEmpty else { continue }
                var parts: [SQL] = []
                for row in totals {
                    for probability in probabilities {
                        parts.append(
                            Self.neighbours(
                                of: probability, project: row.id(0), count: row.integer(1),
                                number: parts.count))
                    }
                }
                let rows = try connection.query("\(parts, separator: " UNION ALL ")")
                let values = Dictionary(grouping: rows, by: { Int($0.integer(0)) })
                    .mapValues { $0.map { Double($0.integer(1)) }.sorted() }
                var number = 0
                for row in totals {
                    found[row.id(0)] = probabilities.map { probability in
                        let pair = values[number] ?? [0]
                        number += 1
                        return Quantiles.interpolated(probability, count: row.integer(1)) { place in
                            let below = Quantiles.place(of: probability, count: row.integer(1))
                            return pair[min(Int(place - below), pair.count - 1)]
                        } / 1000
                    }
                }
            }
            return found
        }
    }

    /// How many quantiles one statement looks up.
    private static let quantilesMax = 256

    /// The latencies on both sides of a quantile, counted from the nearer end of the index.
    private static func neighbours(
        of probability: Double, project: Project.ID, count: Int64, number: Int
    ) -> SQL {
        let below = Quantiles.place(of: probability, count: count)
        let isLow = below < count / 2
        let direction: SQL = isLow ? "ASC" : "DESC"
        // From the upper end, the first of the two is the one above, if there is one.
        let limit = min(2, count - below)
        let offset = isLow ? below : count - below - limit
        return """
            SELECT CAST(\(Int64(number)) AS BIGINT), v.latency
            FROM (
                SELECT (t.end_time - t.start_time) AS latency
                FROM traces t
                WHERE t.project_rowid = \(project)
                ORDER BY (t.end_time - t.start_time) \(direction)
                LIMIT \(limit) OFFSET \(offset)
            ) v
            """
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
