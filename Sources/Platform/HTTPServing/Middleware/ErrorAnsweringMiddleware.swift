import HTTPMessages
import Logging

/// Turns thrown errors into answers: an ``APIErrorConvertible`` as it says, any other into 500 with
/// nothing but the request's id, under which the log has the error.
package struct ErrorAnsweringMiddleware: HTTPMiddleware {
    private let logger: Logger

    package init(logger: Logger) {
        self.logger = logger
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        do {
            return try await next(request)
        } catch let error as any APIErrorConvertible {
            return error.response
        } catch is CancellationError where Task.isCancelled {
            return HTTPBodyError.clientGone.response
        } catch {
            logger.error(
                "A request failed.",
                metadata: [
                    "request_id": "\(request.requestID)", "method": "\(request.method)",
                    "path": "\(request.path)", "error": "\(error)",
                ])
            return HTTPResponse(answering: error)
        }
    }
}
