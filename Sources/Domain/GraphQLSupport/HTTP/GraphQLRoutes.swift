import APISupport
import GraphQLCore
import HTTPMessages
import JSON
import PhoenixModel

/// GraphQL over HTTP at `/graphql`: POST with JSON, GET with a query, subscriptions as a stream of
/// parts, and the explorer page for browsers.
package struct GraphQLRoutes: Sendable {
    package struct Settings: Sendable {
        package var isReadOnly = false
        /// The longest JSON body that is read.
        package var bodyBytesMax = 16 << 20
        /// Tells who asks. Throws the answer to credentials that are wrong.
        package var authenticate: @Sendable (HTTPRequest) async throws -> Principal = { _ in
            .anonymous
        }
        /// Why no data is taken at present, as a sentence for the user; nil while there is room.
        package var insertionBlock: @Sendable () -> String? = { nil }
        package var now: @Sendable () -> Timestamp
        /// The text of a document that the server knows without having been sent it, by its SHA-256
        /// in lower-case hexadecimal: those of the web UI.
        package var knownDocument: @Sendable (String) -> String? = { _ in nil }
        /// How long a stream is silent before a heartbeat.
        package var heartbeatInterval: Duration = .seconds(5)
        package var clock: any Clock<Duration> = ContinuousClock()
        /// Told how long each request took.
        package var recordTime: @Sendable (HTTPMethod, String, Duration) -> Void = { _, _, _ in }

        package init(now: @escaping @Sendable () -> Timestamp) {
            self.now = now
        }
    }

    static let path = "/graphql"

    private let engine: DeferredEngine
    private let settings: Settings

    package init(engine: DeferredEngine, settings: Settings) {
        self.engine = engine
        self.settings = settings
    }

    package func register(on router: inout Router) {
        for method in [HTTPMethod.get, .post] {
            router.add(method, Self.path) { request, _ in
                defer {
                    settings.recordTime(method, Self.path, request.arrival.duration(to: .now))
                }
                return try await respond(to: request)
            }
        }
        ExplorerPage.registerFiles(on: &router)
    }

    private func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        let principal = try await settings.authenticate(request)
        let post: GraphQLPost
        if request.method == .post {
            guard request.contentType?.essence == "application/json" else {
                throw HTTPError(.badRequest, "Unsupported content type")
            }
            let body = try await request.body.collect(upTo: settings.bodyBytesMax)
            post = try GraphQLPost(body: body)
        } else {
            let query = request.query
            if !query.contains("query"), !query.contains("extensions"), !query.contains("id"),
                ExplorerPage.isAccepted(by: request)
            {
                return ExplorerPage.response
            }
            post = try GraphQLPost(query)
        }
        let context = GraphQLRequestContext(
            principal: principal, isReadOnly: settings.isReadOnly, now: settings.now(),
            insertionBlock: settings.insertionBlock)
        let engine = try engine.value
        let finding = try post.request(of: engine, known: settings.knownDocument)
        let acceptance = MultipartParts.acceptance(of: request)
        if acceptance == .preferred { return stream(finding, from: engine, context) }
        switch finding {
        case .noQuery: throw HTTPError(.badRequest, "No GraphQL query found in the request")
        case .notPersisted: return .json(.ok, Self.notPersisted.body)
        case .request(let graphQL):
            let demand = engine.demand(of: graphQL)
            if demand == .operation(.subscription), acceptance == .accepted {
                return stream(finding, from: engine, context)
            }
            try refuse(demand, graphQL, request.method)
            let response = try await engine.execute(graphQL, context: context)
            return .json(.ok, response.body)
        }
    }

    private static let notPersisted = GraphQLResponse(errors: [
        GraphQLError("PersistedQueryNotFound")
    ])

    private func refuse(
        _ demand: GraphQLEngine.Demand, _ request: GraphQLRequest, _ method: HTTPMethod
    ) throws(HTTPError) {
        switch demand {
        case .unknownOperation: throw HTTPError(.badRequest, Self.unknownOperation(request))
        case .nothing: throw HTTPError(.badRequest, "Can't get GraphQL operation type")
        case .operation(.mutation) where method != .post:
            throw HTTPError(.badRequest, "mutations are not allowed when using GET")
        case .operation, .unreadable: break
        }
    }

    private static func unknownOperation(_ request: GraphQLRequest) -> String {
        "Unknown operation named \"\(shortened(request.operationName ?? ""))\"."
    }

    // MARK: Streams

    /// Why an operation cannot be streamed, as the contract has it; nil when it can.
    private func objection(
        to finding: GraphQLPost.Finding, from engine: GraphQLEngine
    ) -> GraphQLResponse? {
        func refusal(_ message: String) -> GraphQLResponse {
            GraphQLResponse(errors: [GraphQLError(message)])
        }
        switch finding {
        case .noQuery: return refusal("Request data is missing a \"query\" value")
        case .notPersisted: return Self.notPersisted
        case .request(let request):
            switch engine.demand(of: request) {
            case .operation(.query): return refusal("queries are not allowed")
            case .operation(.mutation): return refusal("mutations are not allowed")
            case .unknownOperation: return refusal(Self.unknownOperation(request))
            case .nothing: return refusal("Can't get GraphQL operation type")
            case .operation(.subscription), .unreadable: return nil
            }
        }
    }

    private func stream(
        _ finding: GraphQLPost.Finding, from engine: GraphQLEngine,
        _ context: GraphQLRequestContext
    ) -> HTTPResponse {
        let body: HTTPResponseBody = .stream { [settings] writer in
            try await writer.write(MultipartParts.heartbeat)
            if let objection = objection(to: finding, from: engine) {
                try await writer.write(MultipartParts.part(objection))
            } else if case .request(let request) = finding {
                try await withHeartbeats(
                    MultipartParts.heartbeat, every: settings.heartbeatInterval,
                    clock: settings.clock, on: writer
                ) { writer in
                    let responses = try await engine.subscribe(request, context: context)
                    for try await response in responses {
                        try await writer.write(MultipartParts.part(response))
                    }
                }
            }
            try await writer.write(MultipartParts.end)
        }
        return HTTPResponse(
            .ok, headers: ["content-type": MultipartParts.contentType], body: body)
    }
}

extension GraphQLEngine.Options {
    /// The limits of the contract (depth, aliases) and of this server (cost, time).
    package static var contract: Self {
        var options = Self()
        options.maximumCost = 5_000_000
        options.costedListMax = 1000
        options.timeout = .seconds(30)
        options.choosesFirstOperation = true
        return options
    }
}
