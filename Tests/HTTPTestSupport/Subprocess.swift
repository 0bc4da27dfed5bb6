import Foundation

/// Runs a program of the system and returns what it printed.
package func run(
    _ program: String, _ arguments: [String], input: [UInt8] = []
) async throws -> (status: Int, output: [UInt8]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let folder = FileManager.default.temporaryDirectory
    let name = "run-\(UUID().uuidString)"
    let inputFile = folder.appendingPathComponent(name + ".in")
    let outputFile = folder.appendingPathComponent(name + ".out")
    defer {
        try? FileManager.default.removeItem(at: inputFile)
        try? FileManager.default.removeItem(at: outputFile)
    }
    // Files instead of pipes: nobody has to empty them while the program runs.
    try Data(input).write(to: inputFile)
    try Data().write(to: outputFile)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = FileHandle.nullDevice
    let status = try await withCheckedThrowingContinuation { continuation in
        process.terminationHandler = { continuation.resume(returning: Int($0.terminationStatus)) }
        do {
            try process.run()
        } catch {
            continuation.resume(throwing: error)
        }
    }
    return (status, Array(try Data(contentsOf: outputFile)))
}

/// A folder that is gone when `body` is over.
package func withTemporaryFolder<Result>(
    _ body: (String) async throws -> Result
) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}
