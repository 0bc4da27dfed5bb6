import PhoenixModel
import SQLCore

/// A project's traces in the order of how long they took, as far as its rollup knows it: where each
/// bucket begins.
struct LatencyOrder {
    /// A latency, in microseconds, at which a bucket begins.
    private struct Mark {
        let latency: Int64
        /// How many traces took less long.
        let below: Int64
    }

    let project: Project.ID
    /// How many traces there are; one at least once loaded.
    private(set) var count: Int64 = 0
    /// From the shortest latency on.
    private var marks: [Mark] = []

    /// The orders of those projects that have traces.
    static func load(
        of projects: [Project.ID], on connection: any SQLConnection
    ) throws -> [LatencyOrder] {
        let rows = try connection.integers(
            """
            SELECT l.project_rowid, l.bucket, l.trace_count
            FROM project_trace_latencies l
            WHERE l.project_rowid IN (\(list: projects)) AND l.trace_count > 0
            ORDER BY l.project_rowid, l.bucket
            """)
        var orders: [LatencyOrder] = []
        for index in stride(from: 0, to: rows.count, by: 3) {
            let project = Project.ID(rows[index])
            if orders.last?.project != project { orders.append(LatencyOrder(project: project)) }
            orders[orders.count - 1].append(bucket: rows[index + 1], traces: rows[index + 2])
        }
        return orders
    }

    private init(project: Project.ID) { self.project = project }

    private mutating func append(bucket: Int64, traces: Int64) {
        marks.append(Mark(latency: LatencyRollup.shortest(in: bucket), below: count))
        count += traces
    }

    /// Selects the one or two latencies beside a quantile, each with `number` before it, counting from
    /// the nearest mark.
    ///
    /// - Parameters:
    ///   - probability: From 0 to 1.
    ///   - number: Tells the rows of one quantile from those of others in a union.
    func neighbours(of probability: Double, number: Int) -> SQL {
        let first = Quantiles.place(of: probability, count: count)
        let length = min(2, count - first)
        let lower = marks.last { $0.below <= first }!
        // Without one the way down begins at the end.
        let higher = marks.first { $0.below >= first + length }
        let fromLower = first - lower.below
        let fromHigher = (higher?.below ?? count) - first - length
        let isUp = fromLower <= fromHigher
        let direction: SQL = isUp ? "ASC" : "DESC"
        let latency: SQL = "(t.end_time - t.start_time)"
        var condition: SQL = ""
        if isUp {
            condition = "AND \(latency) >= \(lower.latency)"
        } else if let higher {
            condition = "AND \(latency) < \(higher.latency)"
        }
        return """
            SELECT CAST(\(Int64(number)) AS BIGINT), v.latency
            FROM (
                SELECT \(latency) AS latency
                FROM traces t
                WHERE t.project_rowid = \(project) \(condition)
                ORDER BY \(latency) \(direction)
                LIMIT \(length) OFFSET \(isUp ? fromLower : fromHigher)
            ) v
            """
    }
}
