import HTTPMessages
import Logging
import Synchronization

/// Logs each request when its answer is complete: one line, with the query left out, for queries
/// hold what people search for.
package struct AccessLogMiddleware: HTTPMiddleware {
    private let logger: Logger
    private let level: Logger.Level

    package init(logger: Logger, level: Logger.Level = .info) {
        self.logger = logger
        self.level = level
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        guard logger.logLevel <= level else { return try await next(request) }
        do {
            var response = try await next(request)
            switch response.body {
            case .empty: log(request, status: response.status, bytes: 0)
            case .bytes(let bytes): log(request, status: response.status, bytes: bytes.count)
            case .stream(let produce):
                let status = response.status
                response.body = .stream { writer in
                    let counter = CountingWriter(writer)
                    do {
                        try await produce(counter)
                    } catch {
                        log(request, status: status, bytes: counter.count, isBroken: true)
                        throw error
                    }
                    log(request, status: status, bytes: counter.count)
                }
            }
            return response
        } catch {
            log(request, status: HTTPResponse(answering: error).status, bytes: 0)
            throw error
        }
    }

    private func log(
        _ request: HTTPRequest, status: HTTPStatus, bytes: Int, isBroken: Bool = false
    ) {
        let (seconds, attoseconds) = (ContinuousClock.now - request.arrival).components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        var metadata: Logger.Metadata = [
            "method": "\(request.method)", "path": "\(request.path)", "status": "\(status.code)",
            "duration_ms": "\(Double(microseconds) / 1000)", "bytes": "\(bytes)",
            "request_id": "\(request.requestID)",
        ]
        if isBroken { metadata["broken_off"] = "true" }
        logger.log(level: level, "Answered a request.", metadata: metadata)
    }

    private final class CountingWriter: HTTPBodyWriter {
        private let writer: any HTTPBodyWriter
        private let total = Atomic<Int>(0)

        init(_ writer: any HTTPBodyWriter) {
            self.writer = writer
        }

        var count: Int { total.load(ordering: .relaxed) }

        func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
            try await writer.write(bytes)
            total.add(bytes.count, ordering: .relaxed)
        }
    }
}
