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

    private func text(of response: HTTPResponse?) -> String? {
        guard case .bytes(let bytes)? = response?.body else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (DatabaseError.Code.unavailable, "5", "cannot be reached"),
        (.conflict, "1", "crossed another change"),
    ])
    func `what may succeed later is answered with advice to retry`(
        code: DatabaseError.Code, seconds: String, words: String
    ) async {
        let response = await response(to: DatabaseError(code, "Host db.internal is away."))
        #expect(response?.status == .serviceUnavailable)
        #expect(response?.headers["retry-after"] == seconds)
        #expect(text(of: response)?.contains(words) == true)
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
        #expect(text(of: response)?.contains("db.internal") == false)
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
