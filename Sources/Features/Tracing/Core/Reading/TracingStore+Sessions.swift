import APISupport
import FilterLanguage
import PhoenixModel
import SQLCore

/// A session and its traces by their start.
package struct StoredSession: Sendable {
    package var session: Session
    package var traces: [Trace]
}

extension TracingStore {
    static let sessionColumns: SQL =
        "ps.id, ps.session_id, ps.project_id, ps.start_time, ps.end_time"

    static func session(_ row: SQLRow) -> Session {
        Session(
            id: row.id(0), sessionID: row.text(1), projectID: row.id(2),
            startTime: row.timestamp(3), endTime: row.timestamp(4))
    }

    /// One page of the sessions of a project by their row id.
    ///
    /// - Parameters:
    ///   - expression: A condition of the session language.
    ///   - first: The session to begin with; it need not exist any more.
    package func sessions(
        of project: Project.ID, where expression: Filter? = nil, isDescending: Bool,
        from first: Session.ID? = nil, limit: Int
    ) async throws -> Page<StoredSession> {
        var conditions: [SQL] = ["ps.project_id = \(project)"]
        if let first {
            conditions.append(isDescending ? "ps.id <= \(first)" : "ps.id >= \(first)")
        }
        let columns = TracingFilterColumns(language: .session, payloads: payloads)
        if let condition = expression?.sql(over: columns) { conditions.append(condition) }
        let direction: SQL = isDescending ? "DESC" : "ASC"
        let query: SQL = """
            SELECT \(Self.sessionColumns)
            FROM project_sessions ps
            WHERE \(conditions, separator: " AND ")
            ORDER BY ps.id \(direction)
            LIMIT \(Page<StoredSession>.rowsToQuery(limit: limit))
            """
        return try await database.read { connection in
            let sessions = try connection.query(query).map(Self.session)
            return Page(try Self.withTraces(sessions, on: connection), limit: limit)
        }
    }

    /// - Throws: ``TracingError`` when there is none.
    package func session(_ identifier: Identifier<Session>) async throws -> StoredSession {
        try await database.read { connection in
            let condition: SQL =
                if let id = identifier.rowID {
                    "ps.id = \(id)"
                } else {
                    "ps.session_id = \(identifier.text)"
                }
            let query: SQL = """
                SELECT \(Self.sessionColumns)
                FROM project_sessions ps
                WHERE \(condition)
                """
            guard let row = try connection.first(query) else {
                throw TracingError.sessionNotFound(identifier)
            }
            return try Self.withTraces([Self.session(row)], on: connection)[0]
        }
    }

    /// A query for the row ids of those sessions that exist.
    static func selectIDs(of sessions: [Identifier<Session>]) -> SQL {
        let ids = sessions.compactMap(\.rowID)
        let names = sessions.filter { $0.rowID == nil }.map(\.text)
        return """
            SELECT c.id FROM project_sessions c WHERE c.id IN (\(list: ids))
            UNION
            SELECT c.id FROM project_sessions c WHERE c.session_id IN (\(list: names))
            """
    }

    private static func withTraces(
        _ sessions: [Session], on connection: any SQLConnection
    ) throws -> [StoredSession] {
        var traces: [Session.ID: [Trace]] = [:]
        for chunk in sessions.map(\.id).chunked() {
            let rows = try connection.query(
                """
                SELECT \(traceColumns)
                FROM traces t
                WHERE t.project_session_rowid IN (\(list: chunk))
                ORDER BY t.start_time, t.id
                """)
            for row in rows { traces[row.id(3), default: []].append(trace(row)) }
        }
        return sessions.map { StoredSession(session: $0, traces: traces[$0.id] ?? []) }
    }
}
