import DomainEvents
import Locking

/// Events that wait to be told to the other servers of a database.
///
/// Holds up to ``eventsMax``; beyond that none of them is worth telling singly, and the others are
/// told that they lost some.
package final class EventOutbox: Sendable {
    package static let eventsMax = 1000

    struct Content: Sendable {
        var events: [DomainEvent] = []
        var hasLost = false

        var isEmpty: Bool { events.isEmpty && !hasLost }
    }

    private let content = Mutex(Content())
    let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    package init() {
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func add(_ event: DomainEvent) {
        content.withLock { content in
            if content.hasLost { return }
            if content.events.count < Self.eventsMax {
                content.events.append(event)
            } else {
                content = Content(events: [], hasLost: true)
            }
        }
        wakeUp.yield()
    }

    /// Has the others told that they lost some.
    func addLoss() {
        content.withLock { $0 = Content(events: [], hasLost: true) }
        wakeUp.yield()
    }

    func takeAll() -> Content {
        content.withLock { content in
            defer { content = Content() }
            return content
        }
    }

    /// Ends ``wakeUps``.
    func close() { wakeUp.finish() }
}
