import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Logging
import Testing

/// One after the other, for they measure time.
@Suite(.serialized) struct ServerStopTests {
    private func makeServer(
        port: Int = 0, drainTimeout: Duration = .seconds(5), handler: @escaping HTTPHandler
    ) throws -> HTTPServer {
        var configuration = HTTPServerConfiguration(host: "127.0.0.1", port: port)
        configuration.drainTimeout = drainTimeout
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try HTTPServer(configuration: configuration, logger: logger, handler: handler)
    }

    @Test func `a stop lets requests finish and closes idle connections at once`() async throws {
        let entered = Outcome<Bool>()
        let gate = Outcome<Bool>()
        let server = try makeServer { request in
            if request.path == "/slow" {
                entered.set(true)
                _ = await gate.value()
            }
            return .text(.ok, request.path)
        }
        let port = try await server.bind()
        let serving = Task { try await server.run() }
        let idle = try await RawClient.connect(port: port)
        try await idle.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        _ = try await idle.response()
        let busy = try await RawClient.connect(port: port)
        try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        let second = try await HTTP2TestClient.connect(port: port)
        #expect(try await second.get("/").status == 200)
        let stream = try await second.open("GET", "/slow")
        _ = await entered.value()
        try await wait { server.requestCount >= 2 }

        await server.stop()
        #expect(try await idle.receiveToEnd() == [])
        let goAway = try await second.frame()
        #expect(goAway.kind == .goAway)
        #expect(goAway.errorCode == 0)
        gate.set(true)
        let response = try await busy.response()
        #expect(response.text == "/slow")
        #expect(response["connection"] == "close")
        #expect(try await second.response(on: stream).text == "/slow")
        try await serving.value
        #expect(server.connectionCount == 0)
        await #expect(throws: (any Error).self) { _ = try await RawClient.connect(port: port) }
    }

    @Test func `a stop cancels what outlasts its patience`() async throws {
        let cancelled = Outcome<Bool>()
        let server = try makeServer(drainTimeout: .milliseconds(100)) { _ in
            try? await Task.sleep(for: .seconds(30))
            cancelled.set(Task.isCancelled)
            return .text(.ok, "")
        }
        let port = try await server.bind()
        let serving = Task { try await server.run() }
        let client = try await RawClient.connect(port: port)
        try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try await wait { server.requestCount >= 1 }
        await server.stop()
        #expect(await cancelled.value())
        try await serving.value
    }

    @Test func `cancelling the server stops it without patience`() async throws {
        let server = try makeServer(drainTimeout: .seconds(60)) { _ in
            try? await Task.sleep(for: .seconds(30))
            return .text(.ok, "")
        }
        let port = try await server.bind()
        let serving = Task { try await server.run() }
        let client = try await RawClient.connect(port: port)
        try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        try await wait { server.requestCount >= 1 }
        serving.cancel()
        try await serving.value
        _ = try await client.receiveToEnd()
    }

    @Test func `live streams end in good order with the server`() async throws {
        let server = try makeServer(drainTimeout: .seconds(3600)) { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("event\n".utf8))
                    try await Task.sleep(for: .seconds(3600))
                }, endsWithServer: true)
        }
        let port = try await server.bind()
        let serving = Task { try await server.run() }
        let first = try await RawClient.connect(port: port)
        try await first.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let second = try await HTTP2TestClient.connect(port: port)
        let stream = try await second.open()
        _ = try await second.frame()
        #expect(try await second.frame().kind == .data)
        await server.stop()
        #expect(try await first.response().text == "event\n")
        var ended = false
        while !ended {
            let frame = try await second.frame()
            #expect(frame.kind == .goAway || frame.kind == .data)
            ended = frame.endsStream && frame.stream == stream
        }
        try await serving.value
    }

    @Test func `a port in use is told in a sentence`() async throws {
        let first = try makeServer(handler: echoHandler)
        let port = try await first.bind()
        let serving = Task { try await first.run() }
        let second = try makeServer(port: port, handler: echoHandler)
        let error = await #expect(throws: HTTPServerError.self) { _ = try await second.bind() }
        #expect(error?.code == .addressInUse)
        #expect(error?.message.contains("\(port)") == true)
        await first.stop()
        try await serving.value
    }

    @Test func `a host that is none is told in a sentence`() async throws {
        var configuration = HTTPServerConfiguration(host: "203.0.113.1", port: 0)
        configuration.name = "test"
        let server = try HTTPServer(
            configuration: configuration, logger: Logger(label: "test"), handler: echoHandler)
        let error = await #expect(throws: HTTPServerError.self) { _ = try await server.bind() }
        #expect(error?.code == .addressUnusable)
    }
}
