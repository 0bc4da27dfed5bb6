import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

/// The REST routes of experiments, their runs, evaluations and tags.
package struct ExperimentRoutes: Sendable {
    let store: ExperimentStore
    let now: @Sendable () -> Timestamp

    package init(store: ExperimentStore, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    package var routes: [Route] { experimentRoutes + runRoutes + tagRoutes + downloadRoutes }

    static let tag = "experiments"
    static let path = "/v1/experiments/{experiment_id}"

    static let experimentID = Parameter<String>.path(
        "experiment_id", "The global id of an experiment.")
    static let datasetID = Parameter<String>.path("dataset_id", "The global id of a dataset.")
    static let cursor = Parameter<String?>.text("cursor", "The next_cursor of the page before.")
    static let limit = Parameter<Int>.integer(
        "limit", default: 50, greaterThan: 0, "How many rows a page has at most.")

    // MARK: Ids

    /// Reads a global id.
    ///
    /// - Parameters:
    ///   - noun: What a sentence about it calls the thing.
    ///   - typeName: What it would be the id of.
    /// - Throws: 422 when it is no global id, 404 when it is one of something else.
    static func id<Noun: Node>(
        _ text: String, of noun: String, _ type: Noun.Type = Noun.self
    ) throws(HTTPError) -> RowID<Noun> {
        guard let node = NodeID(text) else {
            throw HTTPError(.unprocessableContent, "Invalid \(noun) ID format: \(text)")
        }
        guard let id = node.rowID(as: Noun.self) else {
            throw HTTPError(.notFound, "\(Noun.nodeTypeName) with ID \(text) does not exist")
        }
        return id
    }

    static func experiment(_ request: APIRequest) throws(HTTPError) -> Experiment.ID {
        try id(request[experimentID], of: "experiment")
    }

    static func dataset(_ request: APIRequest) throws(HTTPError) -> Dataset.ID {
        try id(request[datasetID], of: "dataset")
    }

    /// The row that a page is to begin with.
    static func first<Noun: Node>(
        _ request: APIRequest, _ type: Noun.Type = Noun.self
    ) throws(HTTPError) -> RowID<Noun>? {
        guard let text = request[cursor], !text.isEmpty else { return nil }
        guard let id = RowID<Noun>(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid cursor format: \(text)")
        }
        return id
    }

    /// A number of a body; 1 where there is none.
    ///
    /// - Throws: 422 when it does not fit 64 bits.
    static func number(
        _ name: String, in body: DecodedObject
    ) throws(ValidationError) -> Int64 {
        let number = Int64(body[name].integer ?? 1)
        // What does not fit arrives as the greatest number there is.
        guard number < .max else {
            throw ValidationError(issues: [
                ValidationIssue(
                    type: "value_error", location: ["body", .string(name)],
                    message: "Value error, the number should be less than \(Int64.max)",
                    input: .integer(.max))
            ])
        }
        return number
    }

    // MARK: Experiments

    private var experimentRoutes: [Route] {
        [
            Route(Self.createExperiment) { try await createExperiment($0) },
            Route(Self.listExperiments) { try await listExperiments($0) },
            Route(Self.getExperiment) { request in
                try await answer(try await store.experiment(try Self.experiment(request)))
            },
            Route(Self.updateExperiment) { try await updateExperiment($0) },
            Route(Self.deleteExperiment) { try await deleteExperiment($0) },
        ]
    }

    private static let createExperiment: Operation = {
        var operation = Operation(
            .post, "/v1/datasets/{dataset_id}/experiments", id: "createExperiment", tag: tag,
            summary: "Begins an experiment on a dataset.",
            description: "The experiment keeps the examples that the version has, whatever happens "
                + "to the dataset. A project for its traces is made too.",
            action: ExperimentAction.changeExperiments,
            answer: .json(ExperimentSchemas.experiment("CreateExperimentResponseBody")))
        operation.parameters = [datasetID.declaration]
        operation.body = .json(ExperimentSchemas.newExperiment)
        operation.refusals = [.forbidden, .notFound, .invalid]
        operation.storesData = true
        return operation
    }()

    private func createExperiment(_ request: APIRequest) async throws -> HTTPResponse {
        let body = request.body
        let repetitions = try Self.number("repetitions", in: body)
        guard repetitions > 0 else {
            throw ValidationError(issues: [
                ValidationIssue(
                    type: "value_error", location: ["body", "repetitions"],
                    message: "Value error, the number should be greater than 0",
                    input: .integer(repetitions))
            ])
        }
        var draft = ExperimentDraft(dataset: try Self.dataset(request))
        if let version = body["version_id"].string, !version.isEmpty {
            draft.version = try Self.id(version, of: "dataset version")
        }
        // No splits are all examples, as is an empty list.
        draft.splits = body["splits"].strings.flatMap { $0.isEmpty ? nil : $0 }
        draft.name = body["name"].string.flatMap { $0.isEmpty ? nil : $0 }
        draft.description = body["description"].string
        draft.repetitions = repetitions
        if let metadata = body["metadata"].json { draft.metadata = metadata.serialized() }
        return try await answer(try await store.create(draft, now: now()))
    }

    private func answer(_ experiment: Experiment) async throws -> HTTPResponse {
        let progress = try await store.progress(of: [experiment.id])
        return .data(ExperimentResource(experiment, progress[experiment.id] ?? .init()))
    }

    private static let listExperiments: Operation = {
        var operation = Operation(
            .get, "/v1/datasets/{dataset_id}/experiments", id: "listExperiments", tag: tag,
            summary: "Lists the experiments on a dataset, the newest first.",
            action: ExperimentAction.readExperiments,
            answer: .json(ExperimentSchemas.experiments))
        operation.parameters = [datasetID.declaration, cursor.declaration, limit.declaration]
        operation.refusals = [.forbidden, .unprocessable]
        return operation
    }()

    private func listExperiments(_ request: APIRequest) async throws -> HTTPResponse {
        let dataset = try Self.dataset(request)
        let page = try await store.experiments(
            of: dataset, from: try Self.first(request), limit: request[Self.limit])
        let progress = try await store.progress(of: page.rows.map(\.id))
        return .page(
            page.rows.lazy.map { ExperimentResource($0, progress[$0.id] ?? .init()) },
            nextCursor: page.following?.id.nodeID.description)
    }

    private static let getExperiment: Operation = {
        var operation = Operation(
            .get, path, id: "getExperiment", tag: tag, summary: "Shows an experiment.",
            action: ExperimentAction.readExperiments,
            answer: .json(ExperimentSchemas.experiment("GetExperimentResponseBody")))
        operation.parameters = [experimentID.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private static let updateExperiment: Operation = {
        var operation = Operation(
            .patch, path, id: "updateExperiment", tag: tag,
            summary: "Changes the name, description or metadata of an experiment.",
            description: "What the body does not name stays as it is. An ephemeral experiment "
                + "lives for another day.",
            action: ExperimentAction.changeExperiments,
            answer: .json(ExperimentSchemas.experiment("UpdateExperimentResponseBody")))
        operation.parameters = [experimentID.declaration]
        operation.body = .json(ExperimentSchemas.experimentPatch)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private func updateExperiment(_ request: APIRequest) async throws -> HTTPResponse {
        let id = try Self.experiment(request)
        let body = request.body
        var patch = ExperimentPatch(
            name: body["name"].string, metadata: body["metadata"].json?.serialized())
        if body.given.contains("description") {
            patch.description = .some(body["description"].string)
        }
        guard !patch.isEmpty else {
            throw ExperimentError(.invalid, "No fields to update")
        }
        return try await answer(try await store.update(id, with: patch, now: now()))
    }

    private static let deletesProject = Parameter<Bool>.flag(
        "delete_project", "Whether to delete the project with the traces of its task too.")

    private static let deleteExperiment: Operation = {
        var operation = Operation(
            .delete, path, id: "deleteExperiment", tag: tag,
            summary: "Deletes an experiment with its runs and evaluations.",
            action: ExperimentAction.deleteExperiments, answer: .noContent)
        operation.parameters = [experimentID.declaration, deletesProject.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private func deleteExperiment(_ request: APIRequest) async throws -> HTTPResponse {
        let id = try Self.experiment(request)
        do {
            let deleted = try await store.delete([id])
            if request[Self.deletesProject] { try await store.deleteProjects(of: deleted) }
        } catch let error as ExperimentError where error.code == .notFound {
            throw ExperimentError(.notFound, "Experiment does not exist")
        }
        return HTTPResponse(.noContent)
    }
}

extension ExperimentResource {
    init(_ experiment: Experiment, _ progress: ExperimentProgress) {
        self.init(
            id: experiment.id.nodeID.description,
            datasetID: experiment.dataset.nodeID.description,
            datasetVersionID: experiment.datasetVersion.nodeID.description,
            name: experiment.name, description: experiment.description,
            repetitions: experiment.repetitions, metadata: experiment.metadata,
            projectName: experiment.projectName, createdAt: experiment.createdAt.description,
            updatedAt: experiment.updatedAt.description, exampleCount: progress.exampleCount,
            successfulRunCount: progress.successfulRunCount,
            failedRunCount: progress.failedRunCount,
            missingRunCount: progress.missingRunCount(repetitions: experiment.repetitions))
    }
}
