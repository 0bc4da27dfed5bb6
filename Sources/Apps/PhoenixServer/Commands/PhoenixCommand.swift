import ArgumentParser
import Lifecycle

/// `phoenix`: the server and what belongs to it.
package struct PhoenixCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "phoenix",
        abstract: "Observes and evaluates applications of language models.",
        discussion: """
            Start the server, send OpenTelemetry traces to it, look at them:

              phoenix serve
              export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:6006
              export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf

            Where a program names the address itself, it is
            http://localhost:6006/v1/traces by HTTP and
            http://localhost:4317 by gRPC.

            The data is one SQLite file in ~/.phoenix unless PHOENIX_SQL_DATABASE_URL
            names another database. Every setting is an environment variable;
            docs/configuration.md lists them.
            """,
        version: "\(PhoenixVersion.current) (contract \(PhoenixVersion.contract))",
        subcommands: [
            ServeCommand.self, DatabaseCommand.self, ImportCommand.self, RepriceCommand.self,
            VerifyCommand.self,
        ])

    package init() {}

    /// Reads the command line. Ends the process when it is wrong, or asks for help.
    ///
    /// Call it on the main thread before anything else: a server takes its signals here.
    package static func parsed() -> any ParsableCommand {
        do {
            let command = try parseAsRoot()
            if command is ServeCommand {
                ShutdownSignals.install()
                AllocatorSettings.apply()
            }
            return command
        } catch {
            exit(withError: error)
        }
    }

    /// Runs a command and ends the process when it fails.
    package static func run(_ command: any ParsableCommand) async {
        do {
            if let command = command as? any AsyncParsableCommand {
                try await perform(command)
            } else {
                try perform(command)
            }
        } catch {
            exit(withError: error)
        }
    }

    private static func perform<Command: AsyncParsableCommand>(_ command: Command) async throws {
        var command = command
        try await command.run()
    }

    private static func perform<Command: ParsableCommand>(_ command: Command) throws {
        var command = command
        try command.run()
    }
}
