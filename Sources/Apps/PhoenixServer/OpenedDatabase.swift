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
    /// - Throws: ``ConfigurationError`` or `DatabaseError`, each with a sentence for the user.
    package init(_ configuration: Configuration, creates: Bool = true) async throws {
        switch configuration.database {
        case .sqlite(let path):
            if let path {
                guard creates || fileSize(path) != nil else {
                    throw ConfigurationError("There is no database at '\(path)'.")
                }
                try makeFolder(folder(of: path))
                lock = try FileLock(path: path + ".lock", subject: "database '\(path)'")
            } else {
                lock = nil
            }
            var sqlite = SQLiteDatabase.Configuration(path: path)
            sqlite.functions = TracingStore.sqliteFunctions
            do {
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
}
