import HTTPMessages
import JSON
import TestSupport
import Testing
import Tracing

struct SearchRoutesTests {
    private static let path = "/v1/projects/demo/text_search"

    @Test func `a search answers pages of spans with snippets`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let service = TracingService(store)
            try await service.insert(
                (1...50).map { number in
                    .stub(
                        span: number,
                        attributes: #"{"output":{"value":"Refund number \#(number) of 50"}}"#)
                })
            let first = try await service.get(Self.path, "q=REFUND%20number&limit=1")
            #expect(first.status == 200)
            let item = try #require(first.data.first)
            #expect(item["span_id"] == "0000000000000032")
            #expect(item["field"] == "output.value")
            #expect(item["snippet"] == "Refund number 50 of 50")
            #expect(item["match_offset"] == 0)
            #expect(item["match_length"] == 13)
            #expect(first.json["is_complete"] == true)
            #expect(first.nextCursor != nil)
            let all = try await service.all(Self.path, "q=refund&limit=7", "span_id")
            #expect(all.count == 50)
            #expect(Set(all.compactMap { $0?.stringValue }).count == 50)
            let none = try await service.get(Self.path, "q=refunds")
            #expect(none.data.isEmpty)
            #expect(none.json["next_cursor"] == JSONValue.null)
        }
    }

    @Test(arguments: [
        ("q=", 400), ("q=%20%0A", 400), ("", 422), ("q=x&limit=0", 422), ("q=x&cursor=!", 422),
        ("q=x&start_time=yesterday", 422), ("q=x", 200), ("q=%F0%9F%8E%89", 200),
        ("q=%00", 200), ("q=%22%5C%22", 200), ("q=%D7%A9", 200), ("q=%25_%27%3B--", 200),
    ])
    func `odd questions are answered or refused in words`(
        query: String, status: Int
    ) async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let service = TracingService(store)
            try await service.insert([.stub(span: 1)])
            let answer = try await service.get(Self.path, query)
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test func `a text of 10 KB is refused with a sentence`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let service = TracingService(store)
            try await service.insert([.stub(span: 1)])
            let text = String(repeating: "ten chars ", count: 1024)
            let answer = try await service.get(Self.path, "q=\(PercentCoding.encode(text))")
            #expect(answer.status == 400)
            #expect(
                answer.text
                    == "The text to search for has 10239 characters. Shorten it to 1000.")
        }
    }

    @Test func `an unknown project is not found`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let answer = try await TracingService(store).get("/v1/projects/none/text_search", "q=x")
            #expect(answer.status == 404)
        }
    }
}
