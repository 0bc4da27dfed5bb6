import APISupport
import HTTPMessages
import JSON
import OpenInference
import PhoenixModel
import SQLCore
import TestSupport
import Tracing

/// The routes of this feature on a database of their own, without a network.
struct TracingService: RouteCalling {
    let store: TracingStore
    let router: Router

    init(_ store: TracingStore) {
        self.store = store
        var router = Router()
        let routes = TracingRoutes(
            store: store, ingesting: DirectIngesting(store: store),
            now: { Timestamp(microseconds: 1_790_000_000_000_000) })
        API(routes: routes.routes).register(on: &router)
        self.router = router
    }

    /// Follows the cursors of a list to its end, and returns what `member` is in each of its items.
    func all(_ path: String, _ query: String, _ member: String) async throws -> [JSONValue?] {
        var items: [JSONValue?] = []
        var cursor: String?
        repeat {
            let suffix = cursor.map { "&cursor=\(PercentCoding.encode($0))" } ?? ""
            let page = try await get(path, query + suffix)
            items += page.data.map { $0[member] }
            cursor = page.nextCursor
        } while cursor != nil
        return items
    }

    func insert(_ spans: [IncomingSpan]) async throws {
        _ = try await store.insert([spans], now: 0)
    }

    /// The sums of `project_minutes`, and those that the spans and traces themselves add up to.
    func minutes() async throws -> (kept: [[Int64]], actual: [[Int64]]) {
        try await store.database.read { connection in
            let kept = try connection.query(
                """
                SELECT project_rowid, minute, trace_count, span_count, error_count,
                    llm_token_count_prompt, llm_token_count_completion
                FROM project_minutes
                WHERE trace_count <> 0 OR span_count <> 0
                ORDER BY project_rowid, minute
                """)
            let actual = try connection.query(
                """
                SELECT project_rowid, minute, CAST(SUM(traces) AS BIGINT),
                    CAST(SUM(spans) AS BIGINT), CAST(SUM(errors) AS BIGINT),
                    CAST(SUM(prompt) AS BIGINT), CAST(SUM(completion) AS BIGINT)
                FROM (
                    SELECT project_rowid, start_time / 60000000 AS minute, 1 AS traces, 0 AS spans,
                        0 AS errors, 0 AS prompt, 0 AS completion
                    FROM traces
                    UNION ALL
                    SELECT project_rowid, start_time / 60000000, 0, 1,
                        CASE WHEN status_code = 'ERROR' THEN 1 ELSE 0 END,
                        COALESCE(llm_token_count_prompt, 0),
                        COALESCE(llm_token_count_completion, 0)
                    FROM spans
                    WHERE wraps_model_call = 0
                    UNION ALL
                    SELECT project_rowid, start_time / 60000000, 0, 1,
                        CASE WHEN status_code = 'ERROR' THEN 1 ELSE 0 END, 0, 0
                    FROM spans
                    WHERE wraps_model_call = 1
                ) x
                GROUP BY project_rowid, minute
                ORDER BY project_rowid, minute
                """)
            func numbers(_ rows: [SQLRow]) -> [[Int64]] {
                rows.map { row in (0..<7).map { row.integer($0) } }
            }
            return (numbers(kept), numbers(actual))
        }
    }
}

/// Maps spans and writes them at once.
private struct DirectIngesting: SpanIngesting {
    let store: TracingStore

    func ingest(
        _ spans: [SpanMapper.DirectSpan]
    ) async throws -> [(index: Int, reason: String)] {
        var mapper = SpanMapper()
        let incoming = spans.map { span in
            let mapped = mapper.map(span)
            return IncomingSpan(
                projectName: mapped.projectName, traceID: OTelID(mapped.traceID),
                spanID: OTelID(mapped.spanID), parentID: mapped.parentSpanID.map { OTelID($0) },
                name: mapped.name, kind: mapped.kind.rawValue,
                statusCode: mapped.statusCode.rawValue, statusMessage: mapped.statusMessage,
                startTime: mapped.startTimeUs, endTime: mapped.endTimeUs,
                promptTokens: mapped.promptTokens, completionTokens: mapped.completionTokens,
                modelName: mapped.modelName, provider: mapped.provider,
                sessionID: mapped.sessionID, userID: mapped.userID,
                firstErrorMessage: mapped.firstErrorMessage, eventCount: mapped.eventCount,
                origin: nil,
                payload: SpanPayload(
                    attributes: mapped.attributes, events: mapped.events, extras: mapped.extras))
        }
        _ = try await store.insert([incoming], now: 0)
        return []
    }
}

extension TestDatabase {
    /// Runs `body` with the routes on an empty database that has the default project.
    func withTracingService(_ body: (TracingService) async throws -> Void) async throws {
        try await withTracingStore { try await body(TracingService($0)) }
    }
}
