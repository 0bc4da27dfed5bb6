import HTTPMessages
import HTTPTestSupport
import Ingestion
import Locking
import Logging
import Testing

@Suite struct MisdirectedExportMiddlewareTests {
    private let log = CapturedLog()

    private func middleware(
        grpcPort: Int? = 4317, now: @escaping @Sendable () -> Int64 = { 0 }
    ) -> MisdirectedExportMiddleware {
        MisdirectedExportMiddleware(
            tracesPath: "/phoenix/v1/traces", grpcPort: grpcPort, logger: log.logger, now: now)
    }

    private var lines: [String] {
        log.lines.map { line in
            let fields = line.metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            return line.message + fields.joined()
        }
    }

    private func send(
        _ path: String, type: String = "application/x-protobuf",
        to middleware: MisdirectedExportMiddleware, answer: HTTPStatus = .notFound
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(
            method: .post, path: path, headers: ["content-type": type], body: .bytes([]))
        return try await middleware.respond(to: request) { _ in HTTPResponse(answer) }
    }

    @Test func `a mistake is told once a minute, whatever else goes wrong`() async throws {
        let time = Mutex<Int64>(0)
        let middleware = middleware { time.withLock { $0 } }
        _ = try await send("/", to: middleware)
        _ = try await send("/", to: middleware)
        _ = try await send("/", type: "Application/gRPC", to: middleware)
        time.withLock { $0 = 59_999_999 }
        _ = try await send("/late", to: middleware)
        time.withLock { $0 = 60_000_000 }
        _ = try await send("/later", to: middleware)
        let path = "Spans were sent to a path that takes in none."
        #expect(
            lines == [
                "\(path) path=/ traces_path=/phoenix/v1/traces",
                "An export was sent by gRPC to the port of HTTP. grpc_port=4317 path=/",
                "\(path) path=/later traces_path=/phoenix/v1/traces",
            ])
    }

    @Test func `nothing is said of an export that arrived and of other requests`() async throws {
        _ = try await send("/v1/traces", to: middleware(), answer: .ok)
        _ = try await send("/nowhere", type: "application/json", to: middleware())
        #expect(lines.isEmpty)
    }

    @Test(arguments: ["/v1/metrics", "/phoenix/v1/logs"])
    func `metrics and logs are not led to the spans`(path: String) async throws {
        _ = try await send(path, to: middleware())
        #expect(lines.count == 1)
        #expect(lines.first?.contains("Switch their exporter off") == true)
        #expect(lines.first?.contains("v1/traces") == false)
    }

    @Test func `without gRPC no port is named`() async throws {
        let answer = try await send("/", type: "application/grpc", to: middleware(grpcPort: nil))
        #expect(answer.headers["grpc-message"] == "This port takes no gRPC.")
        #expect(lines.first?.contains("grpc_port=none") == true)
    }
}
