import PhoenixModel
import SQLCore
import Settings
import TestSupport
import Testing

@Suite struct SecretStoreTests {
    private static let now = Timestamp(microseconds: 1_790_000_000_000_000)
    private static let server = "a-secret-of-the-server-with-1-digit"

    private static func with(
        _ database: TestDatabase, _ body: (SecretStore) async throws -> Void
    ) async throws {
        try await database.withTracingStore { tracing in
            try await body(SecretStore(tracing.database, secret: server))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a secret is stored sealed and can be opened`(on database: TestDatabase) async throws {
        try await Self.with(database) { store in
            _ = try await store.apply([.init(key: "KEY", value: "sk-geheim 🏕")], now: Self.now)
            #expect(try await store.value(ofKey: "KEY") == "sk-geheim 🏕")
            let stored = try await store.secrets(limit: 10)
            #expect(stored.map(\.key) == ["KEY"])
            let text = String(decoding: stored[0].sealed, as: UTF8.self)
            #expect(!text.contains("geheim"))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `another secret of the server, and another key, do not open it`(
        on database: TestDatabase
    ) async throws {
        try await Self.with(database) { store in
            _ = try await store.apply(
                [.init(key: "A", value: "1"), .init(key: "B", value: "2")], now: Self.now)
            let other = SecretStore(store.database, secret: "another-secret-of-the-server-2")
            #expect(try await other.value(ofKey: "A") == nil)
            #expect(try await SecretStore(store.database, secret: nil).value(ofKey: "A") == nil)
            try await store.database.write {
                _ = try $0.execute(
                    """
                    UPDATE secrets
                    SET value = (SELECT s.value FROM secrets s WHERE s.key = 'A')
                    WHERE key = 'B'
                    """)
            }
            #expect(try await store.value(ofKey: "B") == nil)
            #expect(try await store.value(ofKey: "A") == "1")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `of several changes of one key the last counts`(on database: TestDatabase) async throws {
        try await Self.with(database) { store in
            let (stored, deleted) = try await store.apply(
                [
                    .init(key: "B", value: "1"), .init(key: "A", value: nil),
                    .init(key: "B", value: "2"), .init(key: "A", value: "3"),
                    .init(key: "C", value: "4"), .init(key: "C", value: nil),
                ], now: Self.now)
            #expect(stored.map(\.key) == ["A", "B"])
            #expect(deleted == ["C"])
            #expect(try await store.value(ofKey: "B") == "2")
            _ = try await store.apply([.init(key: "B", value: nil)], now: Self.now)
            #expect(try await store.secrets(limit: 10).map(\.key) == ["A"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `secrets are listed by key`(on database: TestDatabase) async throws {
        try await Self.with(database) { store in
            let keys = ["a", "B", "_", "C1", "c"]
            _ = try await store.apply(keys.map { .init(key: $0, value: $0) }, now: Self.now)
            #expect(try await store.secrets(limit: 10).map(\.key) == ["B", "C1", "_", "a", "c"])
            #expect(try await store.secrets(after: "C1", limit: 2).map(\.key) == ["_", "a"])
            #expect(try await store.secrets(["c", "x"], limit: 2).map(\.key) == ["c"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `secrets of 70000 keys are found`(on database: TestDatabase) async throws {
        try await Self.with(database) { store in
            _ = try await store.apply([.init(key: "K7", value: "7")], now: Self.now)
            let found = try await store.secrets((0..<70_000).map { "K\($0)" }, limit: 2)
            #expect(found.map(\.key) == ["K7"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `writers that cross do not stop each other`(on database: TestDatabase) async throws {
        try await Self.with(database) { store in
            for round in 0..<40 {
                let value = "\(round)"
                _ = try await store.apply(
                    [.init(key: "A", value: "-"), .init(key: "B", value: "-")], now: Self.now)
                async let first = store.apply(
                    [.init(key: "A", value: value), .init(key: "B", value: nil)], now: Self.now)
                async let second = store.apply(
                    [.init(key: "B", value: value), .init(key: "A", value: nil)], now: Self.now)
                _ = try await (first, second)
                let stored = try await store.secrets(limit: 10)
                #expect(stored.count == 1)
                #expect(stored.compactMap(store.value(of:)) == [value])
            }
        }
    }

    @Test(arguments: ["", "1A", "with space", "a-b", "é", "A\u{0}"])
    func `a key is made of letters, digits and underscores`(_ key: String) {
        #expect(SecretChange.fault(ofKey: key) != nil)
        #expect(SecretChange.fault(ofKey: "_key1") == nil)
    }
}

@Suite struct RedactionTests {
    private let redaction = Redaction(secret: "s")

    @Test func `a redacted text shows the end of a long text and nothing of a short one`() {
        let mark = "\u{E000}"
        #expect(redaction.redacted("short").hasPrefix("\(mark)REDACTED\(mark)\(mark)"))
        let long = String(repeating: "x", count: 30) + "wxyz"
        #expect(redaction.redacted(long).hasPrefix("\(mark)REDACTED\(mark)wxyz\(mark)"))
    }

    @Test func `it can be turned back by its server alone`() {
        let redacted = redaction.redacted("sk-1")
        #expect(redaction.original(redacted) == "sk-1")
        #expect(redaction.original("sk-2") == "sk-2")
        #expect(Redaction(secret: "t").original(redacted) == nil)
        #expect(redaction.original(redacted + "A") == nil)
    }
}
