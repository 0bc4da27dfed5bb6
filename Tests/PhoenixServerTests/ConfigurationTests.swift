import Diagnostics
import PhoenixServer
import Testing

@Suite struct ConfigurationTests {
    private func configuration(
        _ values: [String: String] = [:], flags: Configuration.Flags = .init()
    ) throws -> Configuration {
        try Configuration(
            flags: flags, environment: Environment(values), homeDirectory: "/users/ada")
    }

    @Test func `the defaults are the contract's`() throws {
        let configuration = try configuration()
        #expect(configuration.host == "0.0.0.0")
        #expect(configuration.port == 6006)
        #expect(configuration.grpcPort == 4317)
        #expect(configuration.database == .sqlite(path: "/users/ada/.phoenix/phoenix.db"))
        #expect(configuration.queuedSpansMax == 20_000)
        #expect(configuration.prometheusPort == nil)
        #expect(configuration.warnings == [])
    }

    @Test func `a flag goes before the environment`() throws {
        var flags = Configuration.Flags()
        flags.port = 7000
        #expect(try configuration(["PHOENIX_PORT": "8000"], flags: flags).port == 7000)
    }

    @Test func `values are trimmed and empty ones count as absent`() throws {
        #expect(try configuration(["PHOENIX_PORT": " 8000 "]).port == 8000)
        #expect(try configuration(["PHOENIX_PORT": "  "]).port == 6006)
    }

    @Test(arguments: [
        ("~", "/users/ada"), ("~/traces", "/users/ada/traces"), ("~ada/traces", "~ada/traces"),
        ("/data", "/data"),
    ])
    func `a folder may lie in the home folder`(folder: String, expected: String) throws {
        #expect(try configuration(["PHOENIX_WORKING_DIR": folder]).workingDirectory == expected)
    }

    @Test(arguments: [
        ("sqlite:///data/x.db", DatabaseLocation.sqlite(path: "data/x.db")),
        ("sqlite:////data/x.db", .sqlite(path: "/data/x.db")),
        ("sqlite:///:memory:", .sqlite(path: nil)),
        ("postgresql://u:p@h:5/d", .postgres(conninfo: "postgresql://u:p@h:5/d")),
        ("postgresql+asyncpg://h/d", .postgres(conninfo: "postgresql://h/d")),
    ])
    func `database URLs are read as the contract does`(
        url: String, location: DatabaseLocation
    ) throws {
        #expect(try configuration(["PHOENIX_SQL_DATABASE_URL": url]).database == location)
    }

    @Test func `PostgreSQL can be named by parts`() throws {
        let parts = [
            "PHOENIX_POSTGRES_HOST": "db:5433", "PHOENIX_POSTGRES_USER": "ada",
            "PHOENIX_POSTGRES_PASSWORD": #"it's a \"#, "PHOENIX_POSTGRES_DB": "phoenix",
        ]
        #expect(
            try configuration(parts).database
                == .postgres(
                    conninfo:
                        #"host='db' user='ada' password='it\'s a \\' port='5433' dbname='phoenix'"#)
        )
    }

    @Test(arguments: [
        ("::1", "host='::1' user='ada' password='p'"),
        ("[::1]", "host='::1' user='ada' password='p'"),
        ("[::1]:5433", "host='::1' user='ada' password='p' port='5433'"),
        ("db:99999", "host='db:99999' user='ada' password='p'"),
    ])
    func `the colons of an address are no port`(host: String, conninfo: String) throws {
        let parts = [
            "PHOENIX_POSTGRES_HOST": host, "PHOENIX_POSTGRES_USER": "ada",
            "PHOENIX_POSTGRES_PASSWORD": "p",
        ]
        #expect(try configuration(parts).database == .postgres(conninfo: conninfo))
    }

    @Test(arguments: [
        ("PHOENIX_PORT", "http"), ("PHOENIX_PORT", "70000"),
        ("PHOENIX_PORT", "tcp://10.0.0.1:6006"),
        ("PHOENIX_TLS_ENABLED", "yes"), ("PHOENIX_HOST_ROOT_PATH", "phoenix"),
        ("PHOENIX_HOST_ROOT_PATH", "/phoenix/"), ("PHOENIX_MAX_SPANS_QUEUE_SIZE", "0"),
        ("PHOENIX_SQL_DATABASE_URL", "mysql://x"), ("PHOENIX_LOGGING_LEVEL", "LOUD"),
        ("PHOENIX_LOGGING_MODE", "xml"), ("PHOENIX_TLS_ENABLED", "true"),
        ("PHOENIX_ENABLE_AUTH", "true"),
        ("PHOENIX_DATABASE_USAGE_INSERTION_BLOCKING_THRESHOLD_PERCENTAGE", "120"),
    ])
    func `a value that is not understood stops the start with its name`(
        name: String, value: String
    ) {
        let error = #expect(throws: ConfigurationError.self) { try configuration([name: value]) }
        let message = error?.message ?? ""
        #expect(message.contains("PHOENIX_") || message.contains("database URL"))
    }

    @Test func `an error never shows a password`() {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(["PHOENIX_SQL_DATABASE_URL": "mysql://ada:secret@h/d"])
        }
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `a variable without effect is told`() throws {
        let warnings = try configuration(["PHOENIX_SMTP_HOSTNAME": "mail"]).warnings
        #expect(warnings.count == 1)
        #expect(warnings[0].contains("PHOENIX_SMTP_HOSTNAME"))
    }
}
