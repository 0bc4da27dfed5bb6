import APISupport
import HTTPMessages
import JSON
import PhoenixModel
import Testing

private enum ThingAction: Action {
    case look, add, rule

    var requiredAccess: Access {
        switch self {
        case .look: .read
        case .add: .write
        case .rule: .administer
        }
    }
}

private enum Shade: String, CaseIterable {
    case dark, light
}

@Suite struct APITests {
    private static let id = Parameter<String>.path("id", "Which.")
    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, atMost: 1000, "How many.")
    private static let names = Parameter<[String]?>.texts("name", "Which names.")
    private static let shade = Parameter<Shade>.choice("shade", default: .dark, "Which shade.")
    private static let since = Parameter<Timestamp?>.optionalInstant("since", "From when.")
    private static let thing = ObjectSchema("Thing", fields: [.required("name", .string)])

    private static let routes: [Route] = {
        var look = Operation(
            .get, "/v1/things/{id}", id: "look", tag: "things", summary: "Looks.",
            action: ThingAction.look, answer: .json(thing))
        look.parameters = [
            id.declaration, limit.declaration, names.declaration, shade.declaration,
            since.declaration,
        ]
        var add = Operation(
            .post, "/v1/things", id: "add", tag: "things", summary: "Adds.",
            action: ThingAction.add, answer: .json(thing))
        add.body = .json(thing)
        add.storesData = true
        var rule = Operation(
            .delete, "/v1/things/{id}", id: "rule", tag: "things", summary: "Rules.",
            action: ThingAction.rule, answer: .noContent)
        rule.parameters = [id.declaration]
        var hidden = Operation(
            .post, "/v1/raw", id: "raw", tag: "things", summary: "Takes bytes.",
            action: ThingAction.add, answer: .noContent)
        hidden.body = .raw
        hidden.isHidden = true
        return [
            Route(look) { request in
                let names = request[names].map { $0.joined(separator: "+") } ?? "none"
                let since = request[since]?.description ?? "ever"
                return .text(
                    .ok,
                    "\(request[id]) \(request[limit]) \(names) \(request[shade]) \(since)")
            },
            Route(add) { request in .text(.ok, request.body.text("name")) },
            Route(rule) { _ in HTTPResponse(.noContent) },
            Route(hidden) { request in
                .text(.ok, "\(try await request.http.body.collect(upTo: 10).count)")
            },
        ]
    }()

    private func answer(
        _ method: HTTPMethod, _ path: String, query: String? = nil, body: String? = nil,
        contentType: String? = "application/json", settings: APISettings = APISettings()
    ) async throws -> HTTPResponse {
        var router = Router()
        API(routes: Self.routes, settings: settings).register(on: &router)
        var request = HTTPRequest(method: method, path: path, queryString: query)
        if let body { request.body = .bytes(Array(body.utf8)) }
        if let contentType { request.headers.set("content-type", contentType) }
        return try await ContractHeaders().respond(to: request, next: router.respond)
    }

    @Test func `parameters arrive with their types`() async throws {
        let plain = try await answer(.get, "/v1/things/7")
        #expect(plain.bodyText == "7 100 none dark ever")
        let full = try await answer(
            .get, "/v1/things/a%20b",
            query: "limit=3&limit=4&name=x&name=y&shade=light&since=2026-01-01")
        #expect(full.bodyText == "a b 4 x+y light 2026-01-01T00:00:00+00:00")
    }

    @Test func `everything wrong with a request is told at once`() async throws {
        let response = try await answer(.get, "/v1/things/7", query: "limit=0&shade=x")
        #expect(response.status == .unprocessableContent)
        #expect(response.headers["content-type"] == "application/json")
        #expect(
            response.bodyText == #"{"detail":[{"type":"greater_than","loc":["query","limit"],"#
                + #""msg":"Input should be greater than 0","input":"0","ctx":{"gt":0}},"#
                + #"{"type":"literal_error","loc":["query","shade"],"#
                + #""msg":"Input should be 'dark' or 'light'","input":"x","#
                + #""ctx":{"expected":"'dark' or 'light'"}}]}"#)
    }

    @Test func `a body is decoded by its declaration`() async throws {
        #expect(try await answer(.post, "/v1/things", body: #"{"name":"n"}"#).bodyText == "n")
        #expect(
            try await answer(
                .post, "/v1/things", body: #"{"name":"n"}"#, contentType: "application/x+json"
            ).bodyText == "n")
    }

    @Test(arguments: [
        ("{}", "application/json", #"{"type":"missing","loc":["body","name"],"#),
        ("", "application/json", #"{"type":"missing","loc":["body"],"#),
        ("{bad", "application/json", #"{"type":"json_invalid","loc":["body",1],"#),
        (#"{"name":"n"}"#, "text/plain", #"{"type":"model_attributes_type","loc":["body"],"#),
    ])
    func `a body that is not as declared is refused`(
        body: String, contentType: String, start: String
    ) async throws {
        let response = try await answer(
            .post, "/v1/things", body: body, contentType: contentType)
        #expect(response.status == .unprocessableContent)
        #expect(response.bodyText.hasPrefix(#"{"detail":["# + start))
    }

    @Test func `a body that is too large is refused`() async throws {
        let response = try await answer(
            .post, "/v1/things", body: #"{"name":"nnnnnnnnnnnn"}"#,
            settings: APISettings(bodyBytesMax: 10))
        #expect(response.status == .contentTooLarge)
    }

    @Test func `a raw body is the handler's`() async throws {
        let response = try await answer(.post, "/v1/raw", body: "12345", contentType: nil)
        #expect(response.bodyText == "5")
    }

    @Test func `read-only mode refuses everything`() async throws {
        for method in [HTTPMethod.get, .delete] {
            let response = try await answer(
                method, "/v1/things/7", settings: APISettings(isReadOnly: true))
            #expect(response.status == .forbidden)
            #expect(
                response.bodyText == "The Phoenix REST API is disabled in read-only mode.")
        }
    }

    @Test func `a full disk refuses only what stores`() async throws {
        let settings = APISettings(insertionBlock: { "The disk is full." })
        let added = try await answer(
            .post, "/v1/things", body: #"{"name":"n"}"#, settings: settings)
        #expect(added.status == .insufficientStorage)
        #expect(added.bodyText == "The disk is full.")
        #expect(try await answer(.get, "/v1/things/7", settings: settings).status == .ok)
        #expect(
            try await answer(.delete, "/v1/things/7", settings: settings).status == .noContent)
    }

    @Test(arguments: [
        (UserRole.viewer, HTTPMethod.get, 200, ""),
        (.viewer, .post, 403, "Viewers cannot perform this action."),
        (.viewer, .delete, 403, "Only admin or system users can perform this action."),
        (.member, .post, 200, ""),
        (.member, .delete, 403, "Only admin or system users can perform this action."),
        (.admin, .delete, 204, ""),
    ])
    func `roles may do what their actions need`(
        role: UserRole, method: HTTPMethod, status: Int, text: String
    ) async throws {
        let response = try await answer(
            method, method == .post ? "/v1/things" : "/v1/things/7",
            body: method == .post ? #"{"name":"n"}"# : nil,
            settings: APISettings(authenticate: { _ in .user(role) }))
        #expect(response.status.code == status)
        if status == 403 { #expect(response.bodyText == text) }
    }

    @Test func `every answer carries the contract's headers`() async throws {
        for path in ["/v1/things/7", "/nothing", "/docs"] {
            let response = try await answer(.get, path)
            #expect(response.headers["x-phoenix-server-version"] == "20.26.1")
            #expect(response.headers["x-colab-notebook-cache-control"] == "no-cache")
        }
    }

    @Test func `the document lists operations and leaves hidden ones out`() async throws {
        let response = try await answer(.get, "/openapi.json")
        let document = try JSON.parse(response.bodyText)
        #expect(document["openapi"] == "3.1.0")
        #expect(
            document["info"] == ["title": "Arize-Phoenix REST API", "version": "1.0"])
        #expect(document["paths"]?.objectValue?.keys == ["/v1/things/{id}", "/v1/things"])
        let look = document["paths"]?["/v1/things/{id}"]?["get"]
        #expect(look?["operationId"] == "look")
        #expect(
            look?["parameters"]?[1] == [
                "name": "limit", "in": "query", "required": false,
                "schema": [
                    "type": "integer", "exclusiveMinimum": 0, "maximum": 1000, "default": 100,
                ],
                "description": "How many.",
            ])
        #expect(
            document["components"]?["schemas"]?["Thing"] == [
                "type": "object", "title": "Thing", "properties": ["name": ["type": "string"]],
                "required": ["name"],
            ])
    }

    @Test func `the page shows operations and runs no script`() async throws {
        let response = try await answer(.get, "/docs")
        #expect(response.headers["content-type"] == "text/html; charset=utf-8")
        #expect(response.bodyText.contains("/v1/things/{id}"))
        #expect(response.bodyText.contains("integer, above 0, at most 1000"))
        #expect(!response.bodyText.contains("<script"))
        #expect(!response.bodyText.contains("style="))
        let style = try await answer(.get, "/docs/style.css")
        #expect(style.headers["content-type"] == "text/css; charset=utf-8")
    }
}
