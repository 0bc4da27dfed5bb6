import CSQLite
import Lifecycle
import SQLCore

/// A database in one file, in write-ahead mode: one writer, several readers, each on its own thread.
///
/// A write is durable when ``write(_:)`` returns: `synchronous=FULL` syncs the log at each commit.
/// Readers see the last commit and never wait for the writer, nor it for them.
package final class SQLiteDatabase: SQLDatabase {
    package struct Configuration: Sendable {
        /// The file, or nil for a database in memory that ends with this object.
        package var path: String?
        package var readerCount = 2
        package var writerCacheBytes = 28 << 20
        package var readerCacheBytes = 4 << 20
        package var functions: [SQLiteFunction] = []
        /// Whether the file must exist and stays as it is, in whatever mode; every write fails.
        package var isReadOnly = false
        /// Whether, of a file that is only read, nobody writes to it meanwhile: it is read without locks,
        /// and nothing appears beside it.
        package var isAtRest = false

        package init(path: String?) { self.path = path }

        fileprivate var readerMode: SQLiteConnection.Mode {
            guard isReadOnly else { return .reader }
            return isAtRest ? .onlookerAtRest : .onlooker
        }
    }

    package let dialect = SQLDialect.sqlite

    /// A connection and the thread that it lives on.
    private final class Seat: Sendable {
        let thread: WorkerThread
        // SAFETY: only jobs of `thread` touch the connection.
        nonisolated(unsafe) var connection: SQLiteConnection?

        init(_ name: String) { thread = WorkerThread(name: name) }

        func run<Value: Sendable>(
            _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
        ) async throws -> Value {
            try await thread.run { [self] in
                guard let connection else {
                    throw DatabaseError(.unavailable, "The database has been closed.")
                }
                return try body(connection)
            }
        }

        func close() async {
            // A stopped thread has closed its connection already.
            try? await thread.run { self.connection = nil }
            thread.stop()
        }
    }

    private let writer = Seat("sqlite writer")
    private let readers: [Seat]
    private let freeReaders: SeatPool
    private let isMemory: Bool
    private let isReadOnly: Bool

    /// Opens the database, creating the file when there is none.
    ///
    /// - Throws: ``DatabaseError``, for example `permissionDenied` when the file cannot be created or
    ///   `corrupt` when it is not a database.
    package init(_ configuration: Configuration) async throws {
        isMemory = configuration.path == nil
        isReadOnly = configuration.isReadOnly
        // Connections of one process share a named database in memory.
        let path =
            configuration.path
            ?? "file:phoenix-\(UInt64.random(in: .min ... .max))?mode=memory&cache=shared"
        readers = (0..<configuration.readerCount).map { Seat("sqlite reader \($0)") }
        freeReaders = SeatPool(count: configuration.readerCount)
        let isMemory = isMemory
        let functions = configuration.functions
        if !isReadOnly { try await openWriter(path, configuration) }
        for reader in readers {
            try await reader.thread.run {
                let connection = try SQLiteConnection(
                    path: path, mode: configuration.readerMode, functions: functions)
                try connection.run(
                    script: """
                        PRAGMA query_only = ON;
                        PRAGMA temp_store = MEMORY;
                        PRAGMA cache_size = -\(configuration.readerCacheBytes >> 10);
                        PRAGMA read_uncommitted = \(isMemory ? "ON" : "OFF");
                        """)
                reader.connection = connection
            }
        }
    }

    /// Takes back what a program wrote that died before its commit, and changes nothing else.
    ///
    /// - Throws: ``DatabaseError`` when the file cannot be written.
    package static func rollBackJournal(of path: String) async throws {
        try await WorkerThread(name: "sqlite journal").run {
            let connection = try SQLiteConnection(path: path, mode: .reader, functions: [])
            _ = try connection.query("SELECT 1 FROM sqlite_master LIMIT 1")
        }
    }

    private func openWriter(_ path: String, _ configuration: Configuration) async throws {
        let functions = configuration.functions
        try await writer.thread.run { [writer] in
            let connection = try SQLiteConnection(path: path, mode: .writer, functions: functions)
            // The log goes back into the file every 32 MB: ids are random, so that each commit touches
            // pages all over the indexes, and a page is written back once for all commits of a round.
            // With more, the commit whose turn it is makes its clients wait for too long.
            try connection.run(
                script: """
                    PRAGMA page_size = 8192;
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = FULL;
                    PRAGMA secure_delete = OFF;
                    PRAGMA foreign_keys = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = 4000;
                    PRAGMA journal_size_limit = 67108864;
                    PRAGMA cache_size = -\(configuration.writerCacheBytes >> 10);
                    """)
            writer.connection = connection
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        // Table locks of a shared cache in memory would refuse a reader beside the writer.
        if isMemory { return try await write(body) }
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            let index = await freeReaders.take()
            defer { freeReaders.give(back: index) }
            try Task.checkCancellation()
            return try await flag.passingOn {
                try await readers[index].run { connection in
                    try connection.run(script: "BEGIN")
                    connection.cancellation = flag
                    defer {
                        connection.cancellation = nil
                        // The snapshot ends here either way; an error of the body is what counts.
                        try? connection.run(script: "ROLLBACK")
                    }
                    return try body(connection)
                }
            }
        } onCancel: {
            flag.set()
        }
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        if isReadOnly {
            throw DatabaseError(.readOnly, "The database was opened for reading only.")
        }
        return try await writer.run { connection in
            try connection.run(script: "BEGIN IMMEDIATE")
            do {
                let value = try body(connection)
                try connection.run(script: "COMMIT")
                return value
            } catch {
                if sqlite3_get_autocommit(connection.handle) == 0 {
                    // SQLite may have rolled back by itself; the first error is the one to tell.
                    try? connection.run(script: "ROLLBACK")
                }
                throw error
            }
        }
    }

    package func size() async throws -> Int64 {
        try await read { connection in
            let pages = try connection.first("PRAGMA page_count")!.integer(0)
            return try pages * connection.first("PRAGMA page_size")!.integer(0)
        }
    }

    package func releaseCache() async throws {
        _ = try await write { try $0.execute("PRAGMA shrink_memory") }
    }

    package func integrityFindings() async throws -> [String] {
        try await read { connection in
            let damage = try connection.query("PRAGMA integrity_check(100)")
                .map { $0.text(0) }
                .filter { $0 != "ok" }
            let orphans = try connection.query("PRAGMA foreign_key_check").map { row in
                "Row \(row.optionalInteger(1) ?? 0) of \(row.text(0)) refers to a missing row of \(row.text(2))."
            }
            return damage + orphans
        }
    }

    package func close() async {
        for reader in readers { await reader.close() }
        await writer.close()
    }
}
