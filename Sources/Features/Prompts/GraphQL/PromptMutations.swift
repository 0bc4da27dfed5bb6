import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of prompts, their tags and labels.
struct PromptMutations: Sendable {
    let store: PromptStore

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            mutation("createChatPrompt", storesData: true, &fields, createPrompt)
            mutation("createChatPromptVersion", storesData: true, &fields, createVersion)
            mutation("clonePrompt", storesData: true, &fields, clonePrompt)
            mutation("patchPrompt", &fields, patchPrompt)
            mutation("deletePrompt", &fields, deletePrompt)
            mutation("setPromptVersionTag", storesData: true, &fields, setTag)
            mutation("deletePromptVersionTag", &fields, deleteTag)
            mutation("createPromptLabel", storesData: true, &fields, createLabel)
            mutation("patchPromptLabel", &fields, patchLabel)
            mutation("deletePromptLabels", &fields, deleteLabels)
            mutation("setPromptLabels", storesData: true, &fields, setLabels)
            mutation("unsetPromptLabels", &fields, unsetLabels)
        }
        addPayloads(to: &table)
    }

    /// A mutation with one argument `input`.
    private func mutation(
        _ name: String, storesData: Bool = false,
        _ fields: inout ResolverTable.Fields<GraphQLRoot>,
        _ run: @escaping @Sendable (JSONObject, ResolverContext) async throws -> ResolvedValue
    ) {
        fields.field(name) { _, arguments, context in
            try context.caller.authorize(PromptAction.changePrompts, storesData: storesData)
            return try await run(arguments.object("input") ?? [:], context)
        }
    }

    // MARK: Answers

    private struct TagPayload: Sendable {
        var tag: PromptVersionTag?
        var prompt: Prompt.ID
    }

    private struct LabelPayload: Sendable {
        var labels: [PromptLabel]
    }

    private struct DeletedLabels: Sendable {
        var ids: [PromptLabel.ID]
    }

    private func addPayloads(to table: inout ResolverTable) {
        let store = store
        table.object("PromptVersionTagMutationPayload", of: TagPayload.self) { fields in
            fields.property("promptVersionTag") { .object(optional: $0.tag.map { NodeValue($0) }) }
            fields.field("prompt") { payload, _, context in
                let prompt = try await PromptLoaders(store, context).prompts.load(payload.prompt)
                return .object(NodeValue(payload.prompt, prompt))
            }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        table.object("PromptLabelMutationPayload", of: LabelPayload.self) { fields in
            fields.property("promptLabels") { .objects($0.labels.map { NodeValue($0) }) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        table.object("PromptLabelDeleteMutationPayload", of: DeletedLabels.self) { fields in
            fields.property("deletedPromptLabelIds") { .list($0.ids.map { .id($0) }) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        for name in ["DeletePromptMutationPayload", "PromptLabelAssociationMutationPayload"] {
            table.object(name, of: GraphQLRoot.self) { fields in
                fields.property("query") { _ in .object(GraphQLRoot()) }
            }
        }
    }

    /// The row id of a member of an input.
    private static func id<Noun: Node>(
        _ input: JSONObject, _ name: String, as noun: Noun.Type = Noun.self
    ) throws -> RowID<Noun> {
        try rowID(PromptInputs.text(input, name) ?? "", as: Noun.self)
    }

    private static func ids(_ input: JSONObject) throws -> [PromptLabel.ID] {
        try (input["promptLabelIds"]?.arrayValue ?? []).map {
            try rowID($0.stringValue ?? "", as: PromptLabel.self)
        }
    }

    /// Says which prompt there is not.
    private static func found<Value>(
        _ id: Prompt.ID, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as PromptError where error.code == .notFound {
            throw GraphQLFault.notFound("Prompt with ID '\(id.nodeID)' not found")
        }
    }

    // MARK: Prompts

    /// The prompt as it is after a change; what the same request read before does not count.
    private func prompt(_ id: Prompt.ID) async throws -> ResolvedValue {
        .object(NodeValue(id, try await store.prompts([id])[id]))
    }

    @Sendable private func createPrompt(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let version = try await store.create(
            PromptDraft(
                name: PromptInputs.text(input, "name") ?? "",
                description: PromptInputs.text(input, "description"),
                metadata: try PromptInputs.metadata(input["metadata"])),
            version: try PromptInputs.version(input["promptVersion"]?.objectValue ?? [:]),
            tags: PromptInputs.tags(input), existing: .refuse, now: context.now)
        return try await prompt(version.promptID)
    }

    @Sendable private func createVersion(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Prompt.ID = try Self.id(input, "promptId")
        let content = try PromptInputs.version(input["promptVersion"]?.objectValue ?? [:])
        return try await Self.found(id) {
            _ = try await store.addVersion(
                content, to: Identifier(id), tags: PromptInputs.tags(input), now: context.now)
            return try await prompt(id)
        }
    }

    @Sendable private func clonePrompt(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Prompt.ID = try Self.id(input, "promptId")
        let patch = try Self.patch(input)
        return try await Self.found(id) {
            let clone = try await store.clone(
                id, as: PromptInputs.text(input, "name") ?? "", with: patch, now: context.now)
            return .object(NodeValue(clone))
        }
    }

    private static func patch(_ input: JSONObject) throws -> PromptPatch {
        PromptPatch(
            description: input["description"].map { .some($0.stringValue) } ?? nil,
            metadata: try input["metadata"].map { try PromptInputs.metadata($0) })
    }

    @Sendable private func patchPrompt(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Prompt.ID = try Self.id(input, "promptId")
        let patch = try Self.patch(input)
        guard !patch.isEmpty else {
            throw GraphQLFault.badRequest("No fields provided to update")
        }
        return try await Self.found(id) {
            .object(
                NodeValue(try await store.patch(Identifier(id), with: patch, now: context.now)))
        }
    }

    @Sendable private func deletePrompt(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Prompt.ID = try Self.id(input, "promptId")
        try await Self.found(id) { try await store.delete(Identifier(id)) }
        return .object(GraphQLRoot())
    }

    // MARK: Tags

    @Sendable private func setTag(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let version: PromptVersion.ID = try Self.id(input, "promptVersionId")
        let draft = PromptTagDraft(
            name: PromptInputs.text(input, "name") ?? "",
            description: PromptInputs.text(input, "description"))
        do {
            let tag = try await store.setTag(draft, of: version, keepsDescription: true)
            return .object(TagPayload(tag: tag, prompt: tag.promptID))
        } catch let error as PromptError where error.code == .notFound {
            throw GraphQLFault.badRequest("PromptVersion with ID \(version.nodeID) not found.")
        }
    }

    @Sendable private func deleteTag(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: PromptVersionTag.ID = try Self.id(input, "promptVersionTagId")
        guard let prompt = try await store.deleteTag(id) else {
            throw GraphQLFault.notFound("PromptVersionTag with ID \(id.nodeID) not found")
        }
        return .object(TagPayload(tag: nil, prompt: prompt))
    }

    // MARK: Labels

    @Sendable private func createLabel(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let label = try await store.createLabel(
            name: PromptInputs.text(input, "name") ?? "",
            description: PromptInputs.text(input, "description"),
            color: PromptInputs.text(input, "color"))
        return .object(LabelPayload(labels: [label]))
    }

    @Sendable private func patchLabel(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let label = try await store.patchLabel(
            try Self.id(input, "promptLabelId"), name: PromptInputs.text(input, "name"),
            description: PromptInputs.text(input, "description"))
        return .object(LabelPayload(labels: [label]))
    }

    @Sendable private func deleteLabels(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let ids = try Self.ids(input)
        try await store.deleteLabels(ids)
        return .object(DeletedLabels(ids: ids))
    }

    @Sendable private func setLabels(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        try await store.addLabels(try Self.ids(input), to: try Self.id(input, "promptId"))
        return .object(GraphQLRoot())
    }

    @Sendable private func unsetLabels(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        try await store.removeLabels(try Self.ids(input), from: try Self.id(input, "promptId"))
        return .object(GraphQLRoot())
    }
}
