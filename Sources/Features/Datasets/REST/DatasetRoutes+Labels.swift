import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension DatasetRoutes {
    private static let labelPath = "/v1/dataset_labels"
    private static let assignedPath = "\(path)/{dataset_identifier}/labels"
    private static let labelID = Parameter<String>.path("label_id", "The global id of a label.")
    private static let labelLimit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, "How many labels a page has at most.")

    private static func labelID(_ text: String) throws(HTTPError) -> DatasetLabel.ID {
        guard let id = DatasetLabel.ID(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid dataset label ID: \(text)")
        }
        return id
    }

    private static let noLabel = DatasetError(.notFound, "Dataset label not found")

    private static func show(_ label: DatasetLabel?) throws -> HTTPResponse {
        guard let label else { throw noLabel }
        return .data(DatasetLabelResource(label: label))
    }

    private static func show(_ labels: [DatasetLabel]) -> HTTPResponse {
        .data(ListResource(items: labels.map(DatasetLabelResource.init)))
    }

    var labelRoutes: [Route] {
        [
            Route(Self.listingLabels) { request in
                let page = try await store.labels(
                    from: Self.first(request, DatasetLabel.self, or: "Invalid cursor"),
                    limit: request[Self.labelLimit])
                return .page(
                    page.rows.lazy.map(DatasetLabelResource.init),
                    nextCursor: page.following?.id.nodeID.description)
            },
            Route(Self.creatingLabel) { request in
                let label = try await store.createLabel(
                    named: request.body.text("name"),
                    description: request.body["description"].string,
                    color: request.body.text("color"))
                return try Self.show(label).created()
            },
            Route(Self.showingLabel) { request in
                let id = try Self.labelID(request[Self.labelID])
                return try Self.show(try await store.labels([id])[id])
            },
            Route(Self.updatingLabel) { request in
                let id = try Self.labelID(request[Self.labelID])
                guard !request.body.given.isEmpty else {
                    throw DatasetError(.invalid, "No fields to update")
                }
                var change = LabelChange(
                    name: request.body["name"].string, color: request.body["color"].string)
                if request.body.given.contains("description") {
                    change.description = request.body["description"].string
                }
                return try Self.show(try await store.updateLabel(id, change))
            },
            Route(Self.deletingLabel) { request in
                let id = try Self.labelID(request[Self.labelID])
                guard try await store.deleteLabels([id]) != nil else { throw Self.noLabel }
                return HTTPResponse(.noContent)
            },
        ] + assignedRoutes
    }

    private var assignedRoutes: [Route] {
        [
            Route(Self.listingAssigned) { request in
                let dataset = try await dataset(request)
                return Self.show(try await store.labels(of: [dataset.id])[dataset.id] ?? [])
            },
            Route(Self.settingAssigned) { request in
                let dataset = try await dataset(request)
                var ids = Set<DatasetLabel.ID>()
                for text in request.body["dataset_label_ids"].strings ?? [] {
                    ids.insert(try Self.labelID(text))
                }
                return Self.show(try await store.setLabels(ids, of: dataset.id))
            },
            Route(Self.assigning) { request in
                let dataset = try await dataset(request)
                let id = try Self.labelID(request[Self.labelID])
                return try Self.show(try await store.add(id, to: dataset.id))
            },
            Route(Self.unassigning) { request in
                let dataset = try await dataset(request)
                let id = try Self.labelID(request[Self.labelID])
                try await store.remove(id, from: dataset.id)
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let listingLabels = operation(
        .get, labelPath, "listDatasetLabels", "Lists the labels of datasets, the newest first.",
        .readDatasets, .json(DatasetSchemas.labelPage),
        parameters: [cursor.declaration, labelLimit.declaration], refusals: [.unprocessable])

    private static let creatingLabel: Operation = {
        var operation = Self.operation(
            .post, labelPath, "createDatasetLabel", "Makes a label for datasets.",
            .changeDatasets,
            .json(DatasetSchemas.label("CreateDatasetLabelResponseBody"), status: .created),
            refusals: [.conflict, .unprocessable])
        operation.body = .json(DatasetSchemas.newLabel)
        operation.storesData = true
        return operation
    }()

    private static let showingLabel = operation(
        .get, "\(labelPath)/{label_id}", "getDatasetLabel", "Shows a label.", .readDatasets,
        .json(DatasetSchemas.label("GetDatasetLabelResponseBody")),
        parameters: [labelID.declaration], refusals: [.notFound, .unprocessable])

    private static let updatingLabel: Operation = {
        var operation = Self.operation(
            .patch, "\(labelPath)/{label_id}", "updateDatasetLabel", "Changes a label.",
            .changeDatasets, .json(DatasetSchemas.label("UpdateDatasetLabelResponseBody")),
            parameters: [labelID.declaration], refusals: [.notFound, .conflict, .unprocessable])
        operation.body = .json(DatasetSchemas.labelChange)
        operation.storesData = true
        return operation
    }()

    private static let deletingLabel = operation(
        .delete, "\(labelPath)/{label_id}", "deleteDatasetLabel",
        "Deletes a label, also from the datasets that have it.", .deleteDatasets, .noContent,
        parameters: [labelID.declaration], refusals: [.notFound, .unprocessable])

    private static let listingAssigned = operation(
        .get, assignedPath, "listDatasetLabelsForDataset", "Lists the labels of a dataset.",
        .readDatasets, .json(DatasetSchemas.labels("ListDatasetLabelsForDatasetResponseBody")),
        parameters: [identifier.declaration], refusals: [.notFound, .unprocessable])

    private static let settingAssigned: Operation = {
        var operation = Self.operation(
            .put, assignedPath, "setDatasetLabelsForDataset",
            "Makes these the labels of a dataset, and no others.", .changeDatasets,
            .json(DatasetSchemas.labels("SetDatasetLabelsForDatasetResponseBody")),
            parameters: [identifier.declaration], refusals: [.notFound, .unprocessable])
        operation.body = .json(DatasetSchemas.labelIDs)
        operation.storesData = true
        return operation
    }()

    private static let assigning: Operation = {
        var operation = Self.operation(
            .put, "\(assignedPath)/{label_id}", "addDatasetLabelToDataset",
            "Gives a dataset a label; again changes nothing.", .changeDatasets,
            .json(DatasetSchemas.label("AddDatasetLabelToDatasetResponseBody")),
            parameters: [identifier.declaration, labelID.declaration],
            refusals: [.notFound, .unprocessable])
        operation.storesData = true
        return operation
    }()

    private static let unassigning = operation(
        .delete, "\(assignedPath)/{label_id}", "removeDatasetLabelFromDataset",
        "Takes a label from a dataset.", .changeDatasets, .noContent,
        parameters: [identifier.declaration, labelID.declaration],
        refusals: [.notFound, .unprocessable])
}
