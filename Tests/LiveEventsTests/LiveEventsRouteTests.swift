import APISupport
import DomainEvents
import HTTPMessages
import JSON
import LiveEvents
import Locking
import PhoenixModel
import Testing

@Suite struct LiveEventsRouteTests {
    private let hub: EventHub
    private let router: Router

    init() {
        var limits = EventHub.Limits()
        limits.subscriptions = 2
        self.init(limits)
    }

    private init(_ limits: EventHub.Limits) {
        let hub = EventHub(epoch: 0xAB, limits: limits) { Timestamp(microseconds: 0) }
        self.hub = hub
        var settings = LiveEventsRoute.Settings()
        settings.heartbeatInterval = .seconds(600)
        let route = LiveEventsRoute(hub: hub, settings: settings) { identifier in
            guard let id = identifier.rowID else { throw HTTPError(.notFound, "No such project.") }
            return id
        }.route
        var router = Router()
        API(routes: [route], settings: APISettings(isReadOnly: true)).register(on: &router)
        self.router = router
    }

    private func inserted(_ number: Int64, project: Int64 = 1) -> DomainEvent {
        .spansInserted(
            SpansInserted(
                project: RowID(project), traces: TraceSample([RowID(number)]), spanCount: 1,
                watermark: number))
    }

    /// A client that reads until it has seen a number of blocks, each of which a blank line ends.
    private func read(
        _ count: Int, query: String? = nil, headers: HTTPHeaders = [:],
        after publish: () -> Void = {}
    ) async throws -> [String] {
        let response = try await router.respond(
            to: HTTPRequest(
                method: .get, path: "/v1/live_events", queryString: query, headers: headers))
        #expect(response.headers["content-type"] == "text/event-stream; charset=utf-8")
        #expect(response.headers["cache-control"] == "no-store")
        #expect(response.endsWithServer)
        guard case .stream(let produce) = response.body else { return [] }
        let writer = RecordingWriter()
        let task = Task { try await produce(writer) }
        publish()
        var text = ""
        var blocks: [String] = []
        for await written in writer.writes {
            text += written
            blocks = text.split(separator: "\n\n").map(String.init)
            if blocks.count >= count { break }
        }
        task.cancel()
        _ = await task.result
        return blocks
    }

    @Test func `a stream begins with where it stands and goes on with what happens`() async throws {
        let blocks = try await read(3) { hub.publish(inserted(7)) }
        #expect(
            blocks == [
                "retry: 2000", "id: ab-0\nevent: ready\ndata: {}",
                "id: ab-1\nevent: spans_inserted\ndata: " + inserted(7).json.text,
            ])
    }

    @Test(arguments: [true, false])
    func `a stream is resumed behind its last event`(_ byHeader: Bool) async throws {
        for number in 1...4 { hub.publish(inserted(Int64(number))) }
        let blocks = try await read(
            3, query: byHeader ? nil : "last_event_id=ab-2",
            headers: byHeader ? ["last-event-id": "ab-2"] : [:])
        #expect(blocks.map { $0.prefix(8) } == ["retry: 2", "id: ab-3", "id: ab-4"])
    }

    @Test(arguments: ["ab-99", "cd-1", "nonsense", "1"])
    func `what cannot be resumed begins with a reset`(_ last: String) async throws {
        hub.publish(inserted(1))
        let blocks = try await read(2, headers: ["last-event-id": last])
        #expect(blocks == ["retry: 2000", "id: ab-1\nevent: reset\ndata: {}"])
    }

    @Test func `a stream of one project has its events alone`() async throws {
        let blocks = try await read(3, query: "project=UHJvamVjdDoy") {
            hub.publish(inserted(1, project: 1))
            hub.publish(inserted(2, project: 2))
        }
        #expect(blocks.last?.hasPrefix("id: ab-2\n") == true)
    }

    @Test func `a project that is not there is refused`() async throws {
        await #expect(throws: HTTPError.self) {
            _ = try await read(1, query: "project=nobody")
        }
    }

    @Test func `too many streams are refused`() async throws {
        let kept = [try hub.subscribe(), try hub.subscribe()]
        let error = await #expect(throws: HTTPError.self) { _ = try await read(1) }
        #expect(error?.status == .serviceUnavailable)
        #expect(error?.headers["retry-after"] == "5")
        #expect(kept.count == 2)
    }

    @Test func `a client that leaves makes room`() async throws {
        _ = try await read(2)
        #expect(hub.subscriptionCount == 0)
    }
}

/// Tells of what is written.
private final class RecordingWriter: HTTPBodyWriter {
    let writes: AsyncStream<String>
    private let signal: AsyncStream<String>.Continuation

    init() {
        (writes, signal) = AsyncStream.makeStream()
    }

    func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        signal.yield(String(decoding: bytes, as: UTF8.self))
    }
}
