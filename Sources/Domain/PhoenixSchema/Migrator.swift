import SQLCore

/// Brings a database to the schema that this version of Phoenix works with.
package struct Migrator: Sendable {
    private let database: any SQLDatabase
    private let migrations: [Migration]

    package init(_ database: any SQLDatabase, migrations: [Migration] = Migration.all) {
        self.database = database
        self.migrations = migrations
    }

    /// The number that PostgreSQL's advisory lock for migrations goes by: `phoenix` in ASCII.
    private static let lock: Int64 = 0x70_686F_656E_6978

    /// Runs the steps that are missing, and fills in the rows that every database has. A new database
    /// is made in one transaction; later on each step has its own.
    ///
    /// Several servers may start at once on one PostgreSQL database: one migrates, the others wait.
    ///
    /// - Parameters:
    ///   - now: The time in microseconds that new rows carry.
    ///   - defaultRetentionDays: The days of the default retention policy when it is created; 0 keeps
    ///     traces for ever.
    /// - Returns: The names of the steps that ran.
    /// - Throws: ``SchemaError`` when the database is newer than this version of Phoenix, or was made by
    ///   Arize Phoenix; nothing is changed then.
    package func migrate(now: Int64, defaultRetentionDays: Int = 0) async throws -> [String] {
        var ran = try await database.write { connection in
            try Self.prepare(connection)
            guard try Self.latestVersion(connection) == 0 else { return [String]() }
            guard try !Self.isOfArizePhoenix(connection) else { throw SchemaError.ofArizePhoenix }
            for migration in migrations {
                try connection.run(script: migration.script(for: connection.dialect))
            }
            try Self.record(migrations, on: connection, now: now)
            try Self.seed(connection, now: now, retentionDays: defaultRetentionDays)
            return migrations.map(\.name)
        }
        guard ran.isEmpty else { return ran }
        for migration in migrations {
            let didRun = try await database.write { connection in
                try Self.lock(connection)
                return try run(migration, on: connection, now: now)
            }
            if didRun { ran.append(migration.name) }
        }
        try await database.write { connection in
            try Self.lock(connection)
            try Self.seed(connection, now: now, retentionDays: defaultRetentionDays)
        }
        return ran
    }

    /// Runs a step unless the database has it already.
    ///
    /// - Returns: Whether it ran.
    private func run(
        _ migration: Migration, on connection: any SQLConnection, now: Int64
    ) throws -> Bool {
        let latest = try Self.latestVersion(connection)
        if latest > Int64(migrations.count) {
            throw SchemaError.newer(database: latest, known: Int64(migrations.count))
        }
        guard migration.version > latest else { return false }
        try connection.run(script: migration.script(for: connection.dialect))
        try Self.record([migration], on: connection, now: now)
        return true
    }

    private static func record(
        _ migrations: [Migration], on connection: any SQLConnection, now: Int64
    ) throws {
        let rows = migrations.map { "(\($0.version), \($0.name), \(now))" as SQL }
        try connection.execute(
            """
            INSERT INTO schema_migrations (version, name, applied_at)
            VALUES \(rows, separator: ", ")
            """)
    }

    /// Checks, without changing anything, that the database has exactly this version's schema.
    package func requireCurrent() async throws {
        let latest = try await database.read { connection in
            do {
                return try Self.latestVersion(connection)
            } catch let error as DatabaseError where error.code == .other {
                return 0  // The table of migrations does not exist.
            }
        }
        if latest > Int64(migrations.count) {
            throw SchemaError.newer(database: latest, known: Int64(migrations.count))
        }
        if latest < Int64(migrations.count) {
            throw SchemaError.older(database: latest, known: Int64(migrations.count))
        }
    }

    private static func prepare(_ connection: any SQLConnection) throws {
        try lock(connection)
        try connection.run(
            script: """
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    version BIGINT PRIMARY KEY,
                    name TEXT NOT NULL,
                    applied_at BIGINT NOT NULL
                )
                """)
    }

    private static func lock(_ connection: any SQLConnection) throws {
        guard connection.dialect == .postgres else { return }
        _ = try connection.query("SELECT pg_advisory_xact_lock(\(lock))")
    }

    private static func latestVersion(_ connection: any SQLConnection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(version), 0) FROM schema_migrations")!.integer(0)
    }

    /// Whether Arize Phoenix made the database: its migrations keep a table of their own, as those of
    /// other applications do, and it has projects.
    private static func isOfArizePhoenix(_ connection: any SQLConnection) throws -> Bool {
        let tables: SQL = .dialect(
            sqlite: "SELECT name FROM sqlite_master WHERE type = 'table'",
            postgres: """
                SELECT table_name::text AS name
                FROM information_schema.tables
                WHERE table_schema = current_schema()
                """)
        let row = try connection.first(
            "SELECT COUNT(*) FROM (\(tables)) t WHERE t.name IN ('alembic_version', 'projects')")
        return row?.integer(0) == 2
    }

    /// The default retention policy (id 0) and the default project, as the contract has them.
    private static func seed(
        _ connection: any SQLConnection, now: Int64, retentionDays: Int
    ) throws {
        let rule = SQLValue.json(Array(#"{"type":"max_days","max_days":\#(retentionDays)}"#.utf8))
        try connection.execute(
            """
            INSERT INTO project_trace_retention_policies (id, name, cron_expression, rule)
            VALUES (0, 'Default', '0 0 * * 0', \(rule))
            ON CONFLICT DO NOTHING
            """)
        let hasProjects = try connection.first("SELECT 1 FROM projects LIMIT 1") != nil
        guard !hasProjects else { return }
        let id = try connection.allocateIDs(1, for: "projects")[0]
        try connection.execute(
            """
            INSERT INTO projects (id, name, description, created_at, updated_at)
            VALUES (\(id), 'default', 'Default project', \(now), \(now))
            """)
    }
}

/// The database does not fit this version of Phoenix.
package enum SchemaError: Error, Sendable, CustomStringConvertible {
    case newer(database: Int64, known: Int64)
    case older(database: Int64, known: Int64)
    case ofArizePhoenix

    package var description: String {
        switch self {
        case .newer(let database, let known):
            """
            The database has schema version \(database), written by a newer Phoenix; this one knows \
            versions up to \(known). Install the newer Phoenix or point to another database.
            """
        case .older(let database, let known):
            """
            The database has schema version \(database); this Phoenix needs \(known). \
            Run `phoenix db migrate` first.
            """
        case .ofArizePhoenix:
            """
            The database is one of Arize Phoenix, which this Phoenix does not write to. Copy it into \
            a database of its own: PHOENIX_WORKING_DIR=FOLDER phoenix import SOURCE.
            """
        }
    }
}
