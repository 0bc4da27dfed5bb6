/// Answers a request. A thrown ``APIErrorConvertible`` is answered as it says, any other as 500.
///
/// The task is cancelled when the client vanishes; nobody reads what it then returns.
package typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Something around handlers: it may answer itself, or change the request or the response.
package protocol HTTPMiddleware: Sendable {
    func respond(to request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse
}

/// Wraps a handler in middleware, the first outermost.
package func wrap(
    _ handler: @escaping HTTPHandler, in middleware: [any HTTPMiddleware]
) -> HTTPHandler {
    middleware.reversed().reduce(handler) { next, layer in
        { request in try await layer.respond(to: request, next: next) }
    }
}
