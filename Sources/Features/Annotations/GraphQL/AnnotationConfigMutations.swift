import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of annotation configs and of their assignment to projects.
struct AnnotationConfigMutations: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore

    private typealias Fields = ResolverTable.Fields<GraphQLRoot>

    private struct Payload: Sendable {
        var configs: [AnnotationConfig]
    }

    private struct ProjectPayload: Sendable {
        var project: NodeValue<Project>
    }

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            addCreation(to: &fields)
            addUpdate(to: &fields)
            addDeletion(to: &fields)
            addAssignments(to: &fields)
        }
        for name in ["Create", "Update"] {
            table.object("\(name)AnnotationConfigPayload", of: Payload.self) { fields in
                fields.property("annotationConfig") { $0.configs.first?.resolved ?? .null }
                fields.property("query") { _ in .object(GraphQLRoot()) }
            }
        }
        table.object("DeleteAnnotationConfigsPayload", of: Payload.self) { fields in
            fields.property("annotationConfigs") { .list($0.configs.map(\.resolved)) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        for name in ["AddAnnotationConfigTo", "RemoveAnnotationConfigFrom"] {
            table.object("\(name)ProjectPayload", of: ProjectPayload.self) { fields in
                fields.property("project") { .object($0.project) }
                fields.property("query") { _ in .object(GraphQLRoot()) }
            }
        }
    }

    // MARK: Configs

    private func addCreation(to fields: inout Fields) {
        let store = store
        fields.field("createAnnotationConfig") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.changeConfigs)
            let draft = try Self.draft(arguments.object("input") ?? [:])
            let config = try await Self.worded(draft) { try await store.create(draft) }
            return .typed(Payload(configs: [config]), type: "CreateAnnotationConfigPayload")
        }
    }

    private func addUpdate(to fields: inout Fields) {
        let store = store
        fields.field("updateAnnotationConfig") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.changeConfigs)
            let input = arguments.object("input") ?? [:]
            guard let id = AnnotationConfig.ID(configNodeID: input["id"]?.stringValue ?? "") else {
                throw GraphQLFault.badRequest("Invalid annotation config ID")
            }
            let draft = try Self.draft(input)
            let config = try await Self.worded(draft) { try await store.update(id, to: draft) }
            context.request.forgetLoaded()
            return .typed(Payload(configs: [config]), type: "UpdateAnnotationConfigPayload")
        }
    }

    private func addDeletion(to fields: inout Fields) {
        let store = store
        fields.field("deleteAnnotationConfigs") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.changeConfigs)
            let texts = (arguments.object("input")?["ids"]?.arrayValue ?? [])
                .compactMap(\.stringValue)
            let ids = try texts.map(Self.id)
            guard let configs = try await store.delete(Set(ids)) else {
                throw GraphQLFault.notFound(
                    "Could not find one or more annotation configs to delete, deletion aborted.")
            }
            context.request.forgetLoaded()
            return .typed(Payload(configs: configs), type: "DeleteAnnotationConfigsPayload")
        }
    }

    private static func id(_ text: String) throws(GraphQLFault) -> AnnotationConfig.ID {
        guard let node = NodeID(text) else {
            throw .badRequest("Invalid node id: \(text.prefix(200))")
        }
        guard let id = AnnotationConfig.ID(configNodeID: text) else {
            throw .badRequest("Unexpected type name in Relay ID: \(node.typeName.prefix(200))")
        }
        return id
    }

    /// Says what is wrong with a draft in the words of the GraphQL contract.
    private static func worded(
        _ draft: AnnotationConfigDraft, _ body: () async throws -> AnnotationConfig
    ) async throws -> AnnotationConfig {
        do {
            return try await body()
        } catch let error as AnnotationError where error == .configNameTaken {
            throw GraphQLFault.conflict(
                "Annotation configuration with name '\(draft.name.prefix(200))' already exists")
        } catch let error as AnnotationError where error == .configNameReserved {
            throw GraphQLFault.badRequest(
                "The name 'note' is reserved for notes and cannot be used for annotation configs.")
        } catch let error as AnnotationError where error == .configNotFound {
            throw GraphQLFault.notFound("Annotation config not found")
        }
    }

    /// Reads `AnnotationConfigInput`, of which one member is given.
    private static func draft(_ input: JSONObject) throws(GraphQLFault) -> AnnotationConfigDraft {
        let given = input["annotationConfig"]?.objectValue ?? [:]
        let kinds: [(String, AnnotationConfig.Kind)] = [
            ("categorical", .categorical), ("continuous", .continuous), ("freeform", .freeform),
        ]
        for (name, kind) in kinds {
            guard let config = given[name]?.objectValue else { continue }
            let title = (config["name"]?.stringValue ?? "").trimmed
            guard !title.isEmpty else { throw .badRequest("Name cannot be empty") }
            let values = (config["values"]?.arrayValue ?? []).map { value in
                AnnotationConfig.Value(
                    label: value["label"]?.stringValue ?? "", score: value["score"]?.doubleValue)
            }
            return AnnotationConfigDraft(
                name: title,
                shape: AnnotationConfig.Shape(
                    kind: kind, description: config["description"]?.stringValue,
                    direction: config["optimizationDirection"]?.stringValue
                        .flatMap(AnnotationConfig.OptimizationDirection.init),
                    values: values, lowerBound: config["lowerBound"]?.doubleValue,
                    upperBound: config["upperBound"]?.doubleValue,
                    threshold: config["threshold"]?.doubleValue))
        }
        throw .badRequest("No annotation config provided")
    }

    // MARK: Projects

    private func addAssignments(to fields: inout Fields) {
        let (store, tracing) = (store, tracing)
        @Sendable func answer(
            _ pairs: [Assignment], _ context: ResolverContext
        ) async throws -> ProjectPayload {
            context.request.forgetLoaded()
            let id = pairs[0].project
            let project = try await tracing.projects([id])[id]
            return ProjectPayload(project: project.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        fields.field("addAnnotationConfigToProject") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.changeConfigs)
            let pairs = try Self.assignments(arguments) { text in
                "Invalidation ID for annotation config: \(text)"
            }
            guard !pairs.isEmpty else {
                throw GraphQLFault.badRequest(
                    "No project annotation config associations provided")
            }
            switch try await store.assign(pairs.map { ($0.config, $0.project) }) {
            case .done:
                return .typed(
                    try await answer(pairs, context), type: "AddAnnotationConfigToProjectPayload")
            case .projectNotFound:
                throw GraphQLFault.notFound("One or more projects were not found")
            case .configNotFound:
                throw GraphQLFault.notFound("One or more annotation configs were not found")
            case .assignedAlready:
                throw GraphQLFault.conflict(
                    "One or more annotation configs have already been added to the project")
            }
        }
        fields.field("removeAnnotationConfigFromProject") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.changeConfigs)
            let pairs = try Self.assignments(arguments) { text in
                "Unexpected type name in Relay ID: \(NodeID(text)?.typeName ?? "")"
            }
            guard !pairs.isEmpty else {
                throw GraphQLFault.badRequest("No project annotation configs provided")
            }
            guard try await store.unassign(pairs.map { ($0.config, $0.project) }) else {
                throw GraphQLFault.notFound(
                    "Could not find one or more input project annotation configs")
            }
            return .typed(
                try await answer(pairs, context), type: "RemoveAnnotationConfigFromProjectPayload")
        }
    }

    private struct Assignment: Sendable {
        var project: Project.ID
        var config: AnnotationConfig.ID
    }

    private static func assignments(
        _ arguments: FieldArguments, invalid: (String) -> String
    ) throws -> [Assignment] {
        try (arguments.array("input") ?? []).compactMap(\.objectValue).map { input in
            let text = input["annotationConfigId"]?.stringValue ?? ""
            let project: Project.ID = try rowID(input["projectId"]?.stringValue ?? "")
            guard let config = AnnotationConfig.ID(configNodeID: text) else {
                throw GraphQLFault.badRequest(invalid(String(text.prefix(200))))
            }
            return Assignment(project: project, config: config)
        }
    }
}
