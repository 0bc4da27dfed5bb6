import Locking
import SQLCore

/// A database whose writes fail once some of them have succeeded, as if the process had ended.
final class FailingDatabase: SQLDatabase {
    struct Failure: Error {}

    private let database: any SQLDatabase
    private let writesLeft: Mutex<Int>

    init(_ database: any SQLDatabase, after writes: Int) {
        self.database = database
        writesLeft = Mutex(writes)
    }

    var dialect: SQLDialect { database.dialect }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { try await database.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let isLast = writesLeft.withLock { left in
            left -= 1
            return left < 0
        }
        return try await database.write { connection in
            let value = try body(connection)
            // The transaction is lost at its end, which is the worst moment.
            if isLast { throw Failure() }
            return value
        }
    }

    func size() async throws -> Int64 { try await database.size() }
    func integrityFindings() async throws -> [String] { try await database.integrityFindings() }
    func close() async { await database.close() }
}
