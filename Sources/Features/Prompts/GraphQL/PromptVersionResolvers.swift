import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// Versions of prompts and their tags.
struct PromptVersionResolvers: Sendable {
    let store: PromptStore

    func add(to table: inout ResolverTable) {
        table.object("PromptVersion", of: NodeValue<PromptVersion>.self) { fields in
            addColumns(to: &fields)
            addDocuments(to: &fields)
            addPlace(to: &fields)
        }
        table.object("PromptVersionTag", of: NodeValue<PromptVersionTag>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("promptVersionId") { .id($0.versionID) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
            // Nobody signs in while there are no accounts.
            fields.property("user") { _ in .null }
        }
        struct Provider: Sendable {}
        table.object("GenerativeModelCustomProvider", of: Provider.self) { fields in
            for name in ["id", "name", "description", "provider"] {
                fields.property(name) { _ in .null }
            }
        }
    }

    private func addColumns(to fields: inout ResolverTable.Fields<NodeValue<PromptVersion>>) {
        let store = store
        fields.property("id") { .id($0.id) }
        fields.row("description") { .string($0.content.description) }
        fields.row("modelName") { .string($0.content.modelName) }
        fields.row("modelProvider") { .string($0.content.modelProvider.rawValue) }
        fields.row("metadata") { .json($0.content.metadata) }
        fields.row("createdAt") { .timestamp($0.createdAt) }
        // There are neither accounts nor providers of one's own.
        for name in ["user", "customProvider"] { fields.property(name) { _ in .null } }
        fields.loaded("tags", store.tags(ofVersions:)) { tags in
            .objects((tags ?? []).map { NodeValue($0) })
        }
    }

    private func addDocuments(to fields: inout ResolverTable.Fields<NodeValue<PromptVersion>>) {
        fields.row("templateType") { .string($0.content.templateType == .chat ? "CHAT" : "STRING") }
        fields.row("templateFormat") { .string($0.content.templateFormat.rawValue) }
        fields.row("template") { version in
            let template = version.content.template
            let isChat = template["type"]?.stringValue == "chat"
            return .typed(template, type: isChat ? "PromptChatTemplate" : "PromptStringTemplate")
        }
        fields.row("invocationParameters") {
            PromptDocumentResolvers.parameters($0.content.invocationParameters)
        }
        fields.row("tools") { .object(optional: $0.content.tools) }
        fields.row("responseFormat") { .object(optional: $0.content.responseFormat) }
    }

    private func addPlace(to fields: inout ResolverTable.Fields<NodeValue<PromptVersion>>) {
        let store = store
        fields.field("sequenceNumber") { parent, _, context in
            .integer(try await Self.place(of: parent.id, store, context)?.number)
        }
        fields.field("isLatest") { parent, _, context in
            .bool(try await Self.place(of: parent.id, store, context)?.isLatest)
        }
        fields.field("previousVersion") { parent, _, context in
            guard let id = try await Self.place(of: parent.id, store, context)?.previous else {
                return .null
            }
            let version = try await PromptLoaders(store, context).versions.load(id)
            return .object(optional: version.map { NodeValue($0) })
        }
    }

    private static func place(
        of version: PromptVersion.ID, _ store: PromptStore, _ context: ResolverContext
    ) async throws -> PromptVersionPlace? {
        try await PromptLoaders(store, context).places.load(version)
    }
}
