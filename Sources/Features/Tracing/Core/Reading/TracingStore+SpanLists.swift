import APISupport
import PhoenixModel
import SQLCore

extension TracingStore {
    /// One page of the spans of a project, without their payloads.
    ///
    /// - Parameter place: Where the page before ended; the list goes on behind it.
    package func sortedSpans(
        of project: Project.ID, where filter: SpanFilter = SpanFilter(), by sort: SpanSort,
        after place: SpanPlace? = nil, limit: Int
    ) async throws -> Page<SortedSpan> {
        let payloads = payloads
        return try await database.read { connection in
            let order = SpanOrder(.id, isDescending: sort.isDescending)
            let path = try filter.path(in: project, order: order, on: connection)
            var conditions = filter.conditions(in: project, order: order, path: path, payloads)
            if let place { conditions.append(sort.isBehind(place)) }
            let rows = try connection.query(
                """
                SELECT \(Self.spanColumns), page.sort_key
                FROM (
                    SELECT s.id, \(sort.key) AS sort_key
                    FROM spans s
                    WHERE \(conditions, separator: " AND ")
                    ORDER BY \(sort.ordering)
                    LIMIT \(Page<SortedSpan>.rowsToQuery(limit: limit))
                ) page
                JOIN spans s ON s.id = page.id
                ORDER BY \(sort.ordering)
                """)
            let spans = rows.map { row in
                let span = Self.span(row)
                return SortedSpan(
                    span: span, place: SpanPlace(row[Self.spanColumnCount], span.id))
            }
            return Page(spans, limit: limit)
        }
    }

    /// How many spans of a project a filter selects.
    package func spanCount(
        of project: Project.ID, where filter: SpanFilter
    ) async throws -> Int64 {
        let payloads = payloads
        return try await database.read { connection in
            let conditions = filter.conditions(
                in: project, order: .newestFirst, path: .startTime, payloads)
            return try connection.first(
                "SELECT COUNT(*) FROM spans s WHERE \(conditions, separator: " AND ")")!.integer(0)
        }
    }

    /// Quantiles of the latencies, in milliseconds, of the spans that a filter selects: the continuous
    /// percentile, which interpolates between neighbours. Nil when there are no spans.
    ///
    /// - Parameter probabilities: From 0 to 1.
    package func spanLatencyMsQuantiles(
        _ probabilities: [Double], of project: Project.ID, where filter: SpanFilter
    ) async throws -> [Double?] {
        let payloads = payloads
        return try await database.read { connection in
            let conditions = filter.conditions(
                in: project, order: .newestFirst, path: .startTime, payloads)
            let latencies = try connection.query(
                """
                SELECT s.end_time - s.start_time
                FROM spans s
                WHERE \(conditions, separator: " AND ")
                """
            ).map { $0.integer(0) }
            let sorted = SortedLatencies(latencies)
            return probabilities.map(sorted.quantileMs)
        }
    }
}

/// Latencies in microseconds, sorted for quantiles.
package struct SortedLatencies: Sendable {
    private let values: [Int64]

    package init(_ values: [Int64]) { self.values = values.sorted() }

    /// The continuous percentile in milliseconds; nil when there are no values.
    package func quantileMs(_ probability: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let position = min(max(probability, 0), 1) * Double(values.count - 1)
        let below = Int(position)
        let fraction = position - Double(below)
        let low = Double(values[below])
        let high = Double(values[min(below + 1, values.count - 1)])
        return (low + (high - low) * fraction) / 1000
    }
}
