import HTTPMessages
import Testing

struct HTTPHandlerTests {
    private struct Tag: HTTPMiddleware {
        let name: String
        func respond(to request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
            var request = request
            request.headers.add("seen", name)
            return try await next(request)
        }
    }

    @Test func `the first middleware is outermost`() async throws {
        let handler = wrap(
            { request in
                .text(.ok, request.headers.values(of: "seen").joined(separator: ","))
            }, in: [Tag(name: "a"), Tag(name: "b")])
        let response = try await handler(HTTPRequest(method: .get, path: "/"))
        #expect(text(response) == "a,b")
    }

    @Test func `an error answers as it says and any other with nothing but 500`() {
        let known = HTTPResponse(
            answering: HTTPError(.conflict, "Taken.", headers: ["retry-after": "1"]))
        #expect(known.status == .conflict)
        #expect(known.headers["retry-after"] == "1")
        struct Secret: Error { let text = "secret" }
        let unknown = HTTPResponse(answering: Secret())
        #expect(unknown.status == .internalServerError)
        #expect(text(unknown) == "Internal Server Error")
    }

    private func text(_ response: HTTPResponse) -> String? {
        if case .bytes(let bytes) = response.body {
            String(decoding: bytes, as: UTF8.self)
        } else {
            nil
        }
    }

    @Test func `a memory budget does not go over its limit for several holders`() {
        let budget = MemoryBudget(limit: 10)
        #expect(budget.reserve(6))
        #expect(!budget.reserve(5))
        #expect(budget.reserve(4))
        budget.release(10)
        #expect(budget.used == 0)
    }

    @Test func `whoever is alone may go over the limit of a memory budget`() {
        let budget = MemoryBudget(limit: 10)
        #expect(budget.reserve(8))
        #expect(budget.reserve(20, holding: 8))
        #expect(!budget.reserve(1))
        #expect(budget.used == 28)
    }
}
