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
    ///   another program; nothing is changed then.
    package func migrate(now: Int64, defaultRetentionDays: Int = 0) async throws -> [String] {
        var ran = try await database.write { connection in
            try Self.lock(connection)
            try Self.requireNoOther(connection, path: nil)
            try Self.prepare(connection)
            guard try Self.latestVersion(connection) == 0 else { return [String]() }
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

    /// Checks, without changing anything, that the database is empty or one of this Phoenix.
    ///
    /// - Parameter path: The database's file, for the message.
    /// - Throws: ``SchemaError`` when another program made it.
    package func requireNoOther(path: String? = nil) async throws {
        try await database.read { try Self.requireNoOther($0, path: path) }
    }

    /// Checks, without changing anything, that the database has exactly this version's schema.
    package func requireCurrent() async throws {
        let latest = try await database.read { connection in
            try Self.requireNoOther(connection, path: nil)
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

    /// Looks at the tables for who made them. Arize Phoenix keeps its migrations in `alembic_version`, as
    /// other applications do with theirs, and has projects. A file belongs to one application; a schema
    /// of PostgreSQL may be shared by several, as long as their tables have other names than ours. Of
    /// PostgreSQL the catalogue is asked, which has the tables that this user may not read, too.
    private static func requireNoOther(_ connection: any SQLConnection, path: String?) throws {
        let statement: SQL = .dialect(
            sqlite:
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            postgres: """
                SELECT c.relname::text
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
                """)
        let tables = Set(try connection.query(statement).map { $0.text(0) })
        guard !tables.isSuperset(of: ["schema_migrations", "projects", "spans"]) else { return }
        guard !tables.isSuperset(of: ["alembic_version", "projects"]) else {
            throw SchemaError.ofArizePhoenix(path: path)
        }
        let inTheWay =
            connection.dialect == .sqlite
            ? tables : tables.intersection(Migration.tableNames(for: connection.dialect))
        guard inTheWay.isEmpty else {
            throw SchemaError.ofAnotherProgram(path: path, tables: inTheWay.sorted())
        }
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
    /// `path` is the file, where the database is one.
    case ofArizePhoenix(path: String?)
    case ofAnotherProgram(path: String?, tables: [String])

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
        case .ofArizePhoenix(let path):
            """
            \(Self.subject(path)) is one of Arize Phoenix, which this Phoenix reads but does not write \
            to. It is unchanged. To take its contents along, copy them into a database of their own, \
            `PHOENIX_WORKING_DIR=~/traces phoenix import \(path.map { "'\($0)'" } ?? "postgresql://…")`, \
            and go on with the same PHOENIX_WORKING_DIR (docs/import.md). To begin with nothing, \
            choose another PHOENIX_WORKING_DIR or PHOENIX_SQL_DATABASE_URL.
            """
        case .ofAnotherProgram(let path, let tables):
            """
            \(Self.subject(path)) has tables of another program: \(Self.list(tables)). It is unchanged. \
            Choose another PHOENIX_SQL_DATABASE_URL or \
            \(path == nil ? "PHOENIX_SQL_DATABASE_SCHEMA" : "PHOENIX_WORKING_DIR").
            """
        }
    }

    private static func list(_ tables: [String]) -> String {
        let shown = tables.prefix(5).joined(separator: ", ")
        return tables.count > 5 ? "\(shown) and \(tables.count - 5) more" : shown
    }

    private static func subject(_ path: String?) -> String {
        path.map { "The database '\($0)'" } ?? "The database"
    }
}
