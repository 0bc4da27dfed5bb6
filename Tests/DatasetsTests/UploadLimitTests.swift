import Datasets
import HTTPMessages
import JSON
import Locking
import TestSupport
import Testing

@Suite struct UploadLimitTests {
    private static var small: UploadLimits {
        var limits = UploadLimits()
        limits.bodyBytes = 2000
        limits.jsonBytes = 1000
        limits.fileBytes = 1200
        limits.examples = 3
        return limits
    }

    /// Chunks of a body, with something that happens before the second one.
    private actor Chunks: HTTPBodySource {
        private var chunks: [[UInt8]]
        private let interlude: @Sendable () async -> Void

        init(_ bytes: [UInt8], interlude: @escaping @Sendable () async -> Void = {}) {
            let half = bytes.count / 2
            chunks = [Array(bytes[..<half]), Array(bytes[half...])]
            self.interlude = interlude
        }

        func next() async throws(HTTPBodyError) -> [UInt8]? {
            if chunks.count == 1 { await interlude() }
            return chunks.isEmpty ? nil : chunks.removeFirst()
        }

        func collect(upTo limit: Int) async throws(HTTPBodyError) -> [UInt8] { [] }
    }

    private static func upload(
        _ service: DatasetsService, _ type: String, _ body: HTTPBody
    ) async throws -> (status: Int, text: String) {
        var request = HTTPRequest(method: .post, path: "/v1/datasets/upload")
        request.headers.set("content-type", type)
        request.body = body
        let response: HTTPResponse
        do {
            response = try await service.router.respond(to: request)
        } catch let error as any APIErrorConvertible {
            response = error.response
        }
        guard case .bytes(let bytes) = response.body else { return (response.status.code, "") }
        return (response.status.code, String(decoding: bytes, as: UTF8.self))
    }

    private static let formType = "multipart/form-data; boundary=B"

    private static func form(_ file: String, type: String = "text/csv", name: String) -> [UInt8] {
        let fields = [("name", name), ("input_keys[]", "q")].map {
            "--B\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
        }
        return Array(
            (fields.joined() + "--B\r\nContent-Disposition: form-data; name=\"file\"; "
                + "filename=\"f\"\r\nContent-Type: \(type)\r\n\r\n\(file)\r\n--B--\r\n").utf8)
    }

    private static func json(_ count: Int, text: String = "") -> [UInt8] {
        let inputs = [JSONValue](repeating: ["q": .string(text)], count: count)
        return JSONValue.object(["name": "d", "inputs": .array(inputs)]).serialized()
    }

    @Test(arguments: [
        (
            formType, form("q\n" + String(repeating: "x", count: 1990), name: "d"),
            "The request body is larger than 2000 bytes."
        ),
        (
            formType, form("q\n" + String(repeating: "x", count: 1300), name: "d"),
            "The file is larger than 0 MiB."
        ),
        (formType, form("q\n1\n2\n3\n4\n", name: "d"), "The upload has more than 3 examples."),
        (
            formType,
            form(String(repeating: "{\"q\":1}\n", count: 4), type: "application/jsonl", name: "d"),
            "The upload has more than 3 examples."
        ),
        ("application/json", json(4), "The upload has more than 3 examples."),
        (
            "application/json", json(1, text: String(repeating: "x", count: 1000)),
            "The request body is larger than 1000 bytes."
        ),
    ])
    func `an upload beyond a bound is refused with the bound, and nothing is stored`(
        type: String, bytes: [UInt8], message: String
    ) async throws {
        try await TestDatabase.sqlite.withDatasetsService(limits: Self.small) { service in
            for length in [bytes.count, nil] {
                let body = HTTPBody(source: Chunks(bytes), declaredLength: length)
                let answer = try await Self.upload(service, type, body)
                #expect(answer.status == 413)
                #expect(answer.text.hasPrefix(message))
            }
            #expect(try await service.store.datasets(limit: 5).rows.isEmpty)
        }
    }

    @Test func `an upload at the bounds is stored`() async throws {
        try await TestDatabase.sqlite.withDatasetsService(limits: Self.small) { service in
            let bytes = Self.form("q\n1\n2\n3\n", name: "d")
            let body = HTTPBody(source: Chunks(bytes), declaredLength: nil)
            #expect(try await Self.upload(service, Self.formType, body).status == 200)
            let dataset = try #require(try await service.store.datasets(limit: 5).rows.first)
            #expect(
                try await service.shown(dataset.id)
                    == [#"{"q":"1"}>{}"#, #"{"q":"2"}>{}"#, #"{"q":"3"}>{}"#])
        }
    }

    /// The statuses of an upload and of another that begins in the midst of it.
    private static func uploadTwo(
        _ service: DatasetsService, named name: String
    ) async throws -> (first: Int, second: Int?) {
        let second = Mutex<Int?>(nil)
        let inner = HTTPBody(source: Chunks(form("q\n1\n", name: "inner")), declaredLength: nil)
        let outer = Chunks(form("q\n1\n", name: name)) {
            let status = try? await upload(service, formType, inner).status
            second.withLock { $0 = status }
        }
        let first = try await upload(
            service, formType, HTTPBody(source: outer, declaredLength: nil))
        return (first.status, second.withLock { $0 })
    }

    @Test func `uploads hold a bounded memory together, and give it back`() async throws {
        var limits = UploadLimits()
        limits.openBytes = 100
        try await TestDatabase.sqlite.withDatasetsService(limits: limits) { service in
            for round in 0..<2 {
                let (first, second) = try await Self.uploadTwo(service, named: "outer \(round)")
                // It is larger than all of them may be, and alone.
                #expect(first == 200)
                #expect(second == 429)
            }
            #expect(try await service.store.datasets(limit: 5).rows.count == 2)
        }
    }

    @Test func `a form is taken as bytes, however it is cut`() async throws {
        try await TestDatabase.sqlite.withDatasetsService { service in
            let bytes = Self.form("\u{FEFF}q\nä\n", name: "d")
            let body = HTTPBody(source: Chunks(bytes), declaredLength: bytes.count)
            #expect(try await Self.upload(service, Self.formType, body).status == 200)
            let dataset = try #require(try await service.store.datasets(limit: 5).rows.first)
            #expect(try await service.shown(dataset.id) == [#"{"q":"ä"}>{}"#])
        }
    }
}
