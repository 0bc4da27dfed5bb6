import APISupport
import DomainEvents
import HTTPMessages
import JSON
import PhoenixModel

/// The stream of live events: server-sent events (HTML standard, section 9.2) at `/v1/live_events`.
package struct LiveEventsRoute: Sendable {
    package struct Settings: Sendable {
        /// How often a silent stream gets a comment that shows that it lives; it is silent for less
        /// than twice as long.
        package var heartbeatInterval: Duration = .seconds(7)
        /// How long clients wait before they connect again.
        package var retryMs = 2000
        package var clock: any Clock<Duration> = ContinuousClock()

        package init() {}
    }

    private let hub: EventHub
    private let settings: Settings
    private let findProject: @Sendable (Identifier<Project>) async throws -> Project.ID

    /// - Parameter findProject: The project of an id or name; throws the answer when there is none.
    package init(
        hub: EventHub, settings: Settings = Settings(),
        findProject: @escaping @Sendable (Identifier<Project>) async throws -> Project.ID
    ) {
        self.hub = hub
        self.settings = settings
        self.findProject = findProject
    }

    package var route: Route {
        Route(Self.operation) { try await respond(to: $0) }
    }

    private struct Listen: Action {
        var requiredAccess: Access { .read }
    }

    private static let project = Parameter<String?>.text(
        "project", "The global id or the name of the project whose events are wanted; else all.")
    private static let lastEventID = Parameter<String?>.text(
        "last_event_id",
        "The id of the last event received, for clients that cannot set the header Last-Event-ID.")

    private static let operation: Operation = {
        var operation = Operation(
            .get, "/v1/live_events", id: "streamLiveEvents", tag: "events",
            summary: "Streams what changes, as server-sent events.",
            description: "An extension of this server. An event is a hint about what to fetch"
                + " anew. A stream that is resumed with the id of its last event goes on behind"
                + " it; when that is not possible, or events were lost, it sends the event"
                + " `reset`.",
            action: Listen(), answer: .other("A stream of the type text/event-stream."))
        operation.parameters = [project.declaration, lastEventID.declaration]
        operation.refusals = [.forbidden, .notFound, .atCapacity]
        operation.worksReadOnly = true
        operation.isExtension = true
        return operation
    }()

    private func respond(to request: APIRequest) async throws -> HTTPResponse {
        var project: Project.ID?
        if let name = request[Self.project], !name.isEmpty {
            project = try await findProject(Identifier(name))
        }
        let last = request.http.headers["last-event-id"] ?? request[Self.lastEventID] ?? ""
        let subscription: EventSubscription
        do throws(EventHubFull) {
            // What is no id of ours is one of another life of the server: it cannot be resumed.
            subscription = try hub.subscribe(
                after: last.isEmpty ? nil : EventID(last) ?? EventID(epoch: 0, sequence: 0),
                project: project)
        } catch {
            throw HTTPError(
                .serviceUnavailable, error.description, headers: ["retry-after": "5"])
        }
        let isFresh = last.isEmpty
        let body: HTTPResponseBody = .stream { [settings] writer in
            var opening = EventText.retry(milliseconds: settings.retryMs)
            if isFresh { opening += EventText.event("ready", id: subscription.position) }
            try await writer.write(opening)
            try await withHeartbeats(
                EventText.heartbeat, every: settings.heartbeatInterval, clock: settings.clock,
                on: writer
            ) { writer in
                while true { try await writer.write(EventText.text(of: subscription.next())) }
            }
        }
        return HTTPResponse(
            .ok,
            headers: [
                "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store",
                // Proxies such as nginx would otherwise hold events back.
                "x-accel-buffering": "no",
            ], body: body, endsWithServer: true)
    }
}

/// Events as the bytes of a stream.
enum EventText {
    /// A comment, which clients pass over.
    static let heartbeat = Array(": alive\n\n".utf8)

    static func retry(milliseconds: Int) -> [UInt8] { Array("retry: \(milliseconds)\n\n".utf8) }

    static func event(_ name: String, id: EventID, data: JSONValue = [:]) -> [UInt8] {
        // JSON has no line breaks of its own, so one `data:` line holds it.
        Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data.serialized() + Array("\n\n".utf8)
    }

    static func text(of delivery: EventDelivery) -> [UInt8] {
        switch delivery {
        case .reset(let id): event("reset", id: id)
        case .events(let entries):
            entries.flatMap { event($0.event.name, id: $0.id, data: $0.event.json) }
        }
    }
}
