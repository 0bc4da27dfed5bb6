import SQLCore
import SQLiteDatabase
import Testing

@Suite struct SQLiteFunctionTests {
    private func withDatabase(
        functions: [SQLiteFunction],
        _ body: (SQLiteDatabase) async throws -> Void
    ) async throws {
        var configuration = SQLiteDatabase.Configuration(path: nil)
        configuration.functions = functions
        let database = try await SQLiteDatabase(configuration)
        try await body(database)
        await database.close()
    }

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
        let function = SQLiteFunction(name: "asking", argumentCount: 1) {
            arguments, connection, _ in
            guard case .integer(let number) = arguments[0] else { return .null }
            // A text that no other statement has, so that each is prepared anew.
            return try connection.first("SELECT \(unsafe: "\(number)") + 1")?[0] ?? .null
        }
        try await withDatabase(functions: [function]) { database in
            // More statements than are kept prepared, so that the cache fills up inside a call.
            try await database.write { connection in
                for number in 0..<500 {
                    let (first, second) = (number * 2 + 1000, number * 2 + 1001)
                    let rows = try connection.query(
                        """
                        SELECT asking(column1), \(unsafe: "\(number)")
                        FROM (VALUES (\(first)), (\(second)))
                        """)
                    #expect(rows.map { $0.integer(0) } == [Int64(first + 1), Int64(second + 1)])
                }
            }
        }
    }
}
