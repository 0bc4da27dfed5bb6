/// An error that knows how it is answered over HTTP.
package protocol APIErrorConvertible: Error {
    /// The whole answer: status, body (plain text by habit), headers such as `retry-after`.
    var response: HTTPResponse { get }
}

/// An error that is nothing but its answer: a status and a sentence.
package struct HTTPError: APIErrorConvertible {
    package let status: HTTPStatus
    package let message: String
    package let headers: HTTPHeaders

    package init(_ status: HTTPStatus, _ message: String, headers: HTTPHeaders = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
    }

    package var response: HTTPResponse { .text(status, message, headers: headers) }
}

extension HTTPBodyError: APIErrorConvertible {
    package var response: HTTPResponse {
        switch self {
        case .tooLarge(let limit):
            .text(
                .contentTooLarge,
                "The request body is larger than \(limit) bytes. Send it in smaller parts.")
        case .clientGone:
            .text(.clientClosedRequest, "The client closed the request.")
        case .timedOut:
            .text(
                .requestTimeout, "The request body stopped arriving. Send the request once more.")
        case .overloaded:
            .text(
                .serviceUnavailable,
                "The server holds as many request bytes as it may. Retry after a short wait.",
                headers: ["retry-after": "1"])
        case .malformed(let reason):
            .text(.badRequest, reason)
        }
    }
}

extension HTTPResponse {
    /// The answer to an error that a handler threw: its own, or 500 without any detail.
    package init(answering error: any Error) {
        if let error = error as? any APIErrorConvertible {
            self = error.response
        } else {
            self = .text(.internalServerError, "Internal Server Error")
        }
    }
}
