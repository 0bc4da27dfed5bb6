import HTTPMessages
import JSON
import TestSupport
import Testing
import Tracing

struct ExportRoutesTests {
    private static let path = "/v1/projects/demo/spans/export"

    private static let spans: [IncomingSpan] =
        (1...250).map { number in
            .stub(
                trace: number / 10 + 1, span: number, name: number % 2 == 0 ? "even" : "odd",
                startTime: 1_790_000_000_000_000 + Int64(number),
                attributes: #"{"a":{"b":[\#(number),"x"]},"n":null,"d":0.5,"l":[{"k":true}]}"#)
        } + [.stub(trace: 99, span: 999, project: "other")]

    private func lines(_ answer: RouteAnswer) throws -> [JSONValue] {
        try answer.text.split(separator: "\n").map { try JSON.parse(String($0)) }
    }

    @Test(arguments: TestDatabase.available)
    func `a project is downloaded line by line, the oldest spans first`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let answer = try await service.get(Self.path)
            #expect(answer.status == 200)
            #expect(answer.text.hasSuffix("\n"))
            let found = try lines(answer)
            #expect(found.count == 250)
            let listed = try await service.get(
                "/v1/projects/demo/spans", "limit=1000&sort=start_time&order=asc")
            #expect(found == listed.data)
        }
    }

    @Test func `OTLP comes back as one document that a receiver takes`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let document = try await service.get(Self.path, "format=otlp").json
            let group = document["resourceSpans"]?[0]
            #expect(
                group?["resource"]?["attributes"]?[0]
                    == ["key": "openinference.project.name", "value": ["stringValue": "demo"]])
            let spans = group?["scopeSpans"]?[0]?["spans"]?.arrayValue ?? []
            #expect(spans.count == 250)
            let first = try #require(spans.first)
            #expect(first["traceId"] == "00000000000000000000000000000001")
            #expect(first["spanId"] == "0000000000000001")
            #expect(first["startTimeUnixNano"] == "1790000000000001000")
            #expect(first["status"] == ["code": 1])
            let attributes = first["attributes"]?.arrayValue ?? []
            #expect(
                attributes.contains([
                    "key": "a.b",
                    "value": [
                        "arrayValue": ["values": [["intValue": "1"], ["stringValue": "x"]]]
                    ],
                ]))
            #expect(attributes.contains(["key": "d", "value": ["doubleValue": 0.5]]))
            #expect(attributes.contains(["key": "l.0.k", "value": ["boolValue": true]]))
        }
    }

    @Test func `filters, times and ids select what is downloaded`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let even = try await service.get(
                Self.path,
                "filter=name%20%3D%3D%20%27even%27&end_time=2026-09-21T15%3A33%3A20.000100Z")
            #expect(try lines(even).allSatisfy { $0["name"] == "even" })
            let trace = try await service.get(
                Self.path, "trace_id=00000000000000000000000000000002&trace_id=nothing")
            #expect(try lines(trace).count == 10)
            let span = try await service.get(Self.path, "span_id=00000000000000ff")
            #expect(span.text == "")
            let empty = try await service.get(Self.path, "span_id=nothing&format=otlp")
            #expect(empty.json["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"] == [])
        }
    }

    @Test(arguments: [
        ("filter=name%20%3D%3D", 400), ("format=csv", 422), ("start_time=nothing", 422),
    ])
    func `a wrong question is refused before the download begins`(
        query: String, status: Int
    ) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            #expect(try await service.get(Self.path, query).status == status)
        }
    }

    @Test func `the file has the project's name, whatever that is`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert([.stub(span: 1, project: "a \"b\"\r\nü/..")])
            let (response, _) = try await service.bytes(
                "/v1/projects/a%20%22b%22%0D%0A%C3%BC%2F../spans/export")
            #expect(
                response.headers["content-disposition"]
                    == "attachment; filename=\"a__b_____..-spans.jsonl\"; "
                    + "filename*=UTF-8''a%20%22b%22%0D%0A%C3%BC%2F..-spans.jsonl")
            #expect(response.headers["x-content-type-options"] == "nosniff")
        }
    }
}
