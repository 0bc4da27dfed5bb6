import HTTPMessages

/// Strips the path under which a reverse proxy shows this server, where the proxy leaves it in.
package struct PathPrefixMiddleware: HTTPMiddleware {
    private let prefix: String

    /// - Parameter prefix: Begins with `/` and does not end with one; empty changes nothing.
    package init(prefix: String) {
        precondition(
            prefix.isEmpty || prefix.hasPrefix("/") && !prefix.hasSuffix("/"),
            "A path prefix begins with a slash and does not end with one, unlike \(prefix).")
        self.prefix = prefix
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        guard !prefix.isEmpty, request.path.hasPrefix(prefix) else {
            return try await next(request)
        }
        let rest = request.path.dropFirst(prefix.count)
        guard rest.isEmpty || rest.first == "/" else { return try await next(request) }
        var request = request
        request.path = rest.isEmpty ? "/" : String(rest)
        return try await next(request)
    }
}
