import HTTPMessages
import Locking

/// Carries the bytes of one request body from the event loop to the handler's task.
///
/// The event loop appends and never waits. The handler takes what is there, or waits for the end:
/// then it wakes once, however many chunks arrive. Bytes are held under three bounds: the server's
/// body limit, the budget of all bodies, and, while the handler does not ask, the connection's own
/// backpressure, which ``isHolding`` and `onConsume` steer.
final class RequestBodyPipe: HTTPBodySource {
    /// What became of appended bytes.
    enum Appended {
        /// Nobody has to take them first: the client may send as many again.
        case consumed
        /// They wait for the handler; `onConsume` will tell.
        case held
        /// The body has failed, or is not wanted any more.
        case discarded
    }

    private enum Mode {
        case taking
        case collecting(limit: Int)
        case abandoned
    }

    private struct State {
        var bytes: [UInt8] = []
        var received = 0
        var mode = Mode.taking
        var isComplete = false
        var failure: HTTPBodyError?
        var charged = 0
        var isDemanded = false
        var waiter: CheckedContinuation<Void, Never>?

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private let state = Mutex(State())
    private let limit: Int
    private let declaredLength: Int?
    private let budget: MemoryBudget
    private let onDemand: @Sendable () -> Void
    private let onConsume: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - onDemand: Called once, when the handler first asks; for `100 Continue`.
    ///   - onConsume: Called with a count of held bytes that are held no more.
    init(
        limit: Int, declaredLength: Int?, budget: MemoryBudget,
        onDemand: @escaping @Sendable () -> Void,
        onConsume: @escaping @Sendable (Int) -> Void
    ) {
        self.limit = limit
        self.declaredLength = declaredLength
        self.budget = budget
        self.onDemand = onDemand
        self.onConsume = onConsume
    }

    // MARK: The event loop's side

    func append(_ chunk: UnsafeRawBufferPointer) -> Appended {
        let (result, waiter) = state.withLock { state in append(chunk, to: &state) }
        waiter?.resume()
        return result
    }

    private func append(
        _ chunk: UnsafeRawBufferPointer, to state: inout State
    ) -> (Appended, CheckedContinuation<Void, Never>?) {
        guard state.failure == nil, !state.isComplete else { return (.discarded, nil) }
        var limit = limit
        var isCollecting = false
        switch state.mode {
        case .abandoned: return (.discarded, nil)
        case .collecting(let wanted):
            limit = min(limit, wanted)
            isCollecting = true
        case .taking: break
        }
        state.received += chunk.count
        if state.received > limit {
            state.failure = .tooLarge(limit: limit)
        } else if !budget.reserve(chunk.count, holding: state.charged) {
            state.failure = .overloaded
        }
        guard state.failure == nil else {
            state.bytes = []
            return (.discarded, state.takeWaiter())
        }
        state.charged += chunk.count
        // Only once the handler wants the whole: many requests are refused before that.
        if isCollecting, let declaredLength, state.bytes.capacity < declaredLength {
            state.bytes.reserveCapacity(min(declaredLength, 4 << 20))
        }
        state.bytes.append(contentsOf: chunk)
        return isCollecting ? (.consumed, nil) : (.held, state.takeWaiter())
    }

    /// Marks the end of the body; without effect on one that has failed.
    func finish() {
        state.withLock { state in
            state.isComplete = true
            return state.takeWaiter()
        }?.resume()
    }

    /// Ends the body with an error, unless it has ended.
    func fail(_ error: HTTPBodyError) {
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isComplete, state.failure == nil else { return nil }
            state.failure = error
            state.bytes = []
            return state.takeWaiter()
        }?.resume()
    }

    /// Bytes that wait for the handler. While there are some, the client is not the one to blame
    /// for silence.
    var heldBytes: Int {
        state.withLock { state in
            if case .taking = state.mode, state.failure == nil { state.bytes.count } else { 0 }
        }
    }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    // MARK: The handler's side

    func next() async throws(HTTPBodyError) -> [UInt8]? {
        demand()
        while true {
            let taken = try state.withLock { state throws(HTTPBodyError) -> Taken in
                if let failure = state.failure { throw failure }
                if !state.bytes.isEmpty {
                    defer { state.bytes = [] }
                    state.charged -= state.bytes.count
                    return .bytes(state.bytes)
                }
                return state.isComplete ? .end : .nothing
            }
            switch taken {
            case .bytes(let bytes):
                budget.release(bytes.count)
                onConsume(bytes.count)
                return bytes
            case .end: return nil
            case .nothing: await wait { !$0.bytes.isEmpty }
            }
        }
    }

    private enum Taken {
        case bytes([UInt8])
        case end
        case nothing
    }

    func collect(upTo limit: Int) async throws(HTTPBodyError) -> [UInt8] {
        demand()
        let held = state.withLock { state in
            state.mode = .collecting(limit: limit)
            if state.bytes.count > limit, state.failure == nil {
                state.failure = .tooLarge(limit: limit)
            }
            return state.bytes.count
        }
        if held > 0 { onConsume(held) }
        await wait { _ in false }
        return try state.withLock { state throws(HTTPBodyError) in
            if let failure = state.failure { throw failure }
            // The charge stays until the request is over, for the handler holds the bytes.
            defer { state.bytes = [] }
            return state.bytes
        }
    }

    /// Ends all interest in the body and gives its memory back. Called when the request is over.
    func abandon() {
        let (charged, held) = state.withLock { state in
            defer {
                state.charged = 0
                state.bytes = []
                state.mode = .abandoned
            }
            return (state.charged, state.bytes.count)
        }
        if charged > 0 { budget.release(charged) }
        onConsume(held)
    }

    private func demand() {
        let isFirst = state.withLock { state in
            defer { state.isDemanded = true }
            return !state.isDemanded && !state.isComplete
        }
        if isFirst { onDemand() }
    }

    /// Waits for the end, a failure, or what `isEnough` says.
    private func wait(until isEnough: (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isComplete || state.failure != nil || isEnough(state) { return true }
                    precondition(state.waiter == nil, "A request body has two readers.")
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            fail(.clientGone)
        }
    }
}
