import Annotations
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

/// Answers are those of the contract's server to the same requests.
@Suite struct AnnotationConfigTests {
    private static let path = "/v1/annotation_configs"
    private static let projectPath = "/v1/projects/demo/annotation_configs"

    private static func categorical(_ name: String, labels: [String] = ["a", "b"]) -> JSONValue {
        [
            "name": .string(name), "type": "CATEGORICAL", "optimization_direction": "MAXIMIZE",
            "values": .array(labels.map { ["label": .string($0)] }),
        ]
    }

    private static func freeform(_ name: String) -> JSONValue {
        ["name": .string(name), "type": "FREEFORM"]
    }

    private static func continuous(_ name: String, _ lower: Double, _ upper: Double) -> JSONValue {
        [
            "name": .string(name), "type": "CONTINUOUS", "optimization_direction": "MINIMIZE",
            "lower_bound": .double(lower), "upper_bound": .double(upper),
        ]
    }

    @Test(arguments: TestDatabase.available)
    func `a database begins with one config`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let answer = try await service.get(Self.path)
            #expect(
                answer.data == [
                    [
                        "name": "user_feedback", "type": "CATEGORICAL",
                        "description": "User feedback labels for traces.",
                        "optimization_direction": "MAXIMIZE",
                        "values": [
                            ["label": "positive", "score": 1.0],
                            ["label": "negative", "score": 0.0],
                        ],
                        "id": "Q2F0ZWdvcmljYWxBbm5vdGF0aW9uQ29uZmlnOjE=",
                    ]
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `configs are created, shown, replaced and deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let created = try await service.call(
                .post, Self.path,
                body: [
                    "name": "f", "type": "FREEFORM", "optimization_direction": "NONE",
                    "threshold": 0.5, "lower_bound": 0, "other": 1,
                ])
            var config: JSONValue = [
                "name": "f", "type": "FREEFORM", "description": .null,
                "optimization_direction": "NONE", "threshold": 0.5, "lower_bound": 0.0,
                "upper_bound": .null, "id": "RnJlZWZvcm1Bbm5vdGF0aW9uQ29uZmlnOjI=",
            ]
            #expect(created.json["data"] == config)
            let id = "RnJlZWZvcm1Bbm5vdGF0aW9uQ29uZmlnOjI="
            #expect(try await service.get("\(Self.path)/f").json["data"] == config)
            #expect(try await service.get("\(Self.path)/\(id)").json["data"] == config)
            let replaced = try await service.call(
                .put, "\(Self.path)/\(id)", body: Self.continuous("c", 1, 2))
            config = [
                "name": "c", "type": "CONTINUOUS", "description": .null,
                "optimization_direction": "MINIMIZE", "lower_bound": 1.0, "upper_bound": 2.0,
                "id": "Q29udGludW91c0Fubm90YXRpb25Db25maWc6Mg==",
            ]
            #expect(replaced.json["data"] == config)
            #expect(try await service.get("\(Self.path)/f").status == 404)
            let deleted = try await service.call(.delete, "\(Self.path)/\(id)")
            #expect(deleted.json["data"] == config)
            #expect(try await service.call(.delete, "\(Self.path)/\(id)").status == 404)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `configs that cannot be are refused`(on database: TestDatabase) async throws {
        let taken = "The name of the annotation configuration is already taken"
        let reserved =
            "The name 'note' is reserved for trace and span notes and cannot be used for "
            + "annotation configs."
        let cases: [(HTTPMethod, String, JSONValue, Int, String)] = [
            (.post, "", Self.freeform("user_feedback"), 409, taken),
            (.post, "", Self.freeform("note"), 409, reserved),
            (.post, "", Self.categorical("x", labels: []), 400, "Values must be non-empty"),
            (.post, "", Self.categorical("x", labels: ["a", ""]), 400, "Label must be non-empty"),
            (
                .post, "", Self.categorical("x", labels: ["a", "a"]), 400,
                "Values for categorical annotation config has duplicate label: \"a\""
            ),
            (
                .post, "", Self.continuous("x", 1, 1), 400,
                "Lower bound must be strictly less than upper bound"
            ),
            (
                .put, "/RnJlZWZvcm1Bbm5vdGF0aW9uQ29uZmlnOjk5", Self.freeform("x"), 404,
                "Annotation configuration not found"
            ),
            (
                .put, "/UHJvamVjdDox", Self.freeform("x"), 400,
                "Invalid annotation configuration ID"
            ),
            (
                .put, "/nonsense", Self.freeform("x"), 422,
                "Invalid annotation configuration ID format: nonsense"
            ),
        ]
        try await database.withAnnotationsService { service in
            for (method, suffix, body, status, text) in cases {
                let answer = try await service.call(method, Self.path + suffix, body: body)
                #expect(answer.status == status)
                #expect(answer.text == text)
            }
        }
    }

    @Test func `a body of no known type is refused as a whole`() async throws {
        let cases: [(JSONValue, String)] = [
            (
                ["name": "x"],
                #"{"detail":[{"type":"union_tag_not_found","loc":["body"],"msg":"Unable to "#
                    + #"extract tag using discriminator 'type'","input":{"name":"x"},"#
                    + #""ctx":{"discriminator":"'type'"}}]}"#
            ),
            (
                ["name": "x", "type": 1],
                #"{"detail":[{"type":"union_tag_invalid","loc":["body"],"msg":"Input tag '1' "#
                    + #"found using 'type' does not match any of the expected tags: "#
                    + #"'CATEGORICAL', 'CONTINUOUS', 'FREEFORM'","input":{"name":"x","type":1},"#
                    + #""ctx":{"discriminator":"'type'","tag":"1","expected_tags":"#
                    + #""'CATEGORICAL', 'CONTINUOUS', 'FREEFORM'"}}]}"#
            ),
            (
                [],
                #"{"detail":[{"type":"model_attributes_type","loc":["body"],"msg":"Input should "#
                    + #"be a valid dictionary or object to extract fields from","input":[]}]}"#
            ),
            (
                [
                    "type": "CATEGORICAL", "name": "v", "optimization_direction": "UP",
                    "values": [[:]],
                ],
                #"{"detail":[{"type":"enum","loc":["body","CATEGORICAL","#
                    + #""optimization_direction"],"msg":"Input should be 'MINIMIZE', 'MAXIMIZE' "#
                    + #"or 'NONE'","input":"UP","ctx":{"expected":"'MINIMIZE', 'MAXIMIZE' or "#
                    + #"'NONE'"}},{"type":"missing","loc":["body","CATEGORICAL","values",0,"#
                    + #""label"],"msg":"Field required","input":{}}]}"#
            ),
        ]
        try await TestDatabase.sqlite.withAnnotationsService { service in
            for (body, text) in cases {
                let answer = try await service.call(.post, Self.path, body: body)
                #expect(answer.status == 422)
                #expect(answer.text == text)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a project has the configs that are assigned to it`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            var ids: [String] = []
            for name in ["a", "b", "c"] {
                let answer = try await service.call(.post, Self.path, body: Self.freeform(name))
                ids.append(try #require(answer.json["data"]?["id"]?.stringValue))
            }
            func names() async throws -> [String?] {
                try await service.get(Self.projectPath).data.map { $0["name"]?.stringValue }
            }
            func set(_ ids: [String]) async throws -> RouteAnswer {
                try await service.call(
                    .put, Self.projectPath,
                    body: ["annotation_config_ids": .array(ids.map(JSONValue.string))])
            }
            #expect(try await names() == [])
            for name in ["a", ids[2], "a"] {
                let answer = try await service.call(.put, "\(Self.projectPath)/\(name)")
                #expect(answer.status == 200)
            }
            #expect(try await names() == ["c", "a"])
            let page = try await service.get(Self.projectPath, "limit=1")
            #expect(page.nextCursor == ids[0])
            let changed = try await set([ids[1], ids[2], ids[1]])
            #expect(changed.data.map { $0["name"] } == ["c", "b"])
            #expect(try await names() == ["c", "b"])
            #expect(
                try await set(["a"]).text == "Invalid annotation configuration ID: a")
            #expect(
                try await set(["RnJlZWZvcm1Bbm5vdGF0aW9uQ29uZmlnOjk5"]).text
                    == "One or more annotation configurations were not found")
            for _ in 0..<2 {
                let answer = try await service.call(.delete, "\(Self.projectPath)/b")
                #expect(answer.status == 204)
            }
            #expect(
                try await service.call(.put, "\(Self.projectPath)/none").text
                    == "Annotation configuration not found")
            #expect(try await names() == ["c"])
            _ = try await service.call(.delete, "\(Self.path)/\(ids[2])")
            #expect(try await names() == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `configs are listed newest first and paged`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            for name in ["a", "b"] {
                _ = try await service.call(.post, Self.path, body: Self.freeform(name))
            }
            var names: [String?] = []
            var cursor = ""
            for _ in 0..<3 {
                let page = try await service.get(Self.path, "limit=1&cursor=\(cursor)")
                names += page.data.map { $0["name"]?.stringValue }
                cursor = page.nextCursor ?? ""
            }
            #expect(names == ["b", "a", "user_feedback"])
            #expect(cursor == "")
            let answer = try await service.get(Self.path, "cursor=zz")
            #expect(answer.status == 400)
            #expect(answer.text == "Invalid cursor: zz")
        }
    }

    // MARK: Many at once

    private static func configs(
        _ count: Int, _ store: AnnotationStore
    ) async throws -> [AnnotationConfig.ID] {
        var ids: [AnnotationConfig.ID] = []
        for number in 0..<count {
            let draft = AnnotationConfigDraft(
                name: "c\(number)", shape: AnnotationConfig.Shape(kind: .freeform))
            ids.append(try await store.create(draft).id)
        }
        return ids
    }

    @Test(arguments: TestDatabase.available)
    func `configs are taken from projects all or none, however many`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let store = service.store
            let project = try await service.tracing.project(Identifier("demo")).id
            let ids = try await Self.configs(600, store)
            let pairs = ids.map { (config: $0, project: project) }
            #expect(try await store.assign(pairs + [pairs[0]]) == .done)
            #expect(try await store.assign([pairs[599]]) == .assignedAlready)
            let unknown = (config: AnnotationConfig.ID(99_999), project: project)
            #expect(try await store.assign([unknown]) == .configNotFound)
            #expect(try await store.unassign(pairs + [unknown]) == false)
            func count() async throws -> Int? {
                try await store.configs(ofProjects: [project])[project]?.count
            }
            #expect(try await count() == 600)
            #expect(try await store.unassign(pairs + [pairs[0]]))
            #expect(try await count() == nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `configs of many projects are assigned with few statements`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { tracing in
            let counting = CountingDatabase(tracing.database)
            let service = AnnotationsService(TracingStore(counting))
            try await service.insert(
                (1...100).map { .stub(trace: $0, span: $0, project: "p\($0)") })
            let config = try await Self.configs(1, service.store)[0]
            let projects = try await tracing.projects(limit: 200).rows.map(\.id)
            let pairs = projects.map { (config: config, project: $0) }
            let statements = try await counting.statements {
                let assignment = try await service.store.assign(pairs)
                #expect(assignment == .done)
            }
            #expect(statements.count <= 5)
            let assigned = try await service.store.configs(ofProjects: projects)
            #expect(assigned.count == projects.count && projects.count >= 100)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `of two that set the configs of a project at once one counts`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let store = service.store
            let project = try await service.tracing.project(Identifier("demo")).id
            let ids = try await Self.configs(4, store)
            for _ in 0..<40 {
                async let first = store.setConfigs([ids[0], ids[1]], of: project)
                async let second = store.setConfigs([ids[2], ids[3]], of: project)
                _ = try await (first, second)
                let stored = try await store.configs(ofProjects: [project])[project]?.map(\.id)
                #expect(stored == [ids[0], ids[1]] || stored == [ids[2], ids[3]])
                _ = try await store.setConfigs([], of: project)
            }
        }
    }
}
