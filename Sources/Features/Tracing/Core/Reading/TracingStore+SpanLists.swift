import APISupport
import PhoenixModel
import SQLCore

extension TracingStore {
    /// One page of the spans of a project, without their payloads.
    ///
    /// - Parameters:
    ///   - place: Where the page before ended; the list goes on behind it.
    ///   - skipped: How many spans of the list to pass over, where no place is given.
    /// - Throws: ``TracingError`` when so many cannot be passed over.
    package func sortedSpans(
        of project: Project.ID, where filter: SpanFilter = SpanFilter(), by sort: SpanSort,
        after place: SpanPlace? = nil, skipping skipped: Int = 0, limit: Int
    ) async throws -> Page<SortedSpan> {
        let payloads = payloads
        return try await database.read { connection in
            let listing = SpanListing(
                project: project, filter: filter, sort: sort, payloads: payloads,
                connection: connection)
            var place = place
            if place == nil, skipped > 0 {
                guard let last = try listing.place(behind: skipped) else {
                    return Page([], limit: limit)
                }
                place = last
            }
            let places = try listing.places(
                from: place.map { .behind($0) } ?? .beginning,
                limit: Page<SortedSpan>.rowsToQuery(limit: limit))
            var spans: [Span.ID: Span] = [:]
            for chunk in places.map(\.id).chunked() {
                let rows = try connection.query(
                    "SELECT \(Self.spanColumns) FROM spans s WHERE s.id IN (\(list: chunk))")
                for row in rows { spans[row.id(0)] = Self.span(row) }
            }
            let sorted = places.compactMap { place in
                spans[place.id].map { SortedSpan(span: $0, place: place) }
            }
            return Page(sorted, limit: limit)
        }
    }

    /// How many spans of a project a filter selects.
    package func spanCount(
        of project: Project.ID, where filter: SpanFilter
    ) async throws -> Int64 {
        let payloads = payloads
        return try await database.read { connection in
            let conditions = filter.conditions(in: project, path: .startTime, payloads)
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
        if filter.selectsByTimeOnly {
            let cache = latencyCache.map { ($0, generation: $0.generation) }
            let latencies = try await database.read { connection in
                try SegmentLatencies(
                    of: project, where: filter, payloads, cache: cache, on: connection)
            }
            return await latencies.quantilesMs(probabilities)
        }
        return try await database.read { connection in
            let conditions = filter.conditions(in: project, path: .startTime, payloads)
            let latencies = try connection.integers(
                """
                SELECT s.end_time - s.start_time
                FROM spans s
                WHERE \(conditions, separator: " AND ")
                """)
            guard !latencies.isEmpty else { return probabilities.map { _ in nil } }
            return Quantiles.values(at: probabilities, of: latencies).map { $0 / 1000 }
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
        return Quantiles.interpolated(probability, count: Int64(values.count)) {
            Double(values[Int($0)])
        } / 1000
    }
}
