import HTTPMessages

/// Lets pages of the listed origins call this server with their credentials (the Fetch standard's
/// CORS protocol). Other origins get no CORS headers, so that browsers keep the answer from them.
package struct CORSMiddleware: HTTPMiddleware {
    private static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

    private let allowedOrigins: Set<String>

    /// - Parameter allowedOrigins: As browsers send them: scheme, host and port, no path. A `*`
    ///   allows every origin, which is then named in the answer because credentials are allowed.
    package init(allowedOrigins: [String]) {
        self.allowedOrigins = Set(allowedOrigins)
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        guard !allowedOrigins.isEmpty, let origin = request.headers["origin"] else {
            return try await next(request)
        }
        let isAllowed = allowedOrigins.contains(origin) || allowedOrigins.contains("*")
        if request.method == .options, request.headers.contains("access-control-request-method") {
            guard isAllowed else { return .text(.badRequest, "Disallowed CORS origin") }
            var headers: HTTPHeaders = [
                "access-control-allow-methods": Self.methods,
                "access-control-max-age": "600",
            ]
            if let wanted = request.headers["access-control-request-headers"] {
                headers.add("access-control-allow-headers", wanted)
            }
            return Self.allow(origin, in: .text(.ok, "OK", headers: headers))
        }
        var response = try await next(request)
        if isAllowed {
            response = Self.allow(origin, in: response)
        } else {
            response.headers.addVary("Origin")
        }
        return response
    }

    private static func allow(_ origin: String, in response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers.set("access-control-allow-origin", origin)
        response.headers.set("access-control-allow-credentials", "true")
        response.headers.addVary("Origin")
        return response
    }
}

extension HTTPHeaders {
    /// Names one more request header on which the answer depends.
    package mutating func addVary(_ name: String) {
        let listed = list("vary")
        guard !listed.contains(where: { $0.lowercased() == name.lowercased() }) else { return }
        set("vary", (listed + [name]).joined(separator: ", "))
    }
}
