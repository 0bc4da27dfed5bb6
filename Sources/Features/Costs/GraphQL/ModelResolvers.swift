import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// `GenerativeModel` and the list of them.
struct ModelResolvers: Sendable {
    let store: CostStore

    /// The keys of providers that the contract has an enumeration for.
    private static let providerKeys = [
        "openai": "OPENAI", "anthropic": "ANTHROPIC", "azure": "AZURE_OPENAI", "google": "GOOGLE",
        "deepseek": "DEEPSEEK", "xai": "XAI", "ollama": "OLLAMA", "aws": "AWS",
        "cerebras": "CEREBRAS", "fireworks": "FIREWORKS", "groq": "GROQ", "moonshot": "MOONSHOT",
        "minimax": "MINIMAX", "perplexity": "PERPLEXITY", "together": "TOGETHER", "zai": "ZAI",
        "meta": "META",
    ]

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("generativeModels") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                return .connection(
                    page.connection(try await store.models()) { .object(NodeValue($0)) })
            }
        }
        table.addConnection("GenerativeModel")
        table.object("GenerativeModel", of: NodeValue<GenerativeModel>.self) { fields in
            addColumns(to: &fields)
            addCosts(to: &fields)
        }
        table.object("TokenPrice", of: TokenPrice.self) { fields in
            fields.property("tokenType") { .string($0.tokenType) }
            fields.property("kind") { .string($0.isPrompt ? "PROMPT" : "COMPLETION") }
            fields.property("costPerToken") { .double($0.rate) }
            fields.property("costPerMillionTokens") { .double($0.rate * 1_000_000) }
        }
    }

    private func addColumns(to fields: inout ResolverTable.Fields<NodeValue<GenerativeModel>>) {
        fields.property("id") { .id($0.id) }
        fields.row("name") { .string($0.name) }
        fields.row("provider") { .string($0.provider.isEmpty ? nil : $0.provider) }
        fields.row("providerKey") { .string(Self.providerKeys[$0.provider]) }
        fields.row("namePattern") { .string($0.namePattern) }
        fields.row("kind") { .string($0.isBuiltIn ? "BUILT_IN" : "CUSTOM") }
        fields.row("createdAt") { .timestamp($0.createdAt) }
        fields.row("updatedAt") { .timestamp($0.updatedAt) }
        fields.row("startTime") { .timestamp($0.startTime) }
        let store = store
        fields.field("tokenPrices") { parent, _, context in
            .objects(try await CostLoaders(store, context).prices.load(parent.id) ?? [])
        }
    }

    private func addCosts(to fields: inout ResolverTable.Fields<NodeValue<GenerativeModel>>) {
        let store = store
        fields.field("costSummary") { parent, arguments, context in
            let key = CostLoaders.ModelKey(model: parent.id, scope: try Self.scope(arguments))
            let summary = try await CostLoaders(store, context).modelSummaries.load(key)
            return .object(summary ?? CostSummary())
        }
        fields.field("costDetailSummaryEntries") { parent, arguments, context in
            let key = CostLoaders.ModelKey(model: parent.id, scope: try Self.scope(arguments))
            return .objects(try await CostLoaders(store, context).modelDetails.load(key) ?? [])
        }
        fields.field("lastUsedAt") { parent, _, context in
            .timestamp(try await CostLoaders(store, context).lastUses.load(parent.id))
        }
    }

    private static func scope(_ arguments: FieldArguments) throws -> CostStore.Scope {
        var scope = CostStore.Scope(range: arguments.timeRange)
        if let text = arguments.string("projectId") {
            guard let id = NodeID(text)?.rowID(as: Project.self) else {
                throw GraphQLFault.badRequest("Invalid Project ID")
            }
            scope.project = id
        }
        return scope
    }
}
