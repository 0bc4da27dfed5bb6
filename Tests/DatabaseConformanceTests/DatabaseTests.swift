import PostgresDatabase
import SQLCore
import TestSupport
import Testing

/// What holds for every database, whatever is stored in it.
@Suite struct DatabaseTests {
    private struct Failure: Error {}

    private func withTable(
        on kind: TestDatabase, _ body: (any SQLDatabase) async throws -> Void
    ) async throws {
        try await kind.withDatabase { database in
            try await database.write { connection in
                let script: String =
                    connection.dialect == .sqlite
                    ? "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, data BLOB, extra TEXT)"
                    : """
                    CREATE TABLE things (
                        id BIGSERIAL PRIMARY KEY, name TEXT, data BYTEA, extra JSONB)
                    """
                try connection.run(script: script)
            }
            try await body(database)
        }
    }

    // MARK: Sums

    @Test(arguments: TestDatabase.available)
    func `sums are added to the rows that have their key`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            try await database.write { connection in
                try connection.run(
                    script: """
                        CREATE TABLE sums (
                            name TEXT NOT NULL, place BIGINT NOT NULL, number BIGINT NOT NULL,
                            size DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, place))
                        """)
                for round in 1...3 as ClosedRange<Int64> {
                    var rows = BulkRows([
                        .init("name", .text), .init("place", .bigint), .init("number", .bigint),
                        .init("size", .double),
                    ])
                    for place in 0..<round {
                        rows.append("a, \"b\"")
                        rows.append(place)
                        rows.append(round)
                        rows.append(0.5)
                    }
                    try connection.add(rows, into: "sums", keyColumns: 2)
                }
                try connection.add(BulkRows([.init("name", .text)]), into: "sums", keyColumns: 1)
            }
            let rows = try await database.read { connection in
                try connection.query(
                    "SELECT name, place, number, size FROM sums ORDER BY place"
                ).map { "\($0.text(0)) \($0.integer(1)) \($0.integer(2)) \($0.double(3))" }
            }
            #expect(rows == ["a, \"b\" 0 6 1.5", "a, \"b\" 1 5 1.0", "a, \"b\" 2 3 0.5"])
        }
    }

    // MARK: Cancellation

    /// A statement that does not end by itself.
    private static let endless: SQL = .dialect(
        sqlite: """
            WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
            SELECT COUNT(*) FROM c
            """,
        postgres: "SELECT pg_sleep(3600)")

    @Test(arguments: TestDatabase.available)
    func `a read stops when its task is cancelled`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let (begun, signal) = AsyncStream<Void>.makeStream()
            // More reads than there are connections: all of them come to be free again.
            for _ in 0..<8 {
                let task = Task {
                    try await database.read { connection in
                        signal.yield()
                        _ = try connection.query(Self.endless)
                    }
                }
                for await _ in begun { break }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            let row = try await database.read { try $0.first("SELECT \(7 as Int64)") }
            #expect(row?.integer(0) == 7)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a read does not begin when its task was cancelled`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let task = Task {
                while !Task.isCancelled { await Task.yield() }
                _ = try await database.read { _ in Issue.record("The read began.") }
            }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
    }

    // MARK: Values

    @Test(
        arguments: TestDatabase.available,
        [7, -1, .double(0.5), "text", "", "a\u{0}b\u{FFFE}", .blob([0, 0xFF]), .blob([])]
            as [SQLValue])
    func `a value comes back as it was bound`(on kind: TestDatabase, value: SQLValue) async throws {
        try await kind.withEmptyDatabase { database in
            let row = try await database.read { try $0.first("SELECT \(value)") }
            #expect(row?.values == [value])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `bulk rows keep text, bytes, JSON and NULL apart`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            var rows = BulkRows([
                .init("id", .bigint), .init("name", .text), .init("data", .blob),
                .init("extra", .json),
            ])
            rows.append(1 as Int64)
            rows.append("")
            rows.append([] as [UInt8]?)
            rows.append(Array(#"{"a":"\u0000"}"#.utf8))
            rows.append(2 as Int64)
            for _ in 0..<3 { rows.appendNull() }
            let inserted = rows
            try await database.write { try $0.insert(inserted, into: "things") }
            let stored = try await database.read {
                try $0.query("SELECT name, data, extra FROM things ORDER BY id")
            }
            #expect(stored[0][0] == "")
            #expect(stored[0][1] == .blob([]))
            #expect(stored[0].text(2).filter { $0 != " " } == #"{"a":"\u0000"}"#)
            #expect(stored[1].values == [.null, .null, .null])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `bulk rows come in parts`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            let columns: [BulkRows.Column] = [.init("id", .bigint), .init("name", .text)]
            try await database.write { connection in
                try connection.insert(columns, into: "things") { insert in
                    var rows = BulkRows(columns)
                    for id in 1...5 as ClosedRange<Int64> {
                        rows.append(id)
                        rows.append(String(repeating: "\(id)", count: Int(id)))
                        guard id % 2 == 0 else { continue }
                        try insert(rows)
                        rows.removeAll()
                    }
                    try insert(rows)
                    try insert(BulkRows(columns))
                }
            }
            let stored = try await database.read {
                try $0.query("SELECT name FROM things ORDER BY id").map { $0.text(0) }
            }
            #expect(stored == ["1", "22", "333", "4444", "55555"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a bulk insert whose parts fail leaves nothing behind`(on kind: TestDatabase) async throws
    {
        try await withTable(on: kind) { database in
            let columns: [BulkRows.Column] = [.init("id", .bigint)]
            var rows = BulkRows(columns)
            rows.append(1 as Int64)
            let part = rows
            await #expect(throws: Failure.self) {
                try await database.write { connection in
                    try connection.insert(columns, into: "things") { insert in
                        try insert(part)
                        throw Failure()
                    }
                }
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    try connection.insert(columns, into: "things") { insert in
                        for _ in 0..<2 { try insert(part) }
                    }
                }
            }
            #expect(error?.code == .uniqueViolation)
            try await database.write { try $0.insert(part, into: "things") }
            let stored = try await database.read { try $0.integers("SELECT id FROM things") }
            #expect(stored == [1])
        }
    }

    // MARK: Transactions

    @Test(arguments: TestDatabase.available)
    func `a write that throws leaves nothing behind`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            await #expect(throws: Failure.self) {
                try await database.write { connection -> Int in
                    try connection.execute("INSERT INTO things (id) VALUES (1)")
                    throw Failure()
                }
            }
            let stored = try await database.read { try $0.query("SELECT id FROM things") }
            #expect(stored.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a read may not write`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read {
                    try $0.execute("INSERT INTO things (id) VALUES (1)")
                }
            }
            #expect(error?.code == .readOnly)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a connection goes on after an error`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            for _ in 0..<20 {
                await #expect(throws: DatabaseError.self) {
                    try await database.write { try $0.execute("INSERT INTO nowhere VALUES (1)") }
                }
                await #expect(throws: DatabaseError.self) {
                    try await database.read { try $0.query("SELECT nothing FROM things") }
                }
            }
            let changed = try await database.write {
                try $0.execute("INSERT INTO things (id) VALUES (1), (2)")
            }
            #expect(changed == 2)
        }
    }

    @Test func `a closed database takes no more calls`() async throws {
        try await TestDatabase.sqlite.withEmptyDatabase { database in
            await database.close()
            await #expect(throws: (any Error).self) {
                try await database.read { try $0.query("SELECT 1") }
            }
        }
    }

    // MARK: Keys

    @Test(arguments: TestDatabase.available)
    func `row ids are never given out twice`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            let first = try await database.write { try $0.allocateIDs(3, for: "spans") }
            let second = try await database.write { try $0.allocateIDs(2, for: "spans") }
            let other = try await database.write { try $0.allocateIDs(1, for: "traces") }
            #expect(first == [1, 2, 3])
            #expect(second == [4, 5])
            #expect(other == [1])
        }
    }

    @Test(
        arguments: TestDatabase.available,
        [
            ("INSERT INTO projects SELECT * FROM projects", .uniqueViolation),
            (
                "INSERT INTO project_sessions VALUES (1, 's', 999, 0, 0)", .foreignKeyViolation
            ),
            (
                "INSERT INTO project_sessions VALUES (1, NULL, 1, 0, 0)", .constraintViolation
            ),
            ("SELECT nonsense FROM nowhere", .other),
        ] as [(String, DatabaseError.Code)])
    func `a failure has the same code on every database`(
        on kind: TestDatabase, failure: (statement: String, code: DatabaseError.Code)
    ) async throws {
        try await kind.withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.run(script: failure.statement) }
            }
            #expect(error?.code == failure.code)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an error quotes no value`(on kind: TestDatabase) async throws {
        try await withTable(on: kind) { database in
            let secret = "the-prompt"
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    try connection.run(script: "CREATE UNIQUE INDEX names ON things (name)")
                    for _ in 0..<2 {
                        try connection.execute("INSERT INTO things (name) VALUES (\(secret))")
                    }
                }
            }
            #expect(error?.code == .uniqueViolation)
            #expect(error?.description.contains(secret) == false)
        }
    }

    @Test(arguments: TestDatabase.available.filter { $0 == .postgres })
    func `a value too long for its index is not taken for a full disk`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withDatabase { database in
            // Random, so that it does not compress.
            var generator = SystemRandomNumberGenerator()
            let id = (0..<9000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write {
                    try $0.execute(
                        "INSERT INTO span_origins (digest, origin) VALUES (\(id), '{}')")
                }
            }
            #expect(error?.refusesWrites == false)
            #expect(error?.isTransient == false)
        }
    }

    // MARK: The connection

    @Test(arguments: TestDatabase.available.filter { $0 == .postgres })
    func `a connection that the server has ended is replaced`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            for _ in 0..<3 {
                let error = await #expect(throws: DatabaseError.self) {
                    try await database.write {
                        _ = try $0.query("SELECT pg_terminate_backend(pg_backend_pid())")
                    }
                }
                #expect(error?.code == .unavailable)
            }
            let row = try await database.write { try $0.first("SELECT 1::bigint") }
            #expect(row?.integer(0) == 1)
        }
    }

    @Test func `a server that is not there is unavailable`() async throws {
        let database = PostgresDatabase(.init(conninfo: "host=127.0.0.1 port=1 connect_timeout=2"))
        let error = await #expect(throws: DatabaseError.self) {
            try await database.read { try $0.query("SELECT 1") }
        }
        #expect(error?.code == .unavailable)
        await database.close()
    }

    // MARK: The whole

    @Test(arguments: TestDatabase.available)
    func `a sound database has no findings and a size`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            let findings = try await database.integrityFindings()
            let size = try await database.size()
            #expect(findings.isEmpty)
            #expect(size > 0)
        }
    }
}
