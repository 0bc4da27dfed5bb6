import Locking

/// Loads values by key, many by one call: keys that are asked for while resolvers run are gathered
/// until all running resolvers wait, and then loaded together. Each key is loaded once a request.
package final class Loader<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Entry {
        case pending([CheckedContinuation<Value?, any Error>])
        case loaded(Result<Value?, any Error>)
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var queue: [Key] = []
        var isScheduled = false
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
        enqueue([key])
        await scheduler.wait()
        return try await value(of: key)
    }

    /// The values of many keys, in their order.
    package func load(_ keys: [Key]) async throws -> [Value?] {
        enqueue(keys)
        await scheduler.wait()
        var values: [Value?] = []
        values.reserveCapacity(keys.count)
        for key in keys { values.append(try await value(of: key)) }
        return values
    }

    private func enqueue(_ keys: [Key]) {
        let mustSchedule = state.withLock { state in
            for key in keys where state.entries[key] == nil {
                state.entries[key] = .pending([])
                state.queue.append(key)
            }
            let mustSchedule = !state.queue.isEmpty && !state.isScheduled
            if mustSchedule { state.isScheduled = true }
            return mustSchedule
        }
        if mustSchedule { scheduler.add { await self.loadQueue() } }
    }

    private func value(of key: Key) async throws -> Value? {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value?, any Error>? = state.withLock { state in
                switch state.entries[key] {
                case .loaded(let result): return result
                case .pending(let waiting):
                    state.entries[key] = .pending(waiting + [continuation])
                    return nil
                case nil: return .success(nil)
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    private func loadQueue() async {
        let keys = state.withLock { state in
            let keys = state.queue
            state.queue = []
            state.isScheduled = false
            return keys
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
            let waiting = state.withLock { state in
                var waiting: [CheckedContinuation<Value?, any Error>] = []
                if case .pending(let found) = state.entries[key] { waiting = found }
                state.entries[key] = .loaded(value)
                return waiting
            }
            for continuation in waiting { continuation.resume(with: value) }
        }
    }
}

/// Knows how many resolvers of a request run, and how many of them wait for a loader.
///
/// The resolver that is the last to wait, or that ends while all others wait, runs the batches.
final class BatchScheduler: Sendable {
    private struct State {
        var running = 0
        var waiting = 0
        var batches: [@Sendable () async -> Void] = []

        mutating func takeIfDue() -> [@Sendable () async -> Void] {
            guard waiting >= running, !batches.isEmpty else { return [] }
            defer { batches = [] }
            waiting = 0
            return batches
        }
    }

    private let state = Mutex(State())

    /// Counts resolvers in before they begin.
    func begin(_ count: Int) {
        state.withLock { $0.running += count }
    }

    /// Counts a resolver out.
    func end() async {
        await run(
            state.withLock { state in
                state.running -= 1
                return state.takeIfDue()
            })
    }

    func add(_ batch: @escaping @Sendable () async -> Void) {
        state.withLock { $0.batches.append(batch) }
    }

    /// Says that a resolver waits from here on.
    func wait() async {
        await run(
            state.withLock { state in
                state.waiting += 1
                return state.takeIfDue()
            })
    }

    private func run(_ batches: [@Sendable () async -> Void]) async {
        if batches.count == 1 { return await batches[0]() }
        await withDiscardingTaskGroup { group in
            for batch in batches { group.addTask { await batch() } }
        }
    }
}
