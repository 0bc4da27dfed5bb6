import GRPCServing
import HTTPMessages
import Locking
import Logging

/// Says in the log when spans arrive where none are taken in, since exporters tell their users no more
/// than a status: at an address without `/v1/traces`, or by gRPC at the port of HTTP; and when something
/// else than spans arrives.
package final class MisdirectedExportMiddleware: HTTPMiddleware {
    private enum Mistake: Hashable {
        case grpcAtHTTPPort, otherSignal, otherPath
    }

    private let tracesPath: String
    private let grpcPort: Int?
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let lastWarnings = Mutex<[Mistake: Int64]>([:])

    /// The time between two warnings of one kind: an exporter that nobody has mended yet tries again and
    /// again.
    private static let pauseMicroseconds: Int64 = 60_000_000

    /// - Parameters:
    ///   - tracesPath: The path that takes in spans, with the root path of the server.
    ///   - grpcPort: The port that takes in spans by gRPC; nil where there is none.
    ///   - now: The time in microseconds.
    package init(
        tracesPath: String, grpcPort: Int?, logger: Logger, now: @escaping @Sendable () -> Int64
    ) {
        self.tracesPath = tracesPath
        self.grpcPort = grpcPort
        self.logger = logger
        self.now = now
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        let type = request.headers["content-type"]?.lowercased() ?? ""
        if type.hasPrefix("application/grpc") {
            warn(
                .grpcAtHTTPPort, "An export was sent by gRPC to the port of HTTP.", request,
                ["grpc_port": grpcPort.map { "\($0)" } ?? "none"])
            let way = grpcPort.map { " Send gRPC to port \($0)." } ?? ""
            return GRPCError(.unimplemented, "This port takes no gRPC.\(way)").response
        }
        let response = try await next(request)
        if request.method == .post, type.hasPrefix("application/x-protobuf"),
            [.notFound, .methodNotAllowed].contains(response.status)
        {
            if ["/v1/metrics", "/v1/logs"].contains(where: request.path.hasSuffix) {
                warn(
                    .otherSignal,
                    "Metrics or logs were sent, of which none are taken in. Switch their exporter off.",
                    request)
            } else {
                warn(
                    .otherPath, "Spans were sent to a path that takes in none.", request,
                    ["traces_path": "\(tracesPath)"])
            }
        }
        return response
    }

    private func warn(
        _ mistake: Mistake, _ sentence: Logger.Message, _ request: HTTPRequest,
        _ metadata: Logger.Metadata = [:]
    ) {
        let isDue = lastWarnings.withLock { last in
            let time = now()
            // A clock that was put back ends a pause, too.
            if let before = last[mistake], (0..<Self.pauseMicroseconds).contains(time - before) {
                return false
            }
            last[mistake] = time
            return true
        }
        guard isDue else { return }
        logger.warning(
            sentence, metadata: metadata.merging(["path": "\(request.path)"]) { own, _ in own })
    }
}
