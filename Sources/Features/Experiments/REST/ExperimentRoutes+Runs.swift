import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

extension ExperimentRoutes {
    var runRoutes: [Route] {
        [
            Route(Self.getIncompleteRuns) { try await getIncompleteRuns($0) },
            Route(Self.createRun) { try await createRun($0) },
            Route(Self.listRuns) { try await listRuns($0) },
            Route(Self.getIncompleteEvaluations) { try await getIncompleteEvaluations($0) },
            Route(Self.upsertEvaluation) { try await upsertEvaluation($0) },
        ]
    }

    // MARK: Runs

    private static let createRun: Operation = {
        var operation = Operation(
            .post, "\(path)/runs", id: "createExperimentRun", tag: tag,
            summary: "Stores a run of an experiment.",
            description: "A run that failed gives way to another try, and loses what evaluators "
                + "said about it. A run without an error is final.",
            action: ExperimentAction.writeRuns, answer: .json(ExperimentSchemas.createdRun))
        operation.parameters = [experimentID.declaration]
        operation.body = .json(ExperimentSchemas.newRun)
        operation.refusals = [
            .forbidden, .notFound, .conflict, .invalid,
        ]
        operation.storesData = true
        return operation
    }()

    private func createRun(_ request: APIRequest) async throws -> HTTPResponse {
        let body = request.body
        let output = body["output"].json ?? .null
        let id = try await store.write(
            ExperimentRunDraft(
                experiment: try Self.experiment(request),
                example: try Self.id(body.text("dataset_example_id"), of: "dataset example"),
                repetition: try Self.number("repetition_number", in: body),
                traceID: body["trace_id"].string,
                output: output.isNull ? nil : output.serialized(), error: body["error"].string,
                startTime: body.timestamp("start_time"), endTime: body.timestamp("end_time")))
        return .data(CreatedResource(id: id.nodeID.description))
    }

    private static let runLimit = Parameter<Int?>.optionalInteger(
        "limit", greaterThan: 0, "How many runs a page has at most; without it, all.")

    private static let listRuns: Operation = {
        var operation = Operation(
            .get, "\(path)/runs", id: "listExperimentRuns", tag: tag,
            summary: "Lists the runs of an experiment, the newest first.",
            action: ExperimentAction.readExperiments, answer: .json(ExperimentSchemas.runs))
        operation.parameters = [
            experimentID.declaration, cursor.declaration, runLimit.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private func listRuns(_ request: APIRequest) async throws -> HTTPResponse {
        let id = try Self.experiment(request)
        let limit = request[Self.runLimit] ?? .max
        let page = try await store.runs(
            of: id, from: try Self.first(request), limit: min(limit, Self.runsAtOnce))
        guard page.following != nil, limit > Self.runsAtOnce else {
            return .page(
                page.rows.lazy.map(ExperimentRunResource.init),
                nextCursor: page.following?.id.nodeID.description)
        }
        return stream(page, of: id, limit: limit)
    }

    /// Answers with many runs, of which some are held at a time.
    private func stream(
        _ first: Page<ExperimentRun>, of id: Experiment.ID, limit: Int
    ) -> HTTPResponse {
        let store = store
        return HTTPResponse(
            .ok, headers: ["content-type": "application/json"],
            body: .stream { body in
                var writer = JSONWriter(reserving: 1 << 16)
                writer.beginObject()
                writer.key("data")
                writer.beginArray()
                var page = first
                var left = limit
                while true {
                    for run in page.rows { ExperimentRunResource(run).write(to: &writer) }
                    try await body.write(writer.takeBytes())
                    left -= page.rows.count
                    guard left > 0, let next = page.following else { break }
                    page = try await store.runs(
                        of: id, from: next.id, limit: min(left, Self.runsAtOnce))
                }
                writer.endArray()
                writer.key("next_cursor")
                if let next = page.following {
                    writer.string(next.id.nodeID.description)
                } else {
                    writer.null()
                }
                writer.endObject()
                try await body.write(writer.takeBytes())
            })
    }

    private static let getIncompleteRuns: Operation = {
        var operation = Operation(
            .get, "\(path)/incomplete-runs", id: "getIncompleteExperimentRuns", tag: tag,
            summary: "Lists the examples with runs to do.",
            description: "To do are the repetitions without a run, and those whose run failed.",
            action: ExperimentAction.readExperiments,
            answer: .json(ExperimentSchemas.incompleteRuns))
        operation.parameters = [experimentID.declaration, cursor.declaration, limit.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private func getIncompleteRuns(_ request: APIRequest) async throws -> HTTPResponse {
        let id = try Self.experiment(request)
        let page = try await store.incompleteRuns(
            of: id, from: try Self.first(request), limit: request[Self.limit])
        return .page(
            page.rows.lazy.map { incomplete in
                IncompleteRunsResource(
                    example: ExperimentExampleResource(incomplete.example),
                    repetitionNumbers: incomplete.repetitions)
            }, nextCursor: page.following?.example.id.nodeID.description)
    }

    // MARK: Evaluations

    private static let evaluationNames = Parameter<[String]>.repeatable(
        "evaluation_name", "The evaluations to look for; one at least.")

    private static let getIncompleteEvaluations: Operation = {
        var operation = Operation(
            .get, "\(path)/incomplete-evaluations", id: "getIncompleteExperimentEvaluations",
            tag: tag, summary: "Lists the runs with evaluations to do.",
            description: "To do are evaluations that are missing and those that failed, of runs "
                + "that did not.",
            action: ExperimentAction.readExperiments,
            answer: .json(ExperimentSchemas.incompleteEvaluations))
        operation.parameters = [
            experimentID.declaration, evaluationNames.declaration, cursor.declaration,
            limit.declaration,
        ]
        operation.refusals = [.forbidden, .badRequest, .notFound, .unprocessable]
        return operation
    }()

    private func getIncompleteEvaluations(_ request: APIRequest) async throws -> HTTPResponse {
        let names = Set(request[Self.evaluationNames]).filter { !$0.isEmpty }.sorted()
        guard !names.isEmpty else {
            throw ExperimentError(
                .malformed, "At least one evaluation_name must be provided")
        }
        let id = try Self.experiment(request)
        let page = try await store.incompleteEvaluations(
            of: id, names: names, from: try Self.first(request), limit: request[Self.limit])
        return .page(
            page.rows.lazy.map { incomplete in
                IncompleteEvaluationsResource(
                    run: ExperimentRunResource(incomplete.run),
                    example: ExperimentExampleResource(incomplete.example),
                    evaluationNames: incomplete.names)
            }, nextCursor: page.following?.run.id.nodeID.description)
    }

    private static let upsertEvaluation: Operation = {
        var operation = Operation(
            .post, "/v1/experiment_evaluations", id: "upsertExperimentEvaluation", tag: tag,
            summary: "Stores what an evaluator says about a run.",
            description: "It takes the place of what was said about the run under its name.",
            action: ExperimentAction.writeRuns, answer: .json(ExperimentSchemas.storedEvaluation))
        operation.body = .json(ExperimentSchemas.newEvaluation)
        operation.refusals = [.forbidden, .notFound, .invalid]
        operation.storesData = true
        return operation
    }()

    private func upsertEvaluation(_ request: APIRequest) async throws -> HTTPResponse {
        let id = try await store.write(try ExperimentRunAnnotationDraft(request.body))
        let shown = NodeID(
            typeName: ExperimentRunAnnotation.evaluationTypeName, rowID: id.value)
        return .data(CreatedResource(id: shown.description))
    }
}

extension ExperimentRunAnnotationDraft {
    /// What the contract's shape of a new evaluation admitted.
    init(_ body: DecodedObject) throws {
        let result = body["result"].object
        var metadata = body["metadata"].json?.objectValue ?? [:]
        // Evaluators of the client put metadata into their result.
        for (name, value) in result?["metadata"].json?.objectValue ?? [:]
        where metadata[name] == nil {
            metadata[name] = value
        }
        self.init(
            run: try ExperimentRoutes.id(body.text("experiment_run_id"), of: "experiment run"),
            name: body.text("name"),
            annotatorKind: Annotation.AnnotatorKind(rawValue: body.text("annotator_kind"))
                ?? .code,
            label: result?["label"].string, score: result?["score"].number,
            explanation: result?["explanation"].string, traceID: body["trace_id"].string,
            error: body["error"].string, metadata: JSONValue.object(metadata).serialized(),
            startTime: body.timestamp("start_time"), endTime: body.timestamp("end_time"))
    }
}

extension ExperimentRunResource {
    init(_ run: ExperimentRun) {
        self.init(
            id: run.id.nodeID.description, experimentID: run.experiment.nodeID.description,
            exampleID: run.example.nodeID.description, output: run.output,
            repetitionNumber: run.repetition, startTime: run.startTime.description,
            endTime: run.endTime.description, traceID: run.traceID, error: run.error)
    }
}

extension ExperimentExampleResource {
    init(_ example: ExperimentStore.SnapshotExample) {
        self.init(
            id: example.id.nodeID.description, input: example.input, output: example.output,
            metadata: example.metadata, updatedAt: example.updatedAt.description)
    }
}
