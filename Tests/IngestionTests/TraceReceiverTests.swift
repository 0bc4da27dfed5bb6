import OTLP
import Testing

@testable import Ingestion

@Suite struct TraceReceiverTests {
    private func receive(
        _ json: String, intoProject project: String? = nil, by running: RunningReceiver
    ) async throws -> TraceExportResponse {
        try await running.receiver.receive(intoProject: project) {
            try TraceExportRequest(json: Array(json.utf8))
        }
    }

    @Test func `spans are stored in the project that their resource names`() async throws {
        try await RunningReceiver.run { running in
            let request = exportRequest(project: "shop", exportedSpan("a", span: 1))
            #expect(try await receive(request, by: running) == TraceExportResponse())
            _ = try await receive(exportRequest(exportedSpan("b", trace: 2, span: 2)), by: running)
            #expect(try await running.stored() == ["shop/a", "default/b"])
        }
    }

    @Test func `a project that the request names goes before its resources`() async throws {
        try await RunningReceiver.run { running in
            let request = exportRequest(project: "shop", exportedSpan("a", span: 1))
            _ = try await receive(request, intoProject: "other", by: running)
            #expect(try await running.stored() == ["other/a"])
        }
    }

    @Test func `spans without ids are refused by name and the others stored`() async throws {
        try await RunningReceiver.run { running in
            let response = try await receive(
                exportRequest(
                    exportedSpan("a", trace: 0, span: 1), exportedSpan("b", span: 2),
                    exportedSpan("c", span: 0)), by: running)
            #expect(response.rejectedSpans == 2)
            #expect(
                response.errorMessage
                    == "Spans were refused: span 0: no trace id; span 2: no span id.")
            #expect(try await running.stored() == ["default/b"])
        }
    }

    @Test func `of many refusals the first ten are told`() async throws {
        try await RunningReceiver.run { running in
            let spans = (0..<13).map { _ in exportedSpan("a", span: 0) }
            let response = try await receive(
                exportRequest(spans.joined(separator: ",")), by: running)
            #expect(response.rejectedSpans == 13)
            #expect(response.errorMessage.contains("span 9: no span id; and 3 more."))
        }
    }

    @Test func `an empty request is a full success`() async throws {
        try await RunningReceiver.run { running in
            let response = try await receive("{}", by: running)
            #expect(response == TraceExportResponse())
        }
    }

    @Test func `a request that is not decoded stores nothing`() async throws {
        try await RunningReceiver.run { running in
            await #expect(throws: OTLPError.self) { _ = try await receive("[]", by: running) }
            let stored = try await running.stored()
            #expect(stored.isEmpty)
        }
    }

    @Test func `without room nothing is decoded`() async throws {
        try await RunningReceiver.run { running in
            running.storage.refuse(because: "the database is full.")
            await #expect(throws: IngestionError.self) {
                _ = try await running.receiver.receive(intoProject: nil) {
                    Issue.record("The request was decoded.")
                    return try TraceExportRequest(protobuf: [])
                }
            }
        }
    }

    @Test func `token counts that would overflow a sum are bounded`() async throws {
        try await RunningReceiver.run { running in
            let spans = (1...3).map { number in
                """
                {"name":"s","traceId":"\(String(repeating: "1", count: 32))",
                "spanId":"000000000000000\(number)","attributes":[
                {"key":"openinference.span.kind","value":{"stringValue":"LLM"}},
                {"key":"llm.token_count.prompt","value":{"intValue":"9223372036854775807"}}]}
                """
            }
            let response = try await receive(
                exportRequest(spans.joined(separator: ",")), by: running)
            #expect(response == TraceExportResponse())
            #expect(try await running.stored().count == 3)
        }
    }
}
