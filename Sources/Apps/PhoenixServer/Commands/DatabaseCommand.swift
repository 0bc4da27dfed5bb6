import ArgumentParser
import Costs
import PhoenixModel
import PhoenixSchema

/// `phoenix db`.
struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Works on the database while the server is stopped.",
        subcommands: [MigrateCommand.self])
}

/// `phoenix db migrate`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database to this version's schema and exits.",
        discussion: "`phoenix serve` does the same at its start.")

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await reportingErrors {
            var flags = Configuration.Flags()
            flags.databaseURL = database.databaseURL
            let configuration = try Configuration.current(flags)
            let opened = try await OpenedDatabase(configuration)
            let now = systemMicroseconds()
            let ran = try await Migrator(opened.database).migrate(
                now: now, defaultRetentionDays: configuration.defaultRetentionDays)
            try await CostStore(opened.database).applyPriceList(now: Timestamp(microseconds: now))
            await opened.database.close()
            let output = StandardStream.output
            for name in ran { output.write("Migrated: \(name).\n") }
            output.write("The database is up to date.\n")
        }
    }
}
