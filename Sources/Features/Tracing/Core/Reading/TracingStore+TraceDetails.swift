import FilterLanguage
import JSON
import PhoenixModel
import SQLCore

/// How many spans of a trace are of a kind.
package struct SpanKindCount: Sendable, Hashable {
    package var kind: String
    package var count: Int64
}

/// How many exceptions of a type the failed spans of a trace have.
package struct ErrorTypeCount: Sendable, Hashable {
    /// Nil stands for failed spans without an exception, and for exceptions without a type.
    package var type: String?
    package var count: Int64
}

extension TracingStore {
    /// The root span that stands for a trace: of the spans without a stored parent the earliest.
    package func rootSpans(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: Span] {
        try await database.read { connection in
            var roots: [Trace.ID: Span] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT \(Self.spanColumns)
                FROM (
                    SELECT (
                        SELECT r.id
                        FROM spans r
                        WHERE r.trace_rowid = t.id AND NOT EXISTS (
                            SELECT 1
                            FROM spans q
                            WHERE q.span_id = r.parent_id AND q.trace_rowid = r.trace_rowid)
                        ORDER BY r.start_time, r.id DESC
                        LIMIT 1
                    ) AS root
                    FROM traces t
                    WHERE t.id IN (\(list: $0))
                ) x
                JOIN spans s ON s.id = x.root
                """
            } _: { row in
                let span = Self.span(row)
                roots[span.traceID] = span
            }
            return roots
        }
    }

    /// The first `user.id` in a trace by the start of its spans.
    package func userIDs(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: String] {
        try await database.read { connection in
            var users: [Trace.ID: String] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT t.id, (
                    SELECT s.user_id
                    FROM spans s
                    WHERE s.trace_rowid = t.id AND s.user_id IS NOT NULL
                    ORDER BY s.start_time, s.id
                    LIMIT 1)
                FROM traces t
                WHERE t.id IN (\(list: $0))
                """
            } _: { row in
                users[row.id(0)] = row.optionalText(1)
            }
            return users
        }
    }

    package func userIDs(ofSpans ids: [Span.ID]) async throws -> [Span.ID: String] {
        try await database.read { connection in
            var users: [Span.ID: String] = [:]
            try Self.rows(of: ids, on: connection) {
                "SELECT s.id, s.user_id FROM spans s WHERE s.id IN (\(list: $0))"
            } _: { row in
                users[row.id(0)] = row.optionalText(1)
            }
            return users
        }
    }

    /// The kinds of the spans of a trace, the most frequent first.
    package func kindCounts(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: [SpanKindCount]] {
        try await database.read { connection in
            var counts: [Trace.ID: [SpanKindCount]] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT s.trace_rowid, s.span_kind, COUNT(*) AS number
                FROM spans s
                WHERE s.trace_rowid IN (\(list: $0))
                GROUP BY s.trace_rowid, s.span_kind
                ORDER BY s.trace_rowid, number DESC, s.span_kind
                """
            } _: { row in
                let count = SpanKindCount(kind: row.text(1), count: row.integer(2))
                counts[row.id(0), default: []].append(count)
            }
            return counts
        }
    }

    /// The exceptions on the failed spans of a trace by their type, the most frequent first.
    package func errorTypes(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: [ErrorTypeCount]] {
        let payloads = payloads
        let counts = try await database.read { connection in
            var counts: [Trace.ID: [String?: Int64]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT s.trace_rowid, \(payloads.selection)
                    FROM spans s
                    WHERE s.trace_rowid IN (\(list: chunk)) AND s.status_code = 'ERROR'
                        AND s.event_count > 0
                    """)
                let carried = try payloads.payloads(in: rows, startingAt: 1, on: connection)
                for (row, payload) in zip(rows, carried) {
                    for type in Self.exceptionTypes(inEvents: payload.events) {
                        counts[row.id(0), default: [:]][type, default: 0] += 1
                    }
                }
                let without = try connection.query(
                    """
                    SELECT s.trace_rowid, COUNT(*)
                    FROM spans s
                    WHERE s.trace_rowid IN (\(list: chunk)) AND s.status_code = 'ERROR'
                        AND s.event_count = 0
                    GROUP BY s.trace_rowid
                    """)
                for row in without {
                    counts[row.id(0), default: [:]][nil, default: 0] += row.integer(1)
                }
            }
            return counts
        }
        return counts.mapValues { types in
            types.map { ErrorTypeCount(type: $0, count: $1) }.sorted {
                ($1.count, $0.type ?? "") < ($0.count, $1.type ?? "")
            }
        }
    }

    /// The types of the exceptions among events; one nil when there is none.
    private static func exceptionTypes(inEvents events: [UInt8]) -> [String?] {
        // A damaged payload is a finding of `verify`; here it counts as an error without a type.
        let events = (try? SpanPayload.parsed(events))?.arrayValue ?? []
        let exceptions = events.filter { $0["name"]?.stringValue == "exception" }
        if exceptions.isEmpty { return [nil] }
        return exceptions.map { event in
            switch event["attributes"]?["exception.type"] {
            case nil, .null?, .string("")?: nil
            case .string(let type)?: type
            case let other?: other.text
            }
        }
    }

    /// A page of the spans of each of some traces, the newest first, without their payloads.
    ///
    /// - Parameters:
    ///   - filter: A condition of the span language.
    ///   - last: The span behind which the page begins.
    ///   - limit: How many spans of each trace at most.
    package func spans(
        ofTraces ids: [Trace.ID], where filter: Filter? = nil, after last: Span.ID? = nil,
        limit: Int
    ) async throws -> [Trace.ID: [Span]] {
        var conditions: [SQL] = []
        if let last { conditions.append("s.id < \(last)") }
        if let filter,
            let condition = filter.sql(
                over: TracingFilterColumns(language: .span, payloads: payloads))
        {
            conditions.append(condition)
        }
        let further = conditions
        return try await database.read { connection in
            var spans: [Trace.ID: [Span]] = [:]
            try Self.rows(of: ids, on: connection) {
                let conditions: [SQL] = ["s.trace_rowid IN (\(list: $0))"] + further
                return """
                    SELECT \(Self.spanColumns)
                    FROM (
                        SELECT s.id, ROW_NUMBER() OVER (
                            PARTITION BY s.trace_rowid ORDER BY s.id DESC) AS position
                        FROM spans s
                        WHERE \(conditions, separator: " AND ")
                    ) page
                    JOIN spans s ON s.id = page.id
                    WHERE page.position <= \(limit)
                    ORDER BY s.id DESC
                    """
            } _: { row in
                let span = Self.span(row)
                spans[span.traceID, default: []].append(span)
            }
            return spans
        }
    }
}
