import ArrowStream
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

    /// The value as Arrow writes it: times are microseconds.
    var value: JSONValue {
        switch self {
        case .null: .null
        case .text(let text): .string(text)
        case .time(let time): .integer(time.microseconds)
        case .value(let value): value
        // A payload that cannot be read has been blanked by a deletion that is just under way.
        case .json(let json): (try? JSON.parse(json)) ?? .null
        }
    }

    fileprivate var arrowType: ArrowType {
        if case .time = self { .timestamp } else { ArrowType(of: value) }
    }
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
        /// What Arrow has to know; null unless it is asked for.
        var arrowType = ArrowType.null

        mutating func observe(_ cell: SpanTableCell, forArrow: Bool) {
            if forArrow { arrowType = arrowType.merged(with: cell.arrowType) }
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

        mutating func observe(_ cell: SpanTableRow.Named, forArrow: Bool) {
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
            columns[position].observe(cell.cell, forArrow: forArrow)
        }

        /// The cells of a row in the order of the columns. Columns that were not observed are left
        /// out.
        func cells(_ row: SpanTableRow, group: Int) -> [SpanTableCell] {
            var cells = [SpanTableCell](repeating: .null, count: columns.count)
            guard group < row.groups.count else { return cells }
            for cell in row.groups[group] {
                if let position = positions[cell.name] { cells[position] = cell.cell }
            }
            return cells
        }
    }

    private var fixed: [Column]
    private let indexCount: Int
    private var groups: [Group] = []
    private let namesWhenEmpty: [String]
    private(set) var rowCount = 0
    /// Whether the types for Arrow are found out too, which costs more.
    var observesForArrow = false

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
        for (index, cell) in row.cells.enumerated() {
            fixed[index].observe(cell, forArrow: observesForArrow)
        }
        while groups.count < row.groups.count { groups.append(Group()) }
        for (index, cells) in row.groups.enumerated() {
            for cell in cells { groups[index].observe(cell, forArrow: observesForArrow) }
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
            for (column, cell) in zip(known.columns, known.cells(row, group: group)) {
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

// MARK: The form of Arrow, with what pandas adds to it

extension SpanTableColumns {
    /// The columns of a stream, those of the index last.
    ///
    /// - Returns: The stream, and the text under `pandas` that says which columns are the index.
    func arrow(renames: [String: String]) -> (stream: ArrowStream, metadata: String) {
        let names = fixed.map(\.name)
        var columns: [ArrowStream.Column] = []
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("columns")
        writer.beginArray()
        for (name, field, column) in arrowFields(names, renames) {
            var type = column.arrowType
            // As pandas does: a column of integers is one of doubles once a value is missing.
            if type == .integer, column.count < rowCount { type = .double }
            columns.append(ArrowStream.Column(name: field, type: type))
            Self.write(name, field, type, to: &writer)
        }
        writer.endArray()
        writer.key("index_columns")
        writer.beginArray()
        for field in columns.suffix(indexCount) { writer.string(field.name) }
        writer.endArray()
        writer.key("column_indexes")
        writer.beginArray()
        writer.endArray()
        writer.key("pandas_version")
        writer.string("2.0.0")
        writer.endObject()
        return (ArrowStream(columns), String(decoding: writer.bytes, as: UTF8.self))
    }

    /// Each column with its name and the one of its field, which differs for an index that is called
    /// like a column.
    private func arrowFields(
        _ names: [String], _ renames: [String: String]
    ) -> [(name: String, field: String, column: Column)] {
        let others = shown.dropFirst(indexCount).map { column in
            let name = renames[column.name] ?? column.name
            return (name: name, field: name, column: column)
        }
        let taken = Set(others.map(\.name))
        let index = fixed.prefix(indexCount).enumerated().map { level, column in
            let isTaken = taken.contains(column.name)
            return (
                name: column.name, field: isTaken ? "__index_level_\(level)__" : column.name,
                column: column
            )
        }
        return others + index
    }

    private static func write(
        _ name: String, _ field: String, _ type: ArrowType, to writer: inout JSONWriter
    ) {
        let (pandas, numpy) =
            switch type {
            case .null: ("empty", "object")
            case .bool: ("bool", "bool")
            case .integer: ("int64", "int64")
            case .double: ("float64", "float64")
            case .text: ("unicode", "object")
            case .timestamp: ("datetimetz", "datetime64[ns]")
            case .list, .structure: ("object", "object")
            }
        writer.beginObject()
        writer.key("name")
        writer.string(name)
        writer.key("field_name")
        writer.string(field)
        writer.key("pandas_type")
        writer.string(pandas)
        writer.key("numpy_type")
        writer.string(numpy)
        writer.key("metadata")
        if type == .timestamp {
            writer.beginObject()
            writer.key("timezone")
            writer.string("UTC")
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }

    /// The values of some rows by column, in the order of ``arrow(renames:)``.
    func arrowValues(_ rows: [SpanTableRow]) -> [[JSONValue]] {
        let count = fixed.count + groups.reduce(0) { $0 + $1.columns.count }
        var values = [[JSONValue]](repeating: [], count: count)
        for row in rows {
            var cells = row.cells
            for (group, known) in groups.enumerated() {
                cells += known.cells(row, group: group)
            }
            for (index, cell) in cells.enumerated() { values[index].append(cell.value) }
        }
        return Array(values.dropFirst(indexCount) + values.prefix(indexCount))
    }
}
