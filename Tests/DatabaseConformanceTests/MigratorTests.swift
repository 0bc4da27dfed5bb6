import PhoenixSchema
import SQLCore
import TestSupport
import Testing

@Suite struct MigratorTests {
    @Test(arguments: TestDatabase.available)
    func `migrating twice changes nothing the second time`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let first = try await Migrator(database).migrate(now: 1)
            let second = try await Migrator(database).migrate(now: 2)
            #expect(first == Migration.all.map(\.name))
            #expect(second == [])
            try await Migrator(database).requireCurrent()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a new database has the default project and retention policy`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database).migrate(now: 1, defaultRetentionDays: 7)
            let row = try await database.read {
                try $0.first(
                    """
                    SELECT p.name, p.description, r.name, r.cron_expression, r.rule
                    FROM projects p, project_trace_retention_policies r
                    WHERE r.id = 0
                    """)!
            }
            #expect(
                (0..<4).map { row.text($0) } == [
                    "default", "Default project", "Default", "0 0 * * 0",
                ])
            #expect(row.text(4).contains("7"))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `several servers may migrate at once`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let ran = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await Migrator(database).migrate(now: 1).count }
                }
                return try await group.reduce(0, +)
            }
            #expect(ran == Migration.all.count)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a database from a newer version is refused in words`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            try await database.write {
                try $0.run(script: "INSERT INTO schema_migrations VALUES (99, 'future', 0)")
            }
            let error = await #expect(throws: SchemaError.self) {
                try await Migrator(database).migrate(now: 1)
            }
            #expect(error?.description.contains("newer Phoenix") == true)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a database of Arize Phoenix is left as it is`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            try await database.write {
                try $0.run(script: "CREATE TABLE alembic_version (version_num TEXT)")
                try $0.run(script: "CREATE TABLE projects (id BIGINT)")
            }
            for work in Self.work {
                let error = await #expect(throws: SchemaError.self) { try await work(database) }
                #expect(error?.description.contains("phoenix import") == true)
                #expect(error?.description.contains("phoenix db migrate") == false)
            }
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT 1 FROM schema_migrations") }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a database of another program is left as it is`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            try await database.write { try $0.run(script: "CREATE TABLE projects (id BIGINT)") }
            for work in Self.work {
                let error = await #expect(throws: SchemaError.self) { try await work(database) }
                #expect(error?.description.contains("tables of another program") == true)
            }
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT 1 FROM schema_migrations") }
            }
        }
    }

    @Test(.enabled(if: TestDatabase.available.contains(.postgres)))
    func `a table of our name in a shared schema is named`() async throws {
        try await TestDatabase.postgres.withEmptyDatabase { database in
            try await database.write { try $0.run(script: "CREATE TABLE datasets (id BIGINT)") }
            let error = await #expect(throws: SchemaError.self) {
                try await Migrator(database).migrate(now: 1)
            }
            #expect(error?.description.contains("another program: datasets.") == true)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a file belongs to one program, a schema may be shared`(on kind: TestDatabase) async throws
    {
        try await kind.withEmptyDatabase { database in
            try await database.write {
                try $0.run(script: "CREATE TABLE alembic_version (version_num TEXT)")
            }
            switch kind {
            case .sqlite:
                await #expect(throws: SchemaError.self) {
                    try await Migrator(database).migrate(now: 1)
                }
            case .postgres:
                #expect(try await Migrator(database).migrate(now: 1).count == Migration.all.count)
            }
        }
    }

    /// What is refused on a database that is not ours.
    private static let work: [@Sendable (any SQLDatabase) async throws -> Void] = [
        { _ = try await Migrator($0).migrate(now: 1) },
        { try await Migrator($0).requireCurrent() },
        { try await Migrator($0).requireNoOther() },
    ]

    @Test(arguments: TestDatabase.available)
    func `a database that was not migrated is named as older`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let error = await #expect(throws: SchemaError.self) {
                try await Migrator(database).requireCurrent()
            }
            #expect(error?.description.contains("phoenix db migrate") == true)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a step that fails leaves nothing behind`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            let script = "CREATE TABLE half (id BIGINT); INSERT INTO missing VALUES (1)"
            let broken = Migration(
                version: Int64(Migration.all.count) + 1, name: "broken", sqlite: script,
                postgres: script)
            await #expect(throws: DatabaseError.self) {
                try await Migrator(database, migrations: Migration.all + [broken]).migrate(now: 1)
            }
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT * FROM half") }
            }
        }
    }
}
