import APISupport
import JSON
import PhoenixModel
import Prompts
import TestSupport

/// The routes of this feature on a database of their own, without a network.
struct PromptsService: RouteCalling {
    /// The time of every request.
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    let store: PromptStore
    let router: Router

    init(_ store: PromptStore) {
        self.store = store
        var router = Router()
        API(routes: PromptRoutes(store: store, now: { Self.now }).routes).register(on: &router)
        self.router = router
    }

    /// Creates a version through REST and answers its global id.
    func create(_ name: String, _ changes: JSONObject = [:]) async throws -> String {
        let answer = try await post(name, changes)
        return answer.json["data"]?["id"]?.stringValue ?? answer.text
    }

    func post(_ name: String, _ changes: JSONObject = [:]) async throws -> RouteAnswer {
        try await call(
            .post, "/v1/prompts",
            body: ["prompt": ["name": .string(name)], "version": .version(changes)])
    }
}

extension TestDatabase {
    /// Runs `body` with the routes on an empty database.
    func withPromptsService(_ body: (PromptsService) async throws -> Void) async throws {
        try await withDatabase { try await body(PromptsService(PromptStore($0))) }
    }
}

extension JSONValue {
    /// The body of a new version; null takes a member out.
    static func version(_ changes: JSONObject = [:]) -> JSONValue {
        var version: JSONObject = [
            "model_provider": "OPENAI", "model_name": "m", "template_type": "CHAT",
            "template_format": "MUSTACHE", "template": .chat(["role": "user", "content": "hi"]),
            "invocation_parameters": ["type": "openai", "openai": [:]],
        ]
        for (name, value) in changes { version[name] = value.isNull ? nil : value }
        return .object(version)
    }

    static func chat(_ messages: JSONValue...) -> JSONValue {
        ["type": "chat", "messages": .array(messages)]
    }
}

extension PromptContent {
    static func stub(_ text: String = "hi") -> PromptContent {
        PromptContent(
            modelProvider: .openAI, modelName: "m",
            template: .chat(["role": "user", "content": .string(text)]),
            invocationParameters: ["type": "openai", "openai": [:]])
    }
}
