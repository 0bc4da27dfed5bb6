import Locking

/// Loads values by key, many by one call: keys that are asked for while resolvers or other batches
/// run are gathered until all of them wait or have ended, and then loaded together. A loader loads
/// each key once, and keeps a failure as it keeps a value.
package final class Loader<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Entry {
        /// Asked for so many times, some of which have got as far as to wait for it.
        case pending(askers: Int, waiting: [CheckedContinuation<Value?, any Error>])
        case loaded(Result<Value?, any Error>)
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var queue: [Key] = []

        /// Puts a key that is not known yet into the queue.
        ///
        /// - Returns: Whether the queue was empty before.
        mutating func enqueue(_ key: Key, askers: Int) -> Bool {
            entries[key] = .pending(askers: askers, waiting: [])
            queue.append(key)
            return queue.count == 1
        }
    }

    private let state = Mutex(State())
    private let scheduler: BatchScheduler
    private let maximumBatch: Int
    private let batch: @Sendable ([Key]) async throws -> [Key: Value]

    init(
        _ scheduler: BatchScheduler, maximumBatch: Int,
        _ batch: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) {
        self.scheduler = scheduler
        self.maximumBatch = maximumBatch
        self.batch = batch
    }

    /// The value of a key; `nil` when the batch function had none.
    package func load(_ key: Key) async throws -> Value? {
        if let known = ask(for: key) { return try known.get() }
        await scheduler.suspend()
        return try await value(of: key)
    }

    /// The values of many keys, in their order.
    package func load(_ keys: [Key]) async throws -> [Value?] {
        enqueue(keys)
        var values: [Value?] = []
        values.reserveCapacity(keys.count)
        for key in keys { values.append(try await load(key)) }
        return values
    }

    /// The value of a key that is loaded; otherwise counts the caller among those that wait for it.
    private func ask(for key: Key) -> Result<Value?, any Error>? {
        let (known, isFirst): (Result<Value?, any Error>?, Bool) = state.withLock { state in
            switch state.entries[key] {
            case .loaded(let result): return (result, false)
            case .pending(let askers, let waiting):
                state.entries[key] = .pending(askers: askers + 1, waiting: waiting)
                return (nil, false)
            case nil: return (nil, state.enqueue(key, askers: 1))
            }
        }
        if isFirst { addBatch() }
        return known
    }

    private func enqueue(_ keys: [Key]) {
        let isFirst = state.withLock { state in
            var isFirst = false
            for key in keys where state.entries[key] == nil {
                if state.enqueue(key, askers: 0) { isFirst = true }
            }
            return isFirst
        }
        if isFirst { addBatch() }
    }

    private func addBatch() {
        scheduler.add { await self.loadQueue() }
    }

    private func value(of key: Key) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value?, any Error>? = state.withLock { state in
                switch state.entries[key] {
                case .loaded(let result): return result
                case .pending(let askers, let waiting):
                    state.entries[key] = .pending(
                        askers: askers, waiting: waiting + [continuation])
                    return nil
                case nil: preconditionFailure("A key that was asked for has an entry.")
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    private func loadQueue() async {
        let keys = state.withLock { state in
            defer { state.queue = [] }
            return state.queue
        }
        var start = 0
        while start < keys.count {
            let slice = Array(keys[start..<min(start + maximumBatch, keys.count)])
            start += slice.count
            let result: Result<[Key: Value], any Error>
            do {
                try Task.checkCancellation()
                result = .success(try await batch(slice))
            } catch {
                result = .failure(error)
            }
            finish(slice, result)
        }
    }

    private func finish(_ keys: [Key], _ result: Result<[Key: Value], any Error>) {
        for key in keys {
            let value = result.map { $0[key] }
            let (askers, waiting) = state.withLock { state in
                defer { state.entries[key] = .loaded(value) }
                guard case .pending(let askers, let waiting) = state.entries[key] else {
                    preconditionFailure("A key is loaded once.")
                }
                return (askers, waiting)
            }
            scheduler.resume(askers)
            for continuation in waiting { continuation.resume(with: value) }
        }
    }
}

/// Knows when nothing of a request can go on without the values it waits for: then the batches that
/// were added run, all at once, and the next ones not before these have ended. So the keys of all
/// resolvers that are equally far come together, however their threads were scheduled, as long as
/// each resolver waits for one load at a time.
final class BatchScheduler: Sendable {
    typealias Batch = @Sendable () async -> Void

    private struct State {
        /// Resolvers that run or whose results are not taken up yet, and batches that run.
        var busy = 0
        var batches: [Batch] = []

        mutating func takeIfDue() -> [Batch] {
            // Less than nobody is busy when one resolver waits for several values at a time.
            guard busy <= 0 else { return [] }
            defer { batches = [] }
            busy += batches.count
            return batches
        }
    }

    private let state = Mutex(State())

    /// Counts resolvers in, before they begin.
    func begin(_ count: Int) {
        state.withLock { $0.busy += count }
    }

    /// Counts out resolvers, or batches that have run.
    ///
    /// - Returns: The batches that are due now, for ``run(_:)``.
    func end(_ count: Int = 1) -> [Batch] {
        state.withLock { state in
            state.busy -= count
            return state.takeIfDue()
        }
    }

    func add(_ batch: @escaping Batch) {
        state.withLock { $0.batches.append(batch) }
    }

    /// Says that a resolver can't go on until ``resume(_:)``; the last one to say so runs the batches.
    func suspend() async {
        await run(end())
    }

    /// Says that so many resolvers can go on.
    func resume(_ count: Int) {
        begin(count)
    }

    /// Runs batches, and those that are due when they have ended.
    func run(_ due: [Batch]) async {
        var due = due
        while !due.isEmpty {
            if due.count == 1 {
                await due[0]()
            } else {
                await withDiscardingTaskGroup { group in
                    for batch in due { group.addTask { await batch() } }
                }
            }
            due = end(due.count)
        }
    }
}
