import APISupport
import GraphQLCore
import GraphQLSupport
import HTTPMessages
import JSON
import PhoenixModel
import Settings
import TestSupport
import Testing
import Tracing

/// The interfaces of this feature on a database of their own, without a network.
private struct SettingsService: RouteCalling {
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    let secrets: SecretStore
    let router: Router
    private let engine: GraphQLEngine

    init(_ tracing: TracingStore) throws {
        let secrets = SecretStore(tracing.database, secret: "s")
        self.secrets = secrets
        var router = Router()
        API(routes: SettingsRoutes(secrets: secrets, now: { Self.now }).routes)
            .register(on: &router)
        self.router = router
        let schema = try Schema(TracingSchema.texts + [SettingsGraphQL.text])
        let settings = SettingsGraphQL(secrets: secrets, redaction: Redaction(secret: "s"))
        let graphQL = TracingGraphQL(store: tracing)
        var nodes = graphQL.nodes
        nodes.merge(settings.nodes)
        var table = graphQL.resolvers(for: schema, nodes: nodes)
        table.merge(settings.resolvers)
        engine = try GraphQLEngine(schema: schema, resolvers: table, options: .contract)
    }

    func data(_ query: String, as principal: Principal = .anonymous) async throws -> JSONValue {
        let response = try await engine.execute(
            GraphQLRequest(query: query, variables: [:]),
            context: GraphQLRequestContext(principal: principal, now: Self.now))
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }
}

@Suite struct SettingsAPITests {
    @Test func `secrets are set and never answered over REST`() async throws {
        try await TestDatabase.available[0].withTracingStore { tracing in
            let service = try SettingsService(tracing)
            let answer = try await service.call(
                .put, "/v1/secrets",
                bytes: Array(
                    #"{"secrets":[{"key":" B ","value":"geheim"},{"key":"A","value":null}]}"#.utf8))
            #expect(answer.status == 200)
            #expect(answer.text == #"{"data":{"upserted_keys":["B"],"deleted_keys":["A"]}}"#)
            #expect(try await service.secrets.value(ofKey: "B") == "geheim")
        }
    }

    @Test(arguments: [
        "{}", "[]", #"{"secrets":[]}"#, #"{"secrets":[{"key":"A"}]}"#,
        #"{"secrets":[{"key":"","value":"x"}]}"#, #"{"secrets":[{"key":"A","value":" "}]}"#,
        #"{"secrets":[{"key":"A","value":1}]}"#,
        #"{"secrets":[{"key":"A","value":"x"},{"key":"a b","value":"x"}]}"#,
    ])
    func `what is no secret is refused and changes nothing`(_ body: String) async throws {
        try await TestDatabase.available[0].withTracingStore { tracing in
            let service = try SettingsService(tracing)
            let answer = try await service.call(
                .put, "/v1/secrets", bytes: Array(body.utf8))
            #expect(answer.status == 422)
            #expect(try await service.secrets.secrets(limit: 10).isEmpty)
        }
    }

    @Test func `values are shown redacted, to administrators alone`() async throws {
        try await TestDatabase.available[0].withTracingStore { tracing in
            let service = try SettingsService(tracing)
            _ = try await service.secrets.apply(
                [.init(key: "A", value: "geheim")], now: SettingsService.now)
            let query = """
                { secrets { edges { node { key value {
                    ... on DecryptedSecret { value } ... on UnparsableSecret { parseError } } } } } }
                """
            let shown = try await service.data(query).text
            #expect(shown.contains("REDACTED"))
            #expect(!shown.contains("geheim"))
            #expect(
                try await service.data(query, as: .user(.member))
                    == "Only admin can perform this action")
            #expect(
                try await service.data("{ secrets { edges { node { key } } } }", as: .user(.viewer))
                    == ["secrets": ["edges": [["node": ["key": "A"]]]]])
        }
    }
}
