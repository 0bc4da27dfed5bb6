import GRPCServing
import HTTPMessages
import Logging
import OTLP
import ProtobufWire
import Testing

@testable import Ingestion

@Suite struct TraceExportServiceTests {
    private let path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"

    private func call(
        _ message: [UInt8], _ headers: HTTPHeaders = [:], to running: RunningReceiver
    ) async throws -> HTTPResponse {
        var router = GRPCRouter(
            budget: MemoryBudget(limit: 1 << 20),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        TraceExportService(running.receiver).register(on: &router)
        let frame = [0, 0, 0, UInt8(message.count >> 8), UInt8(message.count & 255)] + message
        var headers = headers
        headers.set("content-type", "application/grpc")
        return try await router.respond(
            to: HTTPRequest(
                method: .post, path: path, headers: headers, body: .bytes(frame), version: .http2))
    }

    private func request(_ name: String, traceID: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.message(1) { resourceSpans in
            resourceSpans.message(2) { scopeSpans in
                scopeSpans.message(2) { span in
                    span.bytes(1, traceID)
                    span.bytes(2, [0, 0, 0, 0, 0, 0, 0, 7])
                    span.string(5, name)
                }
            }
        }
        return writer.bytes
    }

    private let traceID = [UInt8](repeating: 1, count: 16)

    @Test func `an exported span is stored in the project that the metadata names`() async throws {
        try await RunningReceiver.run { running in
            let response = try await call(
                request("a", traceID: traceID), ["x-project-name": "shop"], to: running)
            #expect(response.trailers["grpc-status"] == "0")
            #expect(try await running.stored() == ["shop/a"])
        }
    }

    @Test func `spans that are refused are told in the answer`() async throws {
        try await RunningReceiver.run { running in
            let response = try await call(request("a", traceID: []), to: running)
            guard case .bytes(let frame) = response.body else {
                Issue.record("The answer has no message.")
                return
            }
            #expect(response.trailers["grpc-status"] == "0")
            #expect(String(decoding: frame, as: UTF8.self).contains("span 0: no trace id"))
        }
    }

    @Test func `a message that cannot be read is an invalid argument`() async throws {
        try await RunningReceiver.run { running in
            let response = try await call([0xFF], to: running)
            #expect(response.headers["grpc-status"] == "3")
        }
    }

    @Test(
        arguments: [
            (.queueFull(spans: 7), .resourceExhausted, true),
            (.databaseUnavailable, .unavailable, true), (.shuttingDown, .unavailable, true),
            (.storageFull("the disk is full."), .resourceExhausted, false),
            (.writeFailed, .internal, false),
        ] as [(IngestionError, GRPCCode, Bool)])
    func `a refusal carries retry advice only where a retry helps`(
        error: IngestionError, code: GRPCCode, hasAdvice: Bool
    ) {
        let converted = GRPCError(error)
        #expect(converted.code == code)
        #expect((converted.details != nil) == hasAdvice)
        #expect(converted.message == error.message)
    }
}
