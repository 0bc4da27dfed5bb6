import APISupport
import HTTPMessages
import SQLCore
import Testing

@Suite struct DatabaseErrorMiddlewareTests {
    private func response(to error: any Error) async -> HTTPResponse? {
        do {
            return try await DatabaseErrorMiddleware().respond(
                to: HTTPRequest(method: .get, path: "/")
            ) { _ in throw error }
        } catch let error as any APIErrorConvertible {
            return error.response
        } catch {
            return nil
        }
    }

    @Test(arguments: [DatabaseError.Code.unavailable, .conflict])
    func `a database that is away is answered with advice to retry`(
        code: DatabaseError.Code
    ) async {
        let response = await response(to: DatabaseError(code, "Host db.internal is away."))
        #expect(response?.status == .serviceUnavailable)
        #expect(response?.headers["retry-after"] == "5")
    }

    @Test(arguments: [DatabaseError.Code.full, .readOnly])
    func `a database that takes no writes is answered without advice`(
        code: DatabaseError.Code
    ) async {
        let response = await response(to: DatabaseError(code, "No space left on /dev/sda1."))
        #expect(response?.status == .insufficientStorage)
        #expect(response?.headers["retry-after"] == nil)
    }

    @Test func `the answer says nothing of the database's own words`() async {
        let response = await response(to: DatabaseError(.unavailable, "Host db.internal is away."))
        guard case .bytes(let bytes)? = response?.body else {
            Issue.record("The answer has no text.")
            return
        }
        #expect(!String(decoding: bytes, as: UTF8.self).contains("db.internal"))
    }

    @Test(arguments: [DatabaseError.Code.other, .uniqueViolation, .corrupt, .permissionDenied])
    func `other failures stay errors of ours`(code: DatabaseError.Code) async {
        await #expect(throws: DatabaseError.self) {
            _ = try await DatabaseErrorMiddleware().respond(
                to: HTTPRequest(method: .get, path: "/")
            ) { _ in throw DatabaseError(code, "A bug.") }
        }
    }

    @Test func `an answer passes through`() async throws {
        let response = try await DatabaseErrorMiddleware().respond(
            to: HTTPRequest(method: .get, path: "/")
        ) { _ in .text(.ok, "fine") }
        #expect(response.status == .ok)
    }
}
