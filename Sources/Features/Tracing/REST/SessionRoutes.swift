import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var sessionRoutes: [Route] {
        [
            Route(Self.getSession) { request in
                let found = try await store.session(Identifier(request[Self.sessionIdentifier]))
                return .data(SessionResource(found))
            },
            Route(Self.deleteSession) { request in
                try await store.deleteSession(Identifier(request[Self.sessionIdentifier]))
                return HTTPResponse(.noContent)
            },
            Route(Self.deleteSessionsOperation) { try await deleteSessions($0) },
            Route(Self.listSessions) { try await listSessions($0) },
        ]
    }

    // MARK: Declarations

    private static let sessionIdentifier = Parameter<String>.path(
        "session_identifier", "The global id of a session, or the id that the application chose.")

    private static let getSession: Operation = {
        var operation = Operation(
            .get, "/v1/sessions/{session_identifier}", id: "getSession", tag: "sessions",
            summary: "Shows a session with its traces.", action: TracingAction.readTraces,
            answer: .json(TracingSchemas.foundSession))
        operation.parameters = [sessionIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let deleteSession: Operation = {
        var operation = Operation(
            .delete, "/v1/sessions/{session_identifier}", id: "deleteSession", tag: "sessions",
            summary: "Deletes a session with its traces.", action: TracingAction.deleteTraces,
            answer: .noContent)
        operation.parameters = [sessionIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private static let deleteSessionsOperation: Operation = {
        var operation = Operation(
            .post, "/v1/sessions/delete", id: "deleteSessions", tag: "sessions",
            summary: "Deletes sessions with their traces.",
            description: "Sessions that do not exist are passed over.",
            action: TracingAction.deleteTraces, answer: .noContent)
        operation.body = .json(TracingSchemas.sessionDeletion)
        operation.refusals = [.forbidden, .unprocessable]
        return operation
    }()

    /// More sessions are never in one answer, whatever was asked for: the cursor leads on.
    private static let pageMax = 1000
    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, "How many sessions a page has at most.")
    private static let order = Parameter<Order>.choice(
        "order", default: .ascending, "In which direction of the row ids.")
    private static let filter = Parameter<String?>.text(
        "filter",
        "Keeps sessions that satisfy this expression of the session filter language. An empty one "
            + "keeps all of them.")

    private static let listSessions: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/sessions", id: "listProjectSessions",
            tag: "sessions", summary: "Lists the sessions of a project with their traces.",
            action: TracingAction.readTraces, answer: .json(TracingSchemas.sessions))
        operation.parameters = [
            projectIdentifier.declaration, cursor.declaration, limit.declaration,
            order.declaration, filter.declaration,
        ]
        operation.refusals = [.forbidden, .badRequest, .notFound, .unprocessable]
        return operation
    }()

    // MARK: Handlers

    private func listSessions(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        let filter = try Self.filter(request[Self.filter], in: .session)
        let first: Session.ID? = try Self.rowID(in: request[Self.cursor]) {
            "Invalid cursor format: \($0)"
        }
        let page = try await store.sessions(
            of: project.id, where: filter, isDescending: request[Self.order] == .descending,
            from: first, limit: min(request[Self.limit], Self.pageMax))
        return .page(
            page.rows.lazy.map(SessionResource.init),
            nextCursor: page.following?.session.id.nodeID.description)
    }

    private func deleteSessions(_ request: APIRequest) async throws -> HTTPResponse {
        let identifiers = (request.body["session_identifiers"].strings ?? []).map {
            Identifier<Session>($0)
        }
        guard !identifiers.isEmpty else {
            throw HTTPError(.unprocessableContent, "Session identifier list must not be empty.")
        }
        guard Set(identifiers.map { $0.rowID == nil }).count == 1 else {
            throw HTTPError(
                .unprocessableContent,
                "All identifiers must be the same type: either all GlobalIDs or all session_id "
                    + "strings.")
        }
        try await store.deleteSessions(identifiers)
        return HTTPResponse(.noContent)
    }
}

extension SessionResource {
    init(_ stored: StoredSession) {
        self.init(
            id: stored.session.id.nodeID.description, sessionID: stored.session.sessionID,
            projectID: stored.session.projectID.nodeID.description,
            startTime: stored.session.startTime.description,
            endTime: stored.session.endTime.description,
            traces: stored.traces.map { trace in
                SessionTraceResource(
                    id: trace.id.nodeID.description, traceID: trace.otelID.hex,
                    startTime: trace.startTime.description, endTime: trace.endTime.description)
            },
            promptTokens: stored.traces.reduce(0) { $0 + $1.promptTokens },
            completionTokens: stored.traces.reduce(0) { $0 + $1.completionTokens })
    }
}
