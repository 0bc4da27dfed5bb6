/// The status codes of gRPC.
package enum GRPCCode: Int, Sendable, Hashable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16

    /// The code that says over gRPC what `status` says over HTTP.
    init(httpStatus status: Int) {
        self =
            switch status {
            case 400, 415, 422: .invalidArgument
            case 401: .unauthenticated
            case 403: .permissionDenied
            case 404: .notFound
            case 408, 504: .deadlineExceeded
            case 409: .aborted
            case 413, 431, 507: .resourceExhausted
            case 429, 502, 503: .unavailable
            case 499: .cancelled
            case 501: .unimplemented
            default: .internal
            }
    }
}
