import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct SpanResolversTests {
    static let second: Int64 = 1_000_000
    static let start: Int64 = 1_790_000_000_000_000

    /// A span that starts some seconds after the others.
    static func span(
        _ number: Int, parent: Int? = nil, at seconds: Int64, trace: Int = 1
    ) -> IncomingSpan {
        .stub(
            trace: trace, span: number, parent: parent, startTime: start + seconds * second,
            endTime: start + (seconds + 1) * second)
    }

    /// The numbers of the spans of a connection.
    static func numbers(_ connection: JSONValue?) -> [Int] {
        (connection?["edges"]?.arrayValue ?? []).compactMap { edge in
            edge["node"]?["spanId"]?.stringValue.flatMap { Int($0, radix: 16) }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a span tells what it is and where it belongs`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            var span = IncomingSpan.stub(
                span: 2, parent: 1, name: "call", kind: "LLM", status: "ERROR", promptTokens: 3,
                completionTokens: 4)
            span.userID = "ines"
            try await service.insert([.stub(span: 1), span])
            let found = try await service.span(
                2,
                """
                id name spanKind statusCode statusMessage startTime endTime latencyMs parentId
                spanId userId tokenCountTotal tokenCountPrompt tokenCountCompletion
                cumulativeTokenCountTotal cumulativeTokenCountPrompt propagatedStatusCode
                context { traceId spanId } trace { id traceId } project { name }
                numChildSpans containedInDataset
                """)
            let expected: JSONValue = [
                "id": .string(Span.ID(2).nodeID.description), "name": "call", "spanKind": "llm",
                "statusCode": "ERROR", "statusMessage": "",
                "startTime": "2026-09-21T14:13:20+00:00",
                "endTime": "2026-09-21T14:13:21+00:00", "latencyMs": 1000.0,
                "parentId": OTelID.hex(ofSpan: 1), "spanId": OTelID.hex(ofSpan: 2),
                "userId": "ines", "tokenCountTotal": 7, "tokenCountPrompt": 3,
                "tokenCountCompletion": 4, "cumulativeTokenCountTotal": 7.0,
                "cumulativeTokenCountPrompt": 3.0, "propagatedStatusCode": "ERROR",
                "context": [
                    "traceId": OTelID.hex(ofTrace: 1), "spanId": OTelID.hex(ofSpan: 2),
                ],
                "trace": [
                    "id": .string(Trace.ID(1).nodeID.description),
                    "traceId": OTelID.hex(ofTrace: 1),
                ],
                "project": ["name": "demo"], "numChildSpans": 0, "containedInDataset": false,
            ]
            #expect(found == expected)
            let root = try await service.span(
                1, "parentId tokenCountTotal tokenCountPrompt propagatedStatusCode numChildSpans")
            #expect(
                root == [
                    "parentId": nil, "tokenCountTotal": 0, "tokenCountPrompt": nil,
                    "propagatedStatusCode": "ERROR", "numChildSpans": 1,
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a span that is not there fails at what needs it, and only there`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            let id = Span.ID(999).nodeID.description
            let found = try await service.data(
                """
                { node(id: "\(id)") { id ... on Span {
                    spanKind statusCode latencyMs endTime input { value } numChildSpans
                    descendants { edges { cursor } } propagatedStatusCode userId
                } } }
                """)
            #expect(
                found["node"] == [
                    "id": .string(id), "spanKind": "unknown", "statusCode": "UNSET",
                    "latencyMs": nil, "endTime": nil, "input": nil, "numChildSpans": 0,
                    "descendants": ["edges": []], "propagatedStatusCode": "OK", "userId": nil,
                ])
            let messages = try await service.messages(
                "{ node(id: \"\(id)\") { ... on Span { attributes } } }")
            #expect(
                messages == ["There is no Span with the id \(id). It may have been deleted."])
        }
    }

    static let tree = [
        span(1, at: 0), span(5, parent: 1, at: 2), span(4, parent: 1, at: 2),
        span(3, parent: 4, at: 3), span(2, parent: 5, at: 1), span(6, parent: 3, at: 9),
        span(7, parent: 1, at: 1),
    ]

    @Test(
        arguments: TestDatabase.available,
        [
            ("", [7, 5, 4, 2, 3, 6]), ("(maxDepth: 1)", [7, 5, 4]),
            ("(maxDepth: 2)", [7, 5, 4, 2, 3]), ("(maxDepth: 0)", [7, 5, 4, 2, 3, 6]),
            ("(maxDepth: null)", [7, 5, 4, 2, 3, 6]), ("(maxDepth: -1)", [7, 5, 4]),
            ("(maxDepth: 1000)", [7, 5, 4, 2, 3, 6]), ("(first: 2)", [7, 5]),
            ("(first: null, last: 2)", [3, 6]),
            ("(first: 2, after: \"Y29ubmVjdGlvbjox\")", [4, 2]),
        ])
    func `descendants come level by level, each by start and row`(
        on kind: TestDatabase, form: (arguments: String, spans: [Int])
    ) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert(Self.tree)
            let found = try await service.span(
                1, "descendants\(form.arguments) { edges { node { spanId } } }")
            #expect(Self.numbers(found["descendants"]) == form.spans)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a circle of parents has an end`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([
                Self.span(1, parent: 2, at: 1), Self.span(2, parent: 1, at: 2),
                Self.span(3, parent: 3, at: 3),
            ])
            for (depth, expected) in [("0", [2]), ("3", [2]), ("200", [2])] {
                let found = try await service.span(
                    1, "descendants(maxDepth: \(depth)) { edges { node { spanId } } }")
                #expect(Self.numbers(found["descendants"]) == expected)
            }
            let own = try await service.span(
                3, "numChildSpans descendants(maxDepth: 0) { edges { node { spanId } } }")
            #expect(own == ["numChildSpans": 1, "descendants": ["edges": []]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `content comes from the payload`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            var span = IncomingSpan.stub(
                span: 1, kind: "RETRIEVER",
                attributes: """
                    {"input":{"value":"q","mime_type":"text/plain"},
                    "output":{"value":"{\\"a\\": 1}","mime_type":"application/json"},
                    "metadata":{"k":"é"},
                    "embedding":{"embeddings":[{"embedding":{"text":"t","vector":[1.5,2]}}]},
                    "llm":{"token_count":{"prompt_details":{"cache_read":5,"audio":"x"}}},
                    "retrieval":{"documents":[{"document":{"id":"1"}},{"document":{"id":"2"}}]}}
                    """)
            span.eventCount = 2
            span.payload.events = Array(
                """
                [{"name":"exception","timestamp":"2026-01-01T00:00:00+00:00","attributes":
                {"exception.message":"no"}},{"name":"e","timestamp":"2026-01-01T00:00:01+00:00",
                "attributes":{}}]
                """.utf8)
            try await service.insert([span])
            let found = try await service.span(
                1,
                """
                attributes metadata numDocuments input { mimeType value truncatedValue }
                output { mimeType value } tokenPromptDetails { cacheRead cacheWrite audio }
                events { name message timestamp attributes }
                """)
            let attributes = try JSON.parse(try #require(found["attributes"]?.stringValue))
            let embedding = attributes["embedding"]?["embeddings"]?[0]?["embedding"]
            #expect(embedding == ["text": "t", "vector": "<2 dimensional vector>"])
            #expect(found["metadata"] == #"{"k": "\u00e9"}"#)
            #expect(found["numDocuments"] == 2)
            #expect(found["input"] == ["mimeType": "text", "value": "q", "truncatedValue": "q"])
            #expect(found["output"] == ["mimeType": "json", "value": #"{"a": 1}"#])
            #expect(
                found["tokenPromptDetails"] == ["cacheRead": 5, "cacheWrite": nil, "audio": nil])
            #expect(
                found["events"] == [
                    [
                        "name": "exception", "message": "no",
                        "timestamp": "2026-01-01T00:00:00+00:00",
                        "attributes": ["exception.message": "no"],
                    ],
                    [
                        "name": "e", "message": "", "timestamp": "2026-01-01T00:00:01+00:00",
                        "attributes": [:],
                    ],
                ])
        }
    }

    @Test(arguments: [
        (100, 100), (101, 100),
    ])
    func `a preview has 100 characters at most`(count: Int, shown: Int) throws {
        let text = String(repeating: "é", count: count)
        let content = SpanContent(
            SpanPayload(
                attributes: Array(#"{"input":{"value":"\#(text)"}}"#.utf8), events: [], extras: []))
        let preview = try #require(try SpanIOValue(.input, of: content)).preview
        #expect(preview.count == shown)
        #expect(preview.hasSuffix("...") == (count > 100))
    }

    @Test(arguments: [
        (#"{}"#, nil), (#"{"input":{"value":null}}"#, nil), (#"{"input":{"value":""}}"#, nil),
        (#"{"input":{"value":0}}"#, "0"), (#"{"input":{"value":[1,2]}}"#, "[1,2]"),
        (#"{"input":{"value":false}}"#, "false"), (#"{"input":"text"}"#, nil),
    ])
    func `an input that is no text is shown as JSON`(attributes: String, shown: String?) throws {
        let content = SpanContent(
            SpanPayload(attributes: Array(attributes.utf8), events: [], extras: []))
        #expect(try SpanIOValue(.input, of: content)?.value == shown)
    }
}
