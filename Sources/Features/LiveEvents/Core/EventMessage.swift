import DomainEvents
import JSON

/// What one server tells the others in a notification of PostgreSQL.
struct EventMessage: Sendable, Hashable {
    /// PostgreSQL takes payloads of fewer than 8,000 bytes.
    static let bytesMax = 7_900

    /// The epoch of the sender, which ignores its own messages.
    var sender: UInt64
    var events: [DomainEvent] = []
    /// Whether there were more events than could be told.
    var hasLost = false

    init(sender: UInt64, events: [DomainEvent] = [], hasLost: Bool = false) {
        self.sender = sender
        self.events = events
        self.hasLost = hasLost
    }

    /// As many messages as are needed for the events, each short enough.
    static func texts(sender: UInt64, _ content: EventOutbox.Content) -> [String] {
        let start = "{\"from\":\"\(String(sender, radix: 16))\","
        if content.hasLost { return [start + "\"lost\":true}"] }
        var texts: [String] = []
        var current = ""
        for event in content.events {
            let text = event.json.text
            if !current.isEmpty, start.utf8.count + current.utf8.count + text.utf8.count > bytesMax
            {
                texts.append(start + "\"events\":[\(current)]}")
                current = ""
            }
            current += current.isEmpty ? text : "," + text
        }
        if !current.isEmpty { texts.append(start + "\"events\":[\(current)]}") }
        return texts
    }

    /// Nil when the text is not one of ours. Events of a later version of this program that are not
    /// known here count as lost.
    init?(_ text: String) {
        // Whatever is wrong with it, it is not ours.
        guard let json = try? JSON.parse(text),
            let sender = json["from"]?.stringValue.flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        let values = json["events"]?.arrayValue ?? []
        let events = values.compactMap { DomainEvent(json: $0) }
        let isKnown = events.count == values.count
        self.init(
            sender: sender, events: events,
            hasLost: json["lost"]?.boolValue == true || !isKnown)
    }
}
