import JSON
import SQLCore
import Tracing

/// Copies one table, in its order, from where an earlier attempt left off.
struct TableCopy {
    let table: ImportedTable
    let source: ImportSource
    let target: any SQLDatabase

    /// A run of converted rows, ready to be inserted.
    struct Batch: Sendable {
        var rows: BulkRows
        /// The page key of the last row.
        var last: [Int64]
        var byteCount: Int
        /// What traces that have no spans count for.
        var rollup = ProjectRollup()
    }

    /// - Parameter progress: Called after each commit with the rows that it stored.
    func run(progress: (Int) -> Void) async throws {
        var size = BatchSize(rowsMax: 4096)
        let position = try await target.read { try ImportPosition.load(table.name, on: $0) }
        var next = try await read(after: position, limit: size.rows)
        while let batch = next {
            let count = batch.rows.count
            size.saw(rows: count, bytes: batch.byteCount)
            let limit = size.rows
            async let following = read(after: batch.last, limit: limit)
            try await write(batch)
            progress(count)
            next = try await following
        }
    }

    private func write(_ batch: Batch) async throws {
        let table = table
        try await target.write { connection in
            try connection.insert(batch.rows, into: table.name)
            try batch.rollup.apply(on: connection)
            try ImportPosition.save(batch.last, of: table.name, on: connection)
        }
    }

    private func read(after position: [Int64]?, limit: Int) async throws -> Batch? {
        let table = table
        let rows = try await source.database.read { connection in
            try connection.query(
                """
                SELECT \(table.sourceSelection(connection.dialect))
                FROM \(unsafe: table.name)
                WHERE \(Self.isAfter(position, table.page)) AND \(table.rows)
                ORDER BY \(ImportedTable.list(table.page))
                LIMIT \(limit)
                """)
        }
        return rows.isEmpty ? nil : try Self.batch(rows, of: table)
    }

    private static func isAfter(_ position: [Int64]?, _ columns: [String]) -> SQL {
        guard let position else { return "1 = 1" }
        let values = position.map { "\($0)" as SQL }
        return "(\(ImportedTable.list(columns))) > (\(values, separator: ", "))"
    }

    private static func batch(_ rows: [SQLRow], of table: ImportedTable) throws -> Batch {
        var bulk = BulkRows(table.bulkColumns)
        var rollup = ProjectRollup()
        for row in rows {
            do {
                for (index, column) in table.columns.enumerated() {
                    append(try ImportedValue.converted(row[index], column.kind), to: &bulk)
                }
                guard table.name == ImportedTable.traces.name else { continue }
                let (start, end) = try (ImportedValue.time(row[4]), ImportedValue.time(row[5]))
                rollup.countTraces(
                    1, project: row.integer(2), startTime: start, endTime: end)
            } catch {
                let key = Self.page(row, of: table).map(String.init).joined(separator: ", ")
                throw ImportError(
                    "The row \(key) of the source's table \(table.name) cannot be read: \(error)")
            }
        }
        return Batch(
            rows: bulk, last: page(rows[rows.count - 1], of: table), byteCount: bulk.arena.count,
            rollup: rollup)
    }

    static func page(_ row: SQLRow, of table: ImportedTable) -> [Int64] {
        table.page.indices.map { row.integer(table.columns.count + $0) }
    }

    private static func append(_ value: SQLValue, to rows: inout BulkRows) {
        switch value {
        case .null: rows.appendNull()
        case .integer(let integer): rows.append(integer)
        case .double(let double): rows.append(double)
        case .text(let text): rows.append(text)
        case .blob(let bytes), .json(let bytes): rows.append(bytes)
        }
    }
}

/// How far the copy of a table, or of a lane of it, came, kept in the database that it goes to.
enum ImportPosition {
    static func load(_ table: String, on connection: any SQLConnection) throws -> [Int64]? {
        let row = try connection.first(
            "SELECT p.last_key FROM import_positions p WHERE p.table_name = \(table)")
        guard let row else { return nil }
        return try JSON.parse(row.text(0)).arrayValue?.compactMap(\.integerValue)
    }

    /// Stores how far the copy came, in the transaction of the batch.
    ///
    /// In PostgreSQL the commit does not wait for the disk. Its log is written in order: the commit at
    /// the end of the import makes all batches durable, and until then a crash of the server takes the
    /// last ones away with their positions.
    static func save(
        _ key: [Int64], of table: String, on connection: any SQLConnection
    ) throws {
        if connection.dialect == .postgres {
            try connection.run(script: "SET LOCAL synchronous_commit = off")
        }
        let text = "[" + key.map(String.init).joined(separator: ",") + "]"
        try connection.execute(
            """
            INSERT INTO import_positions (table_name, last_key)
            VALUES (\(table), \(text))
            ON CONFLICT (table_name) DO UPDATE SET last_key = excluded.last_key
            """)
    }
}
