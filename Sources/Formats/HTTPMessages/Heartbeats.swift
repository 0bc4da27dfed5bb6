/// Writes a body with long pauses: whenever nothing else was written for `interval`, `beat` is, so
/// that proxies and clients see that the stream lives.
///
/// `body` may call the writer that it gets from several tasks; their writes follow each other.
/// Returns or throws as `body` does.
package func withHeartbeats(
    _ beat: [UInt8], every interval: Duration, clock: any Clock<Duration>,
    on writer: any HTTPBodyWriter,
    _ body: @Sendable @escaping (any HTTPBodyWriter) async throws -> Void
) async throws {
    let shared = SharedBodyWriter(writer)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            while true {
                try await clock.sleep(for: interval)
                try await shared.writeIfQuiet(beat)
            }
        }
        defer { group.cancelAll() }
        try await body(shared)
    }
}

/// Lets one write at a time through.
private actor SharedBodyWriter: HTTPBodyWriter {
    private let writer: any HTTPBodyWriter
    private var isWriting = false
    private var isQuiet = true
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(_ writer: any HTTPBodyWriter) {
        self.writer = writer
    }

    func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        isQuiet = false
        while isWriting {
            await withCheckedContinuation { waiters.append($0) }
        }
        try await pass(bytes)
    }

    /// Writes unless something else was written since the last call.
    func writeIfQuiet(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        defer { isQuiet = true }
        if isQuiet, !isWriting { try await pass(bytes) }
    }

    private func pass(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        isWriting = true
        defer {
            isWriting = false
            // Those who waited look again in the order of their coming.
            let woken = waiters
            waiters = []
            for waiter in woken { waiter.resume() }
        }
        try await writer.write(bytes)
    }
}
