import PhoenixModel
import SQLCore

/// Where latencies are read from.
private struct LatencySource {
    /// The project of a row.
    let project: SQL
    /// How long what the row stands for took, in microseconds.
    let latency: SQL
    /// From the `FROM` on.
    let rows: SQL
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
            return LatencySource(
                project: "t.project_rowid", latency: "t.end_time - t.start_time",
                rows: "FROM traces t WHERE \(conditions, separator: " AND ")")
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

    /// The same over all traces of the projects: an index has them in their order, and a rollup tells
    /// where in it to begin.
    private func traceLatencyMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID]
    ) async throws -> [Project.ID: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        return try await database.read { connection in
            var found: [Project.ID: [Double]] = [:]
            for chunk in projects.chunked(by: Self.quantilesMax / probabilities.count + 1) {
                let orders = try LatencyOrder.load(of: Array(chunk), on: connection)
                guard !orders.isEmpty else { continue }
                var parts: [SQL] = []
                for order in orders {
                    for probability in probabilities {
                        parts.append(order.neighbours(of: probability, number: parts.count))
                    }
                }
                let rows = try connection.query("\(parts, separator: " UNION ALL ")")
                let values = Dictionary(grouping: rows, by: { Int($0.integer(0)) })
                    .mapValues { $0.map { Double($0.integer(1)) }.sorted() }
                var number = 0
                for order in orders {
                    found[order.project] = probabilities.map { probability in
                        // None is found only where `phoenix verify` finds the rollup wrong.
                        let pair = values[number] ?? [0]
                        number += 1
                        return Quantiles.interpolated(probability, count: order.count) { place in
                            let below = Quantiles.place(of: probability, count: order.count)
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
            return LatencySource(
                project: "s.project_rowid", latency: "s.end_time - s.start_time",
                rows: "FROM spans s WHERE \(conditions, separator: " AND ")")
        }
    }

    /// The same of how long sessions took.
    package func sessionDurationMsQuantiles(
        _ probabilities: [Double], of projects: [Project.ID], in selection: ProjectSelection
    ) async throws -> [Project.ID: [Double]] {
        let payloads = payloads
        return try await quantiles(probabilities, of: projects) { chunk in
            let conditions = selection.sessionConditions(of: chunk, payloads)
            return LatencySource(
                project: "ps.project_id", latency: "ps.end_time - ps.start_time",
                rows: "FROM project_sessions ps WHERE \(conditions, separator: " AND ")")
        }
    }

    private func quantiles(
        _ probabilities: [Double], of projects: [Project.ID],
        _ source: @escaping @Sendable ([Project.ID]) -> LatencySource
    ) async throws -> [Project.ID: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        let found = try await database.read { connection in
            if projects.count == 1 {
                // The values alone are half as much to read.
                let source = source(projects)
                let values = try connection.integers("SELECT \(source.latency) \(source.rows)")
                guard !values.isEmpty else { return [Project.ID: [Double]]() }
                return [projects[0]: Quantiles.values(at: probabilities, of: values)]
            }
            var found: [Project.ID: [Double]] = [:]
            for chunk in projects.chunked() {
                let source = source(Array(chunk))
                let groups = try Quantiles.values(
                    at: probabilities,
                    ofGroups: "SELECT \(source.project), \(source.latency) \(source.rows)",
                    on: connection)
                for (project, values) in groups { found[Project.ID(project)] = values }
            }
            return found
        }
        return found.mapValues { values in values.map { $0 / 1000 } }
    }
}
