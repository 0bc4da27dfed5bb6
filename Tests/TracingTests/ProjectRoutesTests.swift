import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct ProjectRoutesTests {
    @Test(arguments: TestDatabase.available)
    func `projects are listed newest first and paged`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            for name in ["a", "Bee", "c%"] {
                let created = try await service.call(
                    .post, "/v1/projects", body: ["name": .string(name), "description": "d"])
                #expect(created.status == 200)
            }
            let page = try await service.get("/v1/projects", "limit=2")
            #expect(page.data.map { $0["name"] } == ["c%", "Bee"])
            #expect(page.nextCursor == page.data[1]["id"].flatMap { Self.before($0) })
            let names = try await service.all("/v1/projects", "limit=2", "name")
            #expect(names == ["c%", "Bee", "a", "default"])
            let found = try await service.get("/v1/projects", "name_contains=bE")
            #expect(found.data.map { $0["name"] } == ["Bee"])
            let literal = try await service.get("/v1/projects", "name_contains=%25")
            #expect(literal.data.map { $0["name"] } == ["c%"])
        }
    }

    /// The global id of the row before.
    private static func before(_ id: JSONValue) -> String? {
        Project.ID(nodeID: id.stringValue ?? "").map { Project.ID($0.value - 1).nodeID.description }
    }

    @Test(arguments: TestDatabase.available)
    func `a project answers to its id and to its name`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            let byName = try await service.get("/v1/projects/default")
            #expect(byName.status == 200)
            #expect(byName.json["data"]?["description"] == "Default project")
            let id = try #require(byName.json["data"]?["id"]?.stringValue)
            #expect(try await service.get("/v1/projects/\(id)").text == byName.text)
        }
    }

    @Test(arguments: [
        ("nope", "Project with name nope not found"),
        ("UHJvamVjdDo5OTk5", "Project with ID UHJvamVjdDo5OTk5 not found"),
        ("VHJhY2U6Mg==", "Project with name VHJhY2U6Mg== not found"),
    ])
    func `an unknown project is not found`(identifier: String, text: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            for path in ["", "/spans", "/spans/otlpv1", "/traces", "/sessions"] {
                let answer = try await service.get("/v1/projects/\(identifier)\(path)")
                #expect(answer.status == 404)
                #expect(answer.text == text)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a name that is taken is a conflict`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            let answer = try await service.call(.post, "/v1/projects", body: ["name": "default"])
            #expect(answer.status == 409)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `only the description changes, and null leaves it`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            let changed = try await service.call(
                .put, "/v1/projects/default", body: ["name": "other", "description": "new"])
            #expect(changed.json["data"]?["name"] == "default")
            #expect(changed.json["data"]?["description"] == "new")
            let kept = try await service.call(
                .put, "/v1/projects/default", body: ["description": nil])
            #expect(kept.json["data"]?["description"] == "new")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `retention falls back to the default policy`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            let path = "/v1/projects/default/retention"
            for policy in [JSONValue.null, "UHJvamVjdFRyYWNlUmV0ZW50aW9uUG9saWN5OjA="] {
                let answer = try await service.call(.patch, path, body: ["policy_id": policy])
                #expect(answer.status == 200)
                #expect(answer.json["data"]?["policy_id"] == .null)
            }
            let unknown = try await service.call(
                .patch, path, body: ["policy_id": "UHJvamVjdFRyYWNlUmV0ZW50aW9uUG9saWN5Ojk="])
            #expect(unknown.status == 404)
            #expect(
                unknown.text
                    == "Retention policy with ID UHJvamVjdFRyYWNlUmV0ZW50aW9uUG9saWN5Ojk= not found"
            )
            let invalid = try await service.call(.patch, path, body: ["policy_id": "xx"])
            #expect(invalid.status == 422)
            #expect(invalid.text == "Invalid retention policy ID: xx")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting a project deletes everything in it`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert([
                .stub(trace: 1, span: 1, project: "gone", session: "s"),
                .stub(trace: 2, span: 2, project: "kept"),
            ])
            #expect(try await service.call(.delete, "/v1/projects/gone").status == 204)
            #expect(try await service.call(.delete, "/v1/projects/gone").status == 404)
            #expect(try await service.get("/v1/sessions/s").status == 404)
            #expect(try await service.get("/v1/projects/kept/spans").data.count == 1)
            let minutes = try await service.minutes()
            #expect(minutes.kept == minutes.actual)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the default project stays`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            let answer = try await service.call(.delete, "/v1/projects/default")
            #expect(answer.status == 403)
            #expect(answer.text == "The default project cannot be deleted")
        }
    }

    @Test func `a cursor that is none is refused`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let answer = try await service.get("/v1/projects", "cursor=xyz")
            #expect(answer.status == 422)
            #expect(answer.text == "Invalid cursor format: xyz")
            #expect(try await service.get("/v1/projects", "cursor=").status == 200)
        }
    }
}
