import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The part of the GraphQL schema that is about prompts.
package struct PromptsGraphQL {
    private let store: PromptStore

    package init(store: PromptStore) { self.store = store }

    /// The schema texts of this feature. They extend what tracing and costs define.
    package static var texts: [String] {
        [PackageResources.Prompts_graphql, PackageResources.PromptDocuments_graphql]
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What `node(id:)` finds.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        nodes.register(Prompt.self) { id, context in
            let prompt = try await PromptLoaders(store, context).prompts.load(id)
            return .object(NodeValue(id, prompt))
        }
        nodes.register(PromptVersion.self) { id, context in
            let version = try await PromptLoaders(store, context).versions.load(id)
            guard let version else {
                throw GraphQLFault.notFound("Unknown prompt version: \(id.nodeID)")
            }
            return .object(NodeValue(id, version))
        }
        nodes.register(PromptVersionTag.self) { id, context in
            let tag = try await PromptLoaders(store, context).tags.load(id)
            return .object(NodeValue(id, tag))
        }
        nodes.register(PromptLabel.self) { id, context in
            let label = try await PromptLoaders(store, context).labels.load(id)
            return .object(NodeValue(id, label))
        }
        return nodes
    }

    /// What `searchResources` finds.
    package var search: ResourceSearch {
        let store = store
        return { text, limit in
            try await store.searchPrompts(text, limit: limit).map { .object(NodeValue($0)) }
        }
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        table.scalar("Identifier", PromptInputs.identifier)
        PromptResolvers(store: store).add(to: &table)
        PromptVersionResolvers(store: store).add(to: &table)
        PromptDocumentResolvers.add(to: &table)
        PromptMutations(store: store).add(to: &table)
        TemplateResolvers.add(to: &table)
        return table
    }
}

extension PromptError: GraphQLPresentableError {}
extension TemplateError: GraphQLPresentableError {}

extension NodeValue {
    /// The row of an id, or the id alone when nothing has it.
    init(_ id: RowID<Noun>, _ row: Noun?) {
        if let row { self.init(id: id, row: row) } else { self.init(missing: id) }
    }
}

extension NodeValue<Prompt> {
    package init(_ prompt: Prompt) { self.init(id: prompt.id, row: prompt) }
}

extension NodeValue<PromptVersion> {
    package init(_ version: PromptVersion) { self.init(id: version.id, row: version) }
}

extension NodeValue<PromptVersionTag> {
    package init(_ tag: PromptVersionTag) { self.init(id: tag.id, row: tag) }
}

extension NodeValue<PromptLabel> {
    package init(_ label: PromptLabel) { self.init(id: label.id, row: label) }
}
