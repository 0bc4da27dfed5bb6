import Locking
import PhoenixModel

/// Passes events on to those who listen, and remembers the last ones for those who come back.
///
/// There is one ring of events for all subscribers, each of which has a place in it. One that is so
/// slow, or was away so long, that its place was overwritten gets ``EventDelivery/reset(_:)``
/// instead of what it missed. So publishing costs the same however slow anybody is, and memory is
/// bounded.
package final class EventHub: Sendable {
    package struct Limits: Sendable {
        /// How many events are remembered.
        package var remembered = 2048
        package var subscriptions = 1000
        /// How many events one delivery has at most.
        package var perDelivery = 256

        package init() {}
    }

    /// Where an event was published.
    package enum Origin: Sendable, Hashable {
        case thisProcess
        /// In another process, or it was found in the database.
        case elsewhere
    }

    private struct Subscriber {
        var next: UInt64
        var project: Project.ID?
        var mustReset: Bool
        var waiter: CheckedContinuation<Void, Never>?

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? {
            defer { waiter = nil }
            return waiter
        }
    }

    private struct State {
        /// The event of sequence number `n` is at `n % count`, for as long as it is remembered.
        var ring: [DomainEvent?]
        /// The sequence number of the next event.
        var next: UInt64 = 1
        /// The lowest sequence number that may be asked for.
        var oldest: UInt64 = 1
        var watermark: Int64 = 0
        var subscribers: [Int: Subscriber] = [:]
        var nextKey = 0
    }

    /// Tells this process's events from those of another.
    package let epoch: UInt64
    package let activity = ProjectActivity()
    private let limits: Limits
    private let now: @Sendable () -> Timestamp
    private let forward: @Sendable (DomainEvent) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - epoch: Random, other for each process.
    ///   - forward: Is given every event of this process, to tell other processes. Must not wait.
    package init(
        epoch: UInt64, limits: Limits = Limits(), now: @escaping @Sendable () -> Timestamp,
        forward: @escaping @Sendable (DomainEvent) -> Void = { _ in }
    ) {
        precondition(limits.remembered > 0, "A hub remembers at least one event.")
        self.epoch = epoch
        self.limits = limits
        self.now = now
        self.forward = forward
        state = Mutex(State(ring: Array(repeating: nil, count: limits.remembered)))
    }

    // MARK: Publishing

    /// Tells all who listen. Never waits.
    package func publish(_ event: DomainEvent, from origin: Origin = .thisProcess) {
        activity.record(event, at: now())
        let woken = state.withLock { state in
            state.ring[Int(state.next % UInt64(state.ring.count))] = event
            state.next += 1
            let span = UInt64(state.ring.count)
            if state.next > span { state.oldest = max(state.oldest, state.next - span) }
            if case .spansInserted(let event) = event {
                state.watermark = max(state.watermark, event.watermark)
            }
            return Self.waiters(of: &state) { $0.project.map(event.concerns) ?? true }
        }
        for waiter in woken { waiter.resume() }
        if origin == .thisProcess { forward(event) }
    }

    /// Tells all who listen to look at everything anew, since some events are lost.
    package func reset() {
        let woken = state.withLock { state in
            state.oldest = state.next
            for key in state.subscribers.keys { state.subscribers[key]?.mustReset = true }
            return Self.waiters(of: &state) { _ in true }
        }
        for waiter in woken { waiter.resume() }
    }

    private static func waiters(
        of state: inout State, where isConcerned: (Subscriber) -> Bool
    ) -> [CheckedContinuation<Void, Never>] {
        var waiters: [CheckedContinuation<Void, Never>] = []
        for (key, subscriber) in state.subscribers {
            if isConcerned(subscriber) {
                guard subscriber.waiter != nil else { continue }
                if let waiter = state.subscribers[key]?.takeWaiter() { waiters.append(waiter) }
            } else if subscriber.next + 1 == state.next {
                // It knows all before this event, and must not lose its place to what it does not
                // want.
                state.subscribers[key]?.next = state.next
            }
        }
        return waiters
    }

    /// The highest row id of a span that an event told of.
    package var watermark: Int64 { state.withLock { $0.watermark } }

    /// Counts spans up to a row id as told of.
    package func raiseWatermark(to watermark: Int64) {
        state.withLock { $0.watermark = max($0.watermark, watermark) }
    }

    // MARK: Subscribing

    /// Listens from now on, or from behind an event.
    ///
    /// - Parameters:
    ///   - last: The last event that the subscriber knows. When what came after it is not remembered,
    ///     the first delivery is a reset.
    ///   - project: Whose events are wanted; nil for all.
    /// - Throws: ``EventHubFull``.
    package func subscribe(
        after last: EventID? = nil, project: Project.ID? = nil
    ) throws(EventHubFull) -> EventSubscription {
        let limits = limits
        let epoch = epoch
        let place = state.withLock { state -> (key: Int, position: UInt64)? in
            guard state.subscribers.count < limits.subscriptions else { return nil }
            var subscriber = Subscriber(next: state.next, project: project, mustReset: false)
            if let last {
                if last.epoch == epoch, last.sequence < state.next,
                    last.sequence + 1 >= state.oldest
                {
                    subscriber.next = last.sequence + 1
                } else {
                    subscriber.mustReset = true
                }
            }
            state.nextKey += 1
            state.subscribers[state.nextKey] = subscriber
            return (state.nextKey, state.next - 1)
        }
        guard let place else { throw EventHubFull(limit: limits.subscriptions) }
        return EventSubscription(
            hub: self, key: place.key, position: EventID(epoch: epoch, sequence: place.position))
    }

    package var subscriptionCount: Int { state.withLock { $0.subscribers.count } }

    func remove(_ key: Int) {
        state.withLock { $0.subscribers.removeValue(forKey: key)?.waiter }?.resume()
    }

    /// What there is for a subscriber now.
    func take(_ key: Int) -> EventDelivery? {
        state.withLock { state in
            guard var subscriber = state.subscribers[key] else { return nil }
            defer { state.subscribers[key] = subscriber }
            if subscriber.mustReset || subscriber.next < state.oldest {
                subscriber.mustReset = false
                subscriber.next = state.next
                return .reset(EventID(epoch: epoch, sequence: state.next - 1))
            }
            var events: [EventDelivery.Entry] = []
            while subscriber.next < state.next, events.count < limits.perDelivery {
                let sequence = subscriber.next
                subscriber.next += 1
                guard let event = state.ring[Int(sequence % UInt64(state.ring.count))] else {
                    continue
                }
                if let project = subscriber.project, !event.concerns(project) { continue }
                events.append(
                    EventDelivery.Entry(
                        id: EventID(epoch: epoch, sequence: sequence), event: event))
            }
            return events.isEmpty ? nil : .events(events)
        }
    }

    /// Returns when there may be something for a subscriber, or its task was cancelled.
    func wait(_ key: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard let subscriber = state.subscribers[key], !Task.isCancelled,
                        !subscriber.mustReset, subscriber.next == state.next
                    else { return false }
                    precondition(subscriber.waiter == nil, "A subscription has two readers.")
                    state.subscribers[key]?.waiter = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.subscribers[key]?.takeWaiter() }?.resume()
        }
    }
}

/// What a subscriber gets at a time.
package enum EventDelivery: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var id: EventID
        package var event: DomainEvent

        package init(id: EventID, event: DomainEvent) {
            self.id = id
            self.event = event
        }
    }

    case events([Entry])
    /// Events are missing: look at everything anew. What follows comes after this id.
    case reset(EventID)
}

/// One listener of an ``EventHub``, until it is released. For one task at a time.
package final class EventSubscription: Sendable {
    private let hub: EventHub
    private let key: Int
    /// Where the hub stood when this began.
    package let position: EventID

    fileprivate init(hub: EventHub, key: Int, position: EventID) {
        self.hub = hub
        self.key = key
        self.position = position
    }

    deinit { hub.remove(key) }

    /// Waits for the next events.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    package func next() async throws -> EventDelivery {
        while true {
            if let delivery = hub.take(key) { return delivery }
            await hub.wait(key)
            try Task.checkCancellation()
        }
    }
}

/// As many listen as may.
package struct EventHubFull: Error, CustomStringConvertible {
    package var limit: Int

    package var description: String {
        "As many clients as may, \(limit), listen to events already. Retry later."
    }
}
