import ArgumentParser

/// The options of every command that opens a database.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "The database: sqlite:///path or postgresql://…; PHOENIX_SQL_DATABASE_URL otherwise.",
            valueName: "url"))
    var databaseURL: String?

    init() {}
}
