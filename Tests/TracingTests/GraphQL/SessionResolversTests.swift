import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct SessionResolversTests {
    private static func span(
        _ number: Int, trace: Int, parent: Int? = nil, at seconds: Int64, lasting: Int64 = 1,
        attributes: String = "{}", user: String? = nil, status: String = "OK"
    ) -> IncomingSpan {
        let start = SpanResolversTests.start + seconds * SpanResolversTests.second
        var span = IncomingSpan.stub(
            trace: trace, span: number, parent: parent, session: "s", status: status,
            startTime: start, endTime: start + lasting * SpanResolversTests.second,
            attributes: attributes)
        span.userID = user
        return span
    }

    /// Four traces: two begin together and first, the last one to begin has no span without a parent.
    private static let spans = [
        span(1, trace: 1, at: 5, lasting: 2, attributes: #"{"output":{"value":"o1"}}"#),
        span(
            2, trace: 1, at: 6,
            attributes: #"{"input":{"value":"i2"},"output":{"value":"o2"}}"#, user: "second"),
        span(3, trace: 2, at: 1),
        span(
            4, trace: 2, parent: 3, at: 1, attributes: #"{"input":{"value":"child"}}"#,
            user: "first"),
        span(
            5, trace: 3, parent: 99, at: 8, lasting: 4,
            attributes: #"{"input":{"value":"orphan"},"output":{"value":"orphan"}}"#,
            status: "ERROR"),
        span(6, trace: 4, at: 1, lasting: 9, attributes: #"{"input":{"value":"i6"}}"#),
    ]

    @Test(arguments: TestDatabase.available)
    func `a session sums up its traces`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            var spans = Self.spans
            spans[0].kind = "LLM"
            spans[0].promptTokens = 3
            spans[0].completionTokens = 4
            try await service.insert(spans)
            let found = try await service.session(
                "s",
                """
                sessionId startTime endTime project { name } numTraces numTracesWithError userId
                firstInput { value } lastOutput { value mimeType }
                tokenUsage { prompt completion total }
                low: traceLatencyMsQuantile(probability: 0.3)
                high: traceLatencyMsQuantile(probability: 1)
                """)
            #expect(
                found == [
                    "sessionId": "s", "startTime": "2026-09-21T14:13:21+00:00",
                    "endTime": "2026-09-21T14:13:32+00:00", "project": ["name": "demo"],
                    "numTraces": 4, "numTracesWithError": 1, "userId": "first",
                    "firstInput": nil, "lastOutput": ["value": "o2", "mimeType": "text"],
                    "tokenUsage": ["prompt": 3.0, "completion": 4.0, "total": 7.0],
                    "low": 1900.0, "high": 9000.0,
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the traces of a session are paged by their start`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert(Self.spans)
            var seen: [JSONValue] = []
            var after: JSONValue = .null
            var pages = 0
            repeat {
                pages += 1
                let page = try await service.data(
                    """
                    query ($after: String) { s: getProjectSessionById(sessionId: "s") {
                        traces(first: 3, after: $after) {
                            edges { node { traceId } } pageInfo { hasNextPage endCursor }
                        }
                    } }
                    """, ["after": after])
                let traces = page["s"]?["traces"]
                seen += (traces?["edges"]?.arrayValue ?? []).compactMap { $0["node"]?["traceId"] }
                after = traces?["pageInfo"]?["endCursor"] ?? .null
                if traces?["pageInfo"]?["hasNextPage"] == false { break }
            } while pages < 5
            #expect(pages == 2)
            #expect(seen == [2, 4, 1, 3].map { OTelID.hex(ofTrace: $0) })
        }
    }

    @Test(arguments: ["-0.1", "1.5"])
    func `a probability is between 0 and 1`(probability: String) async throws {
        try await TestDatabase.sqlite.withGraphQLService { service in
            try await service.insert(Self.spans)
            let messages = try await service.messages(
                """
                { getProjectSessionById(sessionId: "s") {
                    traceLatencyMsQuantile(probability: \(probability))
                } }
                """)
            #expect(messages.count == 1)
            #expect(messages != ["an unexpected error occurred"])
        }
    }
}
