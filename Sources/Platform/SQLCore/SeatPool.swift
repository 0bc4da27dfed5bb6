import Locking

/// Hands out numbered seats, such as connections of a pool; who finds none free waits in turn.
///
/// A task that is cancelled while it waits keeps its place and gets its seat: whoever takes one gives
/// it back.
package final class SeatPool: Sendable {
    private struct State {
        var free: [Int]
        var waiting: [CheckedContinuation<Int, Never>] = []
        var firstWaiting = 0
    }

    private let state: Mutex<State>

    package init(count: Int) { state = Mutex(State(free: Array((0..<count).reversed()))) }

    /// Takes a seat, waiting for one in the order of calls.
    package func take() async -> Int {
        await withCheckedContinuation { continuation in
            let seat: Int? = state.withLock { state in
                if let seat = state.free.popLast() { return seat }
                state.waiting.append(continuation)
                return nil
            }
            if let seat { continuation.resume(returning: seat) }
        }
    }

    package func give(back seat: Int) {
        let next: CheckedContinuation<Int, Never>? = state.withLock { state in
            guard state.firstWaiting < state.waiting.count else {
                state.free.append(seat)
                return nil
            }
            let next = state.waiting[state.firstWaiting]
            state.firstWaiting += 1
            if state.firstWaiting > 64, state.firstWaiting * 2 > state.waiting.count {
                state.waiting.removeFirst(state.firstWaiting)
                state.firstWaiting = 0
            }
            return next
        }
        next?.resume(returning: seat)
    }
}
