import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// Prompts and labels, and the lists of them.
struct PromptResolvers: Sendable {
    let store: PromptStore

    func add(to table: inout ResolverTable) {
        addLists(to: &table)
        for name in ["Prompt", "PromptLabel", "PromptVersion"] { table.addConnection(name) }
        table.object("Prompt", of: NodeValue<Prompt>.self) { fields in
            addColumns(to: &fields)
            addVersions(to: &fields)
        }
        let store = store
        table.object("PromptLabel", of: NodeValue<PromptLabel>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
            fields.row("color") { .string($0.color) }
            fields.loaded("usageCount", store.usageCounts(ofLabels:)) { .integer($0 ?? 0) }
        }
    }

    private func addLists(to table: inout ResolverTable) {
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("prompts") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                let labels = try (arguments.strings("labelIds") ?? []).map {
                    try rowID($0, as: PromptLabel.self)
                }
                let (prompts, count) = try await store.prompts(
                    nameLike: arguments.object("filter")?["value"]?.stringValue, labels: labels
                ) { page.window(count: $0).range }
                return .connection(
                    page.connection(of: page.window(count: count), elements: prompts) {
                        .object(NodeValue($0))
                    })
            }
            fields.field("promptLabels") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                return .connection(
                    page.connection(try await store.labels()) { .object(NodeValue($0)) })
            }
            fields.field("promptCount") { _, _, _ in .integer(try await store.promptCount()) }
        }
    }

    private func addColumns(to fields: inout ResolverTable.Fields<NodeValue<Prompt>>) {
        let store = store
        fields.property("id") { .id($0.id) }
        fields.row("sourcePromptId") { $0.sourceID.map { .id($0) } ?? .null }
        fields.row("name") { .string($0.name) }
        fields.row("description") { .string($0.description) }
        fields.row("metadata") { .json($0.metadata) }
        fields.row("createdAt") { .timestamp($0.createdAt) }
        // Nobody signs in while there are no accounts.
        for name in ["createdBy", "updatedBy"] { fields.property(name) { _ in .null } }
        fields.field("sourcePrompt") { parent, _, context in
            guard let source = try parent.required().sourceID else { return .null }
            let prompt = try await PromptLoaders(store, context).prompts.load(source)
            return .object(optional: prompt.map { NodeValue($0) })
        }
        fields.loaded("labels", store.labels(ofPrompts:)) { labels in
            .objects((labels ?? []).map { NodeValue($0) })
        }
        fields.field("versionTags") { parent, _, context in
            let tags = try await PromptLoaders(store, context).tagsOfPrompts.load(parent.id)
            return .objects((tags ?? []).map { NodeValue($0) })
        }
    }

    private func addVersions(to fields: inout ResolverTable.Fields<NodeValue<Prompt>>) {
        let store = store
        fields.field("versionCount") { parent, _, context in
            .integer(try await PromptLoaders(store, context).versionIDs.load(parent.id)?.count ?? 0)
        }
        fields.field("version") { parent, arguments, context in
            let loaders = PromptLoaders(store, context)
            let id = try await Self.version(of: parent.id, arguments, loaders)
            guard let version = try await loaders.versions.load(id), version.promptID == parent.id
            else { throw GraphQLFault.notFound("Prompt version not found: \(id.nodeID)") }
            return .object(NodeValue(version))
        }
        fields.field("promptVersions") { parent, arguments, context in
            let page = try OffsetPage(arguments)
            let loaders = PromptLoaders(store, context)
            let ids = try await loaders.versionIDs.load(parent.id) ?? []
            let window = page.window(count: ids.count)
            let versions = try await loaders.versions.load(Array(ids[window.range]))
            return .connection(
                page.connection(of: window, elements: versions) {
                    .object(optional: $0.map { NodeValue($0) })
                })
        }
    }

    /// The version that arguments ask for: by its id, else by a tag, else the latest.
    private static func version(
        of prompt: Prompt.ID, _ arguments: FieldArguments, _ loaders: PromptLoaders
    ) async throws -> PromptVersion.ID {
        if let text = arguments.string("versionId") { return try rowID(text) }
        if let name = arguments.string("tagName") {
            let tags = try await loaders.tagsOfPrompts.load(prompt) ?? []
            guard let tag = tags.first(where: { $0.name == name }) else {
                throw GraphQLFault.notFound(
                    "This prompt has no associated versions by tag \(name)")
            }
            return tag.versionID
        }
        guard let latest = try await loaders.versionIDs.load(prompt)?.first else {
            throw GraphQLFault.notFound("This prompt has no associated versions")
        }
        return latest
    }
}
