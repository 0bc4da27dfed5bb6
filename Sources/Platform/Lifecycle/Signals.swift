#if canImport(Glibc)
    import Glibc
#endif

/// SIGTERM and SIGINT as something to wait for.
package struct ShutdownSignals: Sendable {
    private let thread: WorkerThread

    /// Blocks the signals for the calling thread and all that it starts, so that only
    /// ``wait()`` sees them. Make it before any other thread exists.
    package init() {
        var signals = Self.signals
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        // A client that went away is told by the write's error.
        signal(SIGPIPE, SIG_IGN)
        thread = WorkerThread(name: "signals")
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
