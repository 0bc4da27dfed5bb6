import Annotations
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The GraphQL of this feature on a database of its own, without a network.
struct AnnotationsGraphQLService {
    let store: AnnotationStore
    private let engine: GraphQLEngine
    private let database: CountingDatabase

    init(_ tracing: TracingStore) throws {
        database = CountingDatabase(tracing.database)
        let counted = TracingStore(database, publish: tracing.publish)
        store = AnnotationStore(counted)
        let annotations = AnnotationsGraphQL(
            store: store, tracing: counted, randomIdentifier: { "random" })
        let graphQL = TracingGraphQL(store: counted)
        let schema = try Schema(TracingSchema.texts + AnnotationsGraphQL.texts)
        var nodes = graphQL.nodes
        nodes.merge(annotations.nodes)
        var table = graphQL.resolvers(for: schema, nodes: nodes)
        table.merge(annotations.resolvers)
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
                principal: principal, isReadOnly: isReadOnly, now: AnnotationsService.now))
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// How many statements answering takes.
    func statements(of query: String) async throws -> Int {
        try await database.statements { _ = try await data(query) }.count
    }
}
