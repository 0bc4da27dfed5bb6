import FilterLanguage
import PhoenixModel
import SQLCore

/// Which traces of a project to list. Conditions are joined by AND.
package struct TraceFilter: Sendable {
    /// Traces that start in `[startTime, endTime)`.
    package var startTime: Timestamp?
    package var endTime: Timestamp?
    /// Traces of any of these sessions.
    package var sessions: [Identifier<Session>]?
    /// Whether a span of the trace has the status ERROR.
    package var hasError: Bool?
    package var latencyMsMin: Double?
    package var latencyMsMax: Double?
    /// A condition of the trace language.
    package var expression: Filter?

    package init() {}

    /// The conditions on the traces table called `t`, that of the project first.
    func conditions(in project: Project.ID, _ payloads: any SpanPayloadStore) -> [SQL] {
        // With a session its own index leads to the fewest traces; the plus keeps the project's out.
        var conditions: [SQL] = [
            sessions == nil
                ? "t.project_rowid = \(project)" : "+t.project_rowid = \(project)"
        ]
        if let startTime { conditions.append("t.start_time >= \(startTime)") }
        if let endTime { conditions.append("t.start_time < \(endTime)") }
        if let sessions {
            conditions.append(
                "t.project_session_rowid IN (\(TracingStore.selectIDs(of: sessions)))")
        }
        if let hasError { conditions.append(hasError ? "t.error_count > 0" : "t.error_count = 0") }
        if let latencyMsMin {
            conditions.append("(t.end_time - t.start_time) >= \(latencyMsMin * 1000)")
        }
        if let latencyMsMax {
            conditions.append("(t.end_time - t.start_time) <= \(latencyMsMax * 1000)")
        }
        let columns = TracingFilterColumns(language: .trace, payloads: payloads)
        if let condition = expression?.sql(over: columns) { conditions.append(condition) }
        return conditions
    }
}
