import DomainEvents
import PhoenixModel
import Testing

@testable import LiveEvents

@Suite struct EventMessageTests {
    private func inserted(_ number: Int64, traces: Int = 1) -> DomainEvent {
        .spansInserted(
            SpansInserted(
                project: RowID(number), traces: TraceSample((0..<traces).map { RowID(Int64($0)) }),
                spanCount: traces, watermark: number))
    }

    @Test func `a message reads back as it was written`() {
        let events = [inserted(1), inserted(2, traces: 60)]
        let texts = EventMessage.texts(sender: 255, .init(events: events))
        #expect(texts.map { EventMessage($0) } == [EventMessage(sender: 255, events: events)])
    }

    @Test func `many events go into several messages that PostgreSQL takes`() {
        let events = (1...100).map { inserted($0, traces: 50) }
        let texts = EventMessage.texts(sender: .max, .init(events: events))
        #expect(texts.count > 1)
        #expect(texts.allSatisfy { $0.utf8.count < 8000 })
        #expect(texts.flatMap { EventMessage($0)?.events ?? [] } == events)
    }

    @Test func `an outbox that is full tells of the loss alone`() {
        let outbox = EventOutbox()
        for number in 0...EventOutbox.eventsMax { outbox.add(inserted(Int64(number))) }
        let content = outbox.takeAll()
        #expect(content.events.isEmpty)
        let texts = EventMessage.texts(sender: 1, content)
        #expect(texts.map { EventMessage($0) } == [EventMessage(sender: 1, hasLost: true)])
        #expect(outbox.takeAll().isEmpty)
    }

    @Test func `an event of a later version counts as lost`() {
        let message = EventMessage(#"{"from":"1","events":[{"type":"later"}]}"#)
        #expect(message == EventMessage(sender: 1, hasLost: true))
    }

    @Test(arguments: ["", "x", "{}", #"{"from":1}"#, #"{"from":"zz"}"#])
    func `what is no message is passed over`(_ text: String) {
        #expect(EventMessage(text) == nil)
    }

    @Test func `servers of other schemas do not hear each other`() {
        let channels = [nil, "public", "a"].map { ReplicaEvents.channel(schema: $0) }
        #expect(Set(channels).count == 3)
        #expect(channels.allSatisfy { $0.utf8.count < 64 })
    }
}
