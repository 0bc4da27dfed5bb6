import SQLCore

/// A database that is never asked anything.
package struct NoDatabase: SQLDatabase {
    private var refusal: DatabaseError { DatabaseError(.unavailable, "There is no database.") }

    package init() {}

    package let dialect = SQLDialect.sqlite

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { throw refusal }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { throw refusal }

    package func size() async throws -> Int64 { throw refusal }
    package func integrityFindings() async throws -> [String] { throw refusal }
    package func close() async {}
}
