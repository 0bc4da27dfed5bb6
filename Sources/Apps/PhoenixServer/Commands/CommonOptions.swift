import ArgumentParser

#if canImport(Glibc)
    import Glibc
#endif

/// The options of every command that opens a database.
struct DatabaseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The database: sqlite:///path or postgresql://…; PHOENIX_SQL_DATABASE_URL otherwise.",
            valueName: "url"))
    var databaseURL: String?

    init() {}

    enum CodingKeys: String, CodingKey {
        case databaseURL = "databaseUrl"
    }
}

extension Configuration {
    /// Reads the process's environment, beneath the flags.
    static func current(_ flags: Flags) throws -> Configuration {
        let environment = Environment(processEnvironment())
        let home = environment.string("HOME") ?? "."
        return try Configuration(flags: flags, environment: environment, homeDirectory: home)
    }

    private static func processEnvironment() -> [String: String] {
        var values: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                values[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
            entry += 1
        }
        return values
    }
}

/// Ends the command with a sentence on standard error when `body` throws.
func reportingErrors(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        FileHandleOutput.standardError.write("phoenix: \(error)\n")
        throw ExitCode(1)
    }
}

/// Writes text to one of the process's descriptors.
struct FileHandleOutput {
    let descriptor: Int32

    static let standardOutput = FileHandleOutput(descriptor: 1)
    static let standardError = FileHandleOutput(descriptor: 2)

    func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
