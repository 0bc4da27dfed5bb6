import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct SpanRoutesTests {
    private static let path = "/v1/projects/demo/spans"

    /// Ten spans in two traces; the start runs against the order of arrival.
    private static let spans: [IncomingSpan] = (1...10).map { number in
        .stub(
            trace: number % 2 + 1, span: number, parent: number > 2 ? number - 2 : nil,
            name: "step \(number)", kind: number == 3 ? "LLM" : "CHAIN",
            status: number == 4 ? "ERROR" : "OK",
            startTime: 1_790_000_000_000_000 - Int64(number) * 1_000_000,
            attributes: #"{"n":\#(number),"f":\#(number).0,"s":"v\#(number)","b":{"t":true}}"#)
    }

    private func names(_ service: TracingService, _ query: String) async throws -> [String] {
        try await service.all(Self.path, query, "name").compactMap {
            ($0?.stringValue?.dropFirst(5)).map(String.init)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `lists come in every order and page completely`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let ascending = (1...10).map(String.init)
            for limit in [1, 3, 10, 100] {
                let newest = try await names(service, "limit=\(limit)")
                #expect(newest == ascending.reversed())
                let oldest = try await names(service, "limit=\(limit)&order=asc")
                #expect(oldest == ascending)
                let byStart = try await names(service, "limit=\(limit)&sort=start_time")
                #expect(byStart == ascending)
                let lastFirst = try await names(
                    service, "limit=\(limit)&sort=start_time&order=asc")
                #expect(lastFirst == ascending.reversed())
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `filters are joined by and`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let trace = "00000000000000000000000000000001"
            let expectations: [(String, [String])] = [
                ("trace_id=\(trace)", ["10", "8", "6", "4", "2"]),
                ("trace_id=\(trace)&status_code=error", ["4"]),
                ("span_id=0000000000000005&span_id=000000000000000A", ["10", "5"]),
                ("span_id=zz", []),
                ("parent_id=null", ["2", "1"]),
                ("parent_id=0000000000000003", ["5"]),
                ("parent_id=", []),
                ("name=step+3&name=step+4", ["4", "3"]),
                ("span_kind=llm", ["3"]),
                ("start_time=2026-09-21T14:13:15Z&end_time=2026-09-21T14:13:17Z", ["5", "4"]),
                ("attribute=n:5", ["5"]), ("attribute=f:5", ["5"]), ("attribute=f:5.0", ["5"]),
                ("attribute=s:v5", ["5"]), (#"attribute=s:"v5""#, ["5"]),
                ("attribute=n:6&attribute=s:v6", ["6"]), ("attribute=n:6&attribute=s:v5", []),
                ("attribute=b.t:true&limit=4", (1...10).reversed().map(String.init)),
                ("attribute=missing:1", []),
            ]
            for (query, expected) in expectations {
                #expect(try await names(service, query) == expected, "\(query)")
            }
        }
    }

    @Test(arguments: [
        ("span_kind=zzz", "Invalid span_kind values: ['ZZZ']"),
        ("status_code=zz", "Invalid status_code values: ['ZZ']"),
        ("attribute=x", "Invalid attribute 'x': expected format 'key:value'"),
        ("attribute=:x", "Invalid attribute: key must not be empty"),
        ("attribute=x:", "Invalid attribute: value must not be empty"),
        (
            "attribute=x:null",
            "Invalid attribute value 'null': must be a string, integer, float, or boolean. To "
                + "match a string that looks like a number or boolean, JSON-quote the value: "
                + "`key:\"12345\"`."
        ),
        ("cursor=abc", "Invalid cursor"),
        ("cursor=abc&sort=start_time", "Invalid cursor"),
        ("cursor=U3Bhbjo1MDA=&sort=start_time", "Invalid cursor"),
        ("cursor=MTpJTlQ6MQ==&sort=start_time", "Invalid cursor"),
    ])
    func `filters that cannot be are refused`(query: String, text: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let answer = try await service.get(Self.path, query)
            #expect(answer.status == 422)
            #expect(answer.text == text)
        }
    }

    private static let draft: JSONValue = [
        "name": "s",
        "context": [
            "trace_id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1", "span_id": "bbbbbbbbbbbbbbb1",
        ],
        "span_kind": "weird", "start_time": "2026-01-01T00:00:00Z",
        "end_time": "2026-01-01T00:00:01.123456+00:00", "status_code": "error",
        "status_message": "boo",
        "attributes": [
            "a": [1, 2.5], "d": [true, 1], "e": [nil], "g": [["x": 1], ["x": 2]],
            "i": ["j": ["k": [1]]], "m": 1.0, "p.q": 3, "r": ["a", ["b", ["c": true]]],
            "metadata": "{\"x\":1}",
        ],
        "events": [
            ["name": "ev", "timestamp": "2026-01-01T02:00:00.5+02:00", "attributes": ["z": [1]]]
        ],
    ]

    @Test(arguments: TestDatabase.available)
    func `a span that is added comes back flat`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            let added = try await service.call(.post, Self.path, body: ["data": [Self.draft]])
            #expect(added.status == 202)
            #expect(added.json == ["total_received": 1, "total_queued": 1])
            let span = try #require(try await service.get(Self.path).data.first)
            #expect(span["span_kind"] == "weird")
            #expect(span["status_code"] == "ERROR")
            #expect(span["parent_id"] == .null)
            #expect(span["start_time"] == "2026-01-01T00:00:00+00:00")
            #expect(span["end_time"] == "2026-01-01T00:00:01.123456+00:00")
            #expect(
                span["attributes"] == [
                    "a": [1, 2.5], "d": [true, 1], "e": [nil], "g.0.x": 1, "g.1.x": 2, "i.j.k": [1],
                    "m": 1.0,
                    "p.q": 3, "r": ["a", ["b", ["c": true]]], "metadata": "{\"x\":1}",
                ])
            #expect(
                span["events"] == [
                    [
                        "name": "ev", "timestamp": "2026-01-01T00:00:00.500000+00:00",
                        "attributes": ["z": [1]],
                    ]
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the otlp form has every variant of a value`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            _ = try await service.call(.post, Self.path, body: ["data": [Self.draft]])
            let answer = try await service.get(Self.path + "/otlpv1")
            let span = try #require(answer.data.first)
            var values: [String: JSONValue] = [:]
            for attribute in span["attributes"]?.arrayValue ?? [] {
                values[attribute["key"]?.stringValue ?? ""] = attribute["value"]
            }
            #expect(values["p.q"]?.objectValue?.count == 7)
            #expect(values["p.q"]?["int_value"] == 3)
            #expect(values["p.q"]?["string_value"] == .null)
            #expect(values["m"]?["double_value"] == 1.0)
            #expect(values["openinference.span.kind"]?["string_value"] == "weird")
            func texts(_ key: String) -> [JSONValue?] {
                values[key]?["array_value"]?["values"]?.arrayValue?.map { $0["string_value"] } ?? []
            }
            #expect(texts("a") == ["1", "2.5"])
            #expect(texts("d") == ["True", "1"])
            #expect(texts("e") == [.null])
            #expect(texts("r") == ["a", "['b', {'c': True}]"])
            #expect(span["start_time_unix_nano"] == 1_767_225_600_000_000_000)
            #expect(span["end_time_unix_nano"] == 1_767_225_601_123_456_000)
            #expect(span["kind"] == "SPAN_KIND_INTERNAL")
            #expect(span["status"] == ["code": 2, "message": "boo"])
            #expect(span["parent_span_id"] == .null)
            #expect(span["events"]?[0]?["time_unix_nano"] == 1_767_225_600_500_000_000)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans are added all or none`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            _ = try await service.call(.post, Self.path, body: ["data": [Self.draft]])
            var other = Self.draft
            other["context"]?["span_id"] = "bbbbbbbbbbbbbbb2"
            var broken = Self.draft
            broken["context"]?["span_id"] = "zzz"
            let refused = try await service.call(
                .post, Self.path, body: ["data": [other, Self.draft, broken]])
            #expect(refused.status == 400)
            #expect(refused.json["total_received"] == 3)
            #expect(refused.json["total_queued"] == 0)
            #expect(
                refused.json["duplicate_spans"] == [
                    [
                        "span_id": "bbbbbbbbbbbbbbb1",
                        "trace_id": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1",
                    ]
                ])
            #expect(refused.json["total_invalid"] == 1)
            #expect(refused.json["invalid_spans"]?[0]?["span_id"] == "zzz")
            #expect(try await service.get(Self.path).data.count == 1)
            let nothing = try await service.call(.post, Self.path, body: ["data": []])
            #expect(nothing.status == 202)
        }
    }

    @Test func `an unknown project name is created, an unknown id is not`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let made = try await service.call(
                .post, "/v1/projects/new%20one/spans", body: ["data": [Self.draft]])
            #expect(made.status == 202)
            #expect(try await service.get("/v1/projects/new%20one").status == 200)
            let unknown = try await service.call(
                .post, "/v1/projects/UHJvamVjdDo5OTk5/spans", body: ["data": [Self.draft]])
            #expect(unknown.status == 404)
        }
    }

    @Test func `a time without an offset is refused`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            var draft = Self.draft
            draft["start_time"] = "2026-01-01T00:00:00"
            let answer = try await service.call(.post, Self.path, body: ["data": [draft]])
            #expect(answer.status == 422)
            #expect(answer.json["detail"]?[0]?["type"] == "value_error")
            #expect(answer.json["detail"]?[0]?["loc"] == ["body", "data", 0])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting a span takes back what its ancestors count`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert([
                .stub(span: 1),
                .stub(span: 2, parent: 1, status: "ERROR"),
                .stub(span: 3, parent: 2, kind: "LLM", promptTokens: 7, completionTokens: 5),
                .stub(span: 4, parent: 3, kind: "LLM", promptTokens: 1, completionTokens: 2),
            ])
            #expect(try await service.call(.delete, "/v1/spans/0000000000000003").status == 204)
            let spans = try await service.store.spans(ofTraces: [Trace.ID(1)])[Trace.ID(1)] ?? []
            #expect(spans.map(\.name).count == 3)
            let root = try #require(spans.first { $0.parentID == nil })
            #expect(root.cumulativePromptTokens == 0)
            #expect(root.cumulativeCompletionTokens == 0)
            #expect(root.cumulativeErrorCount == 1)
            let traces = try await service.get("/v1/projects/demo/traces")
            #expect(traces.data[0]["token_count_prompt"] == 1)
            #expect(traces.data[0]["token_count_total"] == 3)
            let minutes = try await service.minutes()
            #expect(minutes.kept == minutes.actual)

            for span in ["0000000000000001", "0000000000000002", "0000000000000004"] {
                #expect(try await service.call(.delete, "/v1/spans/\(span)").status == 204)
            }
            #expect(try await service.get("/v1/projects/demo/traces").data.isEmpty)
            #expect(try await service.minutes().kept.isEmpty)
        }
    }

    @Test func `spans in a circle can be deleted`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert([
                .stub(span: 1, parent: 2), .stub(span: 2, parent: 1), .stub(span: 3, parent: 3),
            ])
            for span in 1...3 {
                let path = "/v1/spans/000000000000000\(span)"
                #expect(try await service.call(.delete, path).status == 204)
            }
        }
    }

    @Test(arguments: [
        ("nope", "Span with span_id 'nope' not found"),
        ("U3Bhbjo5OTk5OTk=", "Span with relay ID 'U3Bhbjo5OTk5OTk=' not found"),
        ("VHJhY2U6MTk3", "Span with span_id 'VHJhY2U6MTk3' not found"),
    ])
    func `an unknown span is not found`(identifier: String, text: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let answer = try await service.call(.delete, "/v1/spans/\(identifier)")
            #expect(answer.status == 404)
            #expect(answer.text == text)
        }
    }
}
