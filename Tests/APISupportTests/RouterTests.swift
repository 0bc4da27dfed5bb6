import APISupport
import HTTPMessages
import Testing

@Suite struct RouterTests {
    private static let router: Router = {
        var router = Router()
        func add(_ method: HTTPMethod, _ pattern: String) {
            router.add(method, pattern) { _, parameters in
                .text(.ok, "\(method) \(pattern) \(parameters["id"] ?? "-")")
            }
        }
        add(.get, "/things")
        add(.post, "/things")
        add(.get, "/things/{id}")
        add(.delete, "/things/{id}")
        add(.post, "/things/delete")
        add(.get, "/things/{id}/parts/{part}")
        return router
    }()

    private func answer(_ method: HTTPMethod, _ path: String) async throws -> HTTPResponse {
        try await Self.router.respond(to: HTTPRequest(method: method, path: path))
    }

    @Test(arguments: [
        (HTTPMethod.get, "/things", "GET /things -"),
        (.head, "/things", "GET /things -"),
        (.get, "/things/7", "GET /things/{id} 7"),
        (.get, "/things/a%2Fb%20c", "GET /things/{id} a/b c"),
        (.get, "/things/a+b", "GET /things/{id} a+b"),
        (.post, "/things/delete", "POST /things/delete -"),
        (.get, "/things/delete", "GET /things/{id} delete"),
        (.delete, "/things/delete", "DELETE /things/{id} delete"),
        (.get, "/things/7/parts/8", "GET /things/{id}/parts/{part} 7"),
    ])
    func `the best pattern answers`(
        method: HTTPMethod, path: String, expected: String
    ) async throws {
        #expect(try await answer(method, path).bodyText == expected)
    }

    @Test(arguments: ["/", "/things/", "/things//parts/8", "/thing", "/things/7/parts", ""])
    func `a path without a pattern is not found`(path: String) async throws {
        #expect(try await answer(.get, path).status == .notFound)
    }

    @Test(arguments: [
        (HTTPMethod.put, "/things", "GET, HEAD, POST"),
        (.post, "/things/7", "DELETE, GET, HEAD"),
        (.options, "/things/7/parts/8", "GET, HEAD"),
    ])
    func `a method without a handler is refused with those there are`(
        method: HTTPMethod, path: String, allowed: String
    ) async throws {
        let response = try await answer(method, path)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers["allow"] == allowed)
        #expect(response.bodyText == "Method Not Allowed")
    }

    @Test func `the fallback answers what has no pattern`() async throws {
        var router = Self.router
        router.fallback = { request in .text(.ok, "fallback \(request.path)") }
        let response = try await router.respond(to: HTTPRequest(method: .get, path: "/x"))
        #expect(response.bodyText == "fallback /x")
        let refused = try await router.respond(to: HTTPRequest(method: .put, path: "/things"))
        #expect(refused.status == .methodNotAllowed)
    }
}

extension HTTPResponse {
    var bodyText: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
