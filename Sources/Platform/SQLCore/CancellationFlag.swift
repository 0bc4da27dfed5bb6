import Locking

/// Carries the cancellation of a task to the thread that runs its statements.
package final class CancellationFlag: Sendable {
    private struct State {
        var isSet = false
        var interrupt: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isSet: Bool { state.withLock { $0.isSet } }

    package func set() { state.withLock { $0.isSet = true } }

    /// Says how a running statement is stopped, until ``disarm()``.
    package func arm(_ interrupt: @escaping @Sendable () -> Void) {
        state.withLock { $0.interrupt = interrupt }
    }

    /// Returns when no interruption is under way, and none will come.
    package func disarm() { state.withLock { $0.interrupt = nil } }

    /// Stops the running statement, if there may be one.
    ///
    /// - Returns: Whether a statement may be about to begin or still run, so that it takes another
    ///   interruption.
    package func interrupt() -> Bool {
        state.withLock { state in
            state.interrupt?()
            return state.interrupt != nil
        }
    }

    /// - Throws: ``DatabaseError`` with `cancelled` when the task has been cancelled.
    package func check() throws(DatabaseError) {
        if isSet { throw DatabaseError(.cancelled, "The statement was cancelled.") }
    }

    /// Runs `body`, whose errors count as the cancellation once the task was cancelled.
    package func passingOn<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError where error.code == .cancelled && isSet {
            throw CancellationError()
        }
    }
}
