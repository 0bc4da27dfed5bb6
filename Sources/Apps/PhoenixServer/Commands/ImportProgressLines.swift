import Importing
import Locking

/// The progress of an import as lines on standard error, at most one a second and one more a table.
final class ImportProgressLines: Sendable {
    private struct State {
        var table = ""
        var began = ContinuousClock.now
        var first: Int64 = 0
        var last: Importer.Progress?
        var written = ContinuousClock.now
    }

    private let state = Mutex(State())

    func report(_ progress: Importer.Progress) {
        state.withLock { state in
            let now = ContinuousClock.now
            if state.table != progress.table {
                Self.writeLast(state, at: now)
                state = State(
                    table: progress.table, began: now, first: progress.copied, last: progress,
                    written: now)
                return
            }
            state.last = progress
            guard state.written.duration(to: now) >= .seconds(1) else { return }
            state.written = now
            Self.write(progress, since: state.first, in: state.began.duration(to: now), " …")
        }
    }

    /// Writes the line of the last table.
    func finish() {
        state.withLock { Self.writeLast($0, at: ContinuousClock.now) }
        StandardStream.error.write("comparing …\n")
    }

    private static func writeLast(_ state: State, at now: ContinuousClock.Instant) {
        guard let last = state.last, last.total > 0 else { return }
        write(last, since: state.first, in: state.began.duration(to: now), "")
    }

    private static func write(
        _ progress: Importer.Progress, since first: Int64, in duration: Duration, _ end: String
    ) {
        let seconds = duration / .seconds(1)
        let copied = progress.copied - first
        let rate =
            copied >= 1000 && seconds > 0 ? ", \(Int64(Double(copied) / seconds)) a second" : ""
        StandardStream.error.write(
            "\(progress.table): \(progress.copied) of \(progress.total)\(rate)\(end)\n")
    }
}
