import HTTPMessages
import JSON
import PhoenixModel
import Prompts
import TestSupport
import Testing

/// What the original answered to the same requests.
@Suite struct PromptRoutesTests {
    // MARK: Prompts

    @Test(arguments: TestDatabase.available)
    func `the first version makes the prompt, others are added to it`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsService { service in
            let first = try await service.call(
                .post, "/v1/prompts",
                body: [
                    "prompt": [
                        "name": "p1", "description": "d", "metadata": ["k": [1, .null]],
                        "source_prompt_id": "anything",
                    ],
                    "version": .version(["other": 1]),
                ])
            #expect(first.status == 200)
            #expect(
                first.text
                    == #"{"data":{"description":"","model_provider":"OPENAI","model_name":"m","#
                    + #""template":{"type":"chat","messages":[{"role":"user","content":"hi"}]},"#
                    + #""template_type":"CHAT","template_format":"MUSTACHE","#
                    + #""invocation_parameters":{"type":"openai","openai":{}},"#
                    + #""id":"UHJvbXB0VmVyc2lvbjox"}}"#)
            let second = try await service.call(
                .post, "/v1/prompts",
                body: [
                    "prompt": ["name": "p1", "description": "other", "metadata": .null],
                    "version": .version(["description": "two", "metadata": ["a": 1]]),
                ])
            #expect(second.json["data"]?["description"] == "two")
            #expect(second.json["data"]?["metadata"] == ["a": 1])
            #expect(
                try await service.get("/v1/prompts").text
                    == #"{"data":[{"name":"p1","description":"d","source_prompt_id":null,"#
                    + #""metadata":{"k":[1,null]},"id":"UHJvbXB0OjE="}],"next_cursor":null}"#)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `prompts are listed newest first and paged`(on database: TestDatabase) async throws {
        try await database.withPromptsService { service in
            for name in ["a", "b", "c"] { _ = try await service.create(name) }
            var names: [String?] = []
            var cursor = ""
            for _ in 0..<3 {
                let page = try await service.get("/v1/prompts", "limit=1&cursor=\(cursor)")
                names += page.data.map { $0["name"]?.stringValue }
                cursor = page.nextCursor ?? ""
            }
            #expect(names == ["c", "b", "a"])
            #expect(cursor == "")
            let answer = try await service.get("/v1/prompts", "cursor=zz")
            #expect(answer.status == 422)
            #expect(answer.text == "Invalid cursor format: zz")
            #expect(try await service.get("/v1/prompts", "limit=0").status == 422)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a prompt is changed and deleted by name or id`(on database: TestDatabase) async throws {
        try await database.withPromptsService { service in
            let version = try await service.create("p1")
            func patch(_ name: String, _ body: JSONValue) async throws -> RouteAnswer {
                try await service.call(.patch, "/v1/prompts/\(name)", body: body)
            }
            #expect(
                try await patch("p1", ["description": "d", "metadata": ["a": 1]]).text
                    == #"{"data":{"name":"p1","description":"d","metadata":{"a":1},"#
                    + #""id":"UHJvbXB0OjE="}}"#)
            #expect(
                try await patch("UHJvbXB0OjE=", ["description": .null]).text
                    == #"{"data":{"name":"p1","metadata":{"a":1},"id":"UHJvbXB0OjE="}}"#)
            #expect(
                try await patch("p1", ["name": "x"]).text
                    == #"{"detail":[{"type":"value_error","loc":["body"],"msg":"Value error, "#
                    + #"at least one field must be provided","input":{"name":"x"},"#
                    + #""ctx":{"error":{}}}]}"#)
            #expect(try await patch("p1", ["metadata": .null]).status == 422)
            #expect(try await service.call(.delete, "/v1/prompts/p1").status == 204)
            let again = try await service.call(.delete, "/v1/prompts/p1")
            #expect(again.status == 404)
            #expect(again.text == "Prompt not found")
            #expect(try await service.get("/v1/prompt_versions/\(version)").status == 404)
        }
    }

    // MARK: Versions

    @Test(arguments: TestDatabase.available)
    func `versions are found by id, as the latest, and in pages`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsService { service in
            let first = try await service.create("p1", ["description": "one"])
            let second = try await service.create("p1", ["description": "two"])
            _ = try await service.create("p2")
            #expect(
                try await service.get("/v1/prompt_versions/\(first)").json["data"]?["description"]
                    == "one")
            for name in ["p1", "UHJvbXB0OjE="] {
                let latest = try await service.get("/v1/prompts/\(name)/latest")
                #expect(latest.json["data"]?["id"]?.stringValue == second)
            }
            let page = try await service.get("/v1/prompts/p1/versions", "limit=1")
            #expect(page.data.map { $0["description"] } == ["two"])
            #expect(page.nextCursor == first)
            let rest = try await service.get("/v1/prompts/p1/versions", "cursor=\(first)")
            #expect(rest.data.map { $0["description"] } == ["one"])
            #expect(rest.nextCursor == nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a version is added to a prompt together with tags`(
        on database: TestDatabase
    ) async throws {
        try await database.withPromptsService { service in
            _ = try await service.create("p1")
            func add(_ body: JSONValue, to name: String = "p1") async throws -> RouteAnswer {
                try await service.call(.post, "/v1/prompts/\(name)/versions", body: body)
            }
            let added = try await add([
                "version": .version(["description": "two"]),
                "tags": [["name": "t"], ["name": "t", "description": "d"], ["name": "u"]],
            ])
            #expect(added.status == 201)
            let id = try #require(added.json["data"]?["id"]?.stringValue)
            let tags = try await service.get("/v1/prompt_versions/\(id)/tags")
            #expect(tags.data.map { $0["name"] } == ["u", "t"])
            #expect(tags.data.map { $0["description"] } == [nil, "d"])
            #expect(
                try await add(["version": .version(["model_provider": "GOOGLE"])]).text
                    == "Invocation parameters variant 'openai' does not match model provider "
                    + "'GOOGLE' (expected 'google').")
            let unknown = try await add(["version": .version()], to: "none")
            #expect(unknown.status == 404)
            #expect(unknown.text == "Prompt not found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what does not exist or is no name is refused in the contract's words`(
        on database: TestDatabase
    ) async throws {
        let unknown = "UHJvbXB0VmVyc2lvbjo5OTk5"
        let cases: [(HTTPMethod, String, Int, String)] = [
            (.get, "/v1/prompts/none/latest", 404, "Not Found"),
            (.get, "/v1/prompts/none/tags/prod", 404, "Not Found"),
            (.get, "/v1/prompts/none/versions", 200, #"{"data":[],"next_cursor":null}"#),
            (.get, "/v1/prompts/Q!/latest", 422, "Invalid prompt name"),
            (.get, "/v1/prompts/UHJvamVjdDox/versions", 422, "Invalid prompt name"),
            (.delete, "/v1/prompts/UHJvamVjdDox", 422, "Invalid prompt name"),
            (.get, "/v1/prompts/p1/tags/A", 422, "Invalid tag name"),
            (.get, "/v1/prompt_versions/zz", 422, "Invalid prompt version ID"),
            (.get, "/v1/prompt_versions/UHJvbXB0OjE=", 422, "Invalid prompt version ID"),
            (.get, "/v1/prompt_versions/\(unknown)", 404, "Not Found"),
            (.get, "/v1/prompt_versions/\(unknown)/tags", 404, "Prompt version not found"),
            (.delete, "/v1/prompt_versions/\(unknown)/tags/a", 404, "Not Found"),
        ]
        try await database.withPromptsService { service in
            for (method, path, status, text) in cases {
                let answer = try await service.call(method, path)
                #expect(answer.status == status)
                #expect(answer.text == text)
            }
        }
    }

    // MARK: Tags

    @Test(arguments: TestDatabase.available)
    func `a tag moves between the versions of a prompt`(on database: TestDatabase) async throws {
        try await database.withPromptsService { service in
            let first = try await service.create("p1")
            let second = try await service.create("p1")
            func path(_ version: String) -> String { "/v1/prompt_versions/\(version)/tags" }
            let bodies: [(String, JSONValue)] = [
                (first, ["name": "prod", "description": "d"]), (second, ["name": "prod"]),
            ]
            for (version, body) in bodies {
                let answer = try await service.call(.post, path(version), body: body)
                #expect(answer.status == 204)
            }
            #expect(
                try await service.get(path(second)).text
                    == #"{"data":[{"name":"prod","id":"UHJvbXB0VmVyc2lvblRhZzox"}],"#
                    + #""next_cursor":null}"#)
            #expect(try await service.get(path(first)).data == [])
            let tagged = try await service.get("/v1/prompts/p1/tags/prod")
            #expect(tagged.json["data"]?["id"]?.stringValue == second)
            #expect(try await service.call(.delete, "\(path(first))/prod").status == 204)
            #expect(try await service.call(.delete, "\(path(first))/prod").status == 404)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the pages of tags have each tag once`(on database: TestDatabase) async throws {
        try await database.withPromptsService { service in
            let version = try await service.create("p1")
            let path = "/v1/prompt_versions/\(version)/tags"
            for name in ["a", "b", "c"] {
                _ = try await service.call(.post, path, body: ["name": .string(name)])
            }
            let page = try await service.get(path, "limit=2")
            #expect(page.data.map { $0["name"] } == ["c", "b"])
            let rest = try await service.get(path, "limit=2&cursor=\(page.nextCursor ?? "")")
            #expect(rest.data.map { $0["name"] } == ["a"])
        }
    }
}
