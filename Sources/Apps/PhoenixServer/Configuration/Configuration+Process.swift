#if canImport(Glibc)
    import Glibc
#endif

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
