import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The GraphQL of this feature on a database of its own, without a network.
struct GraphQLService {
    let store: TracingStore
    private let database: CountingDatabase
    private let engine: GraphQLEngine

    static let now = Timestamp(microseconds: 1_790_000_600_000_000)

    init(
        _ store: TracingStore, settings: TracingGraphQL.Settings = .init()
    ) throws {
        self.store = store
        database = CountingDatabase(store.database)
        let tracing = TracingGraphQL(store: TracingStore(database), settings: settings)
        let schema = try Schema(TracingSchema.texts)
        engine = try GraphQLEngine(
            schema: schema, resolvers: tracing.resolvers(for: schema, nodes: tracing.nodes),
            options: .contract)
    }

    func response(
        _ query: String, _ variables: JSONObject = [:]
    ) async throws -> GraphQLResponse {
        try await engine.execute(
            GraphQLRequest(query: query, variables: variables),
            context: GraphQLRequestContext(now: Self.now))
    }

    /// The data of an answer; the message of its first error when there is none.
    func data(_ query: String, _ variables: JSONObject = [:]) async throws -> JSONValue {
        let response = try await response(query, variables)
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// The statements that answering takes.
    func statements(of query: String, _ variables: JSONObject = [:]) async throws -> [String] {
        try await database.statements { _ = try await response(query, variables) }
    }
}
