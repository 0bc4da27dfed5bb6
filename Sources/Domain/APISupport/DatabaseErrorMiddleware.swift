import HTTPMessages
import SQLCore

/// Answers what a client can do something about when the database fails: come back later, or make
/// room. Other failures stay what they are, an error of ours.
package struct DatabaseErrorMiddleware: HTTPMiddleware {
    package init() {}

    package func respond(to request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        do {
            return try await next(request)
        } catch let error as DatabaseError {
            switch error.code {
            case .conflict:
                throw HTTPError(
                    .serviceUnavailable,
                    "The request crossed another change of the same data and changed nothing. "
                        + "Retry after a short wait.",
                    headers: ["retry-after": "1"])
            case .unavailable:
                throw HTTPError(
                    .serviceUnavailable,
                    "The database cannot be reached at present. Retry after a short wait.",
                    headers: ["retry-after": "5"])
            case .full, .readOnly:
                throw HTTPError(
                    .insufficientStorage,
                    "Insufficient storage: the database accepts no writes. Nothing was changed.")
            case .outOfRange:
                throw HTTPError(
                    .badRequest,
                    "A number of the request is too large, or too small, to be computed with.")
            default: throw error
            }
        }
    }
}
