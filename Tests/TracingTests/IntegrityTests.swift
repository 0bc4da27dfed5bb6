import SQLCore
import TestSupport
import Testing
import Tracing

@Suite struct IntegrityTests {
    /// The findings after a statement has spoilt a sound database.
    private func findings(on kind: TestDatabase, after damage: SQL?) async throws -> [String] {
        try await kind.withTracingStore { store in
            _ = try await store.insert(
                [
                    [
                        .stub(span: 1),
                        .stub(
                            span: 2, parent: 1, kind: "LLM", status: "ERROR", promptTokens: 5,
                            completionTokens: 7),
                        .stub(trace: 2, span: 3, project: "other"),
                    ]
                ], now: 0)
            if let damage { _ = try await store.database.write { try $0.execute(damage) } }
            return try await store.integrityFindings()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a sound database has no findings`(on kind: TestDatabase) async throws {
        #expect(try await findings(on: kind, after: nil).isEmpty)
    }

    @Test(
        arguments: TestDatabase.available,
        [
            (
                "UPDATE traces SET span_count = 9 WHERE id = 1",
                ["The sums of trace row 1 do not match its spans."]
            ),
            (
                "UPDATE traces SET llm_token_count_completion = 0 WHERE id = 1",
                ["The sums of trace row 1 do not match its spans."]
            ),
            (
                "UPDATE project_minutes SET span_count = span_count + 1 WHERE project_rowid = 2",
                ["The minutes of project row 2 do not match its spans and traces."]
            ),
            (
                "UPDATE project_minutes SET llm_token_count_completion = 6 WHERE project_rowid = 2",
                ["The minutes of project row 2 do not match its spans and traces."]
            ),
            (
                "UPDATE project_trace_latencies SET trace_count = 2 WHERE project_rowid = 2",
                ["The latencies of project row 2 do not match its traces."]
            ),
            (
                "DELETE FROM project_trace_latencies WHERE project_rowid = 2",
                ["The latencies of project row 2 do not match its traces."]
            ),
            (
                "UPDATE spans SET wraps_model_call = 1 WHERE id = 1",
                ["Span row 1 is wrong about whether it wraps a model call."]
            ),
            (
                "UPDATE spans SET end_time = end_time + 1 WHERE id = 3",
                ["Span row 3 lies outside of its trace's project or time."]
            ),
            (
                "UPDATE spans SET cumulative_error_count = 4 WHERE id = 1",
                ["The cumulative counts of span row 1 do not match its children."]
            ),
        ] as [(SQL, [String])])
    func `each sum that does not match is found`(
        on kind: TestDatabase, damage: (statement: SQL, findings: [String])
    ) async throws {
        #expect(try await findings(on: kind, after: damage.statement) == damage.findings)
    }

    @Test(
        arguments: [
            ("DELETE FROM span_payload_blocks", [1, 2, 3]),
            ("UPDATE span_payload_blocks SET data = x'0102'", [1, 2, 3]),
            ("UPDATE spans SET payload_index = 99 WHERE id = 2", [2]),
        ] as [(SQL, [Int])])
    func `each span whose payload is not where it should be is found`(
        damage: SQL, rows: [Int]
    ) async throws {
        let findings = try await findings(on: .sqlite, after: damage)
        #expect(findings == rows.map { "The payload of span row \($0) cannot be read." })
    }
}
