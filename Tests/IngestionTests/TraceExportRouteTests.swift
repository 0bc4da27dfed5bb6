import APISupport
import Compression
import HTTPMessages
import Ingestion
import JSON
import Testing

@Suite struct TraceExportRouteTests {
    private struct Answer {
        var status: Int
        var contentType: String?
        var retryAfter: String?
        var text: String
    }

    private let valid = exportRequest(exportedSpan("a", span: 1))

    private func post(
        _ body: [UInt8], _ headers: HTTPHeaders = ["content-type": "application/json"],
        to running: RunningReceiver
    ) async throws -> Answer {
        var router = Router()
        API(routes: [TraceExportRoute(running.receiver).route]).register(on: &router)
        let request = HTTPRequest(
            method: .post, path: "/v1/traces", headers: headers, body: .bytes(body))
        let response = try await ContractHeaders().respond(to: request, next: router.respond)
        guard case .bytes(let bytes) = response.body else {
            return Answer(status: response.status.code, text: "")
        }
        return Answer(
            status: response.status.code, contentType: response.headers["content-type"],
            retryAfter: response.headers["retry-after"],
            text: String(decoding: bytes, as: UTF8.self))
    }

    @Test func `the answer has the type of the request`() async throws {
        try await RunningReceiver.run { running in
            let json = try await post(Array(valid.utf8), to: running)
            #expect(json.status == 200)
            #expect(json.contentType == "application/json")
            #expect(json.text == "{}")
            let protobuf = try await post(
                [], ["content-type": "application/x-protobuf"], to: running)
            #expect(protobuf.status == 200)
            #expect(protobuf.contentType == "application/x-protobuf")
            #expect(protobuf.text.isEmpty)
        }
    }

    @Test(arguments: ["gzip", "deflate", "zstd", "identity"])
    func `a compressed request is stored`(coding: String) async throws {
        try await RunningReceiver.run { running in
            let bytes = Array(valid.utf8)
            let body =
                switch coding {
                case "gzip": GzipCompressor.compress(bytes)
                case "zstd": ZstdCompressor(level: 1).compress(bytes)
                // Raw deflate data in one stored block (RFC 1951, section 3.2.4).
                case "deflate":
                    [
                        1, UInt8(bytes.count & 255), UInt8(bytes.count >> 8),
                        ~UInt8(bytes.count & 255), ~UInt8(bytes.count >> 8),
                    ] + bytes
                default: bytes
                }
            let answer = try await post(
                body, ["content-type": "application/json", "content-encoding": coding], to: running)
            #expect(answer.status == 200)
            #expect(try await running.stored() == ["default/a"])
        }
    }

    @Test func `a header names the project`() async throws {
        try await RunningReceiver.run { running in
            _ = try await post(
                Array(valid.utf8),
                ["content-type": "application/json", "x-project-name": "shop"], to: running)
            #expect(try await running.stored() == ["shop/a"])
        }
    }

    @Test(
        arguments: [
            ("text/plain", nil, "Unsupported content type: text/plain"),
            ("", nil, "Unsupported content type: None"),
            ("application/json", "br", "Unsupported content encoding: br"),
            ("application/json", "GZIP", "Unsupported content encoding: GZIP"),
        ] as [(String, String?, String)])
    func `other types and encodings are refused by name`(
        type: String, coding: String?, text: String
    ) async throws {
        try await RunningReceiver.run { running in
            var headers: HTTPHeaders = ["content-type": type]
            headers["content-encoding"] = coding
            let answer = try await post(Array(valid.utf8), headers, to: running)
            #expect(answer.status == 415)
            #expect(answer.text == text)
        }
    }

    @Test func `a request that cannot be read is answered in its own type`() async throws {
        try await RunningReceiver.run { running in
            let json = try await post(Array("[".utf8), to: running)
            #expect(json.status == 422)
            #expect(try JSON.parse(json.text)["code"] == 3)
            let protobuf = try await post(
                [0xFF], ["content-type": "application/x-protobuf"], to: running)
            #expect(protobuf.status == 422)
            #expect(protobuf.text == "Request body is invalid ExportTraceServiceRequest")
        }
    }

    @Test func `a body that is not what its encoding says is the sender's fault`() async throws {
        try await RunningReceiver.run { running in
            let answer = try await post(
                Array(valid.utf8),
                ["content-type": "application/json", "content-encoding": "gzip"], to: running)
            #expect(answer.status == 400)
            #expect(answer.text.contains("content-encoding"))
        }
    }

    @Test func `a refusal tells when to come back, where that helps`() async throws {
        try await RunningReceiver.run { running in
            running.storage.refuse(because: "the database is above 90 % of its capacity.")
            let full = try await post(Array(valid.utf8), to: running)
            #expect(full.status == 507)
            #expect(full.retryAfter == nil)
            running.storage.admit()
            await running.stop()
            let closing = try await post(Array(valid.utf8), to: running)
            #expect(closing.status == 503)
            #expect(closing.retryAfter == "5")
        }
    }
}
