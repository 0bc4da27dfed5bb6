import JSON
import PhoenixModel

/// One cell of a table.
enum SpanTableCell: Sendable {
    case null
    case text(String)
    case time(Timestamp)
    case value(JSONValue)
    /// A serialised array or object.
    case json([UInt8])
}

/// One row of a table: the cells of the columns that every row has, and of those that come up.
struct SpanTableRow: Sendable {
    typealias Named = (name: String, cell: SpanTableCell)

    /// In the order of ``SpanTableColumns/fixed``.
    var cells: [SpanTableCell]
    /// Cells of groups of columns that are known once a row has them. A group has a name only once.
    var groups: [[Named]] = []
}

/// The columns of a table, and of which type each is, found out by looking at all rows.
struct SpanTableColumns: Sendable {
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        static let text = Kinds(rawValue: 1)
        static let integer = Kinds(rawValue: 2)
        static let double = Kinds(rawValue: 4)
        static let bool = Kinds(rawValue: 8)
        static let time = Kinds(rawValue: 16)
        static let other = Kinds(rawValue: 32)
    }

    private struct Column {
        var name: String
        var kinds: Kinds = []
        /// How many rows have a value.
        var count = 0

        mutating func observe(_ cell: SpanTableCell) {
            switch cell {
            case .null, .value(.null): return
            case .text, .value(.string): kinds.formUnion(.text)
            case .value(.integer): kinds.formUnion(.integer)
            case .value(.double): kinds.formUnion(.double)
            case .value(.bool): kinds.formUnion(.bool)
            case .time: kinds.formUnion(.time)
            case .json, .value: kinds.formUnion(.other)
            }
            count += 1
        }

        /// The type, with what else pandas says of it.
        func type(rowCount: Int) -> (name: String, detail: (String, String)?) {
            let isComplete = count == rowCount
            switch kinds {
            case .text: return ("string", ("extDtype", "str"))
            case .time: return ("datetime", ("tz", "UTC"))
            case .integer where isComplete: return ("integer", nil)
            case .integer, .double, [.integer, .double]: return ("number", nil)
            case .bool where isComplete: return ("boolean", nil)
            default: return ("string", nil)
            }
        }
    }

    /// Columns that come up with the rows, in the order in which they do.
    private struct Group {
        var columns: [Column] = []
        var positions: [String: Int] = [:]

        mutating func observe(_ cell: SpanTableRow.Named) {
            if case .null = cell.cell { return }
            if case .value(.null) = cell.cell { return }
            let position: Int
            if let known = positions[cell.name] {
                position = known
            } else {
                position = columns.count
                positions[cell.name] = position
                columns.append(Column(name: cell.name))
            }
            columns[position].observe(cell.cell)
        }
    }

    private var fixed: [Column]
    private let indexCount: Int
    private var groups: [Group] = []
    private let namesWhenEmpty: [String]
    private(set) var rowCount = 0

    /// - Parameters:
    ///   - fixed: The columns that every row has, those of the index first.
    ///   - indexCount: How many of them are the index.
    ///   - namesWhenEmpty: What the other columns are when there are no rows.
    init(fixed: [String], indexCount: Int, namesWhenEmpty: [String] = []) {
        self.fixed = fixed.map { Column(name: $0) }
        self.indexCount = indexCount
        self.namesWhenEmpty = namesWhenEmpty
    }

    /// Takes notice of a row.
    mutating func observe(_ row: SpanTableRow) {
        rowCount += 1
        for (index, cell) in row.cells.enumerated() { fixed[index].observe(cell) }
        while groups.count < row.groups.count { groups.append(Group()) }
        for (index, cells) in row.groups.enumerated() {
            for cell in cells { groups[index].observe(cell) }
        }
    }

    private var shown: [Column] {
        rowCount == 0
            ? fixed + namesWhenEmpty.map { Column(name: $0) }
            : fixed + groups.flatMap(\.columns)
    }

    // MARK: The form of pandas' `orient="table"`, each name led by its position

    /// Writes everything up to the first row.
    func writeHead(to writer: inout JSONWriter, renames: [String: String]) {
        writer.key("schema")
        writer.beginObject()
        writer.key("fields")
        writer.beginArray()
        for (index, column) in shown.enumerated() {
            let (type, detail) =
                rowCount == 0 ? ("string", nil) : column.type(rowCount: rowCount)
            writer.beginObject()
            writer.key("name")
            writer.string(name(index, column, renames))
            writer.key("type")
            writer.string(type)
            if let detail {
                writer.key(detail.0)
                writer.string(detail.1)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.key("primaryKey")
        writer.beginArray()
        for index in 0..<indexCount { writer.string(name(index, fixed[index], [:])) }
        writer.endArray()
        writer.key("pandas_version")
        writer.string("1.4.0")
        writer.endObject()
    }

    private func name(_ index: Int, _ column: Column, _ renames: [String: String]) -> String {
        let name = index < indexCount ? column.name : renames[column.name] ?? column.name
        return "\(index)_\(name)"
    }

    /// Writes a row. Columns that were not observed are left out.
    func write(_ row: SpanTableRow, to writer: inout JSONWriter, renames: [String: String]) {
        writer.beginObject()
        for (index, cell) in row.cells.enumerated() {
            writer.key(name(index, fixed[index], renames))
            write(cell, of: fixed[index], to: &writer)
        }
        var index = fixed.count
        for (group, known) in groups.enumerated() {
            var cells = [SpanTableCell](repeating: .null, count: known.columns.count)
            if group < row.groups.count {
                for cell in row.groups[group] {
                    if let position = known.positions[cell.name] { cells[position] = cell.cell }
                }
            }
            for (column, cell) in zip(known.columns, cells) {
                writer.key(name(index, column, renames))
                write(cell, of: column, to: &writer)
                index += 1
            }
        }
        writer.endObject()
    }

    private func write(_ cell: SpanTableCell, of column: Column, to writer: inout JSONWriter) {
        switch cell {
        case .null: writer.null()
        case .text(let text): writer.string(text)
        case .time(let time): writer.string(Self.nanosecondForm(time))
        case .json(let json): writer.raw(json)
        case .value(.integer(let number))
        where column.type(rowCount: rowCount).name == "number":
            writer.double(Double(number))
        case .value(let value): writer.value(value)
        }
    }

    /// `2026-11-21T07:14:37.495230000Z`.
    private static func nanosecondForm(_ timestamp: Timestamp) -> String {
        let text = timestamp.description.dropLast("+00:00".count)
        return text.contains(".") ? "\(text)000Z" : "\(text).000000000Z"
    }
}
