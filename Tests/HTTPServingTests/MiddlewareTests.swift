import Compression
import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Locking
import Logging
import Testing

struct MiddlewareTests {
    private func text(_ response: HTTPResponse) -> String {
        if case .bytes(let bytes) = response.body {
            String(decoding: bytes, as: UTF8.self)
        } else {
            ""
        }
    }

    private func respond(
        _ middleware: some HTTPMiddleware, _ request: HTTPRequest,
        _ handler: @escaping HTTPHandler = { .text(.ok, $0.path) }
    ) async throws -> HTTPResponse {
        try await middleware.respond(to: request, next: handler)
    }

    // MARK: Request ids

    @Test(arguments: [
        ("abc-123", true), ("a:b/c", false), ("", false), ("with blank", false),
        (String(repeating: "a", count: 129), false), ("ä", false),
    ])
    func `a sane request id is kept and any other replaced`(id: String, isKept: Bool) async throws {
        let response = try await respond(
            RequestIDMiddleware(),
            HTTPRequest(method: .get, path: "/", headers: ["X-Request-ID": id])
        ) { .text(.ok, $0.requestID) }
        let answered = try #require(response.headers["x-request-id"])
        #expect(text(response) == answered)
        #expect((answered == id) == isKept)
        #expect(!answered.isEmpty)
    }

    // MARK: Errors

    @Test func `an unknown error is logged under the id of the request`() async throws {
        struct Secret: Error {}
        let log = CapturedLog()
        let middleware: [any HTTPMiddleware] = [
            RequestIDMiddleware(), ErrorAnsweringMiddleware(logger: log.logger),
        ]
        let response = try await wrap({ _ in throw Secret() }, in: middleware)(
            HTTPRequest(method: .get, path: "/x"))
        #expect(response.status == .internalServerError)
        #expect(text(response) == "Internal Server Error")
        let line = try #require(log.lines.first)
        #expect(line.metadata["request_id"].map { "\($0)" } == response.headers["x-request-id"])
        #expect(line.level == .error)
    }

    // MARK: Access log

    @Test func `a request is one line without its query`() async throws {
        let log = CapturedLog()
        _ = try await respond(
            AccessLogMiddleware(logger: log.logger),
            HTTPRequest(method: .get, path: "/a", queryString: "secret=1", requestID: "id"))
        #expect(log.lines.count == 1)
        let metadata = try #require(log.lines.first?.metadata)
        #expect(metadata["path"] == "/a")
        #expect(metadata["status"] == "200")
        #expect(metadata["bytes"] == "2")
        #expect(metadata["request_id"] == "id")
        #expect(metadata["duration_ms"] != nil)
        #expect(!"\(log.lines)".contains("secret"))
    }

    @Test func `a stream is logged when it ends`() async throws {
        let log = CapturedLog()
        let response = try await respond(
            AccessLogMiddleware(logger: log.logger), HTTPRequest(method: .get, path: "/a")
        ) { _ in
            HTTPResponse(.ok, body: .stream { try await $0.write([1, 2, 3]) })
        }
        #expect(log.lines.isEmpty)
        _ = try await collect(response)
        #expect(log.lines.first?.metadata["bytes"] == "3")
    }

    // MARK: CORS

    @Test func `a listed origin may send credentials`() async throws {
        let cors = CORSMiddleware(allowedOrigins: ["https://a.example"])
        let request = HTTPRequest(
            method: .get, path: "/", headers: ["origin": "https://a.example"])
        let response = try await respond(cors, request)
        #expect(response.headers["access-control-allow-origin"] == "https://a.example")
        #expect(response.headers["access-control-allow-credentials"] == "true")
        #expect(response.headers["vary"] == "Origin")
    }

    @Test func `another origin gets the answer without permission`() async throws {
        let cors = CORSMiddleware(allowedOrigins: ["https://a.example"])
        for origin in ["https://b.example", "null", "https://a.example.evil"] {
            let response = try await respond(
                cors, HTTPRequest(method: .get, path: "/", headers: ["origin": origin]))
            #expect(response.status == .ok)
            #expect(response.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func `a preflight is answered without the handler`() async throws {
        let cors = CORSMiddleware(allowedOrigins: ["https://a.example"])
        let request = HTTPRequest(
            method: .options, path: "/",
            headers: [
                "origin": "https://a.example", "access-control-request-method": "PATCH",
                "access-control-request-headers": "x-one, x-two",
            ])
        let response = try await respond(cors, request) { _ in throw CancellationError() }
        #expect(response.status == .ok)
        #expect(response.headers["access-control-allow-methods"]?.contains("PATCH") == true)
        #expect(response.headers["access-control-allow-headers"] == "x-one, x-two")
        var foreign = request
        foreign.headers["origin"] = "https://b.example"
        #expect(try await respond(cors, foreign).status == .badRequest)
    }

    @Test func `without origins nothing changes`() async throws {
        let response = try await respond(
            CORSMiddleware(allowedOrigins: []),
            HTTPRequest(method: .get, path: "/", headers: ["origin": "https://a.example"]))
        #expect(!response.headers.contains("vary"))
    }

    // MARK: Prefix

    @Test(arguments: [
        ("/phoenix", "/phoenix/v1/x", "/v1/x"), ("/phoenix", "/phoenix", "/"),
        ("/phoenix", "/phoenixes", "/phoenixes"), ("/phoenix", "/v1/x", "/v1/x"),
        ("", "/v1", "/v1"), ("/a/b", "/a/b/c", "/c"),
    ])
    func `the prefix of a proxy is stripped`(
        prefix: String, path: String, result: String
    ) async throws {
        let response = try await respond(
            PathPrefixMiddleware(prefix: prefix), HTTPRequest(method: .get, path: path))
        #expect(text(response) == result)
    }

    // MARK: Compression

    private static let long = String(repeating: "a", count: 501)

    private func compress(
        accept: String? = nil, encoding: String? = "gzip", type: String = "application/json",
        body: String = long, headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var request = HTTPRequest(method: .get, path: "/")
        request.headers["accept"] = accept
        request.headers["accept-encoding"] = encoding
        return try await respond(CompressionMiddleware(), request) { _ in
            .bytes(.ok, Array(body.utf8), contentType: type, headers: headers)
        }
    }

    @Test(arguments: [
        "gzip", "br, gzip;q=0.5", "*", "GZIP",
    ])
    func `text is compressed for those who accept gzip`(encoding: String) async throws {
        let response = try await compress(encoding: encoding)
        #expect(response.headers["content-encoding"] == "gzip")
        #expect(response.headers["vary"] == "Accept-Encoding")
        guard case .bytes(let bytes) = response.body else {
            Issue.record("The body is not bytes.")
            return
        }
        #expect(
            try ContentCoding.gzip.decompress(bytes, limit: 1000) == Array(Self.long.utf8))
    }

    @Test func `everything else is left alone but varies`() async throws {
        let responses = [
            try await compress(encoding: nil),
            try await compress(encoding: "br"),
            try await compress(encoding: "gzip;q=0"),
            try await compress(accept: "multipart/mixed; deferSpec=20220824, application/json"),
            try await compress(type: "image/png"),
            try await compress(body: String(repeating: "a", count: 500)),
            try await compress(headers: ["content-encoding": "br"]),
        ]
        for response in responses {
            #expect(response.headers["content-encoding"] != "gzip")
            #expect(response.headers["vary"] == "Accept-Encoding")
        }
    }

    @Test func `a stream is compressed write by write`() async throws {
        let response = try await respond(
            CompressionMiddleware(),
            HTTPRequest(method: .get, path: "/", headers: ["accept-encoding": "gzip"])
        ) { _ in
            HTTPResponse(
                .ok, headers: ["content-type": "text/event-stream"],
                body: .stream { writer in
                    for index in 0..<10 { try await writer.write(Array("data: \(index)\n\n".utf8)) }
                })
        }
        #expect(response.headers["content-encoding"] == "gzip")
        let pieces = try await collect(response)
        #expect(pieces.count == 11)
        let content = try ContentCoding.gzip.decompress(pieces.flatMap { $0 }, limit: 1000)
        #expect(content == (0..<10).flatMap { Array("data: \($0)\n\n".utf8) })
    }

    private func collect(_ response: HTTPResponse) async throws -> [[UInt8]] {
        final class Collector: HTTPBodyWriter {
            let pieces = Mutex<[[UInt8]]>([])
            func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
                pieces.withLock { $0.append(bytes) }
            }
        }
        let collector = Collector()
        if case .stream(let produce) = response.body { try await produce(collector) }
        return collector.pieces.withLock { $0 }
    }
}
