import DomainEvents
import Locking
import PhoenixModel
import SQLCore
import TestSupport
import Testing

@testable import Tracing

@Suite struct RemovalTests {
    private func integers(_ sql: SQL, _ store: TracingStore) async throws -> [Int64] {
        try await store.database.read { try $0.integers(sql) }
    }

    @Test(arguments: TestDatabase.available)
    func `a span that two delete at once is taken away once`(on database: TestDatabase) async throws
    {
        try await database.withTracingStore { store in
            let traces = 1...12
            _ = try await store.insert(
                [
                    traces.flatMap { trace in
                        (0..<3).map { .stub(trace: trace, span: trace * 3 + $0) }
                    }
                ],
                now: 0)
            for trace in traces {
                let span = Identifier<Span>(OTelID.number(trace * 3, byteCount: 8).hex)
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<2 {
                        // Whoever comes second may be told that there is no such span.
                        group.addTask { try? await store.deleteSpan(span) }
                    }
                }
            }
            #expect(try await integers("SELECT COUNT(*) FROM spans", store) == [24])
            #expect(try await integers("SELECT DISTINCT span_count FROM traces", store) == [2])
            let counted: SQL = "SELECT CAST(SUM(span_count) AS BIGINT) FROM project_minutes"
            #expect(try await integers(counted, store) == [24])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `segments from which spans were deleted before they were full are sealed`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert(
                [(1...100).map { .stub(trace: $0 % 2 + 1, span: $0) }], now: 0)
            try await store.deleteTrace(Identifier(OTelID.number(1, byteCount: 16).hex))
            #expect(try await store.sealSegments(limit: 8) == 0)
            _ = try await store.insert([(101...300).map { .stub(trace: 3, span: $0) }], now: 0)
            while try await store.sealSegments(limit: 8) > 0 {}
            let next: SQL = "SELECT next_segment FROM span_segment_progress"
            #expect(try await integers(next, store) == [2])
            #expect(try await integers("SELECT COUNT(*) FROM stale_span_segments", store) == [0])
        }
    }

    @Test func `whoever watches hears of deleted traces and of changed projects`() async throws {
        try await TestDatabase.sqlite.withDatabase { database in
            let heard = Mutex<[DomainEvent]>([])
            let store = TracingStore(database) { event in heard.withLock { $0.append(event) } }
            _ = try await store.insert([(1...4).map { .stub(trace: $0, span: $0) }], now: 0)
            let ids = try await integers("SELECT id FROM traces ORDER BY id", store)
                .map { Trace.ID($0) }
            let project = try #require(try await store.projectIfAny(named: "demo"))
            heard.withLock { $0 = [] }
            try await store.deleteTraces(Array(ids.prefix(2)))
            _ = try await store.patchProject(
                Identifier("demo"), with: ProjectPatch(description: "new"),
                now: Timestamp(microseconds: 1))
            _ = try await store.patchProject(
                Identifier("demo"), with: ProjectPatch(), now: Timestamp(microseconds: 2))
            #expect(
                heard.withLock { $0 } == [
                    .tracesDeleted(
                        TracesDeleted(
                            project: project.id, traces: TraceSample(Array(ids.prefix(2))))),
                    .projectsChanged(ProjectsChanged(project: project.id)),
                ])
        }
    }
}
