import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension DatasetRoutes {
    /// The color of a split that names none.
    private static let newSplitColor = "#33c5e8"

    private static let splitPath = "\(path)/{dataset_identifier}/splits"
    private static let splitID = Parameter<String>.path("split_id", "The global id of a split.")
    private static let splitLimit = Parameter<Int>.integer(
        "limit", default: 10, greaterThan: 0, atMost: 1000, "How many splits a page has at most.")

    var splitRoutes: [Route] {
        [
            Route(Self.listingSplits, handler: listSplits),
            Route(Self.creatingSplit, handler: createSplit),
            Route(Self.updatingSplit, handler: updateSplit),
            Route(Self.deletingSplit) { request in
                _ = try await dataset(request)
                let id = try Self.splitID(request)
                guard try await store.deleteSplits([id]) != nil else {
                    throw Self.noSplit(request[Self.splitID])
                }
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let listingSplits = operation(
        .get, splitPath, "listDatasetSplits",
        "Lists the splits that have examples of a dataset, the newest first.", .readDatasets,
        .json(DatasetSchemas.splits),
        parameters: [identifier.declaration, cursor.declaration, splitLimit.declaration],
        refusals: [.notFound, .unprocessable])

    private static let creatingSplit: Operation = {
        var operation = Self.operation(
            .post, splitPath, "createDatasetSplit", "Makes a split, with examples of a dataset.",
            .changeDatasets,
            .json(DatasetSchemas.split("CreateDatasetSplitResponseBody"), status: .created),
            parameters: [identifier.declaration],
            refusals: [.notFound, .conflict, .unprocessable])
        operation.body = .json(DatasetSchemas.newSplit)
        operation.storesData = true
        return operation
    }()

    private static let updatingSplit: Operation = {
        var operation = Self.operation(
            .patch, "\(splitPath)/{split_id}", "updateDatasetSplit",
            "Changes a split, and which examples of a dataset are in it.", .changeDatasets,
            .json(DatasetSchemas.split("UpdateDatasetSplitResponseBody")),
            parameters: [identifier.declaration, splitID.declaration],
            refusals: [.notFound, .conflict, .unprocessable])
        operation.body = .json(DatasetSchemas.splitChange)
        operation.storesData = true
        return operation
    }()

    private static let deletingSplit = operation(
        .delete, "\(splitPath)/{split_id}", "deleteDatasetSplit",
        "Deletes a split. Its examples stay.", .deleteDatasets, .noContent,
        parameters: [identifier.declaration, splitID.declaration],
        refusals: [.notFound, .unprocessable])

    private static func splitID(_ request: APIRequest) throws(HTTPError) -> DatasetSplit.ID {
        let text = request[splitID]
        guard let id = DatasetSplit.ID(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid dataset split ID: \(text)")
        }
        return id
    }

    private static func noSplit(_ text: String) -> DatasetError {
        DatasetError(.notFound, "Dataset split with ID \(text) not found")
    }

    private static func name(_ text: String?) throws -> String {
        guard let name = text.flatMap(DatasetUpload.splitName) else {
            throw DatasetError(.invalid, "Dataset split name cannot be empty")
        }
        return name
    }

    private static func color(_ text: String?) throws -> String {
        guard let color = text.flatMap(DatasetUpload.splitName) else {
            throw DatasetError(.invalid, "Dataset split color cannot be empty")
        }
        return color
    }

    @Sendable private func listSplits(_ request: APIRequest) async throws -> HTTPResponse {
        let dataset = try await dataset(request)
        let page = try await store.splits(
            of: dataset.id, from: Self.first(request, DatasetSplit.self),
            limit: request[Self.splitLimit])
        let counts = try await store.exampleCounts(
            ofSplits: page.rows.map(\.id), in: dataset.id)
        return .page(
            page.rows.lazy.map {
                DatasetSplitResource(split: $0, exampleCount: counts[$0.id, default: 0])
            }, nextCursor: page.following?.id.nodeID.description)
    }

    @Sendable private func createSplit(_ request: APIRequest) async throws -> HTTPResponse {
        let dataset = try await dataset(request)
        let name = try Self.name(request.body.text("name"))
        let color =
            try request.body["color"].string.map { try Self.color($0) } ?? Self.newSplitColor
        let examples = try await examples(request.body["example_ids"].strings, of: dataset.id)
        let split: DatasetSplit
        do {
            split = try await store.createSplit(
                named: name, description: request.body["description"].string, color: color,
                metadata: request.body["metadata"].json?.serialized() ?? DatasetStore.emptyObject,
                examples: examples, now: now())
        } catch let error as DatasetError where error.code == .conflict {
            // Here the contract's sentence has no full stop.
            throw DatasetError(.conflict, "A dataset split named '\(name)' already exists")
        }
        return try await show(split, in: dataset.id).created()
    }

    @Sendable private func updateSplit(_ request: APIRequest) async throws -> HTTPResponse {
        let dataset = try await dataset(request)
        let id = try Self.splitID(request)
        let body = request.body
        var change = SplitChange()
        if body.given.contains("name") { change.name = try Self.name(body["name"].string) }
        if body.given.contains("color") { change.color = try Self.color(body["color"].string) }
        if body.given.contains("description") { change.description = body["description"].string }
        change.metadata = body["metadata"].json?.serialized()
        let adding = try await examples(body["add_example_ids"].strings, of: dataset.id)
        let removing = try await examples(body["remove_example_ids"].strings, of: dataset.id)
        guard
            let split = try await store.updateSplit(
                id, change, adding: adding, removing: removing, now: now())
        else { throw Self.noSplit(request[Self.splitID]) }
        return try await show(split, in: dataset.id)
    }

    private func show(_ split: DatasetSplit, in dataset: Dataset.ID) async throws -> HTTPResponse {
        let counts = try await store.exampleCounts(ofSplits: [split.id], in: dataset)
        return .data(DatasetSplitResource(split: split, exampleCount: counts[split.id] ?? 0))
    }

    private func examples(
        _ texts: [String]?, of dataset: Dataset.ID
    ) async throws -> [DatasetExample.ID] {
        let texts = texts ?? []
        let ids = try await store.exampleIDs(named: texts, of: dataset)
        let missing = zip(texts, ids).filter { $1 == nil }.map(\.0)
        guard missing.isEmpty else {
            throw DatasetError(
                .notFound,
                "Dataset examples not found in this dataset: \(missing.joined(separator: ", "))")
        }
        return ids.compactMap { $0 }
    }
}
