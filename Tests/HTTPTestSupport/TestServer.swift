import HTTPMessages
import HTTPServing
import Logging

/// A server on a free port of the loopback address.
package struct TestServer {
    private let configuration: HTTPServerConfiguration
    private let handler: HTTPHandler

    package init(
        tls: TLSFiles? = nil,
        configure: (inout HTTPServerConfiguration) -> Void = { _ in },
        handler: @escaping HTTPHandler
    ) {
        var configuration = HTTPServerConfiguration(host: "127.0.0.1", port: 0, tls: tls)
        configuration.drainTimeout = .seconds(5)
        configure(&configuration)
        self.configuration = configuration
        self.handler = handler
    }

    /// Runs the server while `body` uses it, then stops it.
    package func run<Result: Sendable>(
        _ body: (_ port: Int, _ server: HTTPServer) async throws -> Result
    ) async throws -> Result {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = try HTTPServer(
            configuration: configuration, logger: logger, handler: handler)
        let port = try await server.bind()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await body(port, server))
            } catch {
                result = .failure(error)
            }
            await server.stop()
            try await group.waitForAll()
            return try result.get()
        }
    }
}

/// Answers with what came: `/echo` the body, `/size` its length, `/ignore` without reading it,
/// `/stream` a thousand lines, anything else its own path.
package let echoHandler: HTTPHandler = { request in
    switch request.path {
    case "/echo":
        let bytes = try await request.body.collect(upTo: 64 << 20)
        return .bytes(.ok, bytes, contentType: "application/octet-stream")
    case "/size":
        return .text(.ok, "\(try await request.body.collect(upTo: 64 << 20).count)")
    case "/count":
        var count = 0
        for try await chunk in request.body { count += chunk.count }
        return .text(.ok, "\(count)")
    case "/ignore": return .text(.unsupportedMediaType, "no")
    case "/stream":
        return HTTPResponse(
            .ok, headers: ["content-type": "text/plain"],
            body: .stream { writer in
                for line in 1...1000 { try await writer.write(Array("line \(line)\n".utf8)) }
            })
    default: return .text(.ok, request.path)
    }
}
