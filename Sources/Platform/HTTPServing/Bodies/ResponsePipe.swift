import HTTPMessages
import Locking

/// Carries a streamed response body from the handler's task to the event loop.
///
/// Holds up to ``capacity`` bytes and one more write; the writer then waits for the event loop to
/// take them, which it does as fast as the client reads.
final class ResponsePipe: HTTPBodyWriter {
    static let capacity = 64 << 10

    enum Taken {
        /// Nothing now; `onReady` will be called.
        case nothing
        case bytes([UInt8])
        case end
        /// The handler failed in the middle.
        case failed
    }

    private struct State {
        var bytes: [UInt8] = []
        var isFinished = false
        var hasFailed = false
        /// Nobody takes bytes any more.
        var isClosed = false
        /// An end by cancellation counts as an orderly one.
        var endsOrderly = false
        /// The event loop found nothing and wants to be told.
        var isAwaited = true
        var waiter: CheckedContinuation<Void, Never>?

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }

        mutating func takeAwaited() -> Bool {
            defer { isAwaited = false }
            return isAwaited
        }
    }

    private let state = Mutex(State())
    private let onReady: @Sendable () -> Void

    init(onReady: @escaping @Sendable () -> Void) {
        self.onReady = onReady
    }

    // MARK: The handler's side

    func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        guard !bytes.isEmpty else { return }
        let notify = try state.withLock { state throws(HTTPBodyError) in
            if state.isClosed { throw .clientGone }
            if state.bytes.isEmpty { state.bytes = bytes } else { state.bytes += bytes }
            return state.takeAwaited()
        }
        if notify { onReady() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.bytes.count < Self.capacity || state.isClosed || Task.isCancelled {
                        return true
                    }
                    precondition(state.waiter == nil, "A response body has two writers.")
                    state.waiter = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.takeWaiter() }?.resume()
        }
        if state.withLock({ $0.isClosed }) || Task.isCancelled { throw .clientGone }
    }

    /// Ends the body. An error breaks it, unless the server's stop was the reason.
    func finish(throwing error: (any Error)? = nil) {
        let notify = state.withLock { state in
            state.isFinished = true
            state.hasFailed = error != nil && !state.endsOrderly
            return state.takeAwaited()
        }
        if notify { onReady() }
    }

    // MARK: The event loop's side

    func take() -> Taken {
        let (taken, waiter) = state.withLock {
            state -> (Taken, CheckedContinuation<Void, Never>?) in
            if !state.bytes.isEmpty {
                defer { state.bytes = [] }
                return (.bytes(state.bytes), state.takeWaiter())
            }
            if state.hasFailed { return (.failed, nil) }
            if state.isFinished { return (.end, nil) }
            state.isAwaited = true
            return (.nothing, nil)
        }
        waiter?.resume()
        return taken
    }

    /// Refuses further bytes: the client is gone.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.bytes = []
            return state.takeWaiter()
        }?.resume()
    }

    func endOrderly() {
        state.withLock { $0.endsOrderly = true }
    }
}
