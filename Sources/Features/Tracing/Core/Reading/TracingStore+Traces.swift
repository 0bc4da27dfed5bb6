import APISupport
import PhoenixModel
import SQLCore

/// In which order a list of traces comes; ties are broken by the row id.
package struct TraceOrder: Sendable, Hashable {
    package enum Key: String, Sendable, CaseIterable {
        case startTime = "start_time"
        case latency = "latency_ms"
    }

    package var key: Key
    package var isDescending: Bool

    package init(_ key: Key, isDescending: Bool) {
        self.key = key
        self.isDescending = isDescending
    }
}

/// Where a list of traces was left: behind this trace.
package enum TracePosition: Sendable, Hashable {
    case startTime(Timestamp, Trace.ID)
    case latency(microseconds: Int64, Trace.ID)
}

extension TracingStore {
    static let traceColumns: SQL = """
        t.id, t.trace_id, t.project_rowid, t.project_session_rowid, t.start_time, t.end_time,
        t.span_count, t.error_count, t.llm_token_count_prompt, t.llm_token_count_completion
        """

    static func trace(_ row: SQLRow) -> Trace {
        Trace(
            id: row.id(0), otelID: row.otelID(1), projectID: row.id(2),
            sessionID: row.optionalInteger(3).map(Session.ID.init), startTime: row.timestamp(4),
            endTime: row.timestamp(5), spanCount: row.integer(6), errorCount: row.integer(7),
            promptTokens: row.integer(8), completionTokens: row.integer(9))
    }

    /// One page of the traces of a project.
    package func traces(
        of project: Project.ID, where filter: TraceFilter = TraceFilter(), order: TraceOrder,
        after position: TracePosition? = nil, limit: Int
    ) async throws -> Page<Trace> {
        var conditions = filter.conditions(in: project, payloads)
        let comparison: SQL = order.isDescending ? "<" : ">"
        switch position {
        case nil: break
        case .startTime(let time, let id):
            conditions.append("(t.start_time, t.id) \(comparison) (\(time), \(id))")
        case .latency(let latency, let id):
            conditions.append(
                "((t.end_time - t.start_time), t.id) \(comparison) (\(latency), \(id))")
        }
        let direction: SQL = order.isDescending ? "DESC" : "ASC"
        let key: SQL =
            switch order.key {
            case .startTime: "t.start_time"
            case .latency: "(t.end_time - t.start_time)"
            }
        let query: SQL = """
            SELECT \(Self.traceColumns)
            FROM traces t
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(key) \(direction), t.id \(direction)
            LIMIT \(Page<Trace>.rowsToQuery(limit: limit))
            """
        let rows = try await database.read { try $0.query(query) }
        return Page(rows.map(Self.trace), limit: limit)
    }
}
