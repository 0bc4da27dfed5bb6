import CSQLite
import SQLCore

/// One SQLite handle. Used by one thread alone, the one of its ``WorkerThread``.
final class SQLiteConnection: SQLConnection {
    enum Mode {
        case writer, reader
        /// Reads a file that is not ours and must stay as it is.
        case onlooker
        /// The same where nobody writes to the file: without locks and files beside it.
        case onlookerAtRest
    }

    let dialect = SQLDialect.sqlite
    let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]
    /// Keeps the functions that were registered alive as long as the handle.
    private var functions: [FunctionBox] = []
    /// Stops the statements of whoever uses the connection at present.
    var cancellation: CancellationFlag?

    /// Between so many steps of its virtual machine SQLite asks whether to go on: less than a
    /// millisecond of work, and too many for the asking to be felt.
    private static let stepsBetweenChecks: Int32 = 2000

    /// With this many different statements the cache starts anew.
    private static let statementLimit = 400

    /// Nobody asks SQLite how much memory it has, and counting it takes a lock of the whole process at
    /// each allocation. Where SQLite runs already, it goes on counting, and is only slower.
    private static let memoryCountResult = csqlite_count_memory(0)

    init(path: String, mode: Mode, functions registered: [SQLiteFunction]) throws {
        _ = Self.memoryCountResult
        var handle: OpaquePointer?
        let flags: Int32 =
            switch mode {
            case .writer: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .reader: SQLITE_OPEN_READWRITE
            case .onlooker, .onlookerAtRest: SQLITE_OPEN_READONLY
            }
        let name = mode == .onlookerAtRest ? Self.addressAtRest(path) : path
        let isAddress = name.hasPrefix("file:")
        let code = sqlite3_open_v2(
            name, &handle, flags | SQLITE_OPEN_NOMUTEX | (isAddress ? SQLITE_OPEN_URI : 0), nil)
        guard let handle, code == SQLITE_OK else {
            let error = DatabaseError(sqliteCode: code, handle: handle)
            sqlite3_close_v2(handle)
            throw error
        }
        self.handle = handle
        sqlite3_extended_result_codes(handle, 1)
        sqlite3_busy_timeout(handle, 10_000)
        for function in registered { try register(function) }
        guard mode != .writer else { return }
        // The handler is gone with the handle, which this object owns.
        sqlite3_progress_handler(
            handle, Self.stepsBetweenChecks,
            { context in
                guard let context else { return 0 }
                let connection = Unmanaged<SQLiteConnection>.fromOpaque(context)
                return connection.takeUnretainedValue().cancellation?.isSet == true ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The file's name as a URI that promises that it does not change (sqlite.org/uri.html, "immutable").
    private static func addressAtRest(_ path: String) -> String {
        let escaped = path.unicodeScalars.map {
            "%?#".unicodeScalars.contains($0) ? "%" + String($0.value, radix: 16) : String($0)
        }
        return "file:" + escaped.joined() + "?immutable=1"
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    // MARK: SQLConnection

    func query(_ statement: SQL) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try forEachRow(of: statement) { prepared, columnCount in
            rows.append(row(prepared, columnCount))
        }
        return rows
    }

    func integers(_ statement: SQL) throws -> [Int64] {
        var integers: [Int64] = []
        try forEachRow(of: statement) { prepared, columnCount in
            for column in 0..<columnCount {
                integers.append(sqlite3_column_int64(prepared, column))
            }
        }
        return integers
    }

    private func forEachRow(
        of statement: SQL, _ body: (OpaquePointer, _ columnCount: Int32) -> Void
    ) throws {
        try cancellation?.check()
        let (text, values) = statement.rendered(for: .sqlite)
        let prepared = try prepare(text)
        defer {
            sqlite3_reset(prepared)
            sqlite3_clear_bindings(prepared)
        }
        try withExtendedLifetime(values) {
            var keeper = BindingKeeper()
            try bind(values, to: prepared, &keeper)
            defer { keeper.free() }
            let columnCount = sqlite3_column_count(prepared)
            while true {
                switch sqlite3_step(prepared) {
                case SQLITE_ROW: body(prepared, columnCount)
                case SQLITE_DONE: return
                case let code: throw DatabaseError(sqliteCode: code, handle: handle)
                }
            }
        }
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        _ = try query(statement)
        return Int(sqlite3_changes(handle))
    }

    func run(script: String) throws {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(sqliteCode: code, handle: handle) }
    }

    func insert(
        _ columns: [BulkRows.Column], into table: String,
        makeParts: (_ insert: (BulkRows) throws -> Void) throws -> Void
    ) throws {
        try makeParts { try insert($0, into: table, clause: "") }
    }

    func add(_ rows: BulkRows, into table: String, keyColumns: Int) throws {
        try insert(
            rows, into: table,
            clause: rows.additionClause(into: table, keyColumns: keyColumns))
    }

    private func insert(_ rows: BulkRows, into table: String, clause: String) throws {
        guard !rows.isEmpty else { return }
        let marks = rows.columns.map { _ in "?" }.joined(separator: ", ")
        let prepared = try prepare(
            "INSERT INTO \(table) (\(rows.columnNames)) VALUES (\(marks)) \(clause)")
        defer {
            sqlite3_reset(prepared)
            sqlite3_clear_bindings(prepared)
        }
        let width = rows.columns.count
        try rows.arena.withUnsafeBytes { arena in
            // An empty arena has no address, yet a NULL pointer would bind NULL, not an empty value.
            let base = arena.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
            for row in 0..<rows.count {
                for column in 0..<width {
                    let index = Int32(column + 1)
                    switch rows.cells[row * width + column] {
                    case .null: sqlite3_bind_null(prepared, index)
                    case .integer(let value): sqlite3_bind_int64(prepared, index, value)
                    case .double(let value): sqlite3_bind_double(prepared, index, value)
                    case .bytes(let offset, let count):
                        if rows.columns[column].type == .blob {
                            _ = csqlite_bind_blob(prepared, index, base + offset, Int32(count))
                        } else {
                            _ = csqlite_bind_text(
                                prepared, index,
                                (base + offset).assumingMemoryBound(to: CChar.self),
                                Int32(count))
                        }
                    }
                }
                let code = sqlite3_step(prepared)
                sqlite3_reset(prepared)
                guard code == SQLITE_DONE else {
                    throw DatabaseError(sqliteCode: code, handle: handle)
                }
            }
        }
    }

    func allocateIDs(_ count: Int, for table: String) throws -> [Int64] {
        guard count > 0 else { return [] }
        let row = try first(
            """
            INSERT INTO id_sequences (table_name, last_id)
            VALUES (\(table), \(count))
            ON CONFLICT (table_name) DO UPDATE SET last_id = last_id + excluded.last_id
            RETURNING last_id
            """)
        let last = row!.integer(0)
        return Array((last - Int64(count) + 1)...last)
    }

    // MARK: Statements

    func prepare(_ text: String) throws -> OpaquePointer {
        if let statement = statements[text] { return statement }
        if statements.count >= Self.statementLimit { dropIdleStatements() }
        var text = text
        var statement: OpaquePointer?
        let code = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle, $0.baseAddress, Int32($0.count), UInt32(SQLITE_PREPARE_PERSISTENT),
                    &statement, nil)
            }
        }
        guard code == SQLITE_OK, let statement else {
            throw DatabaseError(sqliteCode: code, handle: handle)
        }
        statements[text] = statement
        return statement
    }

    /// Empties the cache but for statements that are running: those call a function whose own
    /// statement is being prepared.
    private func dropIdleStatements() {
        statements = statements.filter { _, statement in
            if sqlite3_stmt_busy(statement) != 0 { return true }
            sqlite3_finalize(statement)
            return false
        }
    }

    /// Copies of bound bytes that must live until the statement is done.
    private struct BindingKeeper {
        var copies: [UnsafeMutableRawPointer] = []

        mutating func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
            let copy = UnsafeMutableRawPointer.allocate(
                byteCount: max(bytes.count, 1), alignment: 1)
            copy.copyMemory(
                from: bytes.baseAddress ?? UnsafeRawPointer(copy), byteCount: bytes.count)
            copies.append(copy)
            return UnsafeRawPointer(copy)
        }

        func free() { for copy in copies { copy.deallocate() } }
    }

    private func bind(
        _ values: [SQLValue], to statement: OpaquePointer, _ keeper: inout BindingKeeper
    ) throws {
        for (position, value) in values.enumerated() {
            let index = Int32(position + 1)
            let code: Int32
            switch value {
            case .null: code = sqlite3_bind_null(statement, index)
            case .integer(let integer): code = sqlite3_bind_int64(statement, index, integer)
            case .double(let double): code = sqlite3_bind_double(statement, index, double)
            case .text(var text):
                let count = text.utf8.count
                let copy = text.withUTF8 { keeper.copy(UnsafeRawBufferPointer($0)) }
                code = csqlite_bind_text(
                    statement, index, copy.assumingMemoryBound(to: CChar.self), Int32(count))
            case .json(let bytes):
                let copy = bytes.withUnsafeBytes { keeper.copy($0) }
                code = csqlite_bind_text(
                    statement, index, copy.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
            case .blob(let bytes):
                let copy = bytes.withUnsafeBytes { keeper.copy($0) }
                code = csqlite_bind_blob(statement, index, copy, Int32(bytes.count))
            }
            guard code == SQLITE_OK else {
                keeper.free()
                keeper.copies = []
                throw DatabaseError(sqliteCode: code, handle: handle)
            }
        }
    }

    private func row(_ statement: OpaquePointer, _ count: Int32) -> SQLRow {
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count { values.append(Self.value(statement, column)) }
        return SQLRow(values)
    }

    private static func value(_ statement: OpaquePointer, _ column: Int32) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .double(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(statement, column)
            let length = Int(sqlite3_column_bytes(statement, column))
            return .text(
                String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(statement, column)
            let length = Int(sqlite3_column_bytes(statement, column))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: length)))
        default: return .null
        }
    }

    // MARK: Functions

    private final class FunctionBox {
        let function: SQLiteFunction
        unowned let connection: SQLiteConnection
        var state: AnyObject?

        init(_ function: SQLiteFunction, _ connection: SQLiteConnection) {
            self.function = function
            self.connection = connection
        }
    }

    private func register(_ function: SQLiteFunction) throws {
        let box = FunctionBox(function, self)
        functions.append(box)
        let code = sqlite3_create_function_v2(
            handle, function.name, Int32(function.argumentCount),
            SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            Unmanaged.passUnretained(box).toOpaque(),
            { context, count, arguments in
                let box = Unmanaged<FunctionBox>.fromOpaque(sqlite3_user_data(context))
                    .takeUnretainedValue()
                let values = (0..<Int(count)).map { SQLiteConnection.value(arguments![$0]!) }
                do {
                    let result = try box.function.body(values, box.connection, &box.state)
                    SQLiteConnection.answer(result, context!)
                } catch {
                    sqlite3_result_error(context, "\(error)", -1)
                }
            }, nil, nil, nil)
        guard code == SQLITE_OK else { throw DatabaseError(sqliteCode: code, handle: handle) }
    }

    private static func value(_ argument: OpaquePointer) -> SQLValue {
        switch sqlite3_value_type(argument) {
        case SQLITE_INTEGER: return .integer(sqlite3_value_int64(argument))
        case SQLITE_FLOAT: return .double(sqlite3_value_double(argument))
        case SQLITE_TEXT:
            let start = sqlite3_value_text(argument)
            let length = Int(sqlite3_value_bytes(argument))
            return .text(
                String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_value_blob(argument)
            return .blob(
                [UInt8](
                    UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(argument))))
            )
        default: return .null
        }
    }

    private static func answer(_ value: SQLValue, _ context: OpaquePointer) {
        switch value {
        case .null: sqlite3_result_null(context)
        case .integer(let integer): sqlite3_result_int64(context, integer)
        case .double(let double): sqlite3_result_double(context, double)
        case .text(var text):
            text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    csqlite_result_text(context, $0.baseAddress, Int32($0.count))
                }
            }
        case .json(let bytes), .blob(let bytes):
            bytes.withUnsafeBytes {
                csqlite_result_text(
                    context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
            }
        }
    }
}
