import Locking

/// Opens once; whoever waits passes then, and so does everybody later.
final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Returns whether this call opened it.
    @discardableResult
    func open() -> Bool {
        let (opened, waiters) = state.withLock { state in
            defer {
                state.isOpen = true
                state.waiters = []
            }
            return (!state.isOpen, state.waiters)
        }
        for waiter in waiters { waiter.resume() }
        return opened
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}
