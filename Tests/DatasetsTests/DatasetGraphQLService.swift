import Datasets
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The GraphQL of this feature on a database of its own, without a network.
struct DatasetGraphQLService {
    let store: DatasetStore
    let tracing: TracingStore
    private let engine: GraphQLEngine

    init(_ tracing: TracingStore) throws {
        self.tracing = tracing
        store = DatasetStore(tracing)
        let datasets = DatasetsGraphQL(store: store)
        let graphQL = TracingGraphQL(store: tracing)
        let schema = try Schema(TracingSchema.texts + [DatasetsGraphQL.text])
        var nodes = graphQL.nodes
        nodes.merge(datasets.nodes)
        var table = graphQL.resolvers(for: schema, nodes: nodes)
        table.merge(datasets.resolvers)
        engine = try GraphQLEngine(schema: schema, resolvers: table, options: .contract)
    }

    /// The data of an answer; the message of its first error when there is one.
    func data(
        _ query: String, _ variables: JSONObject = [:], isReadOnly: Bool = false
    ) async throws -> JSONValue {
        let response = try await engine.execute(
            GraphQLRequest(query: query, variables: variables),
            context: GraphQLRequestContext(
                principal: .anonymous, isReadOnly: isReadOnly, now: DatasetsService.now))
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// The answer of a mutation with one argument `input` of the usual type.
    func mutate(
        _ name: String, _ input: JSONObject, _ selection: String, type: String? = nil
    ) async throws -> JSONValue {
        let type = type ?? name.prefix(1).uppercased() + name.dropFirst() + "Input"
        let data = try await data(
            "mutation($i: \(type)!) { \(name)(input: $i) { \(selection) } }",
            ["i": .object(input)])
        return data[name] ?? data
    }
}

extension TestDatabase {
    func withDatasetGraphQL(_ body: (DatasetGraphQLService) async throws -> Void) async throws {
        try await withTracingStore { try await body(DatasetGraphQLService($0)) }
    }
}
