import APISupport
import FoundationEssentials
import HTTPMessages
import Testing

@testable import WebUI

/// Serving from disk, on a folder that is made for each test and has a secret beside it.
@Suite final class UIFolderTests {
    private let outside: String
    private let root: String

    init() throws {
        outside = FileManager.default.temporaryDirectory.path + "/ui-\(UUID().uuidString)"
        root = outside + "/dist"
        try FileManager.default.createDirectory(
            atPath: root + "/assets/1", withIntermediateDirectories: true)
        try write("index.html", TestPack.index)
        try write("assets/1/main.js", "let main = 1")
        try write("operations.json", #"{"aa": "query A { a }"}"#)
        try write(".hidden", "secret")
        try write("../secret.js", "secret")
        try FileManager.default.createSymbolicLink(
            atPath: root + "/link.js", withDestinationPath: "../secret.js")
    }

    deinit { try? FileManager.default.removeItem(atPath: outside) }

    private func write(_ path: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: root + "/" + path))
    }

    private func ui() throws -> WebUI {
        WebUI(
            source: .folder(try #require(UIFolder(path: root))), rootPath: "/x",
            boot: BootConfiguration(platformVersion: "1", version: "1", grpcPort: 1))
    }

    private func answer(
        _ path: String, headers: HTTPHeaders = [:]
    ) async throws -> (status: HTTPStatus, text: String, headers: HTTPHeaders) {
        var router = Router()
        try ui().register(on: &router)
        let response = try await router.respond(
            to: HTTPRequest(method: .get, path: path, headers: headers))
        guard case .bytes(let bytes) = response.body else {
            return (response.status, "", response.headers)
        }
        return (response.status, String(decoding: bytes, as: UTF8.self), response.headers)
    }

    @Test func `files are read anew at every request and never kept`() async throws {
        let first = try await answer("/assets/1/main.js")
        #expect(first.text == "let main = 1")
        #expect(first.headers["cache-control"] == "no-cache")
        #expect(first.headers["content-type"] == "text/javascript; charset=utf-8")
        let tag = try #require(first.headers["etag"])
        #expect(
            try await answer("/assets/1/main.js", headers: ["if-none-match": tag]).status
                == .notModified)
        try write("assets/1/main.js", "let main = 22")
        let second = try await answer("/assets/1/main.js", headers: ["if-none-match": tag])
        #expect(second.text == "let main = 22")
    }

    @Test func `the page is read anew, with its root path`() async throws {
        #expect(try await answer("/projects").text.contains(#"<base href="/x/">"#))
        #expect(try await answer("/").text.contains(#""isDevelopment":true"#))
        try write("index.html", "changed")
        #expect(try await answer("/").text == "changed")
    }

    @Test func `documents are read anew`() throws {
        let ui = try ui()
        #expect(ui.document(hash: "aa") == "query A { a }")
        try write("operations.json", #"{"bb": "query B { b }"}"#)
        #expect(ui.document(hash: "aa") == nil)
        #expect(ui.document(hash: "bb") == "query B { b }")
    }

    @Test(arguments: [
        "/../secret.js", "/assets/../../secret.js", "/%2e%2e/secret.js", "/..%2fsecret.js",
        "/assets/%2e%2e%2f%2e%2e%2fsecret.js", "/..%5csecret.js", "/.hidden", "/%2ehidden",
        "/link.js", "//etc/passwd", "/assets//1/main.js", "/assets/./1/main.js",
        "/assets/1/main.js%00.css", "/%00", "/assets/1", "/assets/1/",
    ])
    func `nothing leads out of the folder`(path: String) async throws {
        let answer = try await answer(path)
        #expect(!answer.text.contains("secret"))
        #expect(!answer.text.contains("let main"))
        #expect(!answer.text.contains("root:"))
        #expect(answer.status == .notFound || answer.text.contains("<!doctype html>"))
    }

    @Test func `a folder that is not there is told`() {
        #expect(UIFolder(path: root + "/none") == nil)
        #expect(UIFolder(path: root + "/index.html") == nil)
    }
}
