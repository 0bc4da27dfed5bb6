import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct TraceResolversTests {
    private static func failed(_ number: Int, events: String) -> IncomingSpan {
        var span = IncomingSpan.stub(span: number, status: "ERROR")
        span.payload.events = Array("[\(events)]".utf8)
        span.eventCount = events.isEmpty ? 0 : 1
        return span
    }

    private static func exception(_ type: String?) -> String {
        let attributes = type.map { #"{"exception.type":"\#($0)"}"# } ?? "{}"
        return #"{"name":"exception","timestamp":"2026-01-01T00:00:00+00:00","attributes":"#
            + attributes + "}"
    }

    @Test(arguments: TestDatabase.available)
    func `a trace tells its times, sums and relations`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            var user = SpanResolversTests.span(3, parent: 1, at: 2)
            user.userID = "late"
            var earlier = SpanResolversTests.span(2, parent: 1, at: 1)
            earlier.userID = "early"
            earlier.kind = "LLM"
            var root = SpanResolversTests.span(1, at: 0)
            root.sessionID = "s"
            try await service.insert([user, earlier, root])
            let found = try await service.trace(
                1,
                """
                id traceId startTime endTime latencyMs projectId projectSessionId numSpans
                errorCount userId project { name } session { sessionId } rootSpan { spanId }
                spanCountsByKind { spanKind count }
                """)
            #expect(
                found == [
                    "id": .string(Trace.ID(1).nodeID.description),
                    "traceId": OTelID.hex(ofTrace: 1),
                    "startTime": "2026-09-21T14:13:20+00:00",
                    "endTime": "2026-09-21T14:13:23+00:00", "latencyMs": 3000.0,
                    "projectId": .string(
                        try #require(try await service.store.projectIfAny(named: "demo")).id.nodeID
                            .description),
                    "projectSessionId": .string(Session.ID(1).nodeID.description), "numSpans": 3,
                    "errorCount": 0, "userId": "early", "project": ["name": "demo"],
                    "session": ["sessionId": "s"],
                    "rootSpan": ["spanId": OTelID.hex(ofSpan: 1)],
                    "spanCountsByKind": [
                        ["spanKind": "chain", "count": 2], ["spanKind": "llm", "count": 1],
                    ],
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the earliest span without a stored parent stands for the trace`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([
                SpanResolversTests.span(1, at: 5), SpanResolversTests.span(2, parent: 99, at: 3),
                SpanResolversTests.span(3, parent: 98, at: 3),
                SpanResolversTests.span(4, parent: 5, at: 1, trace: 2),
                SpanResolversTests.span(5, parent: 4, at: 2, trace: 2),
            ])
            let root = try await service.trace(1, "rootSpan { spanId }")
            #expect(root == ["rootSpan": ["spanId": OTelID.hex(ofSpan: 3)]])
            let circle = try await service.trace(2, "rootSpan { spanId }")
            #expect(circle == ["rootSpan": nil])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `each exception of a failed span counts, and a failed span without one`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            var fine = Self.failed(5, events: Self.exception("Z"))
            fine.statusCode = "OK"
            let other = #"{"name":"e","timestamp":"2026-01-01T00:00:00+00:00","attributes":{}}"#
            try await service.insert([
                Self.failed(
                    1,
                    events: [Self.exception("B"), Self.exception("A"), Self.exception(nil)]
                        .joined(separator: ",")),
                Self.failed(2, events: ""), Self.failed(3, events: other),
                Self.failed(
                    4,
                    events: [Self.exception("C"), Self.exception("C"), Self.exception("")]
                        .joined(separator: ",")),
                fine,
            ])
            let found = try await service.trace(
                1, "errorCount errorsByType { exceptionType count }")
            #expect(
                found == [
                    "errorCount": 4,
                    "errorsByType": [
                        ["exceptionType": nil, "count": 4], ["exceptionType": "C", "count": 2],
                        ["exceptionType": "A", "count": 1], ["exceptionType": "B", "count": 1],
                    ],
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the spans of a trace are paged from the newest`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert((1...5).map { SpanResolversTests.span($0, at: Int64(-$0)) })
            var seen: [Int] = []
            var after: JSONValue = .null
            repeat {
                let id = OTelID.number(1, byteCount: 16).hex
                let page = try await service.data(
                    """
                    query ($after: String) { t: getTraceByOtelId(traceId: "\(id)") {
                        spans(first: 2, after: $after) {
                            edges { cursor node { spanId } } pageInfo { hasNextPage endCursor }
                        }
                    } }
                    """, ["after": after])
                let spans = page["t"]?["spans"]
                seen += SpanResolversTests.numbers(spans)
                after = spans?["pageInfo"]?["endCursor"] ?? .null
                if spans?["pageInfo"]?["hasNextPage"] == false { break }
            } while seen.count < 10
            #expect(seen == [5, 4, 3, 2, 1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the spans of a trace are filtered`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([
                .stub(span: 1, name: "a"), .stub(span: 2, name: "b"), .stub(span: 3, name: "b"),
            ])
            let found = try await service.trace(
                1, #"spans(first: 5, filterCondition: "name == 'b'") { edges { node { spanId } } }"#
            )
            #expect(SpanResolversTests.numbers(found["spans"]) == [3, 2])
        }
    }

    @Test(arguments: [
        ("first: 0", "`first` must be a positive integer"),
        ("first: 1001", "`first` must be less than or equal to 1000"),
        ("first: 1, last: 1", "Backward pagination with `last` is not supported"),
        ("first: 1, after: \"!\"", "The cursor \"!\" is not one of this list."),
        ("first: 1, filterCondition: \"(\"", "'(' was never closed at character 1"),
    ])
    func `a page that cannot be had is refused`(arguments: String, message: String) async throws {
        try await TestDatabase.sqlite.withGraphQLService { service in
            try await service.insert([.stub(span: 1)])
            let id = Trace.ID(1).nodeID
            let messages = try await service.messages(
                "{ node(id: \"\(id)\") { ... on Trace { spans(\(arguments)) { edges { cursor } } } } }"
            )
            #expect(messages == [message])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a trace that is not there has nothing below it`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            let id = Trace.ID(999).nodeID
            let found = try await service.data(
                """
                { node(id: "\(id)") { id ... on Trace {
                    numSpans errorCount latencyMs spanCountsByKind { count } rootSpan { id } userId
                    errorsByType { count } session { id } spans(first: 1) { edges { cursor } }
                } } }
                """)
            #expect(
                found["node"] == [
                    "id": .string(id.description), "numSpans": 0, "errorCount": 0,
                    "latencyMs": nil, "spanCountsByKind": [], "rootSpan": nil, "userId": nil,
                    "errorsByType": [], "session": nil, "spans": ["edges": []],
                ])
        }
    }
}
