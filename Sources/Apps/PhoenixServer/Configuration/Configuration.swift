import Diagnostics
import HTTPServing
import Logging

/// Everything that the server is told from outside, read once at its start.
package struct Configuration: Sendable {
    /// What the command line says; it goes before the environment.
    package struct Flags: Sendable {
        package var databaseURL: String?
        package var host: String?
        package var port: Int?
        package var grpcPort: Int?
        package var isReadOnly = false
        package var isDebug = false
        package var hasNoUI = false
        package var uiFolder: String?

        package init() {}
    }

    package var host = "0.0.0.0"
    package var port = 6006
    package var grpcPort = 4317
    /// Where a reverse proxy puts us, such as `/phoenix`; empty for the root.
    package var rootPath = ""
    package var allowedOrigins: [String] = []
    package var httpTLS: TLSFiles?
    package var grpcTLS: TLSFiles?

    package var workingDirectory: String
    package var database: DatabaseLocation
    package var readReplica: String?
    package var databaseSchema: String?
    package var migratesDatabase = true
    package var logsMigrations = true
    package var defaultRetentionDays = 0
    /// What the keys are made of that stored secrets are sealed with; nil when there is none.
    package var secret: String?
    /// Gibibytes; nil while nobody watches the size.
    package var storageCapacityGiB: Double?
    package var storageBlockingThreshold: Double?

    package var queuedSpansMax = 20_000
    package var isReadOnly = false
    package var servesUI = true
    /// A folder to read the web UI from instead of this binary.
    package var uiFolder: String?
    /// The port of the metrics server; nil while it is off.
    package var prometheusPort: Int?
    package var logLevel = Logger.Level.info
    package var logFormat = LineLogHandler.Format.text
    /// Variables that are set and have no effect, as sentences for the log.
    package var warnings: [String] = []

    /// Reads flags and environment.
    ///
    /// - Throws: ``ConfigurationError`` for the first value that is not understood.
    package init(
        flags: Flags = Flags(), environment: Environment, homeDirectory: String
    ) throws {
        let folder = environment.string("PHOENIX_WORKING_DIR") ?? "~/.phoenix"
        // What a shell does with a word that is not quoted; files of settings have no shell.
        let isAtHome = folder == "~" || folder.hasPrefix("~/")
        workingDirectory = isAtHome ? homeDirectory + folder.dropFirst() : folder
        database = .sqlite(path: workingDirectory + "/phoenix.db")
        try readServing(flags, environment)
        try readTLS(environment)
        try readDatabase(flags, environment)
        try readDiagnostics(flags, environment)
        isReadOnly = flags.isReadOnly
        servesUI = !flags.hasNoUI
        uiFolder = flags.uiFolder ?? environment.string("PHOENIX_UI_DIR")
        warnings = try UnsupportedSettings.check(environment)
    }

    private mutating func readServing(
        _ flags: Flags, _ environment: Environment
    ) throws {
        host = flags.host ?? environment.string("PHOENIX_HOST") ?? host
        port = try flags.port ?? environment.integer("PHOENIX_PORT", in: 0...65_535) ?? port
        grpcPort =
            try flags.grpcPort ?? environment.integer("PHOENIX_GRPC_PORT", in: 0...65_535)
            ?? grpcPort
        rootPath = environment.string("PHOENIX_HOST_ROOT_PATH") ?? ""
        if !rootPath.isEmpty, !rootPath.hasPrefix("/") || rootPath.hasSuffix("/") {
            throw ConfigurationError(
                "PHOENIX_HOST_ROOT_PATH must start with a slash and not end with one, "
                    + "not '\(rootPath)'.")
        }
        allowedOrigins = environment.list("PHOENIX_ALLOWED_ORIGINS")
        queuedSpansMax =
            try environment.integer("PHOENIX_MAX_SPANS_QUEUE_SIZE", in: 1...100_000_000)
            ?? queuedSpansMax
    }

    private mutating func readTLS(_ environment: Environment) throws {
        let both = try environment.flag("PHOENIX_TLS_ENABLED") ?? false
        let http = try environment.flag("PHOENIX_TLS_ENABLED_FOR_HTTP") ?? both
        let grpc = try environment.flag("PHOENIX_TLS_ENABLED_FOR_GRPC") ?? both
        guard http || grpc else { return }
        func file(_ name: String, neededFor reason: String) throws -> String {
            guard let path = environment.string(name) else {
                throw ConfigurationError("\(name) must be set, because \(reason).")
            }
            guard let size = fileSize(path) else {
                throw ConfigurationError("\(name) names '\(path)', which cannot be read.")
            }
            guard size > 0 else {
                throw ConfigurationError("\(name) names '\(path)', which is empty.")
            }
            return path
        }
        let verifies = try environment.flag("PHOENIX_TLS_VERIFY_CLIENT") ?? false
        let files = TLSFiles(
            certificateFile: try file("PHOENIX_TLS_CERT_FILE", neededFor: "TLS is enabled"),
            keyFile: try file("PHOENIX_TLS_KEY_FILE", neededFor: "TLS is enabled"),
            keyPassword: environment.string("PHOENIX_TLS_KEY_FILE_PASSWORD"),
            clientCAFile: verifies
                ? try file("PHOENIX_TLS_CA_FILE", neededFor: "PHOENIX_TLS_VERIFY_CLIENT is true")
                : nil)
        httpTLS = http ? files : nil
        grpcTLS = grpc ? files : nil
    }

    private mutating func readDatabase(
        _ flags: Flags, _ environment: Environment
    ) throws {
        if let url = flags.databaseURL ?? environment.string("PHOENIX_SQL_DATABASE_URL") {
            database = try DatabaseLocation(url: url)
        } else if let location = try DatabaseLocation(environment) {
            database = location
        }
        if let url = environment.string("PHOENIX_SQL_DATABASE_READ_REPLICA_URL") {
            guard case .postgres = database,
                case .postgres(let conninfo) = try DatabaseLocation(url: url)
            else {
                throw ConfigurationError(
                    "PHOENIX_SQL_DATABASE_READ_REPLICA_URL needs PostgreSQL on both ends.")
            }
            readReplica = conninfo
        }
        databaseSchema = environment.string("PHOENIX_SQL_DATABASE_SCHEMA")
        migratesDatabase = try
            !(environment.flag("PHOENIX_DANGEROUSLY_DISABLE_MIGRATIONS") ?? false)
        logsMigrations = try environment.flag("PHOENIX_LOG_MIGRATIONS") ?? true
        defaultRetentionDays =
            try environment.integer("PHOENIX_DEFAULT_RETENTION_POLICY_DAYS", in: 0...1_000_000) ?? 0
        secret = try Self.secret(environment.string("PHOENIX_SECRET"))
        storageCapacityGiB = try environment.number(
            "PHOENIX_DATABASE_ALLOCATED_STORAGE_CAPACITY_GIBIBYTES", in: 1e-9...1e9)
        storageBlockingThreshold = try environment.number(
            "PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE", in: 0...100)
    }

    /// - Throws: ``ConfigurationError`` when the secret would be easy to guess.
    private static func secret(_ text: String?) throws -> String? {
        guard let text else { return nil }
        let bytes = text.utf8
        guard bytes.count >= 32, bytes.allSatisfy({ (0x21...0x7E).contains($0) }),
            bytes.contains(where: { (0x30...0x39).contains($0) }),
            bytes.contains(where: { (0x61...0x7A).contains($0) })
        else {
            throw ConfigurationError(
                "PHOENIX_SECRET must have at least 32 ASCII characters, no blanks, a digit and a "
                    + "lower-case letter.")
        }
        return text
    }

    private mutating func readDiagnostics(
        _ flags: Flags, _ environment: Environment
    ) throws {
        let port = try environment.integer("PHOENIX_PROMETHEUS_PORT", in: 0...65_535) ?? 9090
        if try environment.flag("PHOENIX_ENABLE_PROMETHEUS") ?? false { prometheusPort = port }
        if let mode = environment.string("PHOENIX_LOGGING_MODE") {
            guard let format = LineLogHandler.Format(rawValue: mode.lowercased()) else {
                throw ConfigurationError(
                    "PHOENIX_LOGGING_MODE must be default or structured, not '\(mode)'.")
            }
            logFormat = format
        }
        if let text = environment.string("PHOENIX_LOGGING_LEVEL") {
            let names = ["warn": "warning", "fatal": "critical"]
            let name = text.lowercased()
            guard let level = Logger.Level(rawValue: names[name] ?? name) else {
                throw ConfigurationError(
                    "PHOENIX_LOGGING_LEVEL must be debug, info, warning, error or critical, "
                        + "not '\(text)'.")
            }
            logLevel = level
        }
        if flags.isDebug { logLevel = .debug }
    }
}
