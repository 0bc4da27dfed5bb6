import TestSupport
import Testing
import Tracing

/// How many statements a query needs must not depend on how much it shows.
@Suite struct StatementCountTests {
    private static let spanFields = """
        id name trace { traceId session { sessionId } } context { traceId } attributes metadata
        userId numDocuments input { value } output { value } events { name } numChildSpans
        descendants { edges { node { name input { value } } } } project { name }
        asExampleRevision { input } tokenPromptDetails { audio } trace2: trace { id }
        """

    private static let traceFields = """
        id project { name } session { sessionId numTraces } rootSpan { name output { value } }
        userId spanCountsByKind { count } errorsByType { count }
        spans(first: 10) { edges { node { name attributes } } }
        """

    private static let sessionFields = """
        id project { name } numTraces numTracesWithError firstInput { value } lastOutput { value }
        userId tokenUsage { total } traceLatencyMsQuantile(probability: 0.5)
        traces(first: 10) { edges { node { \(traceFields) } } }
        """

    /// Traces of three spans each, every other one in a session of its own.
    private static func spans(traces: Range<Int>) -> [IncomingSpan] {
        traces.flatMap { trace -> [IncomingSpan] in
            let session = trace % 2 == 0 ? "s\(trace)" : nil
            var root = IncomingSpan.stub(
                trace: trace, span: trace * 10, session: session, status: "ERROR",
                attributes: #"{"input":{"value":"in"}}"#)
            root.userID = "u"
            return [
                root, .stub(trace: trace, span: trace * 10 + 1, parent: trace * 10),
                .stub(trace: trace, span: trace * 10 + 2, parent: trace * 10 + 1),
            ]
        }
    }

    private static let queries = [
        "{ getProjectByName(name: \"demo\") { spans(first: 200) { edges { node { \(spanFields) } } } } }",
        """
        { getProjectByName(name: "demo") { sessions(first: 200) {
            edges { node { \(sessionFields) } }
        } } }
        """,
        """
        { getProjectByName(name: "demo") { spans(first: 200) {
            edges { node { trace { \(traceFields) } } }
        } } }
        """,
    ]

    @Test(arguments: TestDatabase.available, queries.indices)
    func `a larger page needs no more statements`(on kind: TestDatabase, query: Int) async throws {
        try await kind.withGraphQLService { service in
            let query = Self.queries[query]
            try await service.insert(Self.spans(traces: 1..<4))
            let few = try await service.statements(of: query)
            let short = try await service.data(query).text.utf8.count
            try await service.insert(Self.spans(traces: 4..<40))
            let many = try await service.statements(of: query)
            let long = try await service.data(query).text.utf8.count
            #expect(short * 5 < long)
            // Fields that load the same rows share a statement when they come to it at one time.
            #expect(many.count <= few.count + 3)
        }
    }

    @Test func `payloads are read only when something of them is shown`() async throws {
        try await TestDatabase.sqlite.withGraphQLService { service in
            try await service.insert(Self.spans(traces: 1..<4))
            func count(_ fields: String) async throws -> Int {
                try await service.statements(
                    of: """
                        { getProjectByName(name: "demo") { spans(first: 9) {
                            edges { node { \(fields) } }
                        } } }
                        """
                ).count
            }
            let plain = try await count("name latencyMs statusCode")
            let one = try await count("name attributes")
            let several = try await count("attributes input { value } events { name } metadata")
            #expect(plain < one)
            #expect(several == one)
        }
    }
}
