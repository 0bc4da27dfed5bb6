import Compression
import GRPCServing
import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Logging
import Testing

struct GRPCRouterTests {
    private static let logger: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()

    /// A router with a method for each outcome.
    private func makeRouter(
        messageBytesMax: Int = 1 << 20, budget: MemoryBudget = MemoryBudget(limit: 1 << 30)
    ) -> GRPCRouter {
        var router = GRPCRouter(
            messageBytesMax: messageBytesMax, budget: budget, logger: Self.logger)
        router.register("/test.Echo/Echo") { $0.message }
        router.register("/test.Echo/Size") { Array("\($0.message.count)".utf8) }
        router.register("/test.Echo/Busy") { _ in
            throw GRPCError.retryLater(
                .resourceExhausted, "100 % full ä", after: .milliseconds(1500))
        }
        router.register("/test.Echo/Known") { _ in throw HTTPError(.notFound, "No such thing.") }
        router.register("/test.Echo/Unknown") { _ in
            struct Secret: Error {}
            throw Secret()
        }
        router.register("/test.Echo/Slow") { _ in
            try await Task.sleep(for: .seconds(30))
            return []
        }
        router.register("/test.Echo/Deadline") { call in
            Array("\(call.deadline != nil)".utf8)
        }
        router.registerHealth { true }
        return router
    }

    private func withRouter(
        _ router: GRPCRouter? = nil, openBodyBytes: Int = 128 << 20,
        _ body: (Int, HTTP2TestClient) async throws -> Void
    ) async throws {
        let router = router ?? makeRouter()
        try await TestServer(
            configure: {
                $0.limits.bodyBytes = router.bodyBytesMax
                $0.refusal = GRPCRouter.refusal
                $0.limits.openBodyBytes = openBodyBytes
            }, handler: { try await router.respond(to: $0) }
        ).run { port, _ in
            try await body(port, try await HTTP2TestClient.connect(port: port))
        }
    }

    private func frame(_ message: [UInt8], flag: UInt8 = 0) -> [UInt8] {
        [flag] + HTTP2Frame.bytes(message.count, 4) + message
    }

    private func call(
        _ client: HTTP2TestClient, _ path: String, body: [UInt8],
        headers: [(String, String)] = [], type: String = "application/grpc"
    ) async throws -> HTTP2TestClient.Response {
        let stream = try await client.open(
            "POST", path, [("content-type", type), ("te", "trailers")] + headers, ends: false)
        try await client.sendBody(body, on: stream)
        return try await client.response(on: stream)
    }

    @Test func `a call is answered with a message and status trailers`() async throws {
        try await withRouter { _, client in
            for message in [[], [1, 2, 3], [UInt8](repeating: 7, count: 50_000)] as [[UInt8]] {
                let response = try await call(client, "/test.Echo/Echo", body: frame(message))
                #expect(response.status == 200)
                #expect(response["content-type"] == "application/grpc")
                #expect(response["content-length"] == nil)
                #expect(response.body == frame(message))
                #expect(response.trailers.map(\.name) == ["grpc-status"])
                #expect(response["grpc-status"] == "0")
            }
        }
    }

    @Test func `gzip messages are inflated`() async throws {
        try await withRouter { _, client in
            let message = Array("hello hello hello hello".utf8)
            let body = frame(GzipCompressor.compress(message), flag: 1)
            let response = try await call(
                client, "/test.Echo/Echo", body: body, headers: [("grpc-encoding", "gzip")])
            #expect(response.body == frame(message))
            let plain = try await call(
                client, "/test.Echo/Echo", body: frame(message),
                headers: [("grpc-encoding", "gzip")])
            #expect(plain.body == frame(message))
        }
    }

    @Test(arguments: ["deflate", "zstd", "identity", nil])
    func `other compression is unimplemented and the answer says what works`(
        encoding: String?
    ) async throws {
        try await withRouter { _, client in
            let response = try await call(
                client, "/test.Echo/Echo", body: frame([1], flag: 1),
                headers: encoding.map { [("grpc-encoding", $0)] } ?? [])
            #expect(response["grpc-status"] == "12")
            #expect(response["grpc-accept-encoding"] == "identity,gzip")
        }
    }

    @Test(
        arguments: [
            ([], "3"), ([0, 0, 0, 0], "3"), ([0, 0, 0, 0, 2, 1], "3"),
            ([0, 0, 0, 0, 1, 1, 1], "3"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "3"), ([2, 0, 0, 0, 1, 1], "13"),
            ([1, 0, 0, 0, 1, 1], "3"), ([0, 255, 255, 255, 255], "8"),
        ] as [([UInt8], String)])
    func `broken framing is answered on its call`(body: [UInt8], status: String) async throws {
        try await withRouter { _, client in
            let response = try await call(
                client, "/test.Echo/Echo", body: body, headers: [("grpc-encoding", "gzip")])
            #expect(response["grpc-status"] == status)
            let next = try await call(client, "/test.Echo/Echo", body: frame([1]))
            #expect(next["grpc-status"] == "0")
        }
    }

    @Test func `messages over the limit exhaust resources, inflated or not`() async throws {
        try await withRouter(makeRouter(messageBytesMax: 100_000)) { _, client in
            let largest = [UInt8](repeating: 0, count: 100_000)
            let right = try await call(client, "/test.Echo/Size", body: frame(largest))
            #expect(right.body == frame(Array("100000".utf8)))
            let large = try await call(client, "/test.Echo/Size", body: frame(largest + [0]))
            #expect(large["grpc-status"] == "8")
            let announced = try await client.open(
                "POST", "/test.Echo/Size",
                [("content-type", "application/grpc"), ("content-length", "100006")], ends: false)
            #expect(try await client.response(on: announced)["grpc-status"] == "8")
            let bomb = frame(
                GzipCompressor.compress([UInt8](repeating: 0, count: 50 << 20)), flag: 1)
            let inflated = try await call(
                client, "/test.Echo/Size", body: bomb, headers: [("grpc-encoding", "gzip")])
            #expect(inflated["grpc-status"] == "8")
        }
    }

    @Test func `inflated messages count in the budget while they are handled`() async throws {
        let budget = MemoryBudget(limit: 10_000)
        let others = 5000
        #expect(budget.reserve(others))
        try await withRouter(makeRouter(budget: budget)) { _, client in
            let body = frame(GzipCompressor.compress([UInt8](repeating: 0, count: 5001)), flag: 1)
            let headers = [("grpc-encoding", "gzip")]
            let response = try await call(client, "/test.Echo/Size", body: body, headers: headers)
            #expect(response["grpc-status"] == "8")
            #expect(response["grpc-status-details-bin"] != nil)
            let small = frame(GzipCompressor.compress([UInt8](repeating: 0, count: 4000)), flag: 1)
            let next = try await call(client, "/test.Echo/Size", body: small, headers: headers)
            #expect(next["grpc-status"] == "0")
            #expect(budget.used == others)
        }
    }

    @Test func `a full server says when to come back`() async throws {
        try await withRouter(openBodyBytes: 1000) { _, client in
            // A call that has begun and not ended holds what there is.
            let open = try await client.open(
                "POST", "/test.Echo/Size", [("content-type", "application/grpc")], ends: false)
            try await client.sendBody([UInt8](repeating: 0, count: 900), on: open, ends: false)
            let response = try await call(
                client, "/test.Echo/Size", body: frame([UInt8](repeating: 0, count: 2000)))
            #expect(response.status == 200)
            #expect(response["grpc-status"] == "8")
            #expect(response["grpc-status-details-bin"] != nil)
        }
    }

    @Test func `errors travel in one header frame with message and details`() async throws {
        try await withRouter { _, client in
            let busy = try await call(client, "/test.Echo/Busy", body: frame([]))
            #expect(busy.status == 200)
            #expect(busy.trailers.isEmpty)
            #expect(busy["grpc-status"] == "8")
            #expect(busy["grpc-message"] == "100 %25 full %C3%A4")
            // google.rpc.Status{8, message, [RetryInfo{1 s 500,000,000 ns}]}
            #expect(
                busy["grpc-status-details-bin"]
                    == "CAgSDTEwMCAlIGZ1bGwgw6QaNgoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBj"
                    + "LlJldHJ5SW5mbxIKCggIARCAyrXuAQ")
            let known = try await call(client, "/test.Echo/Known", body: frame([]))
            #expect(known["grpc-status"] == "5")
            #expect(known["grpc-message"] == "No such thing.")
            let unknown = try await call(client, "/test.Echo/Unknown", body: frame([]))
            #expect(unknown["grpc-status"] == "13")
            #expect(unknown["grpc-message"] == "Internal Server Error")
            let missing = try await call(client, "/test.Echo/Nothing", body: frame([]))
            #expect(missing["grpc-status"] == "12")
        }
    }

    @Test func `a deadline ends the call`() async throws {
        try await withRouter { _, client in
            let late = try await call(
                client, "/test.Echo/Slow", body: frame([]), headers: [("grpc-timeout", "50m")])
            #expect(late["grpc-status"] == "4")
            let expired = try await call(
                client, "/test.Echo/Echo", body: frame([]), headers: [("grpc-timeout", "0n")])
            #expect(expired["grpc-status"] == "4")
            let known = try await call(
                client, "/test.Echo/Deadline", body: frame([]), headers: [("grpc-timeout", "10S")])
            #expect(known.body == frame(Array("true".utf8)))
            for timeout in ["10", "S", "123456789S", "-1S", "1s", ""] {
                let broken = try await call(
                    client, "/test.Echo/Echo", body: frame([]), headers: [("grpc-timeout", timeout)]
                )
                #expect(broken["grpc-status"] == "13", "\(timeout)")
            }
        }
    }

    @Test func `health is told for the server and its services`() async throws {
        try await withRouter { _, client in
            let path = "/grpc.health.v1.Health/Check"
            let whole = try await call(client, path, body: frame([]))
            #expect(whole.body == frame([8, 1]))
            let service = try await call(
                client, path, body: frame([10, 9] + Array("test.Echo".utf8)))
            #expect(service.body == frame([8, 1]))
            let foreign = try await call(client, path, body: frame([10, 1, 97]))
            #expect(foreign["grpc-status"] == "5")
            let broken = try await call(client, path, body: frame([10, 9]))
            #expect(broken["grpc-status"] == "3")
            let watch = try await call(
                client, "/grpc.health.v1.Health/Watch", body: frame([]))
            #expect(watch["grpc-status"] == "12")
        }
    }

    @Test func `what is no gRPC call is told so in HTTP`() async throws {
        try await withRouter { port, client in
            for type in ["application/json", "application/grpc-web", "text/plain"] {
                let response = try await call(
                    client, "/test.Echo/Echo", body: frame([]), type: type)
                #expect(response.status == 415)
            }
            for type in ["application/grpc+proto", "application/grpc; charset=utf-8"] {
                let response = try await call(
                    client, "/test.Echo/Echo", body: frame([]), type: type)
                #expect(response["grpc-status"] == "0")
            }
            let get = try await client.open(
                "GET", "/test.Echo/Echo", [("content-type", "application/grpc")])
            #expect(try await client.response(on: get).status == 405)
            let first = try await RawClient.connect(port: port)
            try await first.send("POST /test.Echo/Echo HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try await first.response()
            #expect(response.status == 505)
            #expect(response.text.contains("gRPC"))
        }
    }
}
