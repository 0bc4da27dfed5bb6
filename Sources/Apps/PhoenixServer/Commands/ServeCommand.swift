import ArgumentParser
import Lifecycle

/// `phoenix serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server until it receives SIGTERM or Ctrl-C.",
        discussion: """
            HTTP (web UI, REST, GraphQL, OTLP/HTTP) listens on PHOENIX_PORT, 6006 by
            default; OTLP/gRPC on PHOENIX_GRPC_PORT, 4317 by default. A flag goes
            before its environment variable.
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: "The address to listen on (PHOENIX_HOST, 0.0.0.0).")
    var host: String?

    @Option(help: "The port of HTTP (PHOENIX_PORT, 6006); 0 takes any free one.")
    var port: Int?

    @Option(help: "The port of gRPC (PHOENIX_GRPC_PORT, 4317); 0 takes any free one.")
    var grpcPort: Int?

    @Flag(help: "Refuse the REST API and take in no spans.")
    var readOnly = false

    @Flag(help: "Log what happens in detail.")
    var debug = false

    @Option(
        help: ArgumentHelp(
            "Read the web UI from this folder instead of the binary (PHOENIX_UI_DIR).",
            valueName: "folder"))
    var uiDir: String?

    @Flag(help: "Serve the interfaces for programs only, without the web UI.")
    var noUi = false

    // Flags of the contract that name what this version does not have.
    @Flag(help: .hidden) var noInternet = false
    @Flag(help: .hidden) var dev = false

    func run() async throws {
        let signals = ShutdownSignals()
        try await reportingErrors {
            var flags = Configuration.Flags()
            flags.databaseURL = database.databaseURL
            flags.host = host
            flags.port = try Self.checked(port, "--port")
            flags.grpcPort = try Self.checked(grpcPort, "--grpc-port")
            flags.isReadOnly = readOnly
            flags.isDebug = debug
            flags.hasNoUI = noUi
            flags.uiFolder = uiDir
            try await Server(.current(flags)).run(until: signals)
        }
    }

    private static func checked(_ port: Int?, _ flag: String) throws -> Int? {
        guard let port, !(0...65_535).contains(port) else { return port }
        throw ConfigurationError("\(flag) must be a number from 0 to 65535, not \(port).")
    }
}
