import ArgumentParser

#if canImport(Glibc)
    import Glibc
#endif

/// Writes text to one of the process's descriptors.
struct StandardStream {
    let descriptor: Int32

    static let output = StandardStream(descriptor: 1)
    static let error = StandardStream(descriptor: 2)

    func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

/// Ends the command with a sentence on standard error when `body` throws.
func reportingErrors(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch {
        StandardStream.error.write("phoenix: \(error)\n")
        throw ExitCode(1)
    }
}
