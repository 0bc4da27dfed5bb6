import BinaryText
import Cryptography
import SQLCore

/// A database that Arize Phoenix wrote, opened for reading and checked.
package struct ImportSource: Sendable {
    /// A table that stays behind.
    package struct LeftOut: Sendable, Hashable {
        package let table: String
        package let rowCount: Int64
    }

    let database: any SQLDatabase
    /// The version of its schema, as its own migrations call it.
    package let revision: String
    /// Tells databases apart, however many rows are added.
    let fingerprint: String
    /// The tables with rows that are not imported.
    package let leftOut: [LeftOut]

    /// The revision that Arize Phoenix 20.26.1 makes.
    package static let knownRevision = "4aad9107d196"

    static let spanTables: [(name: String, columns: [String])] = [
        (
            "spans",
            [
                "id", "trace_rowid", "span_id", "parent_id", "name", "span_kind", "start_time",
                "end_time", "attributes", "events", "status_code", "status_message",
                "cumulative_error_count", "cumulative_llm_token_count_prompt",
                "cumulative_llm_token_count_completion", "llm_token_count_prompt",
                "llm_token_count_completion",
            ]
        ),
        (
            "span_costs",
            [
                "id", "span_rowid", "model_id", "prompt_cost", "prompt_tokens",
                "completion_cost", "completion_tokens",
            ]
        ),
        (
            "span_cost_details",
            ["id", "span_cost_id", "token_type", "is_prompt", "cost", "tokens"]
        ),
    ]

    /// Looks at the tables of a database, and at the ids of its traces and spans.
    ///
    /// - Throws: ``ImportError`` when the database is not one of Arize Phoenix, when tables or columns
    ///   are missing, or when there is something that cannot be kept here.
    package init(_ database: any SQLDatabase) async throws {
        self.database = database
        (revision, fingerprint, leftOut) = try await database.read { connection in
            let tables = try Self.tables(connection)
            let revision = try Self.revision(connection, tables)
            try Self.requireColumns(tables, revision)
            try Self.requireReadableIDs(connection)
            return (
                revision, try Self.fingerprint(connection, revision),
                try Self.leftOut(connection, tables)
            )
        }
    }

    private static func tables(_ connection: any SQLConnection) throws -> [String: Set<String>] {
        let query = SQL.dialect(
            sqlite: """
                SELECT m.name, c.name
                FROM sqlite_master m
                JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table'
                """,
            postgres: """
                SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT)
                FROM information_schema.columns
                WHERE table_schema = current_schema()
                """)
        var tables: [String: Set<String>] = [:]
        for row in try connection.query(query) {
            tables[row.text(0), default: []].insert(row.text(1))
        }
        return tables
    }

    private static func revision(
        _ connection: any SQLConnection, _ tables: [String: Set<String>]
    ) throws -> String {
        if tables["schema_migrations"] != nil {
            throw ImportError(
                "The source is a database of this Phoenix, not of Arize Phoenix. Point "
                    + "PHOENIX_SQL_DATABASE_URL to it instead.")
        }
        guard tables["alembic_version"] != nil,
            let row = try connection.first(
                "SELECT CAST(version_num AS TEXT) FROM alembic_version LIMIT 1")
        else {
            throw ImportError(
                "The source is no database of Arize Phoenix: the table alembic_version, which "
                    + "tells the version of its schema, is missing or empty.")
        }
        return row.text(0)
    }

    private static func requireColumns(
        _ tables: [String: Set<String>], _ revision: String
    ) throws {
        var missing: [String] = []
        let wanted =
            (ImportedTable.beforeSpans + ImportedTable.afterSpans).map {
                (name: $0.name, columns: $0.sourceColumns)
            } + spanTables
        for table in wanted {
            guard let columns = tables[table.name] else {
                missing.append(table.name)
                continue
            }
            for column in table.columns where !columns.contains(column) {
                missing.append("\(table.name).\(column)")
            }
        }
        guard missing.isEmpty else {
            // A much older source lacks nearly everything, so only the first ones are named.
            let named = missing.sorted().prefix(5).joined(separator: ", ")
            let rest = missing.count > 5 ? " and more, \(missing.count) in all" : ""
            throw ImportError(
                "The source has the schema version \(revision), which lacks \(named)\(rest). Start "
                    + "Arize Phoenix 20 on it once, which brings it up to date, stop that and "
                    + "import again.")
        }
    }

    /// Ids are kept as bytes here, so each must be the hexadecimal form of some.
    private static func requireReadableIDs(_ connection: any SQLConnection) throws {
        for (table, column) in [
            ("traces", "trace_id"), ("spans", "span_id"), ("spans", "parent_id"),
        ] {
            let isOdd = SQL.dialect(
                sqlite: """
                    (x.\(unsafe: column) GLOB '*[^0-9a-f]*' OR LENGTH(x.\(unsafe: column)) % 2 = 1
                        OR x.\(unsafe: column) = '')
                    """,
                postgres: "x.\(unsafe: column) !~ '^([0-9a-f]{2})+$'")
            let row = try connection.first(
                """
                SELECT COUNT(*), MIN(x.id)
                FROM \(unsafe: table) x
                WHERE \(isOdd)
                """)
            guard let row, row.integer(0) > 0 else { continue }
            throw ImportError(
                "\(row.integer(0)) rows of \(table) have a \(column) that is not lower-case "
                    + "hexadecimal, the first with the row id \(row.integer(1)). Such an id "
                    + "cannot be kept; delete these rows from a copy of the source and import it.")
        }
    }

    private static func fingerprint(
        _ connection: any SQLConnection, _ revision: String
    ) throws -> String {
        var text = revision
        for query: SQL in [
            "SELECT id, CAST(name AS TEXT) FROM projects ORDER BY id LIMIT 16",
            "SELECT id, CAST(trace_id AS TEXT) FROM traces ORDER BY id LIMIT 16",
            "SELECT id, CAST(name AS TEXT) FROM datasets ORDER BY id LIMIT 16",
        ] {
            for row in try connection.query(query) { text += "\n\(row.integer(0)) \(row.text(1))" }
        }
        return Hexadecimal.encode(SHA256.digest(Array(text.utf8)))
    }

    private static func leftOut(
        _ connection: any SQLConnection, _ tables: [String: Set<String>]
    ) throws -> [LeftOut] {
        var known = Set((ImportedTable.beforeSpans + ImportedTable.afterSpans).map(\.name))
        known.formUnion(spanTables.map(\.name))
        known.insert("alembic_version")
        return try tables.keys.sorted().compactMap { table in
            guard !known.contains(table), !table.hasPrefix("sqlite_") else { return nil }
            let count = try connection.first("SELECT COUNT(*) FROM \(unsafe: quoted(table))")!
                .integer(0)
            return count == 0 ? nil : LeftOut(table: table, rowCount: count)
        }
    }

    private static func quoted(_ name: String) -> String {
        "\""
            + name.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }

    func count(_ table: String) async throws -> Int64 {
        try await database.read {
            try $0.first("SELECT COUNT(*) FROM \(unsafe: table)")!.integer(0)
        }
    }
}
