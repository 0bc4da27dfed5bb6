import Costs
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Prompts
import TestSupport
import Tracing

/// The GraphQL of this feature on a database of its own, without a network.
struct PromptsGraphQLService {
    let store: PromptStore
    private let database: CountingDatabase
    private let engine: GraphQLEngine

    static let now = Timestamp(microseconds: 1_790_000_600_000_000)

    static var texts: [String] {
        TracingSchema.texts + [CostsGraphQL.text] + PromptsGraphQL.texts
    }

    init(_ tracing: TracingStore) throws {
        store = PromptStore(tracing.database)
        database = CountingDatabase(tracing.database)
        let prompts = PromptsGraphQL(store: PromptStore(database))
        var settings = TracingGraphQL.Settings()
        settings.searches = [prompts.search]
        let base = TracingGraphQL(store: TracingStore(database), settings: settings)
        let costs = CostsGraphQL(store: CostStore(database))
        let schema = try Schema(Self.texts)
        var nodes = base.nodes
        nodes.merge(costs.nodes)
        nodes.merge(prompts.nodes)
        var table = base.resolvers(for: schema, nodes: nodes)
        table.merge(costs.resolvers)
        table.merge(prompts.resolvers)
        engine = try GraphQLEngine(schema: schema, resolvers: table, options: .contract)
    }

    /// The data of an answer; the message of its first error when there is one.
    func data(
        _ query: String, _ variables: JSONObject = [:], as principal: Principal = .anonymous,
        isReadOnly: Bool = false
    ) async throws -> JSONValue {
        let response = try await engine.execute(
            GraphQLRequest(query: query, variables: variables),
            context: GraphQLRequestContext(
                principal: principal, isReadOnly: isReadOnly, now: Self.now))
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// What a mutation of one argument `input` answers.
    func mutate(
        _ name: String, _ type: String, _ input: JSONObject, _ fields: String,
        as principal: Principal = .anonymous, isReadOnly: Bool = false
    ) async throws -> JSONValue {
        let answer = try await data(
            "mutation($input: \(type)!) { answer: \(name)(input: $input) { \(fields) } }",
            ["input": .object(input)], as: principal, isReadOnly: isReadOnly)
        return answer["answer"] ?? answer
    }

    /// Creates a prompt; answers fields of it, or the message of the error.
    func create(
        _ name: String, _ changes: JSONObject = [:], more: JSONObject = [:],
        _ fields: String = "id version { id }"
    ) async throws -> JSONValue {
        var input: JSONObject = ["name": .string(name), "promptVersion": Self.version(changes)]
        for (name, value) in more { input[name] = value }
        return try await mutate("createChatPrompt", "CreateChatPromptInput", input, fields)
    }

    static func version(_ changes: JSONObject = [:]) -> JSONValue {
        var version: JSONObject = [
            "templateFormat": "MUSTACHE", "modelProvider": "OPENAI", "modelName": "m",
            "template": [
                "messages": [["role": "USER", "content": [["text": ["text": "hi"]]]]]
            ],
            "invocationParameters": ["openai": [:]],
        ]
        for (name, value) in changes { version[name] = value }
        return .object(version)
    }

    func statements(of query: String, _ variables: JSONObject = [:]) async throws -> [String] {
        try await database.statements { _ = try await data(query, variables) }
    }
}

extension TestDatabase {
    func withPromptsGraphQL(_ body: (PromptsGraphQLService) async throws -> Void) async throws {
        try await withTracingStore { try await body(PromptsGraphQLService($0)) }
    }
}
