import ArgumentParser

/// `phoenix`: the server and what belongs to it.
package struct PhoenixCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "phoenix",
        abstract: "Observes and evaluates applications of language models.",
        discussion: """
            Start the server, send OpenTelemetry traces to it, look at them:

              phoenix serve
              export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:6006

            The data is one SQLite file in ~/.phoenix unless PHOENIX_SQL_DATABASE_URL
            names another database. Every setting is an environment variable;
            docs/configuration.md lists them.
            """,
        version: "\(PhoenixVersion.current) (contract \(PhoenixVersion.contract))",
        subcommands: [ServeCommand.self, DatabaseCommand.self, VerifyCommand.self])

    package init() {}

    /// Runs the command that the process was started with, and ends the process when it fails.
    package static func start() async {
        do {
            let command = try parseAsRoot()
            if let command = command as? any AsyncParsableCommand {
                try await run(command)
            } else {
                try run(command)
            }
        } catch {
            exit(withError: error)
        }
    }

    private static func run<Command: AsyncParsableCommand>(_ command: Command) async throws {
        var command = command
        try await command.run()
    }

    private static func run<Command: ParsableCommand>(_ command: Command) throws {
        var command = command
        try command.run()
    }
}
