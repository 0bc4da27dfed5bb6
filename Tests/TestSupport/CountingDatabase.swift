import Locking
import SQLCore

/// A database that counts the statements that go through it.
package final class CountingDatabase: SQLDatabase {
    private let database: any SQLDatabase
    private let statements = Mutex<[String]>([])

    package init(_ database: any SQLDatabase) { self.database = database }

    package var dialect: SQLDialect { database.dialect }

    /// Runs `body` and returns the statements that it caused, in their order.
    package func statements(
        of body: () async throws -> Void
    ) async rethrows -> [String] {
        statements.withLock { $0 = [] }
        try await body()
        return statements.withLock { $0 }
    }

    private func note(_ statement: SQL) {
        let text = statement.rendered(for: dialect).text
        statements.withLock { $0.append(text) }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await database.read { connection in
            try body(Connection(connection, note: { self.note($0) }))
        }
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await database.write { connection in
            try body(Connection(connection, note: { self.note($0) }))
        }
    }

    package func size() async throws -> Int64 { try await database.size() }
    package func integrityFindings() async throws -> [String] {
        try await database.integrityFindings()
    }
    package func close() async { await database.close() }

    private final class Connection: SQLConnection {
        private let connection: any SQLConnection
        private let note: (SQL) -> Void

        init(_ connection: any SQLConnection, note: @escaping (SQL) -> Void) {
            self.connection = connection
            self.note = note
        }

        var dialect: SQLDialect { connection.dialect }

        func query(_ statement: SQL) throws -> [SQLRow] {
            note(statement)
            return try connection.query(statement)
        }

        func integers(_ statement: SQL) throws -> [Int64] {
            note(statement)
            return try connection.integers(statement)
        }

        func execute(_ statement: SQL) throws -> Int {
            note(statement)
            return try connection.execute(statement)
        }

        func run(script: String) throws { try connection.run(script: script) }
        func insert(
            _ columns: [BulkRows.Column], into table: String,
            makeParts: (_ insert: (BulkRows) throws -> Void) throws -> Void
        ) throws {
            try connection.insert(columns, into: table, makeParts: makeParts)
        }
        func add(_ rows: BulkRows, into table: String, keyColumns: Int) throws {
            try connection.add(rows, into: table, keyColumns: keyColumns)
        }
        func allocateIDs(_ count: Int, for table: String) throws -> [Int64] {
            try connection.allocateIDs(count, for: table)
        }
    }
}
