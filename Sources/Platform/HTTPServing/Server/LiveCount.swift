import Locking

/// Counts what is alive and lets the end wait for the last of them.
final class LiveCount: Sendable {
    private struct State {
        var count = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var value: Int { state.withLock { $0.count } }

    /// Adds one unless there are `limit` already.
    func enter(limit: Int = .max) -> Bool {
        state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            return true
        }
    }

    func leave() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns as soon as the count is zero. Not cancellable: whoever waits makes sure of the end.
    func waitForZero() async {
        await withCheckedContinuation { continuation in
            let isZero = state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isZero { continuation.resume() }
        }
    }
}
