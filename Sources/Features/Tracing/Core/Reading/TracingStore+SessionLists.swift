import FilterLanguage
import PhoenixModel
import SQLCore

/// What a list of sessions is sorted by; ties are broken by the row id in the same direction.
///
/// Counts and sums are over the traces that the session has in its project. Sessions without one
/// are not in a list that is sorted by those.
package struct SessionSort: Sendable, Hashable {
    package enum Column: Sendable, Hashable, CaseIterable {
        case id, startTime, endTime, tokenCountTotal, traceCount, costTotal
    }

    package var column: Column
    package var isDescending: Bool

    package init(_ column: Column, isDescending: Bool) {
        self.column = column
        self.isDescending = isDescending
    }

    /// The value that the sessions table called `ps` is sorted by.
    fileprivate var key: SQL {
        switch column {
        case .id: "ps.id"
        case .startTime: "ps.start_time"
        case .endTime: "ps.end_time"
        case .tokenCountTotal:
            sum("CAST(SUM(t.llm_token_count_prompt + t.llm_token_count_completion) AS BIGINT)")
        case .traceCount: sum("NULLIF(COUNT(*), 0)")
        case .costTotal:
            sum(
                """
                CASE WHEN COUNT(*) > 0
                    THEN COALESCE(SUM(COALESCE(t.prompt_cost, 0) + COALESCE(t.completion_cost, 0)), 0.0)
                END
                """)
        }
    }

    private func sum(_ expression: SQL) -> SQL {
        """
        (
            SELECT \(expression)
            FROM traces t
            WHERE t.project_session_rowid = ps.id AND t.project_rowid = ps.project_id
        )
        """
    }
}

/// A session of a sorted list, and the value that it is sorted by: an integer or a double.
package struct SortedSession: Sendable {
    package var session: Session
    package var value: SQLValue
}

extension TracingStore {
    /// A part of the sessions of a project.
    ///
    /// - Parameters:
    ///   - selection: With an expression of the session language.
    ///   - place: The value and row id of the session where the part before ended.
    package func sortedSessions(
        of project: Project.ID, in selection: ProjectSelection, by sort: SessionSort,
        after place: (value: SQLValue, id: Session.ID)? = nil, limit: Int
    ) async throws -> [SortedSession] {
        let conditions = selection.sessionConditions(of: [project], payloads)
        let comparison: SQL = sort.isDescending ? "<" : ">"
        let direction: SQL = sort.isDescending ? "DESC" : "ASC"
        var behind: [SQL] = ["x.sort_key IS NOT NULL"]
        if let place {
            behind.append("(x.sort_key, x.id) \(comparison) (\(place.value), \(place.id))")
        }
        let query: SQL = """
            SELECT x.id, x.session_id, x.project_id, x.start_time, x.end_time, x.sort_key
            FROM (
                SELECT \(Self.sessionColumns), \(sort.key) AS sort_key
                FROM project_sessions ps
                WHERE \(conditions, separator: " AND ")
            ) x
            WHERE \(behind, separator: " AND ")
            ORDER BY x.sort_key \(direction), x.id \(direction)
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query) }.map { row in
            SortedSession(session: Self.session(row), value: row[5])
        }
    }

    /// The session that an application knows by an id.
    package func sessionIfAny(_ sessionID: String) async throws -> Session? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT \(Self.sessionColumns)
                FROM project_sessions ps
                WHERE ps.session_id = \(sessionID)
                """
            ).map(Self.session)
        }
    }
}
