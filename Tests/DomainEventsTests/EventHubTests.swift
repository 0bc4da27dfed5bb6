import DomainEvents
import JSON
import PhoenixModel
import Testing

@Suite struct EventHubTests {
    private func hub(remembering count: Int = 8, subscriptions: Int = 3) -> EventHub {
        var limits = EventHub.Limits()
        limits.remembered = count
        limits.subscriptions = subscriptions
        limits.perDelivery = 4
        return EventHub(epoch: 7, limits: limits) { Timestamp(microseconds: 5) }
    }

    private func inserted(_ number: Int64, project: Int64 = 1) -> DomainEvent {
        .spansInserted(
            SpansInserted(
                project: RowID(project), traces: TraceSample([RowID(number)]), spanCount: 1,
                watermark: number))
    }

    private func id(_ sequence: UInt64) -> EventID { EventID(epoch: 7, sequence: sequence) }

    private func numbers(_ delivery: EventDelivery) -> [UInt64]? {
        guard case .events(let entries) = delivery else { return nil }
        return entries.map(\.id.sequence)
    }

    @Test func `a subscriber gets what is published after it came`() async throws {
        let hub = hub()
        hub.publish(inserted(1))
        let subscription = try hub.subscribe()
        #expect(subscription.position == id(1))
        hub.publish(inserted(2))
        hub.publish(inserted(3))
        #expect(
            try await subscription.next()
                == .events([
                    .init(id: id(2), event: inserted(2)), .init(id: id(3), event: inserted(3)),
                ]))
    }

    @Test func `a waiting subscriber is woken`() async throws {
        let hub = hub()
        let subscription = try hub.subscribe()
        async let delivery = subscription.next()
        await Task.yield()
        hub.publish(inserted(1))
        #expect(numbers(try await delivery) == [1])
    }

    @Test func `a subscriber that comes back gets exactly what it missed`() async throws {
        let hub = hub()
        for number in 1...5 { hub.publish(inserted(Int64(number))) }
        let subscription = try hub.subscribe(after: id(2))
        #expect(numbers(try await subscription.next()) == [3, 4, 5])
        hub.publish(inserted(6))
        #expect(numbers(try await subscription.next()) == [6])
    }

    @Test func `many events come in several deliveries`() async throws {
        let hub = hub()
        let subscription = try hub.subscribe()
        for number in 1...6 { hub.publish(inserted(Int64(number))) }
        #expect(numbers(try await subscription.next()) == [1, 2, 3, 4])
        #expect(numbers(try await subscription.next()) == [5, 6])
    }

    @Test func `the last events are remembered and no others`() async throws {
        let hub = hub(remembering: 3)
        for number in 1...5 { hub.publish(inserted(Int64(number))) }
        #expect(numbers(try await hub.subscribe(after: id(2)).next()) == [3, 4, 5])
        #expect(try await hub.subscribe(after: id(1)).next() == .reset(id(5)))
    }

    @Test(arguments: [
        EventID(epoch: 8, sequence: 1), EventID(epoch: 7, sequence: 99),
        EventID(epoch: 0, sequence: 0), EventID(epoch: 7, sequence: .max),
    ])
    func `an id of another life is answered by a reset`(_ id: EventID) async throws {
        let hub = hub()
        hub.publish(inserted(1))
        let subscription = try hub.subscribe(after: id)
        #expect(try await subscription.next() == .reset(self.id(1)))
        hub.publish(inserted(2))
        #expect(numbers(try await subscription.next()) == [2])
    }

    @Test func `who is too slow gets a reset and then what follows`() async throws {
        let hub = hub(remembering: 4)
        let slow = try hub.subscribe()
        for number in 1...9 { hub.publish(inserted(Int64(number))) }
        #expect(try await slow.next() == .reset(id(9)))
        hub.publish(inserted(10))
        #expect(numbers(try await slow.next()) == [10])
    }

    @Test func `who follows a project hears of no other`() async throws {
        let hub = hub()
        let subscription = try hub.subscribe(project: RowID(2))
        hub.publish(inserted(1, project: 1))
        hub.publish(inserted(2, project: 2))
        hub.publish(.projectsChanged(ProjectsChanged(project: RowID(1))))
        hub.publish(.tracesDeleted(TracesDeleted(project: nil, traces: TraceSample([]))))
        #expect(numbers(try await subscription.next()) == [2, 4])
    }

    @Test func `who follows a quiet project misses nothing however busy others are`() async throws {
        let hub = hub()
        let subscription = try hub.subscribe(project: RowID(2))
        for number in 1...50 { hub.publish(inserted(Int64(number), project: 1)) }
        hub.publish(inserted(51, project: 2))
        #expect(numbers(try await subscription.next()) == [51])
    }

    @Test func `a reset reaches all who listen`() async throws {
        let hub = hub()
        let subscription = try hub.subscribe()
        hub.publish(inserted(1))
        hub.reset()
        #expect(try await subscription.next() == .reset(id(1)))
        #expect(try await hub.subscribe(after: id(0)).next() == .reset(id(1)))
    }

    @Test func `a hub has so many subscribers and makes room when one leaves`() throws {
        let hub = hub(subscriptions: 2)
        var subscriptions = [try hub.subscribe(), try hub.subscribe()]
        #expect(throws: EventHubFull.self) { _ = try hub.subscribe() }
        subscriptions.removeLast()
        #expect(hub.subscriptionCount == 1)
        subscriptions.append(try hub.subscribe())
        #expect(hub.subscriptionCount == 2)
    }

    @Test func `waiting ends when the task is cancelled`() async throws {
        let subscription = try hub().subscribe()
        let task = Task { try await subscription.next() }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    @Test func `events of this process are forwarded and others are not`() async {
        let (forwarded, continuation) = AsyncStream<DomainEvent>.makeStream()
        let hub = EventHub(
            epoch: 1, now: { Timestamp(microseconds: 0) }, forward: { continuation.yield($0) })
        hub.publish(inserted(1), from: .elsewhere)
        hub.publish(inserted(2))
        continuation.finish()
        var seen: [DomainEvent] = []
        for await event in forwarded { seen.append(event) }
        #expect(seen == [inserted(2)])
        #expect(hub.watermark == 2)
    }

    @Test func `activity is the time of the last insertion or deletion`() {
        let hub = hub()
        #expect(hub.activity.lastUpdate == nil)
        hub.publish(inserted(1, project: 3))
        let time = Timestamp(microseconds: 5)
        #expect(hub.activity.lastUpdate(of: RowID(3)) == time)
        #expect(hub.activity.lastUpdate(of: RowID(4)) == nil)
        #expect(hub.activity.lastUpdate == time)
        hub.publish(.projectsChanged(ProjectsChanged(project: RowID(3), isDeleted: true)))
        #expect(hub.activity.lastUpdate(of: RowID(3)) == nil)
    }
}
