import ArgumentParser
import Importing
import PhoenixSchema
import PostgresDatabase
import SQLCore
import SQLiteDatabase

/// `phoenix import`.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Copies a database that Arize Phoenix wrote into an empty one of this Phoenix.",
        discussion: """
            Reads the source and never writes to it. Stop both servers first. All ids stay. When it is \
            cut off, the same command goes on from there. At the end both databases are compared: \
            status 0 means that they are equal, 2 that they differ.
            """)

    @Argument(
        help: ArgumentHelp(
            "A SQLite file, such as ~/.phoenix/phoenix.db, or postgresql://….",
            valueName: "source"))
    var source: String

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        var isEqual = true
        try await reportingErrors {
            var flags = Configuration.Flags()
            flags.databaseURL = database.databaseURL
            let configuration = try Configuration.current(flags)
            let location = try location(configuration.database)
            let foreign = try await opened(location)
            let checked = try await ImportSource(foreign)
            let opened = try await OpenedDatabase(configuration)
            _ = try await Migrator(opened.database).migrate(
                now: systemMicroseconds(), defaultRetentionDays: 0)
            let importer = Importer(from: checked, to: opened.database, now: systemMicroseconds)
            let progress = ImportProgressLines()
            let report = try await importer.run { progress.report($0) }
            progress.finish()
            await opened.database.close()
            await foreign.close()
            StandardStream.output.write(report.text)
            isEqual = report.isEqual
        }
        if !isEqual { throw ExitCode(2) }
    }

    /// - Throws: ``ConfigurationError`` when the source is the database to import into.
    private func location(_ target: DatabaseLocation) throws -> DatabaseLocation {
        let location =
            source.contains("://")
            ? try DatabaseLocation(url: source) : DatabaseLocation.sqlite(path: source)
        var isTarget = location == target
        if case .sqlite(let path?) = location, case .sqlite(let other?) = target {
            isTarget = isTarget || isSameFile(path, other)
        }
        guard !isTarget else {
            throw ConfigurationError(
                "The source is the database to import into. Name another one with --database-url, "
                    + "or set PHOENIX_WORKING_DIR to another folder.")
        }
        return location
    }

    private func opened(_ location: DatabaseLocation) async throws -> any SQLDatabase {
        switch location {
        case .postgres(let conninfo):
            var postgres = PostgresDatabase.Configuration(conninfo: conninfo)
            postgres.readerCount = 2
            return PostgresDatabase(postgres)
        case .sqlite(let path):
            guard let path, fileSize(path) != nil else {
                throw ConfigurationError("There is no database at '\(path ?? ":memory:")'.")
            }
            var sqlite = SQLiteDatabase.Configuration(path: path)
            sqlite.isReadOnly = true
            do {
                return try await SQLiteDatabase(sqlite)
            } catch let error as DatabaseError {
                throw ConfigurationError("The database '\(path)' cannot be opened. \(error)")
            }
        }
    }
}
