/// Rows for one bulk insert, laid out in one arena of bytes so that no value costs an allocation.
///
/// Cells are appended in the order of ``columns``, row after row.
package struct BulkRows: Sendable {
    /// The type of a column's values, which the binary protocol of PostgreSQL needs to know.
    package enum ColumnType: Sendable {
        case bigint, integer, double, text, blob, json
    }

    package struct Column: Sendable {
        package let name: String
        package let type: ColumnType

        package init(_ name: String, _ type: ColumnType) {
            self.name = name
            self.type = type
        }
    }

    package enum Cell: Sendable {
        case null
        case integer(Int64)
        case double(Double)
        /// Text, blob or JSON by the column's type: a slice of ``arena``.
        case bytes(offset: Int, count: Int)
    }

    package let columns: [Column]
    package private(set) var cells: [Cell] = []
    package private(set) var arena: [UInt8] = []

    package init(_ columns: [Column]) { self.columns = columns }

    package var count: Int { cells.count / columns.count }
    package var isEmpty: Bool { cells.isEmpty }

    package mutating func reserve(rows: Int, bytes: Int) {
        cells.reserveCapacity(rows * columns.count)
        arena.reserveCapacity(bytes)
    }

    /// Takes all rows away and keeps the memory for others.
    package mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
    }

    package mutating func append(_ value: Int64) { cells.append(.integer(value)) }

    package mutating func append(_ value: Int64?) {
        cells.append(value.map(Cell.integer) ?? .null)
    }

    package mutating func append(_ value: Double?) {
        cells.append(value.map(Cell.double) ?? .null)
    }

    package mutating func append(_ text: String?) {
        guard var text else { return cells.append(.null) }
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(_ bytes: [UInt8]?) {
        guard let bytes else { return cells.append(.null) }
        bytes.withUnsafeBytes { append($0) }
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        cells.append(.bytes(offset: arena.count, count: bytes.count))
        arena.append(contentsOf: bytes)
    }

    package mutating func appendNull() { cells.append(.null) }
}

extension BulkRows {
    /// The names of the columns, separated by commas.
    package var columnNames: String { columns.map(\.name).joined(separator: ", ") }

    /// The end of an `INSERT` that adds each row to one that has its key.
    package func additionClause(into table: String, keyColumns: Int) -> String {
        let keys = columns[..<keyColumns].map(\.name).joined(separator: ", ")
        let sums = columns[keyColumns...].map {
            "\($0.name) = \(table).\($0.name) + excluded.\($0.name)"
        }
        return "ON CONFLICT (\(keys)) DO UPDATE SET \(sums.joined(separator: ", "))"
    }
}
