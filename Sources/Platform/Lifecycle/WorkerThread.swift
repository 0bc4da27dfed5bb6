#if canImport(Glibc)
    import Glibc
#endif

/// A thread of its own for calls that block, such as SQLite's and libpq's.
///
/// The cooperative pool has as many threads as cores, so a blocking call there would stop every
/// other task of a small machine. Jobs run one after another, in the order submitted.
package final class WorkerThread: Sendable {
    private typealias Job = @Sendable () -> Void

    private struct Inbox {
        var jobs: [Job] = []
        var isStopped = false
    }

    /// State shared with the thread. A condition variable wakes it.
    ///
    // SAFETY: `inbox` is only touched with `mutex` held; both pthread objects live at stable
    // addresses until the last reference, the thread's own, is gone.
    private final class Shared: @unchecked Sendable {
        private let mutex: UnsafeMutablePointer<pthread_mutex_t>
        private let condition: UnsafeMutablePointer<pthread_cond_t>
        private var inbox = Inbox()

        init() {
            mutex = .allocate(capacity: 1)
            condition = .allocate(capacity: 1)
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            pthread_mutex_destroy(mutex)
            condition.deallocate()
            mutex.deallocate()
        }

        func submit(_ job: @escaping Job) -> Bool {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            guard !inbox.isStopped else { return false }
            inbox.jobs.append(job)
            pthread_cond_signal(condition)
            return true
        }

        func stop() {
            pthread_mutex_lock(mutex)
            inbox.isStopped = true
            pthread_cond_signal(condition)
            pthread_mutex_unlock(mutex)
        }

        /// Waits for work. Returns nil once stopped and empty.
        func take() -> [Job]? {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            while inbox.jobs.isEmpty {
                if inbox.isStopped { return nil }
                pthread_cond_wait(condition, mutex)
            }
            let jobs = inbox.jobs
            inbox.jobs = []
            return jobs
        }
    }

    private let shared = Shared()

    /// Starts the thread.
    ///
    /// - Parameter name: Named when the system refuses to start it.
    package init(name: String) {
        let shared = Unmanaged.passRetained(self.shared)
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 21)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                let shared = Unmanaged<Shared>.fromOpaque(argument!).takeRetainedValue()
                while let jobs = shared.take() {
                    for job in jobs { job() }
                }
                return nil
            }, shared.toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(code == 0, "The system refused to start the thread '\(name)' (errno \(code)).")
    }

    deinit { shared.stop() }

    /// Runs `body` on the thread and returns what it returns.
    ///
    /// - Throws: What `body` throws, or ``WorkerThreadStopped`` when the thread has been stopped.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = shared.submit {
                continuation.resume(with: Result { try body() })
            }
            if !accepted { continuation.resume(throwing: WorkerThreadStopped()) }
        }
    }

    /// Has `body` run on the thread some time, unless the thread has been stopped.
    package func submit(_ body: @escaping @Sendable () -> Void) {
        _ = shared.submit(body)
    }

    /// Lets the thread end after the jobs submitted so far. Idempotent.
    package func stop() { shared.stop() }
}

/// A job was given to a thread that had already been stopped.
package struct WorkerThreadStopped: Error, CustomStringConvertible {
    package var description: String { "The worker thread has stopped and takes no more jobs." }
}
