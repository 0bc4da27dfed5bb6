import CPostgreSQL
import SQLCore

/// One libpq connection. Used by one thread alone; calls block.
final class PostgresConnection: SQLConnection {
    let dialect = SQLDialect.postgres
    private let handle: OpaquePointer
    /// Stops the statements of whoever uses the connection at present.
    var cancellation: CancellationFlag?

    /// Connects.
    ///
    /// - Parameter timeout: How many seconds connecting may take, unless `conninfo` says; nil for as
    ///   long as the system takes.
    /// - Throws: ``DatabaseError`` with `unavailable` or `permissionDenied`.
    init(conninfo: String, searchPath: String?, timeout: Int? = nil) throws {
        try LibPQ.checkIsLoaded()
        guard let handle = Self.connect(conninfo, timeout: timeout) else {
            throw DatabaseError(connection: nil)
        }
        guard libpq.PQstatus(handle) == CONNECTION_OK else {
            let error = DatabaseError(connection: handle)
            libpq.PQfinish(handle)
            throw error
        }
        self.handle = handle
        // Notices such as "relation already exists, skipping" are not for our standard error.
        _ = libpq.PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try run(script: "SET client_encoding = 'UTF8'; SET TIME ZONE 'UTC'; SET jit = off")
        if let searchPath { try use(schema: searchPath) }
        // lz4 halves the time that a payload takes; a server built without it keeps its default.
        try? run(script: "SET default_toast_compression = 'lz4'")
    }

    deinit { libpq.PQfinish(handle) }

    private static func connect(_ conninfo: String, timeout: Int?) -> OpaquePointer? {
        guard let timeout else { return libpq.PQconnectdb(conninfo) }
        // Of a keyword that occurs twice the last counts, so what `conninfo` says goes first.
        return withCStrings(["connect_timeout", "dbname"]) { keywords in
            withCStrings([String(timeout), conninfo]) { values in
                libpq.PQconnectdbParams(keywords, values, 1)
            }
        }
    }

    /// Calls `body` with a list of C strings that a null pointer ends.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Result
    ) -> Result {
        func rest(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Result {
            guard index < texts.count else { return body(pointers + [nil]) }
            return texts[index].withCString { rest(index + 1, pointers + [$0]) }
        }
        return rest(0, [])
    }

    private func use(schema: String) throws {
        let parts = schema.split(separator: "\"", omittingEmptySubsequences: false)
        let quoted = "\"" + parts.joined(separator: "\"\"") + "\""
        do {
            try run(script: "CREATE SCHEMA IF NOT EXISTS \(quoted)")
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            // Another connection made it in the same moment, which IF NOT EXISTS does not foresee.
        } catch let error as DatabaseError
            where [.readOnly, .permissionDenied].contains(error.code)
        {
            // A replica, or a role that may only use what is there.
        }
        try run(script: "SET search_path = \(quoted)")
    }

    /// What asks the server, on another connection, to stop the running statement. It may be called
    /// by any thread at any time, takes a round trip, and has no effect when nothing runs.
    func makeInterrupt() -> @Sendable () -> Void {
        let request = CancelRequest(libpq.PQgetCancel(handle))
        return { request.send() }
    }

    var isUsable: Bool { libpq.PQstatus(handle) == CONNECTION_OK }
    var isInTransaction: Bool { libpq.PQtransactionStatus(handle) != PQTRANS_IDLE }

    // MARK: SQLConnection

    func query(_ statement: SQL) throws -> [SQLRow] {
        let result = try send(statement)
        defer { libpq.PQclear(result) }
        let columns = libpq.PQnfields(result)
        return try (0..<libpq.PQntuples(result)).map { row in
            SQLRow(try (0..<columns).map { try PostgresValue.decode(result, row, $0) })
        }
    }

    func integers(_ statement: SQL) throws -> [Int64] {
        let result = try send(statement)
        defer { libpq.PQclear(result) }
        let columns = libpq.PQnfields(result)
        var integers: [Int64] = []
        integers.reserveCapacity(Int(libpq.PQntuples(result) * columns))
        for row in 0..<libpq.PQntuples(result) {
            for column in 0..<columns {
                integers.append(
                    SQLRow([try PostgresValue.decode(result, row, column)]).integer(0))
            }
        }
        return integers
    }

    @discardableResult
    func execute(_ statement: SQL) throws -> Int {
        let result = try send(statement)
        defer { libpq.PQclear(result) }
        return libpq.PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
    }

    func run(script: String) throws {
        let result = libpq.PQexec(handle, script)
        defer { libpq.PQclear(result) }
        try check(result)
    }

    func insert(
        _ columns: [BulkRows.Column], into table: String,
        makeParts: (_ insert: (BulkRows) throws -> Void) throws -> Void
    ) throws {
        let names = columns.map(\.name).joined(separator: ", ")
        try beginCopy("COPY \(table) (\(names)) FROM STDIN (FORMAT BINARY)")
        var failure: (any Error)?
        do {
            try sendRows(PostgresValue.copyHeader)
            try makeParts { try sendRows(PostgresValue.copyData($0)) }
            try sendRows(PostgresValue.copyTrailer)
            _ = libpq.PQputCopyEnd(handle, nil)
        } catch {
            failure = error
            _ = libpq.PQputCopyEnd(handle, "the client could not make or send its rows")
        }
        do {
            try endCopy()
        } catch {
            // Of a row that was refused while others were sent only the server knows.
            if failure == nil || failure is DatabaseError { failure = error }
        }
        if let failure { throw failure }
    }

    private func beginCopy(_ statement: String) throws {
        let begun = libpq.PQexec(handle, statement)
        defer { libpq.PQclear(begun) }
        guard libpq.PQresultStatus(begun) == PGRES_COPY_IN else {
            throw DatabaseError(result: begun, connection: handle)
        }
    }

    private func sendRows(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = min(1 << 20, bytes.count - offset)
                let start = bytes.baseAddress! + offset
                guard
                    libpq.PQputCopyData(
                        handle, start.assumingMemoryBound(to: CChar.self), Int32(count))
                        == 1
                else { throw DatabaseError(connection: handle) }
                offset += count
            }
        }
    }

    private func endCopy() throws {
        var failure: DatabaseError?
        while let result = libpq.PQgetResult(handle) {
            if libpq.PQresultStatus(result) != PGRES_COMMAND_OK, failure == nil {
                failure = DatabaseError(result: result, connection: handle)
            }
            libpq.PQclear(result)
        }
        if let failure { throw failure }
        guard isUsable else { throw DatabaseError(connection: handle) }
    }

    func add(_ rows: BulkRows, into table: String, keyColumns: Int) throws {
        guard !rows.isEmpty else { return }
        let columns = rows.columns.indices
        let arrays = columns.map { "$\($0 + 1)" }.joined(separator: ", ")
        let result = try send(
            """
            INSERT INTO \(table) (\(rows.columnNames))
            SELECT * FROM unnest(\(arrays))
            \(rows.additionClause(into: table, keyColumns: keyColumns))
            """,
            columns.map { PostgresValue.array(ofColumn: $0, in: rows) })
        libpq.PQclear(result)
    }

    func allocateIDs(_ count: Int, for table: String) throws -> [Int64] {
        guard count > 0 else { return [] }
        return try query(
            """
            SELECT nextval(\("\(table)_id_seq")::text::regclass)
            FROM generate_series(1, \(count)::bigint)
            """
        ).map { $0.integer(0) }
    }

    // MARK: Notifications

    /// The socket, to wait for bytes.
    var socket: Int32 { libpq.PQsocket(handle) }

    /// The payloads of the notifications that arrived; does not wait.
    func notifications() throws -> [String] {
        guard libpq.PQconsumeInput(handle) == 1 else { throw DatabaseError(connection: handle) }
        var payloads: [String] = []
        while let notification = libpq.PQnotifies(handle) {
            payloads.append(String(cString: notification.pointee.extra))
            libpq.PQfreemem(notification)
        }
        return payloads
    }

    // MARK: Statements

    private func send(_ statement: SQL) throws -> OpaquePointer {
        let (text, values) = statement.rendered(for: .postgres)
        return try send(text, values.map(PostgresValue.parameter))
    }

    private func send(
        _ text: String, _ parameters: [(type: Oid, bytes: [UInt8]?)]
    ) throws -> OpaquePointer {
        try cancellation?.check()
        var types = parameters.map(\.type)
        var lengths = parameters.map { Int32($0.bytes?.count ?? 0) }
        var formats = parameters.map { _ in Int32(1) }
        // One arena holds all values, so that their addresses stay put during the call.
        var arena: [UInt8] = []
        var offsets: [Int?] = []
        for parameter in parameters {
            offsets.append(parameter.bytes.map { _ in arena.count })
            arena += parameter.bytes ?? []
            // An empty value needs an address too: NULL would mean SQL's NULL.
            arena.append(0)
        }
        let result = arena.withUnsafeBytes { arena in
            let pointers: [UnsafePointer<CChar>?] = offsets.map { offset in
                offset.map { (arena.baseAddress! + $0).assumingMemoryBound(to: CChar.self) }
            }
            return libpq.PQexecParams(
                handle, text, Int32(parameters.count), &types, pointers, &lengths, &formats, 1)
        }
        do {
            try check(result)
        } catch {
            libpq.PQclear(result)
            throw error
        }
        return result!
    }

    private func check(_ result: OpaquePointer?) throws {
        switch libpq.PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw DatabaseError(result: result, connection: handle)
        }
    }
}

/// A request of libpq to cancel, freed with this object.
// SAFETY: `PQcancel` may be called by any thread, and does not change the request.
private final class CancelRequest: @unchecked Sendable {
    private let request: OpaquePointer?

    init(_ request: OpaquePointer?) {
        self.request = request
    }

    deinit { libpq.PQfreeCancel(request) }

    func send() {
        // Where the request fails, the statement runs to its end: nothing is lost but time.
        var reason = [CChar](repeating: 0, count: 256)
        _ = libpq.PQcancel(request, &reason, Int32(reason.count))
    }
}
