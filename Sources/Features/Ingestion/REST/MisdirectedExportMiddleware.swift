import GRPCServing
import HTTPMessages
import Locking
import Logging

/// Says in the log when spans arrive where none are taken in, since exporters tell their users no more
/// than a status: at an address without `/v1/traces`, or by gRPC at the port of HTTP.
package final class MisdirectedExportMiddleware: HTTPMiddleware {
    private let grpcPort: Int
    private let logger: Logger
    private let lastWarning = Mutex<ContinuousClock.Instant?>(nil)

    /// An exporter that nobody has mended yet tries again and again.
    private static let pause = Duration.seconds(60)

    package init(grpcPort: Int, logger: Logger) {
        self.grpcPort = grpcPort
        self.logger = logger
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        let type = request.headers["content-type"] ?? ""
        if type.hasPrefix("application/grpc") {
            let sentence = "This port takes no gRPC. Send gRPC to port \(grpcPort)."
            warn(sentence, request)
            return GRPCError(.unimplemented, sentence).response
        }
        let response = try await next(request)
        if request.method == .post, type.hasPrefix("application/x-protobuf"),
            [.notFound, .methodNotAllowed].contains(response.status)
        {
            warn("No spans are taken in at this path. Send them to /v1/traces.", request)
        }
        return response
    }

    private func warn(_ sentence: String, _ request: HTTPRequest) {
        let isDue = lastWarning.withLock { last in
            let now = ContinuousClock.now
            if let last, last.duration(to: now) < Self.pause { return false }
            last = now
            return true
        }
        guard isDue else { return }
        logger.warning("\(sentence)", metadata: ["path": "\(request.path)"])
    }
}
