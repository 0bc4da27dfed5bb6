import DomainEvents
import JSON
import PhoenixModel
import Testing

@Suite struct DomainEventTests {
    static let traces = TraceSample([RowID(1), RowID(2)])

    @Test(
        arguments: [
            .spansInserted(
                SpansInserted(project: RowID(3), traces: traces, spanCount: 9, watermark: 77)),
            .tracesDeleted(TracesDeleted(project: nil, traces: TraceSample([], hasMore: true))),
            .tracesDeleted(TracesDeleted(project: RowID(3), traces: traces)),
            .tracesMoved(TracesMoved(destination: RowID(4), traces: traces)),
            .projectsChanged(ProjectsChanged(project: RowID(5), isDeleted: true)),
            .annotationsChanged(AnnotationsChanged(project: RowID(6))),
        ] as [DomainEvent])
    func `an event reads back as it was written`(_ event: DomainEvent) throws {
        #expect(DomainEvent(json: try JSON.parse(event.json.text)) == event)
    }

    @Test func `an event has global ids`() {
        let event = DomainEvent.spansInserted(
            SpansInserted(project: RowID(3), traces: Self.traces, spanCount: 9, watermark: 77))
        #expect(
            event.json.text
                == #"{"type":"spans_inserted","project":"UHJvamVjdDoz","traces":["VHJhY2U6MQ==","VHJhY2U6Mg=="],"more_traces":false,"span_count":9,"watermark":77}"#
        )
    }

    @Test(arguments: ["{}", "[]", #"{"type":"spans_inserted"}"#, #"{"type":"later"}"#])
    func `what is no event is passed over`(_ text: String) throws {
        #expect(DomainEvent(json: try JSON.parse(text)) == nil)
    }

    @Test func `of many traces the first are named`() {
        let few = TraceSample((1...50).map { RowID($0) })
        #expect(few.ids.count == 50)
        #expect(!few.hasMore)
        var many = TraceSample((1...51).map { RowID($0) })
        #expect(many.ids.count == 50)
        #expect(many.hasMore)
        many.append(RowID(99))
        #expect(many.ids.count == 50)
    }

    @Test(arguments: ["", "x", "1-2-3", "-", "1-", "g-1", String(repeating: "1", count: 50)])
    func `what is no id is none`(_ text: String) {
        #expect(EventID(text) == nil)
    }

    @Test func `an id reads back as it was written`() {
        let id = EventID(epoch: .max, sequence: 12)
        #expect(EventID(id.description) == id)
    }
}
