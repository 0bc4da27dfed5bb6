import SQLCore

/// How much room a table takes.
package struct TableSize: Sendable, Hashable {
    package var name: String
    package var bytes: Int64
}

extension TracingStore {
    /// The sizes of the tables with their indexes, the largest first. SQLite is one file, which is
    /// told as one table.
    package func tableSizes() async throws -> [TableSize] {
        guard database.dialect == .postgres else {
            return [TableSize(name: "SQLite", bytes: try await database.size())]
        }
        return try await database.read { connection in
            try connection.query(
                """
                SELECT c.relname::text, pg_total_relation_size(c.oid)
                FROM pg_class c
                WHERE c.relkind IN ('r', 'm') AND c.relnamespace = current_schema()::regnamespace
                ORDER BY 2 DESC, 1
                """
            ).map { TableSize(name: $0.text(0), bytes: $0.integer(1)) }
        }
    }
}
