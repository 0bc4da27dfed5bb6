import PhoenixSchema
import PostgresDatabase
import SQLCore
import SQLiteDatabase
import Tracing

/// The configured database, open, and the lock that keeps other servers from its file.
package struct OpenedDatabase {
    package let database: any SQLDatabase
    private let lock: FileLock?

    /// Opens the database.
    ///
    /// - Parameter creates: Whether to make the working directory and the file when there are none.
    /// - Throws: ``ConfigurationError``, `SchemaError` or `DatabaseError`, each with a sentence for the
    ///   user. A file of another program is left as it is, but for a write that was never finished:
    ///   it is taken back, as whoever reads the file next has to.
    package init(_ configuration: Configuration, creates: Bool = true) async throws {
        switch configuration.database {
        case .sqlite(let path):
            do {
                if let path {
                    guard creates || fileSize(path) != nil else {
                        throw ConfigurationError("There is no database at '\(path)'.")
                    }
                    try makeFolder(folder(of: path))
                    try await Self.requireNoOther(path)
                    lock = try FileLock(path: path + ".lock", subject: "database '\(path)'")
                } else {
                    lock = nil
                }
                var sqlite = SQLiteDatabase.Configuration(path: path)
                sqlite.functions = TracingStore.sqliteFunctions
                database = try await SQLiteDatabase(sqlite)
            } catch let error as DatabaseError {
                throw ConfigurationError(
                    "The database '\(path ?? ":memory:")' cannot be opened. \(error)")
            }
        case .postgres(let conninfo):
            lock = nil
            var postgres = PostgresDatabase.Configuration(conninfo: conninfo)
            postgres.readConninfo = configuration.readReplica
            postgres.schema = configuration.databaseSchema
            database = PostgresDatabase(postgres)
        }
    }

    /// Looks whose file it is before it is locked and opened for writing, both of which leave traces.
    private static func requireNoOther(_ path: String) async throws {
        guard let size = fileSize(path), size > 0 else { return }
        // SQLite looks for a log or a journal beside the file, not beside a link to it.
        let file = resolvedPath(path)
        do {
            try await look(at: file, named: path)
        } catch let error as DatabaseError where error.code == .readOnly {
            // A program died in the middle of a write, which nobody can read past.
            try await SQLiteDatabase.rollBackJournal(of: file)
            try await look(at: file, named: path)
        }
    }

    private static func look(at file: String, named path: String) async throws {
        var sqlite = SQLiteDatabase.Configuration(path: file)
        sqlite.isReadOnly = true
        sqlite.isAtRest = !["-wal", "-journal"].contains { fileSize(file + $0) != nil }
        sqlite.readerCount = 1
        let database = try await SQLiteDatabase(sqlite)
        do {
            try await Migrator(database).requireNoOther(path: path)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
