import PhoenixModel
import TestSupport
import Testing
import Tracing

/// Lists with the largest limit that a client can send.
@Suite struct ListLimitTests {
    @Test(arguments: TestDatabase.available)
    func `a list without a bound of its own takes any limit`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            _ = try await store.insert([[.stub(span: 1, session: "s")]], now: 0)
            let projects = try await store.projects(limit: .max)
            #expect(projects.rows.map(\.name) == ["demo", "default"])
            #expect(projects.following == nil)
            let sessions = try await store.sessions(
                of: projects.rows[0].id, isDescending: false, limit: .max)
            #expect(sessions.rows.map(\.session.sessionID) == ["s"])
        }
    }
}
