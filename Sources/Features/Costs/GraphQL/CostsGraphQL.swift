import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The part of the GraphQL schema that is about models and costs.
package struct CostsGraphQL {
    private let store: CostStore

    package init(store: CostStore) { self.store = store }

    /// The schema text of this feature. It extends what tracing defines.
    package static var text: String {
        String(decoding: PackageResources.Costs_graphql, as: UTF8.self)
    }

    /// What `node(id:)` finds.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        nodes.register(GenerativeModel.self) { id, context in
            let model = try await CostLoaders(store, context).models.load(id)
            return .object(model.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        return nodes
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        CostResolvers(store: store).add(to: &table)
        ModelResolvers(store: store).add(to: &table)
        ProjectCostResolvers(store: store).add(to: &table)
        ModelMutations(store: store).add(to: &table)
        return table
    }
}

extension ModelError: GraphQLPresentableError {}
