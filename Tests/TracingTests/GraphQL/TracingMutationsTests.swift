import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct TracingMutationsTests {
    private func create(_ input: String) -> String {
        """
        mutation { createProject(input: {\(input)}) {
            project { name description gradientStartColor gradientEndColor }
            query { projectCount }
        } }
        """
    }

    private func id(of name: String, _ service: GraphQLService) async throws -> String {
        try #require(try await service.store.projectIfAny(named: name)).id.nodeID.description
    }

    @Test(arguments: TestDatabase.available)
    func `a project is created with what it was given, without blanks around it`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            let full = try await service.data(
                create(
                    ##"name: " p ", description: " d ", gradientStartColor: "#AABBCC""##))
            #expect(
                full["createProject"]?["project"] == [
                    "name": "p", "description": "d", "gradientStartColor": "#AABBCC",
                    "gradientEndColor": "#1c76fc",
                ])
            let plain = try await service.data(
                create(
                    #"name: "q", description: "", gradientStartColor: "", gradientEndColor: null"#)
            )
            #expect(
                plain["createProject"]?["project"] == [
                    "name": "q", "description": nil, "gradientStartColor": "#5bdbff",
                    "gradientEndColor": "#1c76fc",
                ])
        }
    }

    @Test(arguments: [
        (#"name: """#, "Name cannot be empty"), (#"name: "  ""#, "Name cannot be empty"),
        (#"name: "taken""#, "Project with name 'taken' already exists"),
        (
            #"name: "x", gradientStartColor: "red""#,
            "Gradient start color must be a valid hex color"
        ),
        (
            ##"name: "x", gradientEndColor: "#fff""##,
            "Gradient end color must be a valid hex color"
        ),
    ])
    func `a project that cannot be is refused`(input: String, message: String) async throws {
        try await TestDatabase.sqlite.withGraphQLService { service in
            _ = try await service.data(create(#"name: "taken""#))
            #expect(try await service.messages(create(input)) == [message])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `patching changes what is given and clears what is null or blank`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            _ = try await service.data(create(#"name: "p", description: "d""#))
            let id = try await id(of: "p", service)
            func patch(_ input: String) async throws -> JSONValue? {
                try await service.data(
                    """
                    mutation { patchProject(input: {id: "\(id)"\(input)}) {
                        project { description gradientStartColor }
                    } }
                    """)["patchProject"]?["project"]
            }
            let plain = "#5bdbff"
            func expected(_ text: JSONValue, _ color: String) -> JSONValue {
                ["description": text, "gradientStartColor": .string(color)]
            }
            #expect(try await patch("") == expected("d", plain))
            #expect(try await patch(#", description: " e ""#) == expected("e", plain))
            #expect(
                try await patch(##", gradientStartColor: "#000000""##) == expected("e", "#000000"))
            #expect(try await patch(", gradientStartColor: null") == expected("e", "#000000"))
            #expect(try await patch(", description: null") == expected(nil, "#000000"))
            #expect(try await patch(#", description: " ""#) == expected(nil, "#000000"))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `clearing deletes traces that start before a time, and sessions left empty`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert(
                (1...3).map { number in
                    var span = SpanResolversTests.span(
                        number, at: Int64(number) * 60, trace: number)
                    span.sessionID = "s\(number)"
                    return span
                })
            let id = try await id(of: "demo", service)
            func clear(_ end: String) async throws -> JSONValue {
                try await service.data(
                    """
                    mutation { clearProject(input: {id: "\(id)"\(end)}) {
                        getProjectByName(name: "demo") {
                            traceCount recordCount sessions(first: 9) { edges { node { sessionId } } }
                        }
                    } }
                    """)["clearProject"]?["getProjectByName"] ?? .null
            }
            let part = try await clear(#", endTime: "2026-09-21T14:15:20Z""#)
            #expect(part["traceCount"] == 2)
            #expect(part["sessions"]?["edges"]?.arrayValue?.count == 2)
            let all = try await clear("")
            #expect(all == ["traceCount": 0, "recordCount": 0, "sessions": ["edges": []]])
            #expect(try await service.store.integrityFindings().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a project is deleted, but for the default one`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([.stub(span: 1), .stub(trace: 2, span: 2, project: "default")])
            let demo = try await id(of: "demo", service)
            let mutation = "mutation { deleteProject(id: \"\(demo)\") { projectCount } }"
            _ = try await service.data(mutation)
            #expect(try await service.store.projectIfAny(named: "demo") == nil)
            #expect(try await service.messages(mutation).count == 1)
            let fixed = try await id(of: "default", service)
            let messages = try await service.messages(
                "mutation { deleteProject(id: \"\(fixed)\") { projectCount } }")
            #expect(messages == ["The default project cannot be deleted"])
        }
    }

    private static func id(ofTrace row: Int64) -> JSONValue {
        .string(Trace.ID(row).nodeID.description)
    }

    private func delete(
        _ ids: [JSONValue], _ service: GraphQLService
    ) async throws -> [String] {
        try await service.messages(
            "mutation ($ids: [ID!]!) { deleteTraces(traceIds: $ids) { projectCount } }",
            ["ids": .array(ids)])
    }

    @Test(arguments: TestDatabase.available)
    func `traces are deleted all or none, and sessions with their last trace`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([
                .stub(trace: 1, span: 1, session: "s"), .stub(trace: 2, span: 2, session: "s"),
                .stub(trace: 3, span: 3, project: "other"),
            ])
            #expect(
                try await delete([], service) == ["Must provide at least one trace ID to delete"])
            #expect(
                try await delete([Self.id(ofTrace: 1), Self.id(ofTrace: 99)], service)
                    == ["Invalid trace IDs provided"])
            #expect(
                try await delete([Self.id(ofTrace: 1), Self.id(ofTrace: 3)], service)
                    == ["Cannot delete traces from multiple projects"])
            #expect(
                try await delete([.string(Span.ID(1).nodeID.description)], service) == [
                    "The node id must correspond to a node of type Trace, but instead corresponds"
                        + " to a node of type: Span"
                ])
            let count = "{ getProjectByName(name: \"demo\") { traceCount sessionCount } }"
            #expect(
                try await service.data(count)["getProjectByName"]
                    == ["traceCount": 2, "sessionCount": 1])
            #expect(try await delete([Self.id(ofTrace: 1)], service).isEmpty)
            #expect(
                try await service.data(count)["getProjectByName"]
                    == ["traceCount": 1, "sessionCount": 1])
            #expect(
                try await delete([Self.id(ofTrace: 2), Self.id(ofTrace: 2)], service).isEmpty)
            #expect(
                try await service.data(count)["getProjectByName"]
                    == ["traceCount": 0, "sessionCount": 0])
            #expect(try await service.store.integrityFindings().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `traces of one project move to another`(on kind: TestDatabase) async throws {
        try await kind.withGraphQLService { service in
            try await service.insert([
                .stub(trace: 1, span: 1, session: "s"), .stub(trace: 2, span: 2),
                .stub(trace: 3, span: 3, project: "other"),
            ])
            let other = try await id(of: "other", service)
            func transfer(_ ids: [JSONValue], to project: String) async throws -> [String] {
                try await service.messages(
                    """
                    mutation ($ids: [ID!]!, $to: ID!) {
                        transferTracesToProject(traceIds: $ids, projectId: $to) { projectCount }
                    }
                    """, ["ids": .array(ids), "to": .string(project)])
            }
            #expect(
                try await transfer([], to: other)
                    == ["Must provide at least one trace ID to transfer"])
            #expect(
                try await transfer([Self.id(ofTrace: 99)], to: other)
                    == ["Invalid trace IDs provided"])
            #expect(
                try await transfer([Self.id(ofTrace: 1), Self.id(ofTrace: 3)], to: other)
                    == ["Cannot transfer traces from multiple projects"])
            #expect(
                try await transfer(
                    [Self.id(ofTrace: 1)], to: Project.ID(999).nodeID.description)
                    == ["Destination project does not exist"])
            #expect(try await transfer([Self.id(ofTrace: 1)], to: other).isEmpty)
            let moved = try await service.trace(
                1, "project { name } session { project { name } } rootSpan { project { name } }")
            #expect(
                moved == [
                    "project": ["name": "other"],
                    "session": ["project": ["name": "demo"]],
                    "rootSpan": ["project": ["name": "other"]],
                ])
            #expect(try await service.store.integrityFindings().isEmpty)
        }
    }

    static let mutations = [
        #"createProject(input: {name: "x"}) { project { id } }"#,
        #"patchProject(input: {id: "x"}) { project { id } }"#,
        #"clearProject(input: {id: "x"}) { projectCount }"#,
        #"deleteProject(id: "x") { projectCount }"#,
        #"deleteTraces(traceIds: []) { projectCount }"#,
        #"transferTracesToProject(traceIds: [], projectId: "x") { projectCount }"#,
    ]

    @Test(arguments: mutations)
    func `nothing changes while the application is read-only, nor by a viewer`(
        mutation: String
    ) async throws {
        try await TestDatabase.sqlite.withGraphQLService { service in
            let query = "mutation { \(mutation) }"
            #expect(
                try await service.messages(query, isReadOnly: true)
                    == ["Application is read-only"])
            #expect(
                try await service.messages(query, as: .user(.viewer))
                    == ["Viewers cannot perform this action"])
            let asMember = try await service.messages(query, as: .user(.member))
            #expect(!asMember.contains("Only admin can perform this action"))
        }
    }
}
