import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

struct ProjectFieldsTests {
    private static func withService(
        projects: Int = 3, on kind: TestDatabase = .sqlite,
        _ body: (GraphQLService) async throws -> Void
    ) async throws {
        try await kind.withTracingStore { store in
            for number in 1...projects {
                let base = 1_790_000_000_000_000 + Int64(number) * 3_600_000_000
                _ = try await store.insert(
                    [
                        [
                            .stub(
                                trace: number * 10, span: number * 10, project: "p\(number)",
                                session: "s\(number)", kind: "LLM", startTime: base,
                                endTime: base + 2_000_000, promptTokens: 5, completionTokens: 2),
                            .stub(
                                trace: number * 10 + 1, span: number * 10 + 1,
                                project: "p\(number)", status: "ERROR", startTime: base + 1,
                                endTime: base + 1_000_001),
                        ]
                    ], now: 0)
            }
            try await body(GraphQLService(store))
        }
    }

    /// Every field that a list of projects may show of each of them.
    private static let listedFields = """
        name startTime endTime hasTraces traceCount recordCount tokenCountTotal tokenCountPrompt
        tokenCountCompletion latencyMsQuantile(probability: 0.5)
        latencyMsQuantile99: latencyMsQuantile(probability: 0.99)
        spanQuantile: spanLatencyMsQuantile(
            probability: 0.5, filterCondition: "status_code == 'ERROR'")
        failing: traceCount(filterCondition: "status_code == 'ERROR'")
        inSessions: recordCount(sessionFilterCondition: "num_traces > 0")
        sessionCount averageSessionDurationMs averageTracesPerSession
        sessionDurationMsQuantile(probability: 0.5)
        traceRetentionPolicy { name projects { edges { node { name } } } }
        """

    @Test(arguments: TestDatabase.available)
    func `a longer list of projects takes no more statements`(on kind: TestDatabase) async throws {
        let query =
            "query($n: Int!) { projects(first: $n) { edges { node { \(Self.listedFields) } } } }"
        try await Self.withService(projects: 12, on: kind) { service in
            let few = try await service.statements(of: query, ["n": 2])
            let many = try await service.statements(of: query, ["n": 13])
            #expect(many.count == few.count, "\(many)")
            #expect(few.count <= 16)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `counts, sums and times of a project`(on kind: TestDatabase) async throws {
        try await Self.withService(on: kind) { service in
            let data = try await service.data(
                """
                { getProjectByName(name: "p1") {
                    recordCount traceCount tokenCountTotal hasTraces startTime endTime
                    latencyMsQuantile(probability: 0.5) averageTracesPerSession
                    none: recordCount(timeRange: { end: "2020-01-01T00:00:00Z" })
                    failing: traceCount(filterCondition: "status_code == 'ERROR'")
                } }
                """)
            let expected: JSONValue = [
                "getProjectByName": [
                    "recordCount": 2, "traceCount": 2, "tokenCountTotal": 7.0, "hasTraces": true,
                    "startTime": "2026-09-21T15:13:00+00:00",
                    "endTime": "2026-09-21T15:14:00+00:00", "latencyMsQuantile": 1500.0,
                    "averageTracesPerSession": 1.0, "none": 0, "failing": 1,
                ]
            ]
            #expect(data == expected)
        }
    }

    @Test func `spans are paged by cursors that tell what they are sorted by`() async throws {
        try await Self.withService { service in
            let query = """
                query($after: String, $sort: SpanSort) { getProjectByName(name: "p1") {
                    spans(first: 1, after: $after, sort: $sort) {
                        edges { cursor node { name } } pageInfo { hasNextPage endCursor }
                    } } }
                """
            for sort in [
                ["col": "startTime", "dir": "desc"], ["col": "tokenCountPrompt", "dir": "asc"],
                ["col": "latencyMs", "dir": "asc"], .null,
            ] as [JSONValue] {
                var cursors: [String] = []
                var after = JSONValue.null
                while cursors.count < 5 {
                    let page = try await service.data(query, ["after": after, "sort": sort])
                    let spans = page["getProjectByName"]?["spans"]
                    guard let edge = spans?["edges"]?[0] else { break }
                    after = edge["cursor"] ?? .null
                    cursors.append(after.stringValue ?? "")
                    #expect(spans?["pageInfo"]?["hasNextPage"] == .bool(cursors.count < 2))
                }
                #expect(Set(cursors).count == 2)
            }
        }
    }

    @Test(
        arguments: [
            ("spans(first: 0) { edges { cursor } }", "`first` must be a positive integer"),
            (
                "spans(first: 1001) { edges { cursor } }",
                "`first` must be less than or equal to 1000"
            ),
            (
                "spans(first: 1, last: 1) { edges { cursor } }",
                "Backward pagination with `last` is not supported"
            ),
            (
                "recordCount(filterCondition: \"name == 'a'\", sessionFilterCondition: \"num_traces > 1\")",
                "Both a filter condition and session filter condition cannot be applied at the same time"
            ),
            ("recordCount(filterCondition: \"1 1\")", "invalid syntax at character 3"),
            ("traceCountTimeSeries(timeRange: {}) { data { value } }", "Start time is required"),
            (
                "latencyMsQuantile(probability: 1.5)",
                "Probability must be between 0 and 1 (inclusive)"
            ),
        ])
    func `what is wrong with an argument is said`(field: String, message: String) async throws {
        try await Self.withService(projects: 1) { service in
            let data = try await service.data("{ getProjectByName(name: \"p1\") { \(field) } }")
            #expect(data == .string(message))
        }
    }

    @Test func `a series has every bin up to the time of the request`() async throws {
        try await Self.withService(projects: 1) { service in
            let data = try await service.data(
                """
                { getProjectByName(name: "p1") {
                    traceCountTimeSeries(timeRange: { start: "2026-09-21T12:30:00Z" }) {
                        data { timestamp value }
                    } } }
                """)
            let points = data["getProjectByName"]?["traceCountTimeSeries"]?["data"]?.arrayValue
            #expect(
                points == [
                    ["timestamp": "2026-09-21T12:00:00+00:00", "value": .null],
                    ["timestamp": "2026-09-21T13:00:00+00:00", "value": .null],
                    ["timestamp": "2026-09-21T14:00:00+00:00", "value": .null],
                ])
        }
    }

    @Test func `the vocabulary has the observed attributes at its end`() async throws {
        try await Self.withService(projects: 1) { service in
            let data = try await service.data(
                """
                { getProjectByName(name: "p1") {
                    sessionFilterVocabulary { name } traceFilterVocabulary { name type category }
                } }
                """)
            let project = data["getProjectByName"]
            let names = project?["sessionFilterVocabulary"]?.arrayValue?
                .compactMap { $0["name"]?.stringValue }
            #expect(names?.first == "session_id")
            #expect(names?.last == "attributes[\"a.b\"]")
            let terms = project?["traceFilterVocabulary"]?.arrayValue
            #expect(
                terms?.contains(["name": "siblings", "type": "iterable", "category": "element"])
                    == true)
        }
    }

    @Test func `a node that is not there fails at the first field that needs it`() async throws {
        try await Self.withService(projects: 1) { service in
            let id = JSONValue.string(Project.ID(999).nodeID.description)
            #expect(
                try await service.data("query($i: ID!) { node(id: $i) { id } }", ["i": id])
                    == ["node": ["id": id]])
            let response = try await service.response(
                "query($i: ID!) { node(id: $i) { ... on Project { name } } }", ["i": id])
            #expect(
                response.errors.map(\.message)
                    == [
                        "There is no Project with the id UHJvamVjdDo5OTk=. It may have been deleted."
                    ])
        }
    }
}
