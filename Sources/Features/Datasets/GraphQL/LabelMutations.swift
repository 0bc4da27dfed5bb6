import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations of labels.
struct LabelMutations: Sendable {
    let store: DatasetStore

    private struct Payload: Sendable {
        var labels: [DatasetLabel] = []
        var datasets: [Dataset] = []
    }

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.mutation("createDatasetLabel", create)
            fields.mutation("deleteDatasetLabels", delete)
            fields.mutation("setDatasetLabels", set)
        }
        table.object("CreateDatasetLabelMutationPayload", of: Payload.self) { fields in
            fields.property("datasetLabel") { payload in
                .object(optional: payload.labels.first.map { NodeValue(id: $0.id, row: $0) })
            }
            fields.property("datasets") {
                .objects($0.datasets.map { NodeValue(id: $0.id, row: $0) })
            }
        }
        table.object("DeleteDatasetLabelsMutationPayload", of: Payload.self) { fields in
            fields.property("datasetLabels") {
                .objects($0.labels.map { NodeValue(id: $0.id, row: $0) })
            }
        }
        table.object("SetDatasetLabelsMutationPayload", of: Payload.self) { fields in
            fields.property("query") { _ in .object(GraphQLRoot()) }
            fields.property("dataset") { payload in
                .object(optional: payload.datasets.first.map { NodeValue(id: $0.id, row: $0) })
            }
        }
    }

    @Sendable private func create(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let color = input["color"]?.stringValue ?? ""
        guard DatasetSchemas.isColor(color) else {
            throw GraphQLFault.badRequest("Expected a hex color, got \(color.prefix(100))")
        }
        var seen: Set<Dataset.ID> = []
        let ids: [Dataset.ID] = try input.rowIDs("datasetIds").filter { seen.insert($0).inserted }
        let label = try await store.createLabel(
            named: input["name"]?.stringValue ?? "",
            description: input["description"]?.stringValue, color: color, datasets: ids)
        let datasets = try await store.datasets(ids)
        return .typed(
            Payload(labels: [label], datasets: ids.compactMap { datasets[$0] }),
            type: "CreateDatasetLabelMutationPayload")
    }

    @Sendable private func delete(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let ids: [DatasetLabel.ID] = try input.rowIDs("datasetLabelIds")
        guard let labels = try await store.deleteLabels(Set(ids)) else {
            throw GraphQLFault.notFound(
                "Could not find one or more dataset labels with given IDs")
        }
        return .typed(Payload(labels: labels), type: "DeleteDatasetLabelsMutationPayload")
    }

    @Sendable private func set(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Dataset.ID = try input.rowID("datasetId")
        guard let dataset = try await store.dataset(id) else {
            throw GraphQLFault.notFound("Dataset with ID \(id.nodeID.description) not found")
        }
        let ids: [DatasetLabel.ID] = try input.rowIDs("datasetLabelIds")
        _ = try await store.setLabels(Set(ids), of: id)
        return .typed(Payload(datasets: [dataset]), type: "SetDatasetLabelsMutationPayload")
    }
}
