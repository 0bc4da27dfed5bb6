import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of experiments.
struct ExperimentMutations: Sendable {
    let store: ExperimentStore

    private struct Payload: Sendable {
        var experiment: Experiment
    }

    private struct Deleted: Sendable {
        var experiments: [Experiment]
    }

    private struct Baseline: Sendable {
        var experiment: Experiment
        var previous: Experiment?
    }

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            for (name, isEphemeral) in [("dismiss", true), ("reinstate", false)] {
                fields.field("\(name)Experiment") { _, arguments, context in
                    try context.caller.authorize(ExperimentAction.changeExperiments)
                    let patch = ExperimentPatch(isEphemeral: isEphemeral)
                    let experiment = try await Self.update(
                        arguments.string("experimentId") ?? "", patch, store, context)
                    let type = isEphemeral ? "Dismiss" : "Reinstate"
                    return .typed(
                        Payload(experiment: experiment), type: "\(type)ExperimentPayload")
                }
            }
            fields.field("patchExperiment") { _, arguments, context in
                try context.caller.authorize(ExperimentAction.changeExperiments)
                let input = arguments.object("input") ?? [:]
                let experiment = try await Self.update(
                    input["experimentId"]?.stringValue ?? "", try Self.patch(input), store,
                    context)
                return .typed(Payload(experiment: experiment), type: "PatchExperimentPayload")
            }
            fields.field("setExperimentBaseline") { _, arguments, context in
                try context.caller.authorize(ExperimentAction.changeExperiments)
                let id = try rowID(
                    arguments.string("experimentId") ?? "", as: Experiment.self)
                return .object(
                    try await Self.setBaseline(
                        id, arguments["baseline"]?.boolValue ?? false, store))
            }
            fields.field("deleteExperiments") { _, arguments, context in
                try context.caller.authorize(ExperimentAction.deleteExperiments)
                let input = arguments.object("input") ?? [:]
                return .object(try await Self.delete(input, store))
            }
        }
        for name in ["Dismiss", "Reinstate", "Patch"] {
            table.object("\(name)ExperimentPayload", of: Payload.self) { fields in
                fields.property("experiment") { .object(NodeValue($0.experiment)) }
            }
        }
        table.object("ExperimentMutationPayload", of: Deleted.self) { fields in
            fields.property("experiments") { .objects($0.experiments.map { NodeValue($0) }) }
        }
        table.object("SetExperimentBaselinePayload", of: Baseline.self) { fields in
            fields.property("experiment") { .object(NodeValue($0.experiment)) }
            fields.property("previousBaselineExperiment") {
                .object(optional: $0.previous.map { NodeValue($0) })
            }
            fields.field("dataset") { parent, _, context in
                let id = parent.experiment.dataset
                let row = try await ExperimentLoaders(store, context).datasets.datasets.load(id)
                return .object(row.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
            }
        }
    }

    private static func patch(_ input: JSONObject) throws -> ExperimentPatch {
        var patch = ExperimentPatch()
        for name in ["name", "metadata"] where input[name] == .null {
            throw GraphQLFault.badRequest("\(name) cannot be null")
        }
        patch.name = input["name"]?.stringValue
        if let description = input["description"] {
            patch.description = .some(description.stringValue)
        }
        if let metadata = input["metadata"] {
            guard metadata.objectValue != nil else {
                throw GraphQLFault.badRequest("metadata must be an object")
            }
            patch.metadata = metadata.serialized()
        }
        guard !patch.isEmpty else { throw GraphQLFault.badRequest("No fields to patch.") }
        return patch
    }

    private static func update(
        _ text: String, _ patch: ExperimentPatch, _ store: ExperimentStore,
        _ context: ResolverContext
    ) async throws -> Experiment {
        let id = try rowID(text, as: Experiment.self)
        return try await found(id) { try await store.update(id, with: patch, now: context.now) }
    }

    /// Says in the words of the contract that there is no such experiment.
    private static func found<Value>(
        _ id: Experiment.ID, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as ExperimentError where error.code == .notFound {
            throw GraphQLFault.notFound("Experiment \(id.nodeID) not found")
        }
    }

    private static func setBaseline(
        _ id: Experiment.ID, _ isBaseline: Bool, _ store: ExperimentStore
    ) async throws -> Baseline {
        let name = ExperimentTag.baselineName
        let experiment = try await found(id) { try await store.experiment(id) }
        guard isBaseline else {
            try await store.deleteTag(Identifier(name: name), of: id)
            return Baseline(experiment: experiment)
        }
        guard !experiment.isEphemeral else {
            throw GraphQLFault.badRequest("Ephemeral experiments cannot be marked as baseline")
        }
        let previous = try await store.experiments(tagged: name, of: [experiment.dataset])
        _ = try await found(id) { try await store.setTag(name, description: nil, of: id) }
        let before = previous[experiment.dataset]
        return Baseline(experiment: experiment, previous: before?.id == id ? nil : before)
    }

    private static func delete(
        _ input: JSONObject, _ store: ExperimentStore
    ) async throws -> Deleted {
        let ids = try (input["experimentIds"]?.arrayValue ?? []).map {
            try rowID($0.stringValue ?? "", as: Experiment.self)
        }
        do {
            let leftovers = try await store.leftovers(of: ids)
            let deleted = try await store.delete(ids)
            try await store.delete(leftovers)
            return Deleted(experiments: deleted)
        } catch let error as ExperimentError where error.code == .notFound {
            let found = try await store.experiments(ids)
            let missing = ids.filter { found[$0] == nil }.map { "'\($0.nodeID)'" }
            throw GraphQLFault.notFound(
                "Failed to delete experiment(s), probably due to invalid input experiment ID(s): "
                    + "[\(missing.joined(separator: ", "))]")
        }
    }
}
