import JSON
import TestSupport
import Testing
import Tracing

@Suite struct FilterCompletionTests {
    private func insertSpans(into store: TracingStore) async throws {
        let attributes = #"{"llm":{"model_name":"gpt-4o mini","messages":[{"role":"it's"}]}}"#
        _ = try await store.insert(
            [
                [
                    .stub(span: 1, name: "answer", attributes: attributes),
                    .stub(span: 2, name: "answer it", kind: "TOOL"),
                    .stub(trace: 2, span: 3, project: "other", name: "another"),
                ]
            ], now: 0)
    }

    @Test(arguments: TestDatabase.available)
    func `names, attributes and values of recent spans are offered`(
        on database: TestDatabase
    ) async throws {
        try await database.withGraphQLService { service in
            try await insertSpans(into: service.store)
            func texts(_ condition: String, _ language: String = "SPAN") async throws -> [JSONValue]
            {
                let data = try await service.data(
                    """
                    query ($condition: String!, $language: FilterConditionLanguage!) {
                      getProjectByName(name: "demo") {
                        filterCompletions(condition: $condition, language: $language) {
                          start completions { text kind }
                        }
                      }
                    }
                    """, ["condition": .string(condition), "language": .string(language)])
                let found = data["getProjectByName"]?["filterCompletions"]
                return (found?["completions"]?.arrayValue ?? []).map { item in
                    .array([item["text"] ?? .null, item["kind"] ?? .null, found?["start"] ?? .null])
                }
            }
            #expect(try await texts("llm.mod") == [["llm.model_name", "ATTRIBUTE", 0]])
            #expect(
                try await texts("name == 'ans")
                    == [["answer", "VALUE", 9], ["answer it", "VALUE", 9]])
            #expect(try await texts("llm.model_name == 'gpt-4") == [["gpt-4o mini", "VALUE", 19]])
            #expect(try await texts("span_kind == 'to").first == ["TOOL", "VALUE", 14])
            #expect(
                try await texts("llm.mod", "TRACE")
                    == [["attributes[\"llm.model_name\"]", "ATTRIBUTE", 0]])
            #expect(try await texts("latency_m").first == ["latency_ms", "FIELD", 0])
        }
    }

    @Test func `REST offers the same`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            try await insertSpans(into: store)
            let service = TracingService(store)
            let path = "/v1/projects/demo/filter_completions"
            let answer = try await service.get(path, "condition=name+%3D%3D+'answer+i")
            #expect(answer.json == ["data": [["text": "answer it", "kind": "value"]], "start": 9])
            let middle = try await service.get(path, "condition=lat+%3E+1&position=3&limit=1")
            #expect(middle.json["data"]?[0]?["text"] == "latency_ms")
            #expect(try await service.get(path, "language=nothing").status == 422)
            #expect(try await service.get(path, "limit=51").status == 422)
            #expect(
                try await service.get("/v1/projects/nobody/filter_completions").status == 404)
        }
    }
}
