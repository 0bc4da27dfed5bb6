import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var projectRoutes: [Route] {
        [
            Route(Self.listProjects) { try await list($0) },
            Route(Self.createProject) { try await create($0) },
            Route(Self.getProject) { request in
                let project = try await project(named: request[Self.projectIdentifier])
                return .data(ProjectResource(project))
            },
            Route(Self.updateProject) { request in
                let project = try await store.updateProject(
                    Identifier(request[Self.projectIdentifier]),
                    description: request.body["description"].string, now: now())
                return .data(ProjectResource(project))
            },
            Route(Self.deleteProject) { request in
                try await store.deleteProject(Identifier(request[Self.projectIdentifier]))
                return HTTPResponse(.noContent)
            },
            Route(Self.setRetentionPolicy) { try await setRetentionPolicy($0) },
        ]
    }

    // MARK: Declarations

    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, "How many projects a page has at most.")
    private static let includeExperimentProjects = Parameter<Bool>.flag(
        "include_experiment_projects", "Whether to list the projects of experiments too.")
    private static let includeEvaluatorProjects = Parameter<Bool>.flag(
        "include_dataset_evaluator_projects",
        "Whether to list the projects of dataset evaluators too.")
    private static let nameContains = Parameter<String?>.text(
        "name_contains", "Keeps the projects whose name contains this, whatever the case.")

    private static let listProjects: Operation = {
        var operation = Operation(
            .get, "/v1/projects", id: "getProjects", tag: "projects",
            summary: "Lists projects, the newest first.", action: TracingAction.readTraces,
            answer: .json(TracingSchemas.projects))
        operation.parameters = [
            cursor.declaration, limit.declaration, includeExperimentProjects.declaration,
            includeEvaluatorProjects.declaration, nameContains.declaration,
        ]
        operation.refusals = [.forbidden, .unprocessable]
        return operation
    }()

    private static let createProject: Operation = {
        var operation = Operation(
            .post, "/v1/projects", id: "createProject", tag: "projects",
            summary: "Creates a project.",
            description: "Sending spans to a name creates its project too.",
            action: TracingAction.createProject, answer: .json(TracingSchemas.createdProject))
        operation.body = .json(TracingSchemas.newProject)
        operation.refusals = [.forbidden, .conflict, .unprocessable]
        operation.storesData = true
        return operation
    }()

    private static let getProject: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}", id: "getProject", tag: "projects",
            summary: "Shows a project.", action: TracingAction.readTraces,
            answer: .json(TracingSchemas.foundProject))
        operation.parameters = [projectIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let updateProject: Operation = {
        var operation = Operation(
            .put, "/v1/projects/{project_identifier}", id: "updateProject", tag: "projects",
            summary: "Changes the description of a project.",
            description: "The name stays, since exporters send to it.",
            action: TracingAction.changeProject, answer: .json(TracingSchemas.updatedProject))
        operation.parameters = [projectIdentifier.declaration]
        operation.body = .json(TracingSchemas.projectChange)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let deleteProject: Operation = {
        var operation = Operation(
            .delete, "/v1/projects/{project_identifier}", id: "deleteProject", tag: "projects",
            summary: "Deletes a project with everything in it.",
            description: "The default project cannot be deleted.",
            action: TracingAction.deleteProject, answer: .noContent)
        operation.parameters = [projectIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let setRetentionPolicy: Operation = {
        var operation = Operation(
            .patch, "/v1/projects/{project_identifier}/retention",
            id: "setProjectRetentionPolicy", tag: "projects",
            summary: "Sets how long a project keeps its traces.",
            action: TracingAction.changeRetention,
            answer: .json(TracingSchemas.changedRetention))
        operation.parameters = [projectIdentifier.declaration]
        operation.body = .json(TracingSchemas.retentionChange)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    // MARK: Handlers

    private func list(_ request: APIRequest) async throws -> HTTPResponse {
        let first: Project.ID? = try Self.rowID(in: request[Self.cursor]) {
            "Invalid cursor format: \($0)"
        }
        let page = try await store.projects(
            nameContains: request[Self.nameContains],
            includesExperiments: request[Self.includeExperimentProjects], from: first,
            limit: request[Self.limit])
        return .page(
            page.rows.lazy.map(ProjectResource.init),
            nextCursor: page.following?.id.nodeID.description)
    }

    private func create(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await store.createProject(
            name: request.body.text("name"), description: request.body["description"].string,
            now: now())
        return .data(ProjectResource(project))
    }

    private func setRetentionPolicy(_ request: APIRequest) async throws -> HTTPResponse {
        var policy: TraceRetentionPolicy.ID?
        if let text = request.body["policy_id"].string {
            guard let id = TraceRetentionPolicy.ID(nodeID: text) else {
                throw HTTPError(.unprocessableContent, "Invalid retention policy ID: \(text)")
            }
            // Naming the default policy is the same as naming none.
            policy = id == TraceRetentionPolicy.defaultID ? nil : id
        }
        let project = try await store.setRetentionPolicy(
            policy, of: Identifier(request[Self.projectIdentifier]), now: now())
        return .data(
            ProjectRetentionResource(
                projectID: project.id.nodeID.description,
                policyID: project.retentionPolicyID?.nodeID.description))
    }
}

extension ProjectResource {
    init(_ project: Project) {
        self.init(
            id: project.id.nodeID.description, name: project.name,
            description: project.description)
    }
}
