import SQLCore

/// A table that is copied row by row, with the columns that both databases call the same.
struct ImportedTable: Sendable {
    /// What a column holds, there and here.
    enum Kind: Sendable {
        case integer, real, text, bytes
        /// A boolean there, 0 or 1 in an `INTEGER` here.
        case flag
        /// Text or a `timestamptz` there, microseconds since 1970 here.
        case time
        /// Hexadecimal digits there, their bytes here.
        case otelID
        /// JSON; a JSON null is SQL's. Here it is kept as it was written, or as `JSONB`.
        case json, jsonb
        /// A JSON object there, of which its member `task_output` is kept here.
        case taskOutput
    }

    struct Column: Sendable {
        let name: String
        let kind: Kind
    }

    let name: String
    let columns: [Column]
    /// The columns that tell rows apart, integers all of them.
    let key: [String]
    /// The columns by which the rows are read there, integers all of them.
    let page: [String]
    /// A condition for the rows there that are copied; others come some other way.
    let rows: SQL

    init(
        _ name: String, key: [String] = ["id"], page: [String]? = nil, rows: SQL = "1 = 1",
        _ columns: KeyValuePairs<String, Kind>
    ) {
        self.name = name
        self.key = key
        self.page = page ?? key
        self.rows = rows
        self.columns = columns.map { Column(name: $0.key, kind: $0.value) }
    }

    /// Whether new rows get their ids from a sequence here.
    var hasSequence: Bool { key == ["id"] }

    /// The columns that must be there.
    var sourceColumns: [String] { columns.map(\.name) + page }

    /// What is selected there: the columns, and then those of ``page``.
    func sourceSelection(_ dialect: SQLDialect) -> SQL {
        let columns = columns.map { Self.sourceExpression($0.name, $0.kind, dialect) }
        return "\(columns + page.map { "\(unsafe: $0)" }, separator: ", ")"
    }

    /// A column of the other database as a value that both databases answer alike.
    static func sourceExpression(
        _ name: String, of table: String? = nil, _ kind: Kind, _ dialect: SQLDialect
    ) -> SQL {
        let column = table.map { "\($0).\(name)" } ?? name
        guard dialect == .postgres else { return "\(unsafe: column)" }
        return switch kind {
        case .text, .otelID: "CAST(\(unsafe: column) AS TEXT)"
        case .time: "CAST(EXTRACT(EPOCH FROM \(unsafe: column)) * 1000000 AS BIGINT)"
        default: "\(unsafe: column)"
        }
    }

    /// The names of some columns, with commas between.
    static func list(_ names: [String]) -> SQL {
        "\(names.map { "\(unsafe: $0)" as SQL }, separator: ", ")"
    }

    /// A condition for the values of some columns being among `keys`, of which there is one at least.
    static func isOne(of keys: some Collection<[Int64]>, _ columns: [String]) -> SQL {
        let rows = keys.map { $0.map(SQLValue.integer) }
        return "(\(list(columns))) IN (VALUES \(rows: rows))"
    }

    // MARK: Writing

    var bulkColumns: [BulkRows.Column] {
        columns.map { column in
            let type: BulkRows.ColumnType =
                switch column.kind {
                case .integer, .time: .bigint
                case .flag: .integer
                case .real: .double
                // PostgreSQL takes the type JSON as text.
                case .text, .json, .taskOutput: .text
                case .jsonb: .json
                case .bytes, .otelID: .blob
                }
            return BulkRows.Column(column.name, type)
        }
    }
}
