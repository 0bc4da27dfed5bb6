import APISupport
import PhoenixModel
import SQLCore

/// A place in the list of ``TracingStore/spansByTrace(of:where:from:limit:)``: that of a span, which
/// need not exist any more.
package struct SpanByTracePosition: Sendable, Hashable {
    package var traceStart: Timestamp
    package var traceID: Trace.ID
    package var spanID: Span.ID
}

extension TracingStore {
    /// One page of the spans of a project with their payloads: the traces that started last come
    /// first, each with its spans in the order of their arrival.
    ///
    /// - Parameter position: The first span of the page.
    /// - Returns: The page, and where the next one begins.
    package func spansByTrace(
        of project: Project.ID, where filter: SpanFilter, from position: SpanByTracePosition? = nil,
        limit: Int
    ) async throws -> (rows: [StoredSpan], next: SpanByTracePosition?) {
        let payloads = payloads
        return try await database.read { connection in
            var conditions: [SQL] = ["t.project_rowid = \(project)"]
            // A trace starts with its first span.
            if let endTime = filter.endTime { conditions.append("t.start_time < \(endTime)") }
            if let position {
                let (start, id) = (position.traceStart, position.traceID)
                conditions.append("t.start_time <= \(start)")
                conditions.append(
                    """
                    (t.start_time < \(start)
                        OR (t.id, s.id) >= (\(id), \(position.spanID)))
                    """)
            }
            if let traces = try filter.tracesOfFewSpans(in: project, on: connection) {
                conditions.append("t.id IN (\(traces))")
            }
            // The trace tells the project.
            conditions += filter.conditions(path: nil, payloads)
            let rows = try connection.query(
                """
                SELECT \(Self.spanColumns), t.trace_id, t.start_time, \(payloads.selection)
                FROM (
                    SELECT s.id
                    FROM traces t
                    CROSS JOIN spans s
                    WHERE s.trace_rowid = t.id AND \(conditions, separator: " AND ")
                    ORDER BY t.start_time DESC, t.id, s.id
                    LIMIT \(Page<StoredSpan>.rowsToQuery(limit: limit))
                ) page
                JOIN spans s ON s.id = page.id
                JOIN traces t ON t.id = s.trace_rowid
                ORDER BY t.start_time DESC, t.id, s.id
                """)
            let count = Self.spanColumnCount
            let carried = try payloads.payloads(in: rows, startingAt: count + 2, on: connection)
            let spans = zip(rows, carried).map { row, payload in
                StoredSpan(span: Self.span(row), traceID: row.otelID(count), payload: payload)
            }
            guard spans.count > limit, let last = rows.last else { return (spans, nil) }
            let next = SpanByTracePosition(
                traceStart: last.timestamp(count + 1), traceID: last.id(2), spanID: last.id(0))
            return (Array(spans.prefix(limit)), next)
        }
    }
}

extension SpanFilter {
    /// About how many spans a page of a long list has.
    private static let pageSize: Int64 = 2000

    /// A query for the traces that have a span within the window, when it is cheaper to run it for
    /// every page than to pass over the traces outside of the window once.
    fileprivate func tracesOfFewSpans(
        in project: Project.ID, on connection: any SQLConnection
    ) throws -> SQL? {
        guard let startTime else { return nil }
        let first = ProjectRollup.minute(of: startTime.microseconds)
        let last = endTime.map { ProjectRollup.minute(of: $0.microseconds) } ?? .max
        let counts = try connection.first(
            """
            SELECT
                CAST(COALESCE(SUM(CASE WHEN minute >= \(first) AND minute <= \(last)
                    THEN span_count ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(span_count), 0) AS BIGINT)
            FROM project_minutes
            WHERE project_rowid = \(project)
            """)
        guard let within = counts?.integer(0), let all = counts?.integer(1),
            within < 1_000_000, within * within < all * Self.pageSize
        else { return nil }
        let end: SQL = endTime.map { "AND f.start_time < \($0)" } ?? ""
        return """
            SELECT f.trace_rowid
            FROM spans f
            WHERE f.project_rowid = \(project) AND f.start_time >= \(startTime) \(end)
            """
    }
}
