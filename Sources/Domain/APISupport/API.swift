import HTTPMessages
import PhoenixModel

/// What holds for all operations alike.
package struct APISettings: Sendable {
    /// Refuses all of `/v1`, reading included, as the contract has it.
    package var isReadOnly: Bool
    /// The longest JSON body that is read.
    package var bodyBytesMax: Int
    /// Tells who asks. Throws the answer to credentials that are wrong.
    package var authenticate: @Sendable (HTTPRequest) async throws -> Principal
    /// Why no data is taken at present, as a sentence for the user; nil while there is room.
    package var insertionBlock: @Sendable () -> String?
    /// Told how long each request took, with the method and the pattern of its path.
    package var recordTime: @Sendable (HTTPMethod, String, Duration) -> Void

    package init(
        isReadOnly: Bool = false,
        bodyBytesMax: Int = 64 << 20,
        authenticate: @escaping @Sendable (HTTPRequest) async throws -> Principal = { _ in
            .anonymous
        },
        insertionBlock: @escaping @Sendable () -> String? = { nil },
        recordTime: @escaping @Sendable (HTTPMethod, String, Duration) -> Void = { _, _, _ in }
    ) {
        self.isReadOnly = isReadOnly
        self.bodyBytesMax = bodyBytesMax
        self.authenticate = authenticate
        self.insertionBlock = insertionBlock
        self.recordTime = recordTime
    }
}

/// The REST API: the routes of all features, their document and its page.
package struct API: Sendable {
    package let routes: [Route]
    private let settings: APISettings

    package init(routes: [Route], settings: APISettings = APISettings()) {
        self.routes = routes
        self.settings = settings
    }

    /// Registers every operation, `/openapi.json` and `/docs`.
    package func register(on router: inout Router) {
        for route in routes {
            let (method, path) = (route.operation.method, route.operation.path)
            router.add(method, path) { request, parameters in
                defer { settings.recordTime(method, path, request.arrival.duration(to: .now)) }
                return try await perform(route, request, parameters)
            }
        }
        // The document is ten times as large as what it is made of, and seldom asked for.
        let operations = routes.map(\.operation)
        router.add(.get, "/openapi.json") { _, _ in
            .json(.ok, OpenAPIDocument(operations: operations).json.serialized())
        }
        DocumentationPage(operations: operations).register(on: &router)
    }

    private func perform(
        _ route: Route, _ request: HTTPRequest, _ path: PathParameters
    ) async throws -> HTTPResponse {
        let operation = route.operation
        if settings.isReadOnly, !operation.worksReadOnly {
            throw HTTPError(
                .forbidden, "The Phoenix REST API is disabled in read-only mode.")
        }
        let principal = try await settings.authenticate(request)
        try authorize(principal, for: operation.action)
        if operation.storesData, let reason = settings.insertionBlock() {
            throw HTTPError(.insufficientStorage, reason)
        }
        var decoded = APIRequest(http: request, principal: principal)
        try await decoded.decode(operation, path: path, bodyBytesMax: settings.bodyBytesMax)
        return try await route.handler(decoded)
    }
}

/// Lets an action pass, or refuses it in the words of the contract.
///
/// - Throws: ``HTTPError`` with 403.
package func authorize(_ principal: Principal, for action: any Action) throws(HTTPError) {
    guard !principal.permits(action.requiredAccess) else { return }
    switch action.requiredAccess {
    case .administer:
        throw HTTPError(.forbidden, "Only admin or system users can perform this action.")
    case .read, .write:
        throw HTTPError(.forbidden, "Viewers cannot perform this action.")
    }
}
