import ArgumentParser
import PhoenixSchema
import Tracing

/// `phoenix verify`.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks the database for damage and for sums that do not add up.",
        discussion: """
            Reads everything and changes nothing. Ends with status 0 when all is well and 2 when there
            are findings. Stop the server first when the database is SQLite.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        var findings: [String] = []
        try await reportingErrors {
            var flags = Configuration.Flags()
            flags.databaseURL = database.databaseURL
            let opened = try await OpenedDatabase(
                try Configuration.current(flags), creates: false)
            try await Migrator(opened.database).requireCurrent()
            findings = try await opened.database.integrityFindings()
            findings += try await TracingStore(opened.database).integrityFindings()
            await opened.database.close()
            let output = StandardStream.output
            for finding in findings { output.write("\(finding)\n") }
            output.write(
                findings.isEmpty ? "No damage was found.\n" : "\(findings.count) findings.\n")
        }
        if !findings.isEmpty { throw ExitCode(2) }
    }
}
