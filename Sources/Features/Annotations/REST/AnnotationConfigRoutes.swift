import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension AnnotationRoutes {
    private static let path = "/v1/annotation_configs"
    private static let projectPath = "/v1/projects/{project_identifier}/annotation_configs"
    private static let tag = "annotation_configs"

    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, "How many configs a page has at most.")
    private static let configIdentifier = Parameter<String>.path(
        "config_identifier", "The global id or the name of a config.")
    private static let configID = Parameter<String>.path(
        "config_id", "The global id of a config.")

    // MARK: Configs

    var configRoutes: [Route] {
        [
            Route(Self.listConfigs) { request in
                try await page(request, of: nil)
            },
            Route(Self.createConfig) { request in
                let config = try await store.create(AnnotationConfigDraft(request.body))
                return .data(AnnotationConfigResource(config))
            },
            Route(Self.getConfig) { request in
                let config = try await store.config(request[Self.configIdentifier])
                return .data(AnnotationConfigResource(config))
            },
            Route(Self.updateConfig) { request in
                let config = try await store.update(
                    try Self.id(request[Self.configID]), to: AnnotationConfigDraft(request.body))
                return .data(AnnotationConfigResource(config))
            },
            Route(Self.deleteConfig) { request in
                let config = try await store.delete(try Self.id(request[Self.configID]))
                return .data(AnnotationConfigResource(config))
            },
        ]
    }

    private static let listConfigs: Operation = {
        var operation = Operation(
            .get, path, id: "listAnnotationConfigs", tag: tag,
            summary: "Lists annotation configs, the newest first.",
            action: AnnotationAction.readConfigs,
            answer: .json(AnnotationSchemas.configs("GetAnnotationConfigsResponseBody")))
        operation.parameters = [cursor.declaration, limit.declaration]
        operation.refusals = [.badRequest, .forbidden, .invalid]
        return operation
    }()

    private static let createConfig: Operation = {
        var operation = Operation(
            .post, path, id: "createAnnotationConfig", tag: tag,
            summary: "Creates an annotation config.", action: AnnotationAction.changeConfigs,
            answer: .json(AnnotationSchemas.config("CreateAnnotationConfigResponseBody")))
        operation.body = .oneOf(AnnotationSchemas.newConfig)
        operation.refusals = [.badRequest, .forbidden, .conflict, .invalid]
        operation.storesData = true
        return operation
    }()

    private static let getConfig: Operation = {
        var operation = Operation(
            .get, "\(path)/{config_identifier}", id: "getAnnotationConfig", tag: tag,
            summary: "Shows an annotation config.", action: AnnotationAction.readConfigs,
            answer: .json(AnnotationSchemas.config("GetAnnotationConfigResponseBody")))
        operation.parameters = [configIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private static let updateConfig: Operation = {
        var operation = Operation(
            .put, "\(path)/{config_id}", id: "updateAnnotationConfig", tag: tag,
            summary: "Replaces an annotation config.",
            description: "Annotations of its name stay as they are.",
            action: AnnotationAction.changeConfigs,
            answer: .json(AnnotationSchemas.config("UpdateAnnotationConfigResponseBody")))
        operation.parameters = [configID.declaration]
        operation.body = .oneOf(AnnotationSchemas.newConfig)
        operation.refusals = [.badRequest, .forbidden, .notFound, .conflict, .invalid]
        return operation
    }()

    private static let deleteConfig: Operation = {
        var operation = Operation(
            .delete, "\(path)/{config_id}", id: "deleteAnnotationConfig", tag: tag,
            summary: "Deletes an annotation config.",
            description: "Annotations of its name stay.", action: AnnotationAction.changeConfigs,
            answer: .json(AnnotationSchemas.config("DeleteAnnotationConfigResponseBody")))
        operation.parameters = [configID.declaration]
        operation.refusals = [.badRequest, .forbidden, .notFound, .invalid]
        return operation
    }()

    private static func id(_ text: String) throws(HTTPError) -> AnnotationConfig.ID {
        if let id = AnnotationConfig.ID(configNodeID: text) { return id }
        guard NodeID(text) == nil else {
            throw HTTPError(.badRequest, "Invalid annotation configuration ID")
        }
        throw HTTPError(
            .unprocessableContent, "Invalid annotation configuration ID format: \(text)")
    }

    private func page(
        _ request: APIRequest, of project: Project.ID?
    ) async throws -> HTTPResponse {
        var first: AnnotationConfig.ID?
        if let cursor = request[Self.cursor], !cursor.isEmpty {
            guard let id = AnnotationConfig.ID(configNodeID: cursor) else {
                throw HTTPError(.badRequest, "Invalid cursor: \(cursor)")
            }
            first = id
        }
        let page = try await store.configs(
            of: project, from: first, limit: request[Self.limit])
        return .page(
            page.rows.lazy.map(AnnotationConfigResource.init),
            nextCursor: page.following?.nodeID.description)
    }

    // MARK: Configs of a project

    var projectConfigRoutes: [Route] {
        [
            Route(Self.listProjectConfigs) { request in
                try await page(request, of: try await project(request).id)
            },
            Route(Self.setProjectConfigs) { request in
                let project = try await project(request)
                var ids = Set<AnnotationConfig.ID>()
                for text in request.body["annotation_config_ids"].strings ?? [] {
                    guard let id = AnnotationConfig.ID(configNodeID: text) else {
                        throw HTTPError(
                            .unprocessableContent, "Invalid annotation configuration ID: \(text)")
                    }
                    ids.insert(id)
                }
                let configs = try await store.setConfigs(ids, of: project.id)
                return .page(configs.lazy.map(AnnotationConfigResource.init), nextCursor: nil)
            },
            Route(Self.assignConfig) { request in
                let project = try await project(request)
                let config = try await store.assign(
                    request[Self.configIdentifier], to: project.id)
                return .data(AnnotationConfigResource(config))
            },
            Route(Self.unassignConfig) { request in
                let project = try await project(request)
                try await store.unassign(request[Self.configIdentifier], from: project.id)
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let listProjectConfigs: Operation = {
        var operation = Operation(
            .get, projectPath, id: "getProjectAnnotationConfigs", tag: tag,
            summary: "Lists the annotation configs of a project, the newest first.",
            action: AnnotationAction.readConfigs,
            answer: .json(AnnotationSchemas.configs("GetProjectAnnotationConfigsResponseBody")))
        operation.parameters = [
            projectIdentifier.declaration, cursor.declaration, limit.declaration,
        ]
        operation.refusals = [.badRequest, .forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let setProjectConfigs: Operation = {
        var operation = Operation(
            .put, projectPath, id: "setProjectAnnotationConfigs", tag: tag,
            summary: "Sets the annotation configs of a project.",
            action: AnnotationAction.changeConfigs,
            answer: .json(AnnotationSchemas.configs("SetProjectAnnotationConfigsResponseBody")))
        operation.parameters = [projectIdentifier.declaration]
        operation.body = .json(AnnotationSchemas.projectConfigs)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let assignConfig: Operation = {
        var operation = Operation(
            .put, "\(projectPath)/{config_identifier}", id: "assignAnnotationConfigToProject",
            tag: tag, summary: "Assigns an annotation config to a project.",
            description: "Again changes nothing.", action: AnnotationAction.changeConfigs,
            answer: .json(
                AnnotationSchemas.config("AssignAnnotationConfigToProjectResponseBody")))
        operation.parameters = [projectIdentifier.declaration, configIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let unassignConfig: Operation = {
        var operation = Operation(
            .delete, "\(projectPath)/{config_identifier}",
            id: "unassignAnnotationConfigFromProject", tag: tag,
            summary: "Takes an annotation config from a project.",
            description: "The config stays.", action: AnnotationAction.changeConfigs,
            answer: .noContent)
        operation.parameters = [projectIdentifier.declaration, configIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()
}

extension AnnotationConfigDraft {
    /// What the contract's shape of a new config admitted.
    init(_ object: DecodedObject) {
        self.init(
            name: object.text("name"),
            shape: AnnotationConfig.Shape(
                kind: AnnotationConfig.Kind(rawValue: object.text("type")) ?? .freeform,
                description: object["description"].string,
                direction: object["optimization_direction"].string
                    .flatMap(AnnotationConfig.OptimizationDirection.init),
                values: (object["values"].array ?? []).compactMap(\.object).map {
                    .init(label: $0.text("label"), score: $0["score"].number)
                },
                lowerBound: object["lower_bound"].number,
                upperBound: object["upper_bound"].number, threshold: object["threshold"].number))
    }
}

extension AnnotationConfigResource {
    init(_ config: AnnotationConfig) {
        let shape = config.shape
        let form: Form =
            switch shape.kind {
            case .categorical:
                .categorical(values: shape.values.map { .init(label: $0.label, score: $0.score) })
            case .continuous:
                .continuous(lowerBound: shape.lowerBound, upperBound: shape.upperBound)
            case .freeform:
                .freeform(
                    threshold: shape.threshold, lowerBound: shape.lowerBound,
                    upperBound: shape.upperBound)
            }
        self.init(
            id: config.nodeID.description, name: config.name, type: shape.kind.rawValue,
            description: shape.description, optimizationDirection: shape.direction?.rawValue,
            form: form)
    }
}
