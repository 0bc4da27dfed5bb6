#if canImport(Glibc)
    import Glibc
#endif

/// SIGTERM and SIGINT as something to wait for.
package struct ShutdownSignals: Sendable {
    private let thread = WorkerThread(name: "signals")

    package init() {}

    /// Keeps the signals for ``wait()``: the calling thread and all that it starts block them.
    ///
    /// Call it on the main thread before any other thread exists; a signal kills the process when
    /// one thread alone does not block it.
    package static func block() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A client that went away is told by the write's error.
        signal(SIGPIPE, SIG_IGN)
    }

    private static var signals: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }

    /// Returns at the first of the signals.
    package func wait() async {
        // The thread is never stopped before this returns, which is all that could be thrown.
        try? await thread.run {
            var signals = Self.signals
            var number: Int32 = 0
            sigwait(&signals, &number)
            // Whoever asks a second time does not want to wait for the drain.
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        }
    }
}
