import Datasets
import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The part of the GraphQL schema that is about experiments.
package struct ExperimentsGraphQL {
    private let store: ExperimentStore
    private let lastUpdatedAt: @Sendable (Project.ID?) -> Timestamp?

    /// - Parameter lastUpdatedAt: When spans of a project were last added or deleted.
    package init(
        store: ExperimentStore,
        lastUpdatedAt: @escaping @Sendable (Project.ID?) -> Timestamp? = { _ in nil }
    ) {
        self.store = store
        self.lastUpdatedAt = lastUpdatedAt
    }

    /// The schema text of this feature. It extends what tracing, annotations, costs and datasets
    /// define.
    package static var text: String {
        String(decoding: PackageResources.Experiments_graphql, as: UTF8.self)
    }

    /// What `node(id:)` finds.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        nodes.register(Experiment.self) { id, context in
            let row = try await ExperimentLoaders(store, context).experiments.load(id)
            return .object(row.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(ExperimentRun.self) { id, context in
            let row = try await ExperimentLoaders(store, context).runs.load(id)
            return .object(row.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(ExperimentTag.self) { id, context in
            let row = try await ExperimentLoaders(store, context).tags.load(id)
            return .object(row.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        return nodes
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        ExperimentResolvers(store: store, lastUpdatedAt: lastUpdatedAt).add(to: &table)
        RunResolvers(store: store).add(to: &table)
        ComparisonResolvers(store: store).add(to: &table)
        DatasetExperimentResolvers(store: store).add(to: &table)
        ExperimentMutations(store: store).add(to: &table)
        return table
    }

    /// Finds experiments with a text in their name or description, for `searchResources`.
    package var search: ResourceSearch {
        let store = store
        return { text, limit in
            try await store.search(text, limit: limit).map { .object(NodeValue($0)) }
        }
    }
}

extension ExperimentError: GraphQLPresentableError {}

extension NodeValue<Experiment> {
    package init(_ experiment: Experiment) { self.init(id: experiment.id, row: experiment) }
}

extension NodeValue<ExperimentRun> {
    package init(_ run: ExperimentRun) { self.init(id: run.id, row: run) }
}

extension NodeValue<ExperimentRunAnnotation> {
    package init(_ row: ExperimentRunAnnotation) { self.init(id: row.id, row: row) }
}

extension NodeValue<ExperimentTag> {
    package init(_ tag: ExperimentTag) { self.init(id: tag.id, row: tag) }
}
