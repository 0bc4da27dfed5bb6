extension Migration {
    /// Copies of other databases into this one: at most one, and how far it came.
    ///
    /// - `imports.source` is a digest that tells databases apart, so that an import is only ever
    ///   resumed from where it began.
    /// - `import_positions.last_key` is the key of the last row of a table that was copied, as a JSON
    ///   array; it moves in the transactions that store the rows.
    static let addImports = Migration(
        version: 13,
        name: "add imports",
        sqlite: importTables(integer: "INTEGER"),
        postgres: importTables(integer: "BIGINT"))

    private static func importTables(integer: String) -> String {
        """
        CREATE TABLE imports (
            id \(integer) PRIMARY KEY CHECK (id = 1),
            source TEXT NOT NULL,
            revision TEXT NOT NULL,
            started_at \(integer) NOT NULL,
            finished_at \(integer)
        );
        CREATE TABLE import_positions (
            table_name TEXT PRIMARY KEY,
            last_key TEXT NOT NULL
        );
        """
    }
}
