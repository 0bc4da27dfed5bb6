import Annotations
import Costs
import Datasets
import Experiments
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport

@testable import Tracing

/// The GraphQL of this feature beside its store, without a network.
struct ExperimentsGraphQLService {
    let service: ExperimentsService
    private let database: CountingDatabase
    private let engine: GraphQLEngine

    static func schema() throws -> Schema {
        try Schema(
            TracingSchema.texts + AnnotationsGraphQL.texts
                + [CostsGraphQL.text, DatasetsGraphQL.text, ExperimentsGraphQL.text])
    }

    init(_ service: ExperimentsService) throws {
        self.service = service
        database = CountingDatabase(service.tracing.database)
        let tracingStore = TracingStore(database)
        let experimentStore = ExperimentStore(tracingStore)
        let datasets = DatasetsGraphQL(store: DatasetStore(tracingStore)) { id in
            let leftovers = try await experimentStore.leftovers(ofDataset: id)
            return { try await experimentStore.delete(leftovers) }
        }
        let annotations = AnnotationsGraphQL(
            store: AnnotationStore(tracingStore), tracing: tracingStore)
        let experiments = ExperimentsGraphQL(
            store: experimentStore, lastUpdatedAt: { _ in ExperimentsService.now })
        var settings = TracingGraphQL.Settings()
        settings.searches = [datasets.search, experiments.search]
        let tracing = TracingGraphQL(store: tracingStore, settings: settings)
        let schema = try Self.schema()
        var nodes = tracing.nodes
        nodes.merge(experiments.nodes)
        nodes.merge(datasets.nodes)
        var table = tracing.resolvers(for: schema, nodes: nodes)
        table.merge(CostsGraphQL(store: CostStore(database)).resolvers)
        table.merge(annotations.resolvers)
        table.merge(datasets.resolvers)
        table.merge(experiments.resolvers)
        engine = try GraphQLEngine(schema: schema, resolvers: table, options: .contract)
    }

    private func response(
        _ query: String, _ variables: JSONObject
    ) async throws -> GraphQLResponse {
        try await engine.execute(
            GraphQLRequest(query: query, variables: variables),
            context: GraphQLRequestContext(
                principal: .anonymous, isReadOnly: false, now: ExperimentsService.now))
    }

    /// The data of an answer; the message of its first error when there is none.
    func data(_ query: String, _ variables: JSONObject = [:]) async throws -> JSONValue {
        let response = try await response(query, variables)
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// Fields of a node; the message of an error.
    func node(_ id: NodeID, _ type: String, _ fields: String) async throws -> JSONValue {
        let data = try await data(
            "query($id: ID!) { node(id: $id) { ... on \(type) { \(fields) } } }",
            ["id": .string(id.description)])
        return data["node"] ?? data
    }

    func statements(of query: String, _ variables: JSONObject = [:]) async throws -> [String] {
        try await database.statements { _ = try await response(query, variables) }
    }

    /// The numbers of the examples that a comparison has.
    func compared(
        _ base: Experiment, _ others: [Experiment], _ condition: String
    ) async throws -> [Int64]? {
        let data = try await data(
            """
            query($base: ID!, $others: [ID!]!, $condition: String) {
                compareExperiments(
                    baseExperimentId: $base, compareExperimentIds: $others,
                    filterCondition: $condition) { edges { node { example { id } } } }
            }
            """,
            [
                "base": .string(base.id.nodeID.description),
                "others": .array(others.map { .string($0.id.nodeID.description) }),
                "condition": .string(condition),
            ])
        return data["compareExperiments"]?["edges"]?.arrayValue?.compactMap {
            NodeID($0["node"]?["example"]?["id"]?.stringValue ?? "")?.rowID
        }
    }
}

extension TestDatabase {
    func withExperimentsGraphQL(
        examples: Int = 4, _ body: (ExperimentsGraphQLService) async throws -> Void
    ) async throws {
        try await withExperimentsService(examples: examples) {
            try await body(ExperimentsGraphQLService($0))
        }
    }
}
