import JSON
import TestSupport
import Testing
import Tracing

/// Tables of other columns than whole spans, as the clients' query language asks for them.
@Suite struct SpanTableTests {
    // The members are in the order that JSONB gives them.
    private static let documents = """
        [{"document":{"score":1,"content":"alpha","metadata":{"b":{"c":2}}}},\
        {"document":{"score":0.5,"content":"beta"}},"text",7,null,\
        {"document":{"score":null,"content":3}},{}]
        """

    private static let spans: [IncomingSpan] = [
        .stub(
            trace: 1, span: 1, name: "root", kind: "LLM", startTime: 1_790_000_000_000_000,
            attributes: """
                {"llm":{"token_count":{"prompt":3}},"num":5,"flag":true,
                "metadata":{"k":"v","l":[1,2]}}
                """),
        .stub(
            trace: 1, span: 2, parent: 1, name: "retrieve", startTime: 1_790_000_001_500_000,
            attributes:
                #"{"retrieval":{"documents":\#(documents)},"num":2.5,"tags":["a",null,true,1.5]}"#),
        .stub(
            trace: 2, span: 3, parent: 99, name: "orphan", startTime: 1_790_000_009_000_000,
            attributes: #"{"retrieval":{"documents":[]},"num":null}"#),
    ]

    private struct Table: Equatable {
        /// `name:type` of each column, those of the index first.
        var columns: [String]
        var indexCount: Int
        var rows: [[JSONValue]]
    }

    private func tables(
        on database: TestDatabase, _ query: JSONValue, _ more: JSONObject = [:],
        spans: [IncomingSpan] = spans
    ) async throws -> [Table] {
        try await database.withTracingStore { store in
            let service = TracingService(store)
            try await service.insert(spans)
            var body: JSONValue = ["queries": [query], "project_name": "demo"]
            for (key, value) in more { body[key] = value }
            let answer = try await service.call(
                .post, "/v1/spans", body: body, accept: "application/json")
            #expect(answer.status == 200, "\(answer.text)")
            let start = "--phoenix-table-of-spans\r\nContent-Type: application/json\r\n\r\n"
            return try answer.text.split(separator: start).map { part in
                let json = try SpanPayload.parsed(
                    Array(String(part.prefix { $0 != "\r\n" }).utf8))
                let fields = json["schema"]?["fields"]?.arrayValue ?? []
                let columns = fields.map { field in
                    let name = field["name"]?.stringValue ?? ""
                    let type = field["type"]?.stringValue ?? ""
                    return "\(name.drop { $0 != "_" }.dropFirst()):\(type)"
                }
                let rows = (json["data"]?.arrayValue ?? []).map { row in
                    (row.objectValue ?? [:]).values
                }
                return Table(
                    columns: columns,
                    indexCount: json["schema"]?["primaryKey"]?.arrayValue?.count ?? 0, rows: rows)
            }
        }
    }

    private static let ids: [JSONValue] = (1...3).map { .string("000000000000000\($0)") }

    @Test(arguments: TestDatabase.available)
    func `select has a column for each projection, the latest trace first`(
        on database: TestDatabase
    ) async throws {
        let query: JSONValue = [
            "select": [
                "trace_id": ["key": "trace_id"], "n": ["key": "num"], "at": ["key": "start_time"],
                "ms": ["key": "latency_ms"], "m": ["key": "metadata['l'][1]"],
                "all": ["key": "metadata"], "flag": ["key": "flag"], "none": ["key": "no.such"],
                "tokens": ["key": "llm.token_count.prompt"],
            ],
            "rename": ["n": "number", "context.span_id": "other"],
        ]
        let table = try #require(try await tables(on: database, query).first)
        #expect(
            table.columns == [
                "context.span_id:string", "context.trace_id:string", "number:number",
                "at:datetime", "ms:number", "m:number", "all:string", "flag:string",
                "none:string", "tokens:number",
            ])
        #expect(table.indexCount == 1)
        #expect(table.rows.map { $0[0] } == [Self.ids[2], Self.ids[0], Self.ids[1]])
        let root = table.rows[1]
        #expect(root[2] == 5.0)
        #expect(root[3] == "2026-09-21T14:13:20.000000000Z")
        #expect(root[5] == 2.0)
        #expect(root[6] == ["k": "v", "l": [1, 2]])
        #expect(root[7] == true)
        #expect(root[8] == .null)
    }

    @Test(arguments: TestDatabase.available)
    func `a span with deep attributes does not spoil the table`(
        on database: TestDatabase
    ) async throws {
        let depth = 700
        let deep =
            String(repeating: #"{"k":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        let spans = Self.spans + [.stub(trace: 3, span: 4, attributes: deep)]
        for query: JSONValue in [["select": ["n": ["key": "num"]]], [:]] {
            let table = try #require(
                try await tables(on: database, query, spans: spans).first)
            #expect(table.rows.count == 4)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `explode has a row for each element that is an object`(
        on database: TestDatabase
    ) async throws {
        let flat = try #require(
            try await tables(on: database, ["explode": ["key": "retrieval.documents"]]).first)
        #expect(
            flat.columns == [
                "context.span_id:string", "document_position:number", "document.score:number",
                "document.content:string", "document.metadata.b.c:number",
            ])
        #expect(flat.indexCount == 2)
        #expect(
            flat.rows == [
                [Self.ids[2], .null, .null, .null, .null],
                [Self.ids[1], 0.0, 1.0, "alpha", 2.0], [Self.ids[1], 1.0, 0.5, "beta", .null],
                [Self.ids[1], 5.0, .null, 3, .null], [Self.ids[1], 6.0, .null, .null, .null],
            ])
        let chosen = try #require(
            try await tables(
                on: database,
                [
                    "select": ["name": ["key": "name"], "text": ["key": "num"]],
                    "explode": [
                        "key": "attributes['retrieval']['documents']",
                        "kwargs": [
                            "meta": "document.metadata", "text": "document.content", "no": "nope",
                            "bad": 5,
                        ],
                    ],
                    "index": ["key": "name"], "filter": ["condition": "num > 1"],
                ]
            ).first)
        // The selected column is the index, and the other stands where the list's would.
        #expect(
            chosen.columns == ["name:string", "position:integer", "meta:string", "text:number"])
        #expect(
            chosen.rows == [
                ["retrieve", 0, ["b": ["c": 2]], 2.5], ["retrieve", 1, .null, 2.5],
                ["retrieve", 5, .null, 2.5], ["retrieve", 6, .null, 2.5],
            ])
    }

    @Test(arguments: TestDatabase.available)
    func `concat joins the elements as text`(on database: TestDatabase) async throws {
        let plain = try #require(
            try await tables(
                on: database, ["concat": ["key": "tags", "separator": "|"]]
            ).first)
        #expect(plain.columns == ["context.span_id:string", "tags:string"])
        #expect(plain.rows == [[Self.ids[1], "a|None|True|1.5"]])
        let objects = try #require(
            try await tables(
                on: database,
                [
                    "concat": [
                        "key": "retrieval.documents",
                        "kwargs": ["text": "document.content", "all": "document", "no": "nope"],
                    ]
                ]
            ).first)
        #expect(objects.columns == ["context.span_id:string", "text:string", "all:string"])
        #expect(
            objects.rows == [
                [Self.ids[2], .null, .null],
                [
                    Self.ids[1], "alpha\n\nbeta\n\n3",
                    """
                    {'score': 1, 'content': 'alpha', 'metadata': {'b': {'c': 2}}}\n
                    {'score': 0.5, 'content': 'beta'}\n
                    {'score': None, 'content': 3}
                    """,
                ],
            ])
    }

    @Test(arguments: TestDatabase.available)
    func `explode and concat are joined by the span`(on database: TestDatabase) async throws {
        let table = try #require(
            try await tables(
                on: database,
                [
                    "select": ["name": ["key": "name"]], "concat": ["key": "metadata.l"],
                    "explode": [
                        "key": "retrieval.documents", "kwargs": ["text": "document.content"],
                    ],
                ]
            ).first)
        #expect(
            table.columns == [
                "context.span_id:string", "document_position:number", "name:string",
                "metadata.l:string", "text:string",
            ])
        #expect(
            table.rows == [
                [Self.ids[2], .null, "orphan", .null, .null],
                [Self.ids[0], .null, "root", "1\n\n2", .null],
                [Self.ids[1], 0.0, "retrieve", .null, "alpha"],
                [Self.ids[1], 1.0, "retrieve", .null, "beta"],
                [Self.ids[1], 5.0, "retrieve", .null, 3],
                [Self.ids[1], 6.0, "retrieve", .null, .null],
            ])
    }

    @Test func `a table without rows has the columns that are known`() async throws {
        let table = try #require(
            try await tables(
                on: .sqlite,
                [
                    "select": ["name": ["key": "name"]],
                    "explode": ["key": "no.such", "kwargs": ["text": "document.content"]],
                ]
            ).first)
        #expect(
            table.columns == [
                "context.span_id:string", "position:string", "name:string", "text:string",
            ])
        #expect(table.rows.isEmpty)
    }

    @Test func `roots, limits and windows choose the spans`() async throws {
        let query: JSONValue = ["select": ["name": ["key": "name"]]]
        func names(_ more: JSONObject) async throws -> [JSONValue] {
            try await tables(on: .sqlite, query, more)[0].rows.map { $0[1] }
        }
        #expect(try await names(["limit": 2]) == ["orphan", "root"])
        #expect(try await names(["limit": 0]) == [])
        #expect(try await names(["limit": -1]) == ["orphan", "root", "retrieve"])
        #expect(try await names(["root_spans_only": true]) == ["orphan", "root"])
        #expect(
            try await names(["root_spans_only": true, "orphan_span_as_root_span": false])
                == ["root"])
        #expect(try await names(["start_time": "2026-09-21T14:13:21Z"]) == ["orphan", "retrieve"])
        #expect(try await names(["end_time": "2026-09-21T14:13:21Z"]) == ["root"])
        #expect(
            try await names(["stop_time": "2026-09-21T14:13:22Z", "start_time": 1_790_000_001])
                == ["retrieve"])
    }

    @Test(arguments: TestDatabase.available)
    func `large tables are read again instead of being kept`(
        on database: TestDatabase
    ) async throws {
        // Some of the traces start at the same time, and their spans cross the pages.
        let text = String(repeating: "x", count: 20_000)
        let spans = (1...900).map { number in
            IncomingSpan.stub(
                trace: number / 3, span: number,
                startTime: 1_790_000_000_000_000 + Int64(number / 30),
                attributes: #"{"n":\#(number),"text":"\#(text)"}"#)
        }
        let table = try await tables(
            on: database, ["select": ["n": ["key": "n"]]], spans: spans)[0]
        let expected = spans.indices.sorted { left, right in
            let (a, b) = (left + 1, right + 1)
            let starts = (min(a / 3 * 3, a) / 30, min(b / 3 * 3, b) / 30)
            return starts.0 == starts.1 ? a < b : starts.0 > starts.1
        }.map { JSONValue.integer(Int64($0 + 1)) }
        #expect(table.rows.map { $0[1] } == expected)
        #expect(table.columns[1] == "n:integer")
    }

    private static let refusals: [(JSONValue, String)] = [
        (["select": ["a": ["key": "b + c"]]], "invalid projection: b + c"),
        (["select": ["a": [:]]], "missing expression"),
        (["select": ["a": 1]], "the column `a` of select is not an object with a key"),
        (["select": ["a": ["key": 1]]], "the key of the column `a` of select is not a string"),
        (["filter": ["condition": "name =="]], "invalid syntax"),
        (["filter": ["condition": 1]], "the condition of filter is not a string"),
        (["explode": ["key": ["a"]]], "the key of explode is not a string"),
        (["explode": ["key": "a", "kwargs": 1]], "the kwargs of explode are not an object"),
        (
            ["explode": ["key": "a", "primary_index_key": 1]],
            "the primary_index_key of explode is not a string"
        ),
        (["concat": ["key": "a", "separator": 1]], "the separator of concat is not a string"),
        (["index": ["other": 1]], "missing expression"),
    ]

    @Test(arguments: refusals)
    func `a malformed query is refused`(query: JSONValue, message: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let answer = try await service.call(
                .post, "/v1/spans", body: ["queries": [query]], accept: "application/json")
            #expect(answer.status == 422)
            #expect(answer.text == "Invalid query: \(message)")
        }
    }

    @Test(arguments: ["select", "filter", "explode", "concat", "rename", "index"])
    func `any value in any place is answered or refused`(member: String) async throws {
        let values: [JSONValue] = [
            .null, 1, 1.5, "s", true, [], [:], ["a"], ["a": 1], ["key": "tags", "kwargs": ["a"]],
            ["key": .null], ["key": "tags", "kwargs": ["": ""]], ["condition": "'"],
            ["key": "\u{0}"], ["a": ["key": "metadata['\u{1F600}']"]], ["": ["key": "name"]],
        ]
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            for value in values {
                let answer = try await service.call(
                    .post, "/v1/spans", query: "project_name=demo",
                    body: ["queries": [.object([member: value])]], accept: "application/json")
                #expect([200, 422].contains(answer.status), "\(value.text)")
            }
        }
    }
}
