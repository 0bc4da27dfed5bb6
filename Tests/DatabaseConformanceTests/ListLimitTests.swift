import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// Lists with the largest limit, and of the greatest length, that a client can send.
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

    /// Values in a list, and one of the same kind that is not.
    private static let sought: [(inside: SQLValue, outside: SQLValue)] = [
        (.integer(.min), .integer(.max)), (.integer(69_999), .integer(70_000)),
        ("\"\\ü🏕\u{FFFE}\u{1}", "\"\\ü🏕\u{FFFE}"), ("a\0b", "a"), ("", "\0"),
        (.blob([0, 0xFF, 0x5C]), .blob([0, 0xFF])), (.blob([]), .blob([0])),
    ]

    @Test(arguments: TestDatabase.available)
    func `a list of 70000 values finds those that are in it`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            for (inside, outside) in Self.sought {
                // Blobs and NULs are parameters of their own in SQLite, which bounds their number.
                let count: Int64 =
                    switch (store.database.dialect, inside) {
                    case (.sqlite, .blob), (.sqlite, "a\0b"): 10_000
                    default: 70_000
                    }
                let others = (0..<count).map { number -> SQLValue in
                    switch inside {
                    case .text: .text("text \(number)")
                    case .blob: .blob(Array("\(number)".utf8))
                    default: .integer(number)
                    }
                }
                let found = try await store.database.read { connection in
                    try [inside, outside].map { value in
                        try connection.query(
                            """
                            SELECT v.x
                            FROM (SELECT \(value) AS x) v
                            WHERE v.x IN (\(list: others + [inside]))
                            """)
                    }
                }
                #expect(found.map(\.count) == [1, 0], "\(inside)")
            }
        }
    }
}
