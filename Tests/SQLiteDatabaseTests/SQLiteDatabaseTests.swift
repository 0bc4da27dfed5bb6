import SQLCore
import SQLiteDatabase
import Testing

@Suite struct SQLiteDatabaseTests {
    private func withDatabase(
        functions: [SQLiteFunction] = [],
        _ body: (SQLiteDatabase) async throws -> Void
    ) async throws {
        var configuration = SQLiteDatabase.Configuration(path: nil)
        configuration.functions = functions
        let database = try await SQLiteDatabase(configuration)
        try await database.write {
            try $0.run(
                script: """
                    CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, data BLOB);
                    CREATE TABLE id_sequences (
                        table_name TEXT PRIMARY KEY, last_id INTEGER NOT NULL);
                    """)
        }
        try await body(database)
        await database.close()
    }

    @Test(
        arguments: [
            .null, 7, -1, .double(0.5), "text", "", "a\u{0}b", .blob([0, 0xFF]), .blob([]),
        ] as [SQLValue])
    func `a value comes back as it was bound`(value: SQLValue) async throws {
        try await withDatabase { database in
            let row = try await database.read { try $0.first("SELECT \(value)") }
            #expect(row?.values == [value])
        }
    }

    @Test func `a write that throws leaves nothing behind`() async throws {
        struct Failure: Error {}
        try await withDatabase { database in
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

    @Test func `bulk rows keep text, bytes and NULL apart`() async throws {
        try await withDatabase { database in
            var rows = BulkRows([.init("id", .bigint), .init("name", .text), .init("data", .blob)])
            rows.append(1 as Int64)
            rows.append("")
            rows.append([] as [UInt8]?)
            rows.append(2 as Int64)
            rows.append(nil as String?)
            rows.append(nil as [UInt8]?)
            let inserted = rows
            try await database.write { try $0.insert(inserted, into: "things") }
            let stored = try await database.read {
                try $0.query("SELECT name, data FROM things ORDER BY id")
            }
            #expect(stored.map(\.values) == [["", .blob([])], [.null, .null]])
        }
    }

    @Test func `row ids are never given out twice`() async throws {
        try await withDatabase { database in
            let first = try await database.write { try $0.allocateIDs(3, for: "things") }
            let second = try await database.write { try $0.allocateIDs(2, for: "things") }
            let other = try await database.write { try $0.allocateIDs(1, for: "others") }
            #expect(first == [1, 2, 3])
            #expect(second == [4, 5])
            #expect(other == [1])
        }
    }

    @Test func `a key that collides is named as a unique violation`() async throws {
        try await withDatabase { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { connection in
                    for _ in 0..<2 { try connection.execute("INSERT INTO things (id) VALUES (1)") }
                }
            }
            #expect(error?.code == .uniqueViolation)
        }
    }

    @Test func `a closed database says so`() async throws {
        try await withDatabase { database in
            await database.close()
            await #expect(throws: (any Error).self) {
                try await database.read { try $0.query("SELECT 1") }
            }
        }
    }

    // MARK: Functions

    @Test func `a function answers in SQL and keeps its state between calls`() async throws {
        final class Count { var value: Int64 = 0 }
        let function = SQLiteFunction(name: "counted", argumentCount: 1) { arguments, _, state in
            let count = state as? Count ?? Count()
            state = count
            count.value += 1
            guard case .integer(let argument) = arguments[0] else { return .null }
            return .integer(argument * 10 + count.value)
        }
        try await withDatabase(functions: [function]) { database in
            let rows = try await database.read {
                try $0.query("SELECT counted(column1) FROM (VALUES (1), (2), (NULL))")
            }
            #expect(rows.map { $0[0] } == [11, 22, .null])
        }
    }

    @Test func `an error of a function fails its statement`() async throws {
        let function = SQLiteFunction(name: "failing", argumentCount: 0) { _, _, _ in
            throw DatabaseError(.corrupt, "The block is damaged.")
        }
        try await withDatabase(functions: [function]) { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT failing()") }
            }
            #expect(error?.message.contains("The block is damaged.") == true)
        }
    }

    @Test func `a function's own statements do not end the one that calls it`() async throws {
        let function = SQLiteFunction(name: "asking", argumentCount: 1) { arguments, connection, _ in
            guard case .integer(let number) = arguments[0] else { return .null }
            // A text that no other statement has, so that each is prepared anew.
            return try connection.first("SELECT \(unsafe: "\(number)") + 1")?[0] ?? .null
        }
        try await withDatabase(functions: [function]) { database in
            // More statements than are kept prepared, for each place that the limit may fall on.
            for offset in 0..<3 {
                try await database.write { connection in
                    for number in 0..<offset { _ = try connection.query("SELECT -\(unsafe: "\(number)")") }
                    for number in offset * 1000..<offset * 1000 + 450 {
                        let rows = try connection.query(
                            """
                            SELECT asking(column1), \(unsafe: "\(number)")
                            FROM (VALUES (\(number)), (\(number + 10_000)))
                            """)
                        #expect(rows.map { $0.integer(0) } == [Int64(number + 1), Int64(number + 10_001)])
                    }
                }
            }
        }
    }
}
