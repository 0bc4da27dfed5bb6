import Locking
import PhoenixModel

/// The packed latencies of projects' sealed segments, kept from question to question, since pages ask
/// for quantiles again and again while only few segments are new.
///
/// For a database that no other process writes to. Whoever rebuilds segments calls ``clear()`` while
/// they are still marked as stale for readers.
final class LatencyCache: Sendable {
    struct Entry: Sendable {
        /// The first segment that is not in.
        var next: SpanSegment
        var packed: [PackedLatencies]
        /// Of all that is packed.
        var histogram: LatencyHistogram

        /// About how much memory it takes, with what an array takes besides its elements.
        var bytes: Int {
            packed.reduce(LatencyHistogram.bytes) { $0 + $1.bytes.count + 48 }
        }
    }

    private struct State {
        var generation = 0
        var entries: [Project.ID: Entry] = [:]
    }

    /// How many bytes are kept, the latencies of some five million spans; beyond that all are dropped.
    private static let bytesMax = 16 << 20

    private let state = Mutex(State())

    /// Take it before the transaction in which an entry for ``keep(_:of:generation:)`` is read.
    var generation: Int { state.withLock { $0.generation } }

    func entry(of project: Project.ID) -> Entry? { state.withLock { $0.entries[project] } }

    /// Keeps an entry, unless segments were rebuilt since it was begun.
    func keep(_ entry: Entry, of project: Project.ID, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            state.entries[project] = entry
            let bytes = state.entries.values.reduce(0) { $0 + $1.bytes }
            if bytes > Self.bytesMax { state.entries = [:] }
        }
    }

    func clear() {
        state.withLock { state in
            state.generation += 1
            state.entries = [:]
        }
    }
}
