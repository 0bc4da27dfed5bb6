import APISupport
import HTTPMessages
import Testing

@testable import WebUI

@Suite struct WebUITests {
    private func ui(
        rootPath: String = "", framingOrigins: [String] = []
    ) throws -> WebUI {
        WebUI(
            source: .pack(try UIPack(.owned(TestPack.bytes()))), rootPath: rootPath,
            boot: BootConfiguration(
                platformVersion: "20.26.1", version: "<b>", grpcPort: 4317),
            framingOrigins: framingOrigins)
    }

    private func answer(
        _ path: String, _ ui: WebUI? = nil, method: HTTPMethod = .get,
        headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        var router = Router()
        router.add(.get, "/v1/projects") { _, _ in .text(.ok, "the API") }
        try (ui ?? self.ui()).register(on: &router)
        return try await router.respond(
            to: HTTPRequest(method: method, path: path, headers: headers))
    }

    private func text(_ response: HTTPResponse) -> String {
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let main = "/assets/0123456789ab/main.js"

    // MARK: Files

    @Test(arguments: [
        ("br", "br of main", "br"), ("gzip", "gzip of main", "gzip"),
        ("gzip, deflate, br, zstd", "br of main", "br"),
        ("gzip;q=1, br;q=0", "gzip of main", "gzip"),
        ("gzip;q=1, br;q=0.1", "br of main", "br"), ("*", "br of main", "br"),
        ("*;q=0", "let main", nil), ("br;q=0, *", "gzip of main", "gzip"), ("", "let main", nil),
        ("identity", "let main", nil), ("BR", "br of main", "br"), ("zstd", "let main", nil),
        ("br; q=0.5 , gzip", "br of main", "br"), ("brr, xgzip", "let main", nil),
    ])
    func `a file comes in the smallest coding that is accepted`(
        accepted: String, body: String, coding: String?
    ) async throws {
        let response = try await answer(Self.main, headers: ["accept-encoding": accepted])
        #expect(response.status == .ok)
        #expect(text(response) == body)
        #expect(response.headers["content-encoding"] == coding)
        #expect(response.headers["vary"] == "Accept-Encoding")
        #expect(response.headers["content-type"] == "text/javascript; charset=utf-8")
        #expect(response.headers["x-content-type-options"] == "nosniff")
    }

    @Test func `a file without the accepted coding comes as it is`() async throws {
        let response = try await answer(
            "/assets/0123456789ab/small.js", headers: ["accept-encoding": "br, gzip"])
        #expect(text(response) == "let small")
        #expect(!response.headers.contains("content-encoding"))
    }

    @Test func `assets may be kept for ever, other files may not`() async throws {
        let asset = try await answer(Self.main)
        #expect(asset.headers["cache-control"] == "public, max-age=31536000, immutable")
        let icon = try await answer("/favicon.svg")
        #expect(icon.headers["cache-control"] == "no-cache")
        #expect(text(icon) == "<svg/>")
    }

    @Test func `each coding has its own tag, and a known tag is answered without a body`()
        async throws
    {
        var tags: Set<String> = []
        for coding in ["br", "gzip", "identity"] {
            let first = try await answer(Self.main, headers: ["accept-encoding": coding])
            let tag = try #require(first.headers["etag"])
            tags.insert(tag)
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let second = try await answer(
                    Self.main, headers: ["accept-encoding": coding, "if-none-match": known])
                #expect(second.status == .notModified)
                #expect(second.headers["etag"] == tag)
                #expect(second.headers["cache-control"] != nil)
                #expect(text(second) == "")
            }
            let other = try await answer(
                Self.main, headers: ["accept-encoding": coding, "if-none-match": "\"other\""])
            #expect(other.status == .ok)
        }
        #expect(tags.count == 3)
    }

    @Test(arguments: [
        "/assets/0123456789ab/none.js", "/assets/ffffffffffff/main.js", "/assets", "/assets/",
        "/assets/0123456789ab/", "/assets/0123456789ab/../0123456789ab/none", "/robots.txt",
        "/projects.php", "/v1/none", "/v1", "/graphql/none", "/docs/none", "/.well-known/x",
        "/auth/none", "/a/b.js",
    ])
    func `unknown files and unknown paths of an API are not found`(path: String) async throws {
        let response = try await answer(path, headers: ["accept": "text/html"])
        #expect(response.status == .notFound)
        #expect(!text(response).contains("<"))
    }

    // MARK: The page

    @Test(arguments: [
        "/", "/projects", "/projects/UHJvamVjdDox/spans/0af7651916cd43dd8448eb211c80319c",
        "/redirects/projects/my.project.js", "/settings/general", "/nothing/at/all",
        "/index.html", "/projects/",
    ])
    func `every path of the application is the page`(path: String) async throws {
        let response = try await answer(path)
        #expect(response.status == .ok)
        #expect(text(response).contains("<!doctype html>"))
        #expect(response.headers["content-type"] == "text/html; charset=utf-8")
        #expect(response.headers["cache-control"] == "no-cache")
    }

    @Test func `routes go before the page`() async throws {
        #expect(text(try await answer("/v1/projects")) == "the API")
    }

    @Test func `HEAD is answered as GET, other methods are refused`() async throws {
        let head = try await answer("/projects", method: .head)
        #expect(head.status == .ok)
        let post = try await answer("/projects", method: .post)
        #expect(post.status == .methodNotAllowed)
        #expect(post.headers["allow"] == "GET, HEAD")
    }

    @Test func `the page carries a strict policy`() async throws {
        let response = try await answer("/")
        let policy = try #require(response.headers["content-security-policy"])
        for directive in [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
            "base-uri 'self'", "form-action 'self'", "frame-ancestors 'self'",
        ] {
            #expect(policy.split(separator: ";").contains { trimmed($0) == directive })
        }
        #expect(!policy.contains("unsafe"))
        #expect(response.headers["referrer-policy"] == "same-origin")
    }

    @Test func `an allowed origin may frame the page, and cannot add to the policy`() async throws {
        let ui = try ui(framingOrigins: [
            "https://notebook.example", "https://x; script-src *", "*", "https://a,b",
        ])
        let policy = try await answer("/", ui).headers["content-security-policy"]
        #expect(policy?.hasSuffix("frame-ancestors 'self' https://notebook.example") == true)
    }

    @Test func `the page knows its root path and its server`() async throws {
        let page = text(try await answer("/", ui(rootPath: #"/a"b&c"#)))
        #expect(page.contains(#"<base href="/a&quot;b&amp;c/">"#))
        #expect(page.contains(#""platformVersion":"20.26.1""#))
        #expect(page.contains(#""grpcPort":4317"#))
        #expect(page.contains(#""version":"\u003cb>""#))
        #expect(text(try await answer("/")).contains(#"<base href="/">"#))
    }

    @Test func `the page has a tag that follows what was put in`() async throws {
        let one = try #require(try await answer("/").headers["etag"])
        let other = try #require(try await answer("/", ui(rootPath: "/x")).headers["etag"])
        #expect(one != other)
        let known = try await answer("/", headers: ["if-none-match": one])
        #expect(known.status == .notModified)
        #expect(known.headers.contains("content-security-policy"))
    }

    @Test func `the documents of the UI are known by their hashes and not served`() async throws {
        let ui = try ui()
        #expect(ui.document(hash: "aa") == "query A { __typename }")
        #expect(ui.document(hash: "bb") == nil)
        #expect(try await answer("/operations.json").status == .notFound)
    }

    // MARK: Without a UI

    @Test(arguments: [(StartPage.notBuilt, "make ui"), (.switchedOff, "--no-ui")])
    func `without a UI one page says why`(page: StartPage, reason: String) async throws {
        let ui = WebUI(
            source: .none(page),
            boot: BootConfiguration(platformVersion: "1", version: "1", grpcPort: 1))
        let response = try await answer("/", ui)
        #expect(response.status == .ok)
        #expect(text(response).contains(reason))
        #expect(text(response).contains(#"<a href="docs">"#))
        #expect(response.headers["content-security-policy"]?.contains("default-src 'none'") == true)
        for path in ["/projects", "/assets/x.js", "/v1/none", "/index.html"] {
            #expect(try await answer(path, ui).status == .notFound)
        }
    }
}
