import JSON
import TestSupport
import Testing
import Tracing

@Suite struct SpanQueryRoutesTests {
    private static let spans: [IncomingSpan] = [
        .stub(
            trace: 1, span: 1, kind: "LLM", startTime: 1_790_000_000_000_000,
            attributes: """
                {"llm":{"model_name":"m","token_count":{"prompt":3},"input_messages":[
                {"message":{"role":"user","content":"hi","extra":1}}]},
                "metadata":"{\\"a\\":1}","flag":true,"own":{"x":1},"big":99999999999999999999}
                """),
        .stub(
            trace: 1, span: 2, parent: 1, startTime: 1_790_000_001_500_000,
            attributes: #"{"flag":false,"own":{"y":2}}"#),
        .stub(
            trace: 2, span: 3, parent: 99, startTime: 1_789_999_999_000_000,
            attributes: #"{"flag":true}"#),
    ]

    /// The tables of an answer, with the positions taken from the names of the columns.
    private func tables(
        _ service: TracingService, _ body: JSONValue, project: String = "demo"
    ) async throws -> [(types: [String: JSONValue], rows: [JSONObject])] {
        let answer = try await service.call(
            .post, "/v1/spans", query: "project_name=\(project)", body: body,
            accept: "application/json")
        #expect(answer.status == 200)
        #expect(answer.text.hasSuffix("\r\n--phoenix-table-of-spans--"))
        let start = "--phoenix-table-of-spans\r\nContent-Type: application/json\r\n\r\n"
        return try answer.text.split(separator: start).map { part in
            let json = try JSON.parse(String(part.prefix { $0 != "\r\n" }))
            var types: [String: JSONValue] = [:]
            for (index, field) in (json["schema"]?["fields"]?.arrayValue ?? []).enumerated() {
                let name = field["name"]?.stringValue ?? ""
                #expect(name.hasPrefix("\(index)_"))
                types[Self.plain(name)] = field["type"]
            }
            let rows = (json["data"]?.arrayValue ?? []).map { row in
                JSONObject(row.objectValue?.map { (Self.plain($0.key), $0.value) } ?? [])
            }
            return (types, rows)
        }
    }

    private static func plain(_ name: String) -> String {
        String(name.drop { $0 != "_" }.dropFirst())
    }

    @Test(arguments: TestDatabase.available)
    func `a table has a column for each known attribute`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let table = try #require(try await tables(service, ["queries": [[:]]]).first)
            #expect(
                table.rows.map { $0["context.span_id"] } == [
                    "0000000000000002", "0000000000000001", "0000000000000003",
                ])
            let row = table.rows[1]
            #expect(row["start_time"] == "2026-09-21T14:13:20.000000000Z")
            #expect(table.rows[0]["start_time"] == "2026-09-21T14:13:21.500000000Z")
            #expect(row["attributes.llm.model_name"] == "m")
            #expect(row["attributes.llm.token_count.prompt"] == 3.0)
            #expect(table.types["attributes.llm.token_count.prompt"] == "number")
            #expect(
                row["attributes.llm.input_messages"] == [
                    [
                        "message.role": "user", "message.content": "hi",
                        "message": ["extra": 1],
                    ]
                ])
            #expect(row["attributes.metadata"] == ["a": 1])
            #expect(row["attributes.own"] == ["x": 1])
            #expect(row["attributes.big"] == "99999999999999999999")
            #expect(table.types["attributes.flag"] == "boolean")
            #expect(table.rows[0]["attributes.metadata"] == .null)
            #expect(table.types["start_time"] == "datetime")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `roots may include orphans`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let roots = try await tables(
                service, ["queries": [[:], [:]], "root_spans_only": true])
            #expect(roots.count == 2)
            #expect(roots[1].rows.map { $0["parent_id"] } == [.null, "0000000000000063"])
            let strict = try await tables(
                service,
                [
                    "queries": [[:]], "root_spans_only": true,
                    "orphan_span_as_root_span": false,
                ])
            #expect(strict[0].rows.count == 1)
        }
    }

    @Test func `a table is cut by its limit and its window`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert((1...1200).map { .stub(trace: $0, span: $0) })
            let cut = try await tables(service, ["queries": [[:]], "limit": 1100])
            #expect(cut[0].rows.count == 1100)
            #expect(Set(cut[0].rows.map { $0["context.span_id"] }).count == 1100)
            let late = try await tables(
                service, ["queries": [[:]], "start_time": "2050-01-01T00:00:00Z"])
            #expect(late[0].rows.isEmpty)
            let nothing = try await tables(service, ["queries": [[:]]], project: "nope")
            #expect(nothing[0].rows.isEmpty)
            #expect(nothing[0].types["start_time"] == "string")
        }
    }

    private static let refusals: [(JSONValue, String, Int)] = [
        (["queries": []], "application/json", 404),
        ([:], "application/json", 422),
        (["queries": [["filter": ["condition": "x"]]]], "application/json", 422),
    ]

    @Test(arguments: refusals)
    func `what is not a plain table is refused`(
        body: JSONValue, accept: String, status: Int
    ) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let answer = try await service.call(
                .post, "/v1/spans", body: body, accept: accept)
            #expect(answer.status == status)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `older clients get a stream of Arrow for each table`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let answer = try await service.call(
                .post, "/v1/spans", query: "project_name=demo",
                body: ["queries": [[:], ["explode": ["key": "llm.input_messages"]]]],
                accept: "application/x-pandas-arrow")
            #expect(answer.status == 200)
            // The index is called like a column, so that its field has another name.
            for text in ["__index_level_0__", "attributes.llm.token_count.prompt", "position"] {
                #expect(answer.text.contains(text))
            }
        }
    }
}
