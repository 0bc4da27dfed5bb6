import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

/// The REST routes of datasets, their examples, splits and labels.
package struct DatasetRoutes: Sendable {
    let store: DatasetStore
    let now: @Sendable () -> Timestamp
    let limits: UploadLimits
    /// The bytes that all uploads hold.
    let uploads: MemoryBudget

    package init(
        store: DatasetStore, limits: UploadLimits = .init(),
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.limits = limits
        uploads = MemoryBudget(limit: limits.openBytes)
        self.now = now
    }

    package var routes: [Route] {
        datasetRoutes + [uploadRoute] + downloadRoutes + splitRoutes + labelRoutes
    }

    static let tag = "datasets"
    static let path = "/v1/datasets"
    /// Where uploads go. Their bodies are taken in parts.
    package static let uploadPath = "\(path)/upload"

    static let cursor = Parameter<String?>.text("cursor", "The next_cursor of the page before.")
    static let id = Parameter<String>.path("id", "The global id of a dataset.")
    static let identifier = Parameter<String>.path(
        "dataset_identifier",
        "The global id or the name of a dataset. A slash in a name is written %2F.")
    static let versionID = Parameter<String?>.text(
        "version_id", "The global id of a version; the latest when it is left out.")

    private static let name = Parameter<String?>.text("name", "Keeps the dataset of this name.")
    private static let limit = Parameter<Int>.integer(
        "limit", default: 10, greaterThan: 0, "How many items a page has at most.")
    private static let split = Parameter<[String]?>.texts(
        "split", "Keeps the examples in one of these splits, named by global id or name.")

    static func operation(
        _ method: HTTPMethod, _ path: String, _ id: String, _ summary: String,
        _ action: DatasetAction, _ answer: Operation.Answer,
        parameters: [ParameterDeclaration] = [], refusals: [Operation.Refusal]
    ) -> Operation {
        var operation = Operation(
            method, path, id: id, tag: tag, summary: summary, action: action, answer: answer)
        operation.parameters = parameters
        operation.refusals = [.forbidden] + refusals
        return operation
    }

    /// The row that a page begins with.
    static func first<Noun: Node>(
        _ request: APIRequest, _ noun: Noun.Type, or prefix: String = "Invalid cursor format"
    ) throws(HTTPError) -> RowID<Noun>? {
        guard let cursor = request[cursor], !cursor.isEmpty else { return nil }
        guard let id = RowID<Noun>(nodeID: cursor) else {
            throw HTTPError(.unprocessableContent, "\(prefix): \(cursor)")
        }
        return id
    }

    /// The id in a path, refused with 422 when it is none of a dataset.
    private static func strictID(_ request: APIRequest) throws(HTTPError) -> Dataset.ID {
        let text = request[id]
        guard let id = Dataset.ID(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid Dataset ID: \(text)")
        }
        return id
    }

    /// The id of a `Noun`, refused with 404 when it is one of another type.
    private static func id<Noun: Node>(
        _ text: String, _ noun: Noun.Type, called name: String
    ) throws(HTTPError) -> RowID<Noun> {
        guard let nodeID = NodeID(text) else {
            throw HTTPError(.unprocessableContent, "Invalid \(name) ID format: \(text)")
        }
        guard let id = nodeID.rowID(as: noun) else {
            throw HTTPError(.notFound, "ID \(text) refers to a \(nodeID.typeName)")
        }
        return id
    }

    /// The dataset of a path that takes ids and names.
    func dataset(_ request: APIRequest) async throws -> Dataset {
        let identifier = Identifier<Dataset>(request[Self.identifier])
        if let dataset = try await store.dataset(identifier) { return dataset }
        let kind = identifier.rowID == nil ? "name" : "ID"
        throw DatasetError(.notFound, "Dataset with \(kind) \(identifier.text) not found")
    }

    // MARK: Datasets

    private var datasetRoutes: [Route] {
        [
            Route(Self.listing, handler: list),
            Route(Self.showing) { request in
                let text = request[Self.id]
                let id = try Self.id(text, Dataset.self, called: "dataset")
                guard let dataset = try await store.dataset(id) else {
                    throw DatasetError(.notFound, "Dataset with ID \(text) not found")
                }
                let count = try await store.exampleCounts(of: [id])[id] ?? 0
                return .data(DatasetResource(dataset: dataset, exampleCount: count))
            },
            Route(Self.deleting) { request in
                guard try await store.delete(Self.strictID(request)) else {
                    throw DatasetError(.notFound, "Dataset does not exist")
                }
                return HTTPResponse(.noContent)
            },
            Route(Self.listingVersions) { request in
                let page = try await store.versions(
                    of: Self.strictID(request), from: Self.first(request, DatasetVersion.self),
                    limit: request[Self.limit])
                return .page(
                    page.rows.lazy.map(DatasetVersionResource.init),
                    nextCursor: page.following?.id.nodeID.description)
            },
            Route(Self.listingExamples, handler: listExamples),
        ]
    }

    private static let listing = operation(
        .get, path, "listDatasets", "Lists datasets, the newest first.", .readDatasets,
        .json(DatasetSchemas.datasets),
        parameters: [cursor.declaration, name.declaration, limit.declaration],
        refusals: [.unprocessable])

    private static let showing = operation(
        .get, "\(path)/{id}", "getDataset", "Shows a dataset.", .readDatasets,
        .json(DatasetSchemas.dataset), parameters: [id.declaration],
        refusals: [.notFound, .invalid])

    private static let deleting = operation(
        .delete, "\(path)/{id}", "deleteDatasetById",
        "Deletes a dataset with its examples and experiments.", .deleteDatasets, .noContent,
        parameters: [id.declaration], refusals: [.notFound, .unprocessable])

    private static let listingVersions = operation(
        .get, "\(path)/{id}/versions", "listDatasetVersionsByDatasetId",
        "Lists the versions of a dataset, the newest first.", .readDatasets,
        .json(DatasetSchemas.versions),
        parameters: [id.declaration, cursor.declaration, limit.declaration],
        refusals: [.unprocessable])

    private static let listingExamples = operation(
        .get, "\(path)/{id}/examples", "getDatasetExamples",
        "Lists the examples of a dataset as they are at a version.", .readDatasets,
        .json(DatasetSchemas.examples),
        parameters: [id.declaration, versionID.declaration, split.declaration],
        refusals: [.notFound, .invalid])

    @Sendable private func list(_ request: APIRequest) async throws -> HTTPResponse {
        let page = try await store.datasets(
            named: request[Self.name], from: Self.first(request, Dataset.self),
            limit: request[Self.limit])
        let counts = try await store.exampleCounts(of: page.rows.map(\.id))
        return .page(
            page.rows.lazy.map {
                DatasetResource(dataset: $0, exampleCount: counts[$0.id, default: 0])
            }, nextCursor: page.following?.id.nodeID.description)
    }

    // MARK: Examples

    @Sendable private func listExamples(_ request: APIRequest) async throws -> HTTPResponse {
        let text = request[Self.id]
        let id = try Self.id(text, Dataset.self, called: "dataset")
        let versionID = try request[Self.versionID].map {
            try Self.id($0, DatasetVersion.self, called: "dataset version")
        }
        guard try await store.dataset(id) != nil else {
            throw DatasetError(.notFound, "No dataset with id \(text) can be found.")
        }
        let version = try await version(versionID, of: id)
        let splits = try await splits(request[Self.split] ?? [])
        let examples = try await store.examples(of: id, at: version.id, in: splits.map(\.id))
        return .data(
            ExamplesResource(
                dataset: id, version: version.id, splits: splits.map(\.name),
                examples: examples.rows))
    }

    private func version(
        _ id: DatasetVersion.ID?, of dataset: Dataset.ID
    ) async throws -> DatasetVersion {
        guard let id else {
            guard let version = try await store.latestVersion(of: dataset) else {
                throw DatasetError(.notFound, "Dataset has no versions.")
            }
            return version
        }
        guard let version = try await store.version(id, of: dataset) else {
            throw DatasetError(
                .notFound, "No dataset version with id \(id.nodeID.description) can be found.")
        }
        return version
    }

    /// The splits that a request names, by global id or name.
    private func splits(_ texts: [String]) async throws -> [DatasetSplit] {
        let ids = texts.compactMap { DatasetSplit.ID(nodeID: $0) }
        let names = texts.filter { DatasetSplit.ID(nodeID: $0) == nil }
        let byID = try await store.splits(ids)
        let missing = ids.filter { byID[$0] == nil }
        guard missing.isEmpty else {
            throw DatasetError(
                .notFound,
                "Dataset splits not found for IDs: "
                    + missing.map(\.description).joined(separator: ", "))
        }
        let named = try await store.splits(named: names)
        let known = Set(named.map(\.name))
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            throw DatasetError(
                .notFound, "Dataset splits not found: \(unknown.joined(separator: ", "))")
        }
        var seen: Set<DatasetSplit.ID> = []
        return (ids.compactMap { byID[$0] } + named).filter { seen.insert($0.id).inserted }
    }
}
