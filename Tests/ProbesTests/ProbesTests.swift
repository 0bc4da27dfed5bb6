import APISupport
import HTTPMessages
import Probes
import Testing

@Suite struct ProbesTests {
    private struct Unreachable: Error {}

    private func answer(
        _ path: String, method: HTTPMethod = .get, isReady: Bool = true
    ) async throws -> HTTPResponse {
        var router = Router()
        Probes(version: "0.1.0") { if !isReady { throw Unreachable() } }.register(on: &router)
        return try await router.respond(to: HTTPRequest(method: method, path: path))
    }

    private func text(_ response: HTTPResponse) -> String {
        if case .bytes(let bytes) = response.body {
            String(decoding: bytes, as: UTF8.self)
        } else {
            ""
        }
    }

    @Test func `a server that runs is healthy`() async throws {
        let response = try await answer("/healthz")
        #expect(response.status == .ok)
        #expect(text(response) == "OK")
    }

    @Test func `a server is ready while its database answers`() async throws {
        let ready = try await answer("/readyz")
        #expect(ready.status == .ok)
        #expect(text(ready) == "{}")
        let unready = try await answer("/readyz", isReady: false)
        #expect(unready.status == .serviceUnavailable)
        #expect(text(unready) == "database unreachable")
    }

    @Test func `the version is the contract's, ours is in a header`() async throws {
        let response = try await answer("/arize_phoenix_version")
        #expect(text(response) == "20.26.1")
        #expect(response.headers["x-phoenix-swift-version"] == "0.1.0")
    }
}
