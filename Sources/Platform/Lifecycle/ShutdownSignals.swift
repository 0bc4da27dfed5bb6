#if canImport(Glibc)
    import Glibc
#endif

/// SIGTERM and SIGINT as something to wait for.
///
/// A handler writes to a pipe that a thread reads. Blocking the signals and waiting for them would be
/// simpler, but the main thread of a Swift program with an asynchronous `main` waits inside Dispatch
/// with no signal blocked.
package struct ShutdownSignals: Sendable {
    private let thread = WorkerThread(name: "signals")

    package init() {}

    /// Starts to keep the signals for ``wait()``, and to ignore SIGPIPE: a client that went away is
    /// told by the write's error. Call it once, before anything that must be stopped in order.
    package static func install() {
        var ends: [Int32] = [0, 0]
        let code = pipe(&ends)
        precondition(code == 0, "The system refused a pipe for signals (errno \(errno)).")
        (readEnd, writeEnd) = (ends[0], ends[1])
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                var byte: UInt8 = 1
                _ = write(writeEnd, &byte, 1)
            }
        }
    }

    /// Returns at the first of the signals. The next one ends the process at once: whoever asks a
    /// second time does not want to wait for the drain.
    package func wait() async {
        // The thread is never stopped before this returns, which is all that could be thrown.
        try? await thread.run {
            var byte: UInt8 = 0
            while read(readEnd, &byte, 1) < 0, errno == EINTR {}
            for number in [SIGTERM, SIGINT] { signal(number, SIG_DFL) }
        }
    }
}

// A signal handler can be given nothing, so what it writes to is global.
// SAFETY: both are written once, in `install()`, before the handlers that read them exist.
nonisolated(unsafe) private var readEnd: Int32 = -1
// SAFETY: as above.
nonisolated(unsafe) private var writeEnd: Int32 = -1
