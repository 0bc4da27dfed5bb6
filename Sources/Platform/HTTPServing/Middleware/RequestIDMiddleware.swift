import HTTPMessages

/// Names every request, so that an answer can be found in the log, and tells the client the name
/// in `x-request-id`.
package struct RequestIDMiddleware: HTTPMiddleware {
    private static let header = "x-request-id"

    package init() {}

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        var request = request
        request.requestID = Self.accepted(request.headers[Self.header]) ?? Self.random()
        var response = try await next(request)
        response.headers.set(Self.header, request.requestID)
        return response
    }

    /// The client's own name for the request, where it is short and harmless in logs.
    private static func accepted(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ isTokenByte($0) || $0 == UInt8(ascii: ":") })
        else { return nil }
        return id
    }

    private static func random() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
