import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// Finds what a dataset would leave behind in other places, before it is deleted.
///
/// - Returns: What deletes that, once the dataset is gone.
package typealias DatasetLeftovers =
    @Sendable (Dataset.ID) async throws -> @Sendable () async throws -> Void

/// The part of the GraphQL schema that is about datasets, their examples, splits and labels.
package struct DatasetsGraphQL {
    private let store: DatasetStore
    private let leftovers: DatasetLeftovers

    /// - Parameter leftovers: What features above this one have of a dataset that is to be deleted.
    package init(
        store: DatasetStore, leftovers: @escaping DatasetLeftovers = { _ in {} }
    ) {
        self.store = store
        self.leftovers = leftovers
    }

    /// The schema text of this feature. It extends what tracing defines.
    package static var text: String {
        String(decoding: PackageResources.Dataset_graphql, as: UTF8.self)
    }

    /// What `node(id:)` finds.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        nodes.register(Dataset.self) { id, context in
            let dataset = try await DatasetLoaders(store, context).datasets.load(id)
            return .object(dataset.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        nodes.register(DatasetVersion.self) { id, context in
            let version = try await DatasetLoaders(store, context).versions.load(id)
            return .object(version.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        nodes.register(DatasetExample.self) { id, context in
            let example = try await DatasetLoaders(store, context).examples.load(id)
            return .object(example.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        nodes.register(DatasetSplit.self) { id, context in
            let split = try await DatasetLoaders(store, context).splits.load(id)
            return .object(split.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        nodes.register(DatasetLabel.self) { id, context in
            let label = try await DatasetLoaders(store, context).labels.load(id)
            return .object(label.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        return nodes
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        DatasetQueryResolvers(store: store).add(to: &table)
        DatasetResolvers(store: store).add(to: &table)
        ExampleResolvers(store: store).add(to: &table)
        DatasetMutations(store: store, leftovers: leftovers).add(to: &table)
        ExampleMutations(store: store).add(to: &table)
        SplitMutations(store: store).add(to: &table)
        LabelMutations(store: store).add(to: &table)
        return table
    }

    /// Finds datasets with a text in their name or description, for `searchResources`.
    package var search: @Sendable (_ text: String, _ limit: Int) async throws -> [ResolvedValue] {
        let store = store
        return { text, limit in
            try await store.search(text, limit: limit).map {
                .object(NodeValue(id: $0.id, row: $0))
            }
        }
    }
}

extension DatasetError: GraphQLPresentableError {}

/// What fields of many things ask for, loaded with one statement for each kind of question.
package struct DatasetLoaders {
    private let store: DatasetStore
    private let request: RequestContext

    package init(_ store: DatasetStore, _ context: ResolverContext) {
        self.store = store
        request = context.request
    }

    package var datasets: Loader<Dataset.ID, Dataset> {
        request.loader("datasets.datasets") { [store] in try await store.datasets($0) }
    }

    package var versions: Loader<DatasetVersion.ID, DatasetVersion> {
        request.loader("datasets.versions") { [store] in try await store.versions($0) }
    }

    /// Examples as they are now.
    package var examples: Loader<DatasetExample.ID, DatasetExample> {
        request.loader("datasets.examples") { [store] in try await store.examples($0) }
    }

    package var splits: Loader<DatasetSplit.ID, DatasetSplit> {
        request.loader("datasets.splits") { [store] in try await store.splits($0) }
    }

    package var labels: Loader<DatasetLabel.ID, DatasetLabel> {
        request.loader("datasets.labels") { [store] in try await store.labels($0) }
    }

    package var splitsOfExamples: Loader<DatasetExample.ID, [DatasetSplit]> {
        request.loader("datasets.splits of examples") { [store] in
            try await store.splits(of: $0)
        }
    }
}

extension FieldArguments {
    /// The global ids of an argument; empty when it is null or was not given.
    func rowIDs<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> [RowID<Noun>] {
        var ids: [RowID<Noun>] = []
        for text in strings(name) ?? [] { ids.append(try GraphQLSupport.rowID(text, as: noun)) }
        return ids
    }

    /// The same, where the contract says in its own words which id is wrong.
    package func rowIDs<Noun: Node>(
        _ name: String, called word: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> [RowID<Noun>] {
        var ids: [RowID<Noun>] = []
        for text in strings(name) ?? [] {
            guard let id = RowID<Noun>(nodeID: text) else {
                throw .badRequest("Invalid \(word): \(text.prefix(200))")
            }
            ids.append(id)
        }
        return ids
    }

    /// The global id of an argument; nil when it is null or was not given.
    func optionalID<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> RowID<Noun>? {
        guard let text = string(name) else { return nil }
        return try GraphQLSupport.rowID(text, as: noun)
    }
}
