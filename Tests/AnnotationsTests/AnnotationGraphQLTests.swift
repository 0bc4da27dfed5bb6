import Annotations
import DomainEvents
import JSON
import Locking
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct AnnotationGraphQLTests {
    private static func id(_ type: String, _ row: Int64) -> JSONValue {
        .string(NodeID(typeName: type, rowID: row).description)
    }

    private static func input(
        _ target: Int64, _ name: String = "q", _ more: JSONObject = [:]
    ) -> JSONValue {
        var input: JSONObject = [
            "spanId": id("Span", target), "name": .string(name), "annotatorKind": "HUMAN",
            "metadata": [:], "source": "APP",
        ]
        for (key, value) in more { input[key] = value }
        return .object(input)
    }

    private static let create = """
        mutation M($i: [CreateSpanAnnotationInput!]!) {
            createSpanAnnotations(input: $i) { spanAnnotations { id name label score span { spanId } } }
        }
        """

    @Test(arguments: TestDatabase.available)
    func `annotations of a span are created, changed and deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            let made = try await graphQL.data(
                Self.create,
                ["i": [Self.input(1, "q", ["label": "good", "score": 1]), Self.input(2)]])
            #expect(made["createSpanAnnotations"]?["spanAnnotations"]?[0]?["label"] == "good")
            let changed = try await graphQL.data(
                """
                mutation M($i: [PatchAnnotationInput!]!) {
                    patchSpanAnnotations(input: $i) { spanAnnotations { label score explanation } }
                }
                """,
                [
                    "i": [
                        [
                            "annotationId": Self.id("SpanAnnotation", 1), "score": .null,
                            "explanation": "since",
                        ]
                    ]
                ])
            let expected: JSONValue = [
                "patchSpanAnnotations": [
                    "spanAnnotations": [
                        ["label": "good", "score": .null, "explanation": "since"]
                    ]
                ]
            ]
            #expect(changed == expected)
            _ = try await graphQL.data(
                """
                mutation M($i: [ID!]!) {
                    deleteSpanAnnotations(input: { annotationIds: $i }) { query { projectCount } }
                }
                """, ["i": [Self.id("SpanAnnotation", 1)]])
            #expect(try await service.stored().map(\.id) == [Annotation.ID(2)])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a mutation that cannot be done whole changes nothing`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            let answer = try await graphQL.data(
                Self.create, ["i": [Self.input(1), Self.input(99)]])
            #expect(answer.stringValue?.hasPrefix("Could not find spans with IDs: ['") == true)
            #expect(try await service.stored().isEmpty)
            _ = try await graphQL.data(Self.create, ["i": [Self.input(1), Self.input(1, "r")]])
            let deletion = try await graphQL.data(
                """
                mutation M($i: [ID!]!) {
                    deleteSpanAnnotations(input: { annotationIds: $i }) { query { projectCount } }
                }
                """, ["i": [Self.id("SpanAnnotation", 1), Self.id("SpanAnnotation", 98)]])
            #expect(deletion == "Could not find span annotations with IDs: {98}")
            let patch = try await graphQL.data(
                """
                mutation M($i: [PatchAnnotationInput!]!) {
                    patchSpanAnnotations(input: $i) { query { projectCount } }
                }
                """, ["i": [["annotationId": Self.id("SpanAnnotation", 1), "name": "r"]]])
            #expect(
                patch
                    == "There is another annotation with this name and identifier. Change that one."
            )
            #expect(try await service.stored().map(\.name) == ["r", "q"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `viewers and read-only servers change nothing`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            let variables: JSONObject = ["i": [Self.input(1)]]
            #expect(
                try await graphQL.data(Self.create, variables, as: .user(.viewer))
                    == "Viewers cannot perform this action")
            #expect(
                try await graphQL.data(Self.create, variables, isReadOnly: true)
                    == "Application is read-only")
            let sweep = """
                mutation M($i: ID!) {
                    deleteProjectSpanAnnotations(input: { projectId: $i, annotationName: "q" }) {
                        deletedAnnotationCount
                    }
                }
                """
            #expect(
                try await graphQL.data(
                    sweep, ["i": Self.id("Project", 1)], as: .user(.member))
                    == "Only admin can perform this action")
            #expect(try await service.stored().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `fields of many spans take one statement`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            _ = try await graphQL.data(Self.create, ["i": [Self.input(1), Self.input(2)]])
            func query(_ fields: String) -> String {
                """
                { getProjectByName(name: "demo") {
                    spans(first: 10) { edges { node { spanId \(fields) } } } } }
                """
            }
            let without = try await graphQL.statements(of: query(""))
            let with = try await graphQL.statements(
                of: query(
                    "spanAnnotations { name } spanNotes { name } spanAnnotationSummaries { name }"))
            #expect(with == without + 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a summary averages each span first`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            _ = try await graphQL.data(
                Self.create,
                [
                    "i": [
                        Self.input(1, "q", ["label": "a", "score": 1]),
                        Self.input(1, "q", ["label": "b", "score": 0, "identifier": "2"]),
                        Self.input(2, "q", ["label": "a"]), Self.input(3, "q", ["score": 0.5]),
                    ]
                ])
            let summary = try await graphQL.data(
                """
                { getProjectByName(name: "demo") { spanAnnotationSummary(annotationName: "q") {
                    count scoreCount labelCount meanScore labelFractions { label fraction } } } }
                """)
            let fractions: JSONValue = [
                ["label": "a", "fraction": 0.5], ["label": "b", "fraction": .double(0.5 / 3)],
            ]
            let expected: JSONValue = [
                "getProjectByName": [
                    "spanAnnotationSummary": [
                        "count": 4, "scoreCount": 3, "labelCount": 3, "meanScore": 0.5,
                        "labelFractions": fractions,
                    ]
                ]
            ]
            #expect(summary == expected)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `pages of spans that are sorted by a score end with those without`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let graphQL = try AnnotationsGraphQLService(service.tracing)
            _ = try await graphQL.data(
                Self.create,
                [
                    "i": [
                        Self.input(1, "q", ["label": "a"]), Self.input(2, "q", ["score": 1]),
                        Self.input(3, "q", ["score": 2]),
                    ]
                ])
            let query = """
                query Q($after: String) { getProjectByName(name: "demo") {
                    spans(first: 1, after: $after,
                        sort: { evalResultKey: { name: "q", attr: score }, dir: desc }
                    ) { edges { cursor node { spanId } } pageInfo { hasNextPage } } } }
                """
            var found: [String] = []
            var after: JSONValue = .null
            for _ in 0..<4 {
                let page = try await graphQL.data(query, ["after": after])
                let spans = page["getProjectByName"]?["spans"]
                found.append(spans?["edges"]?[0]?["node"]?["spanId"]?.stringValue ?? "")
                after = spans?["edges"]?[0]?["cursor"] ?? .null
                if spans?["pageInfo"]?["hasNextPage"] == false { break }
            }
            #expect(found == [3, 2, 1].map { Annotation.Subject.span.target($0) })
        }
    }

    @Test(arguments: TestDatabase.available)
    func `writing annotations is told as an event of their projects`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let events = Mutex<[DomainEvent]>([])
            let tracing = TracingStore(service.tracing.database) { event in
                events.withLock { $0.append(event) }
            }
            let graphQL = try AnnotationsGraphQLService(tracing)
            _ = try await graphQL.data(Self.create, ["i": [Self.input(1), Self.input(3)]])
            _ = try await graphQL.data(Self.create, ["i": [Self.input(99)]])
            let project = try await tracing.project(Identifier("demo")).id
            #expect(
                events.withLock { $0 } == [
                    .annotationsChanged(AnnotationsChanged(project: project))
                ])
        }
    }
}
