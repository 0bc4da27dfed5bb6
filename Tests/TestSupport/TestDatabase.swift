import PhoenixSchema
import PostgresDatabase
import SQLCore
import SQLiteDatabase
import Tracing

#if canImport(Glibc)
    import Glibc
#endif

/// A database that a test can have for itself: each use starts empty.
///
/// SQLite is always available. PostgreSQL is when `PHOENIX_TEST_POSTGRES_URL` names a database in which
/// schemas may be created; `make test` starts one.
package enum TestDatabase: String, Sendable, CaseIterable, CustomStringConvertible {
    case sqlite
    case postgres

    package var description: String { rawValue }

    /// The databases of this run.
    package static var available: [TestDatabase] {
        postgresURL == nil ? [.sqlite] : [.sqlite, .postgres]
    }

    /// All tests of a run start at once; the server bears only so many connections.
    private static let postgresSeats = SeatPool(count: 10)

    private static var postgresURL: String? {
        getenv("PHOENIX_TEST_POSTGRES_URL").map { String(cString: $0) }
    }

    /// Opens an empty database, without a schema, and gives it to `body`.
    package func withEmptyDatabase<Value>(
        _ body: (any SQLDatabase) async throws -> Value
    ) async throws -> Value {
        switch self {
        case .sqlite:
            return try await withTemporaryFolder { folder in
                var configuration = SQLiteDatabase.Configuration(path: folder + "/phoenix.db")
                configuration.functions = TracingStore.sqliteFunctions
                let database = try await SQLiteDatabase(configuration)
                let result = await outcome { try await body(database) }
                await database.close()
                return try result.get()
            }
        case .postgres:
            let seat = await Self.postgresSeats.take()
            defer { Self.postgresSeats.give(back: seat) }
            // A name that has to be quoted everywhere.
            let schema = "Test " + String(UInt64.random(in: .min ... .max), radix: 36)
            var configuration = PostgresDatabase.Configuration(conninfo: Self.postgresURL!)
            configuration.schema = schema
            let database = PostgresDatabase(configuration)
            let result = await outcome { try await body(database) }
            try await database.write {
                try $0.run(script: "DROP SCHEMA \"\(schema)\" CASCADE")
            }
            await database.close()
            return try result.get()
        }
    }

    /// Opens a database with the current schema.
    package func withDatabase<Value>(
        _ body: (any SQLDatabase) async throws -> Value
    ) async throws -> Value {
        try await withEmptyDatabase { database in
            _ = try await Migrator(database).migrate(now: 0)
            return try await body(database)
        }
    }

    /// Opens a tracing store on an empty database.
    package func withTracingStore<Value>(
        _ body: (TracingStore) async throws -> Value
    ) async throws -> Value {
        try await withDatabase { try await body(TracingStore($0)) }
    }
}

/// What `body` returns or throws, so that cleaning up can come before telling.
private func outcome<Value>(
    of body: () async throws -> Value
) async -> Result<Value, any Error> {
    do {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}

/// Makes a folder, gives it to `body` and removes it with all that is in it.
package func withTemporaryFolder<Value>(
    _ body: (String) async throws -> Value
) async throws -> Value {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((base + "/phoenix-test-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw TemporaryFolderError(errno: errno) }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let result = await outcome { try await body(path) }
    removeFolder(path)
    return try result.get()
}

private struct TemporaryFolderError: Error { var errno: Int32 }

private func removeFolder(_ path: String) {
    if let folder = opendir(path) {
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) {
                removeFolder(path + "/" + name)
            } else {
                unlink(path + "/" + name)
            }
        }
        closedir(folder)
    }
    rmdir(path)
}
