import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of models.
struct ModelMutations: Sendable {
    let store: CostStore

    private struct Payload: Sendable {
        var model: GenerativeModel
    }

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.field("createModel") { _, arguments, context in
                try context.caller.authorize(CostsAction.changeModels)
                let draft = Self.draft(arguments.object("input") ?? [:])
                let model = try await store.create(draft, now: context.now)
                return .typed(Payload(model: model), type: "CreateModelMutationPayload")
            }
            fields.field("updateModel") { _, arguments, context in
                try context.caller.authorize(CostsAction.changeModels)
                let input = arguments.object("input") ?? [:]
                let draft = Self.draft(input)
                try draft.validate()
                let model = try await store.update(
                    Self.id(input), to: draft, now: context.now)
                return .typed(Payload(model: model), type: "UpdateModelMutationPayload")
            }
            fields.field("deleteModel") { _, arguments, context in
                try context.caller.authorize(CostsAction.changeModels)
                let id = try Self.id(arguments.object("input") ?? [:])
                let model = try await store.delete(id, now: context.now)
                return .typed(Payload(model: model), type: "DeleteModelMutationPayload")
            }
        }
        for name in ["Create", "Update", "Delete"] {
            table.object("\(name)ModelMutationPayload", of: Payload.self) { fields in
                fields.property("model") { .object(NodeValue($0.model)) }
                fields.property("query") { _ in .object(GraphQLRoot()) }
            }
        }
    }

    private static func id(_ input: JSONObject) throws -> GenerativeModel.ID {
        let text = input["id"]?.stringValue ?? ""
        guard let id = NodeID(text)?.rowID(as: GenerativeModel.self) else {
            throw GraphQLFault.badRequest("Invalid model id: \"\(text.prefix(200))\"")
        }
        return id
    }

    private static func draft(_ input: JSONObject) -> ModelDraft {
        ModelDraft(
            name: input["name"]?.stringValue ?? "", provider: input["provider"]?.stringValue,
            namePattern: input["namePattern"]?.stringValue ?? "",
            startTime: input.timestamp("startTime"),
            prices: (input["costs"]?.arrayValue ?? []).map { cost in
                TokenPrice(
                    isPrompt: cost["kind"]?.stringValue == "PROMPT",
                    tokenType: cost["tokenType"]?.stringValue ?? "",
                    rate: (cost["costPerMillionTokens"]?.doubleValue ?? 0) / 1_000_000)
            })
    }
}

/// What can be asked of this feature, and what it needs.
enum CostsAction: Action {
    case changeModels

    var requiredAccess: Access { .write }
}
