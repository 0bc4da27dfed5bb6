import PhoenixModel
import SQLCore

/// What the traces of a session add up to.
package struct SessionTotals: Sendable, Hashable {
    package var traces: Int64
    package var tracesWithError: Int64
    package var promptTokens: Int64
    package var completionTokens: Int64

    package static let none = SessionTotals(
        traces: 0, tracesWithError: 0, promptTokens: 0, completionTokens: 0)
}

/// Where a page of the traces of a session begins: behind this trace, which need not exist any more.
package enum SessionTracePlace: Sendable, Hashable {
    case start(Timestamp, Trace.ID)
    /// A place without a start, behind which are all traces of a higher row id.
    case id(Trace.ID)
}

extension TracingStore {
    package func totals(ofSessions ids: [Session.ID]) async throws -> [Session.ID: SessionTotals] {
        try await database.read { connection in
            var totals: [Session.ID: SessionTotals] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT t.project_session_rowid, COUNT(*),
                    CAST(SUM(CASE WHEN t.error_count > 0 THEN 1 ELSE 0 END) AS BIGINT),
                    CAST(SUM(t.llm_token_count_prompt) AS BIGINT),
                    CAST(SUM(t.llm_token_count_completion) AS BIGINT)
                FROM traces t
                WHERE t.project_session_rowid IN (\(list: $0))
                GROUP BY t.project_session_rowid
                """
            } _: { row in
                totals[row.id(0)] = SessionTotals(
                    traces: row.integer(1), tracesWithError: row.integer(2),
                    promptTokens: row.integer(3), completionTokens: row.integer(4))
            }
            return totals
        }
    }

    /// The latencies of the traces of sessions.
    package func traceLatencies(
        ofSessions ids: [Session.ID]
    ) async throws -> [Session.ID: SortedLatencies] {
        let latencies = try await database.read { connection in
            var latencies: [Session.ID: [Int64]] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT t.project_session_rowid, t.end_time - t.start_time
                FROM traces t
                WHERE t.project_session_rowid IN (\(list: $0))
                """
            } _: { row in
                latencies[row.id(0), default: []].append(row.integer(1))
            }
            return latencies
        }
        return latencies.mapValues { SortedLatencies($0) }
    }

    /// The first `user.id` in a session by the start of its traces and spans.
    package func userIDs(ofSessions ids: [Session.ID]) async throws -> [Session.ID: String] {
        try await database.read { connection in
            var users: [Session.ID: String] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT c.id, (
                    SELECT s.user_id
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    WHERE t.project_session_rowid = c.id AND s.user_id IS NOT NULL
                    ORDER BY t.start_time, t.id, s.start_time, s.id
                    LIMIT 1)
                FROM project_sessions c
                WHERE c.id IN (\(list: $0))
                """
            } _: { row in
                users[row.id(0)] = row.optionalText(1)
            }
            return users
        }
    }

    /// The first or the last of the spans without a parent id in each of some sessions, by the
    /// start of their traces.
    package func rootSpans(
        ofSessions ids: [Session.ID], last: Bool
    ) async throws -> [Session.ID: Span.ID] {
        let direction: SQL = last ? "DESC" : "ASC"
        return try await database.read { connection in
            var roots: [Session.ID: Span.ID] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT c.id, (
                    SELECT s.id
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    WHERE t.project_session_rowid = c.id AND s.parent_id IS NULL
                    ORDER BY t.start_time \(direction), t.id \(direction), s.id \(direction)
                    LIMIT 1)
                FROM project_sessions c
                WHERE c.id IN (\(list: $0))
                """
            } _: { row in
                if let root = row.optionalInteger(1) { roots[row.id(0)] = Span.ID(root) }
            }
            return roots
        }
    }

    /// A page of the traces of each of some sessions, by their start.
    ///
    /// - Parameter limit: How many traces of each session at most.
    package func traces(
        ofSessions ids: [Session.ID], after place: SessionTracePlace? = nil, limit: Int
    ) async throws -> [Session.ID: [Trace]] {
        let behind: SQL =
            switch place {
            case nil: ""
            case .start(let start, let id): "AND (t.start_time, t.id) > (\(start), \(id))"
            case .id(let id): "AND t.id > \(id)"
            }
        return try await database.read { connection in
            var traces: [Session.ID: [Trace]] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT \(Self.traceColumns)
                FROM (
                    SELECT t.id, ROW_NUMBER() OVER (
                        PARTITION BY t.project_session_rowid ORDER BY t.start_time, t.id
                    ) AS position
                    FROM traces t
                    WHERE t.project_session_rowid IN (\(list: $0)) \(behind)
                ) page
                JOIN traces t ON t.id = page.id
                WHERE page.position <= \(limit)
                ORDER BY t.start_time, t.id
                """
            } _: { row in
                let trace = Self.trace(row)
                if let session = trace.sessionID { traces[session, default: []].append(trace) }
            }
            return traces
        }
    }
}
