import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of splits.
struct SplitMutations: Sendable {
    let store: DatasetStore

    private struct Payload: Sendable {
        var splits: [DatasetSplit] = []
        var examples: [DatasetExample] = []
    }

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.mutation("createDatasetSplit", create)
            fields.mutation("createDatasetSplitWithExamples", createWithExamples)
            fields.mutation("patchDatasetSplit", patch)
            fields.mutation("deleteDatasetSplits", needing: .deleteDatasets, delete)
            fields.mutation("setDatasetExampleSplits", setOfOne)
            fields.mutation("setDatasetExamplesSplits", setOfMany)
        }
        let ofSplit = [
            "DatasetSplitMutationPayload", "DatasetSplitMutationPayloadWithExamples",
        ]
        for name in ofSplit {
            table.object(name, of: Payload.self) { fields in
                fields.property("datasetSplit") { payload in
                    .object(optional: payload.splits.first.map { NodeValue(id: $0.id, row: $0) })
                }
                fields.property("query") { _ in .object(GraphQLRoot()) }
                if name.hasSuffix("Examples") { Self.addExamples(to: &fields) }
            }
        }
        table.object("DeleteDatasetSplitsMutationPayload", of: Payload.self) { fields in
            fields.property("datasetSplits") {
                .objects($0.splits.map { NodeValue(id: $0.id, row: $0) })
            }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        table.object("SetDatasetExampleSplitsMutationPayload", of: Payload.self) { fields in
            fields.property("example") { payload in
                .object(optional: payload.examples.first.map { NodeValue(id: $0.id, row: $0) })
            }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        table.object("SetDatasetExamplesSplitsMutationPayload", of: Payload.self) { fields in
            Self.addExamples(to: &fields)
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
    }

    private static func addExamples(to fields: inout ResolverTable.Fields<Payload>) {
        fields.property("examples") {
            .objects($0.examples.map { NodeValue(id: $0.id, row: $0) })
        }
    }

    private func make(
        _ input: JSONObject, _ examples: [DatasetExample.ID], _ context: ResolverContext
    ) async throws -> DatasetSplit {
        guard let name = DatasetUpload.splitName(input["name"]?.stringValue ?? "") else {
            throw GraphQLFault.badRequest("Name cannot be empty")
        }
        guard let color = DatasetUpload.splitName(input["color"]?.stringValue ?? "") else {
            throw GraphQLFault.badRequest("Color cannot be empty")
        }
        return try await store.createSplit(
            named: name, description: input["description"]?.stringValue, color: color,
            metadata: try input.document("metadata") ?? DatasetStore.emptyObject,
            examples: examples, now: context.now)
    }

    @Sendable private func create(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let split = try await make(input, [], context)
        return .typed(Payload(splits: [split]), type: "DatasetSplitMutationPayload")
    }

    @Sendable private func createWithExamples(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let examples = try await examples(
            try input.rowIDs("exampleIds"), or: "One or more dataset examples were not found.")
        let split = try await make(input, examples.map(\.id), context)
        return .typed(
            Payload(splits: [split], examples: examples),
            type: "DatasetSplitMutationPayloadWithExamples")
    }

    /// Examples in the order of their ids in the request, each once.
    private func examples(
        _ ids: [DatasetExample.ID], or message: String
    ) async throws -> [DatasetExample] {
        var seen: Set<DatasetExample.ID> = []
        let ids = ids.filter { seen.insert($0).inserted }
        let found = try await store.examples(ids)
        guard found.count == ids.count else { throw GraphQLFault.notFound(message) }
        return ids.compactMap { found[$0] }
    }

    @Sendable private func patch(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: DatasetSplit.ID = try input.rowID("datasetSplitId")
        var change = SplitChange()
        if let name = input["name"]?.stringValue {
            change.name = DatasetUpload.splitName(name)
            guard change.name != nil else {
                throw GraphQLFault.badRequest("Name cannot be empty")
            }
        }
        if let color = input["color"]?.stringValue {
            change.color = DatasetUpload.splitName(color)
            guard change.color != nil else {
                throw GraphQLFault.badRequest("Color cannot be empty")
            }
        }
        if let description = input["description"] { change.description = description.stringValue }
        change.metadata = try input.document("metadata")
        guard let split = try await store.updateSplit(id, change, now: context.now) else {
            throw GraphQLFault.notFound(
                "Dataset split with ID \(id.nodeID.description) not found")
        }
        return .typed(Payload(splits: [split]), type: "DatasetSplitMutationPayload")
    }

    @Sendable private func delete(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let ids: [DatasetSplit.ID] = try input.rowIDs("datasetSplitIds")
        guard let splits = try await store.deleteSplits(Set(ids)) else {
            throw GraphQLFault.notFound("One or more dataset splits not found")
        }
        return .typed(Payload(splits: splits), type: "DeleteDatasetSplitsMutationPayload")
    }

    // MARK: Splits of examples

    private func assign(
        _ input: JSONObject, to examples: [DatasetExample]
    ) async throws {
        let ids: Set<DatasetSplit.ID> = Set(try input.rowIDs("datasetSplitIds"))
        guard try await store.splits(Array(ids)).count == ids.count else {
            throw GraphQLFault.notFound("One or more dataset splits not found")
        }
        try await store.setSplits(ids, of: examples.map(\.id))
    }

    @Sendable private func setOfOne(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: DatasetExample.ID = try input.rowID("exampleId")
        let examples = try await examples(
            [id], or: "Example with ID \(id.nodeID.description) not found")
        try await assign(input, to: examples)
        return .typed(
            Payload(examples: examples), type: "SetDatasetExampleSplitsMutationPayload")
    }

    @Sendable private func setOfMany(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let ids: [DatasetExample.ID] = try input.rowIDs("exampleIds")
        guard !ids.isEmpty else {
            throw GraphQLFault.badRequest("Must provide at least one example ID")
        }
        let examples = try await examples(ids, or: "One or more examples not found")
        if let dataset: Dataset.ID = try input.optionalID("datasetId"),
            examples.contains(where: { $0.datasetID != dataset })
        {
            throw GraphQLFault.badRequest(
                "One or more examples do not belong to the specified dataset")
        }
        try await assign(input, to: examples)
        return .typed(
            Payload(examples: examples), type: "SetDatasetExamplesSplitsMutationPayload")
    }
}
