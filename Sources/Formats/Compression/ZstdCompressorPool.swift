import Synchronization

/// Compressors that wait for their next use: making one takes as long as compressing some hundred
/// kilobytes.
package final class ZstdCompressorPool: Sendable {
    // SAFETY: whoever takes a compressor out of the pool has it alone until it is given back.
    private struct Waiting: @unchecked Sendable {
        let compressor: ZstdCompressor
    }

    private let level: Int
    private let limit: Int
    private let waiting = Mutex<[Waiting]>([])

    /// - Parameters:
    ///   - level: That of ``ZstdCompressor``.
    ///   - limit: How many are kept at most; each holds about a megabyte.
    package init(level: Int, limit: Int) {
        self.level = level
        self.limit = limit
    }

    /// Lends a compressor to `body`, which must not keep it.
    package func withCompressor<Value>(_ body: (ZstdCompressor) -> Value) -> Value {
        let taken =
            waiting.withLock { $0.popLast() } ?? Waiting(compressor: ZstdCompressor(level: level))
        defer {
            waiting.withLock { if $0.count < limit { $0.append(taken) } }
        }
        return body(taken.compressor)
    }
}
