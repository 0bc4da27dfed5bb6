import JSON
import PhoenixModel
import Prompts
import TestSupport
import Testing

/// What the original answered to the same requests.
@Suite struct PromptGraphQLTests {
    private func text(_ value: JSONValue?) -> String { value?.stringValue ?? "" }

    // MARK: Prompts

    @Test(arguments: TestDatabase.available)
    func `a prompt is created and read back`(on database: TestDatabase) async throws {
        try await database.withPromptsGraphQL { service in
            let shown = try await service.create(
                "p", ["description": "v1", "metadata": ["m": 1]],
                more: [
                    "description": "d", "metadata": ["a": 1],
                    "tags": [["name": "t1", "description": "x"], ["name": "t2"]],
                ],
                """
                id sourcePromptId name description metadata createdAt createdBy { id }
                updatedBy { id } versionCount versionTags { id name description promptVersionId }
                labels { id } sourcePrompt { id }
                version {
                    id description templateType templateFormat metadata createdAt modelName
                    modelProvider sequenceNumber isLatest previousVersion { id }
                    tags { name user { id } } user { id } customProvider { id }
                    tools { disableParallelToolCalls } responseFormat { jsonSchema { name } }
                }
                """)
            let version = "UHJvbXB0VmVyc2lvbjox"
            let expected: JSONValue = [
                "id": "UHJvbXB0OjE=", "sourcePromptId": .null, "name": "p", "description": "d",
                "metadata": ["a": 1], "createdAt": "2026-09-21T14:23:20+00:00",
                "createdBy": .null, "updatedBy": .null, "versionCount": 1, "labels": [],
                "sourcePrompt": .null,
                "versionTags": [
                    [
                        "id": "UHJvbXB0VmVyc2lvblRhZzox", "name": "t1", "description": "x",
                        "promptVersionId": .string(version),
                    ],
                    [
                        "id": "UHJvbXB0VmVyc2lvblRhZzoy", "name": "t2", "description": .null,
                        "promptVersionId": .string(version),
                    ],
                ],
                "version": [
                    "id": .string(version), "description": "v1", "templateType": "CHAT",
                    "templateFormat": "MUSTACHE", "metadata": ["m": 1],
                    "createdAt": "2026-09-21T14:23:20+00:00", "modelName": "m",
                    "modelProvider": "OPENAI", "sequenceNumber": 1, "isLatest": true,
                    "previousVersion": .null, "user": .null, "customProvider": .null,
                    "tags": [["name": "t1", "user": .null], ["name": "t2", "user": .null]],
                    "tools": .null, "responseFormat": .null,
                ],
            ]
            #expect(shown == expected)
            #expect(try await service.create("p") == "A prompt named 'p' already exists")
            #expect(try await service.data("{ promptCount }") == ["promptCount": 1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `versions are added, numbered and found`(on database: TestDatabase) async throws {
        try await database.withPromptsGraphQL { service in
            let first = text(
                try await service.create("p", more: ["tags": [["name": "t"]]])[
                    "version"]?["id"])
            let prompt: JSONValue = "UHJvbXB0OjE="
            let other = text(try await service.create("q")["version"]?["id"])
            let added = try await service.mutate(
                "createChatPromptVersion", "CreateChatPromptVersionInput",
                ["promptId": prompt, "promptVersion": PromptsGraphQLService.version()],
                "version { id sequenceNumber isLatest previousVersion { id } }")
            let second = text(added["version"]?["id"])
            #expect(
                added["version"] == [
                    "id": .string(second), "sequenceNumber": 2, "isLatest": true,
                    "previousVersion": ["id": .string(first)],
                ])
            func version(_ arguments: String) async throws -> String {
                let answer = try await service.data(
                    "{ node(id: \"UHJvbXB0OjE=\") { ... on Prompt { version\(arguments) { id } } } }"
                )
                return text(answer["node"]?["version"]?["id"] ?? answer)
            }
            #expect(try await version("") == second)
            #expect(try await version("(versionId: \"\(first)\")") == first)
            #expect(try await version("(tagName: \"t\")") == first)
            #expect(
                try await version("(tagName: \"nope\")")
                    == "This prompt has no associated versions by tag nope")
            #expect(
                try await version("(versionId: \"\(other)\")")
                    == "Prompt version not found: \(other)")
            let page = try await service.data(
                """
                { node(id: "UHJvbXB0OjE=") { ... on Prompt { promptVersions(first: 1) {
                    edges { cursor node { id } } pageInfo { hasNextPage } } } } }
                """)
            #expect(
                page["node"]?["promptVersions"] == [
                    "edges": [
                        ["cursor": "Y29ubmVjdGlvbjow", "node": ["id": .string(second)]]
                    ],
                    "pageInfo": ["hasNextPage": true],
                ])
            #expect(
                try await service.mutate(
                    "createChatPromptVersion", "CreateChatPromptVersionInput",
                    [
                        "promptId": "UHJvbXB0Ojk5OTk=",
                        "promptVersion": PromptsGraphQLService.version(),
                    ], "id") == "Prompt with ID 'UHJvbXB0Ojk5OTk=' not found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `prompts are listed newest first, by name and by label`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsGraphQL { service in
            for name in ["alpha", "beta", "alphabet"] { _ = try await service.create(name) }
            _ = try await service.mutate(
                "createPromptLabel", "CreatePromptLabelInput", ["name": "l", "color": "#FFF"],
                "query { promptCount }")
            _ = try await service.mutate(
                "setPromptLabels", "SetPromptLabelsInput",
                ["promptId": "UHJvbXB0OjI=", "promptLabelIds": ["UHJvbXB0TGFiZWw6MQ=="]],
                "query { promptCount }")
            func names(_ arguments: String) async throws -> [String] {
                let answer = try await service.data(
                    "{ prompts\(arguments) { edges { node { name } } } }")
                return (answer["prompts"]?["edges"]?.arrayValue ?? []).map {
                    text($0["node"]?["name"])
                }
            }
            #expect(try await names("") == ["alphabet", "beta", "alpha"])
            #expect(try await names("(first: 1)") == ["alphabet"])
            #expect(
                try await names("(filter: {col: name, value: \"ALPHA\"})") == ["alphabet", "alpha"])
            #expect(try await names("(labelIds: [\"UHJvbXB0TGFiZWw6MQ==\"])") == ["beta"])
            #expect(try await names("(labelIds: [])").count == 3)
            let found = try await service.data(
                "{ searchResources(query: \"BETA\") { ... on Prompt { name } } }")
            #expect(found == ["searchResources": [["name": "beta"]]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a clone has the versions of its source, and no tags`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsGraphQL { service in
            _ = try await service.create(
                "p", ["description": "one"], more: ["description": "d", "tags": [["name": "t"]]])
            _ = try await service.mutate(
                "createChatPromptVersion", "CreateChatPromptVersionInput",
                [
                    "promptId": "UHJvbXB0OjE=",
                    "promptVersion": PromptsGraphQLService.version(["description": "two"]),
                ], "id")
            func clone(_ input: JSONObject) async throws -> JSONValue {
                try await service.mutate(
                    "clonePrompt", "ClonePromptInput", input,
                    """
                    sourcePrompt { name } description metadata versionTags { name }
                    promptVersions { edges { node { description sequenceNumber modelName } } }
                    """)
            }
            #expect(
                try await clone(["name": "q", "promptId": "UHJvbXB0OjE="]) == [
                    "sourcePrompt": ["name": "p"], "description": "d", "metadata": [:],
                    "versionTags": [],
                    "promptVersions": [
                        "edges": [
                            [
                                "node": [
                                    "description": "two", "sequenceNumber": 2, "modelName": "m",
                                ]
                            ],
                            [
                                "node": [
                                    "description": "one", "sequenceNumber": 1, "modelName": "m",
                                ]
                            ],
                        ]
                    ],
                ])
            let changed = try await clone([
                "name": "r", "promptId": "UHJvbXB0OjE=", "description": .null,
                "metadata": ["c": 1],
            ])
            #expect(changed["description"] == .null)
            #expect(changed["metadata"] == ["c": 1])
            #expect(
                try await clone(["name": "q", "promptId": "UHJvbXB0OjE="])
                    == "A prompt named 'q' already exists")
            #expect(
                try await clone(["name": "s", "promptId": "UHJvbXB0Ojk5OTk="])
                    == "Prompt with ID 'UHJvbXB0Ojk5OTk=' not found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a prompt is patched and deleted`(on database: TestDatabase) async throws {
        try await database.withPromptsGraphQL { service in
            _ = try await service.create("p", more: ["description": "d", "metadata": ["a": 1]])
            func patch(_ changes: JSONObject) async throws -> JSONValue {
                var input: JSONObject = ["promptId": "UHJvbXB0OjE="]
                for (name, value) in changes { input[name] = value }
                return try await service.mutate(
                    "patchPrompt", "PatchPromptInput", input, "description metadata")
            }
            #expect(
                try await patch(["description": "n"])
                    == ["description": "n", "metadata": ["a": 1]])
            #expect(
                try await patch(["description": .null, "metadata": .null])
                    == ["description": .null, "metadata": [:]])
            #expect(try await patch([:]) == "No fields provided to update")
            #expect(try await patch(["metadata": [1]]) == "metadata must be a JSON object")
            func delete() async throws -> JSONValue {
                try await service.mutate(
                    "deletePrompt", "DeletePromptInput", ["promptId": "UHJvbXB0OjE="],
                    "query { promptCount }")
            }
            #expect(try await delete() == ["query": ["promptCount": 0]])
            #expect(try await delete() == "Prompt with ID 'UHJvbXB0OjE=' not found")
        }
    }

    @Test(arguments: ["Bad", "a b", "", "-a"])
    func `a name that is no slug is refused`(name: String) async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            let answer = text(try await service.create(name))
            #expect(answer.contains("Identifier"))
            #expect(try await service.data("{ promptCount }") == ["promptCount": 0])
        }
    }

    @Test func `those who may not change anything change nothing`() async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            let input: JSONObject = [
                "name": "p", "promptVersion": PromptsGraphQLService.version(),
            ]
            let name = "createChatPrompt"
            let type = "CreateChatPromptInput"
            let viewer = try await service.mutate(name, type, input, "id", as: .user(.viewer))
            #expect(viewer == "Viewers cannot perform this action")
            let readOnly = try await service.mutate(name, type, input, "id", isReadOnly: true)
            #expect(readOnly == "Application is read-only")
            #expect(try await service.data("{ promptCount }") == ["promptCount": 0])
        }
    }

    // MARK: Tags and labels

    @Test(arguments: TestDatabase.available)
    func `a tag moves, keeping its description, and is deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsGraphQL { service in
            let first = try await service.create("p")["version"]?["id"] ?? .null
            let second =
                try await service.mutate(
                    "createChatPromptVersion", "CreateChatPromptVersionInput",
                    ["promptId": "UHJvbXB0OjE=", "promptVersion": PromptsGraphQLService.version()],
                    "version { id }")["version"]?["id"] ?? .null
            func set(_ version: JSONValue, _ description: JSONValue) async throws -> JSONValue {
                try await service.mutate(
                    "setPromptVersionTag", "SetPromptVersionTagInput",
                    ["promptVersionId": version, "name": "prod", "description": description],
                    """
                    promptVersionTag { id name description promptVersionId }
                    prompt { versionTags { name } }
                    """)
            }
            _ = try await set(first, "d")
            #expect(
                try await set(second, .null) == [
                    "promptVersionTag": [
                        "id": "UHJvbXB0VmVyc2lvblRhZzox", "name": "prod", "description": "d",
                        "promptVersionId": second,
                    ],
                    "prompt": ["versionTags": [["name": "prod"]]],
                ])
            let unknown = "UHJvbXB0VmVyc2lvbjo5OTk5"
            #expect(
                try await set(.string(unknown), .null)
                    == .string("PromptVersion with ID \(unknown) not found."))
            func delete() async throws -> JSONValue {
                try await service.mutate(
                    "deletePromptVersionTag", "DeletePromptVersionTagInput",
                    ["promptVersionTagId": "UHJvbXB0VmVyc2lvblRhZzox"],
                    "promptVersionTag { id } prompt { versionTags { name } }")
            }
            #expect(
                try await delete()
                    == ["promptVersionTag": .null, "prompt": ["versionTags": []]])
            #expect(
                try await delete() == "PromptVersionTag with ID UHJvbXB0VmVyc2lvblRhZzox not found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `labels are made, changed, put on prompts and taken off`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsGraphQL { service in
            _ = try await service.create("p")
            let prompt: JSONValue = "UHJvbXB0OjE="
            let label: JSONValue = "UHJvbXB0TGFiZWw6MQ=="
            func create(_ name: JSONValue) async throws -> JSONValue {
                try await service.mutate(
                    "createPromptLabel", "CreatePromptLabelInput",
                    ["name": name, "color": "red"],
                    "promptLabels { id name description color usageCount }")
            }
            #expect(
                try await create("L") == [
                    "promptLabels": [
                        [
                            "id": label, "name": "L", "description": .null, "color": "red",
                            "usageCount": 0,
                        ]
                    ]
                ])
            #expect(try await create("L") == "A prompt label named 'L' already exists.")
            let made = try await create("M")["promptLabels"]?[0]?["id"]
            let other = try #require(made)
            func patch(_ input: JSONObject) async throws -> JSONValue {
                try await service.mutate(
                    "patchPromptLabel", "PatchPromptLabelInput", input,
                    "promptLabels { name description }")
            }
            #expect(
                try await patch(["promptLabelId": label, "name": .null, "description": "d"])
                    == ["promptLabels": [["name": "L", "description": "d"]]])
            #expect(
                try await patch(["promptLabelId": label, "name": "M"])
                    == "Error patching PromptLabel. Possibly a name conflict?")
            func change(_ verb: String, _ labels: [JSONValue]) async throws -> JSONValue {
                try await service.mutate(
                    "\(verb)PromptLabels",
                    "\(verb.prefix(1).uppercased())\(verb.dropFirst())PromptLabelsInput",
                    ["promptId": prompt, "promptLabelIds": .array(labels)],
                    "query { promptCount }")
            }
            func labels() async throws -> JSONValue? {
                try await service.data(
                    "{ node(id: \"UHJvbXB0OjE=\") { ... on Prompt { labels { name usageCount } } } }"
                )["node"]?["labels"]
            }
            let done: JSONValue = ["query": ["promptCount": 1]]
            #expect(try await change("set", [label, other]) == done)
            #expect(
                try await labels()
                    == [["name": "L", "usageCount": 1], ["name": "M", "usageCount": 1]])
            let conflict: JSONValue = "Failed to associate PromptLabel with Prompt."
            #expect(try await change("set", [label]) == conflict)
            #expect(try await change("set", ["UHJvbXB0TGFiZWw6OTk="]) == conflict)
            #expect(try await change("set", []) == done)
            #expect(try await change("unset", [label]) == done)
            let number = try #require(NodeID(text(other))?.rowID)
            #expect(
                try await change("unset", [label, other])
                    == "No association between prompt=1 and labels=1, \(number).")
            #expect(try await labels() == [["name": "M", "usageCount": 1]])
            let deleted = try await service.mutate(
                "deletePromptLabels", "DeletePromptLabelsInput",
                ["promptLabelIds": [other, "UHJvbXB0TGFiZWw6OTk="]], "deletedPromptLabelIds")
            #expect(deleted == ["deletedPromptLabelIds": [other, "UHJvbXB0TGFiZWw6OTk="]])
            #expect(try await labels() == [])
        }
    }

    // MARK: Nodes and statements

    @Test func `nodes of rows that are not there are told apart as in the contract`() async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            let ids = [
                "UHJvbXB0Ojk5OTk=", "UHJvbXB0VmVyc2lvblRhZzo5OTk5", "UHJvbXB0TGFiZWw6OTk5OQ==",
            ]
            for id in ids {
                let shown = try await service.data("{ node(id: \"\(id)\") { id } }")
                #expect(shown == ["node": ["id": .string(id)]])
            }
            let version = try await service.data(
                "{ node(id: \"UHJvbXB0VmVyc2lvbjo5OTk5\") { id } }")
            #expect(version == "Unknown prompt version: UHJvbXB0VmVyc2lvbjo5OTk5")
        }
    }

    @Test func `a list takes as many statements for many prompts as for one`() async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            let query = """
                { prompts { edges { node {
                    name versionCount labels { name usageCount } versionTags { name }
                    version { sequenceNumber isLatest previousVersion { id } tags { name } }
                    promptVersions { edges { node { description } } }
                } } } }
                """
            _ = try await service.create("p0", more: ["tags": [["name": "t"]]])
            let one = try await service.statements(of: query).count
            for index in 1..<12 {
                _ = try await service.create("p\(index)", more: ["tags": [["name": "t"]]])
            }
            #expect(try await service.statements(of: query).count == one)
        }
    }
}
