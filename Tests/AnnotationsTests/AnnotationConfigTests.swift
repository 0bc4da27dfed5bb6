import HTTPMessages
import JSON
import TestSupport
import Testing

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
}
