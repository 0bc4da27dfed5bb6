import FilterLanguage
import JSON
import Testing

struct NaiveEvaluatorTests {
    private func span(_ name: String, latency: Double, _ attributes: String = "{}") -> NaiveRow {
        let row = NaiveRow()
        row.fields = [
            .name: .text(name), .latencyMs: .number(latency), .spanKind: .text("LLM"),
        ]
        if let json = try? JSON.parse(attributes) { row.attributes = json }
        return row
    }

    private func selects(_ row: NaiveRow, _ text: String, _ language: FilterLanguage = .span)
        throws -> Bool
    {
        try NaiveEvaluator(language: language).selects(row, Filter(text, in: language))
    }

    @Test(
        arguments: [
            ("name == 'chat'", true), ("'CHA' in name", true), ("span_kind == 'llm'", true),
            ("0.5 < latency_ms < 10", true), ("latency_ms / 0 > 1", false),
            ("not (latency_ms / 0 > 1)", false), ("a.b == 5", true), ("a.b == '5'", true),
            ("a['b'] is None or True", nil), ("attributes['a']['b'] > 4", true),
            ("missing != 1", false), ("missing is None", true), ("flag == True", true),
            ("list is not None and attributes['list'][1] == 'y'", true),
            ("name not in ['x']", true), ("missing not in ['x']", false), ("", true),
            ("annotations['q'].score > 0.5", false), ("annotations['q'].label is None", true),
            ("not annotations['q']", true), ("len([d for d in cost_details]) == 0", true),
        ] as [(String, Bool?)])
    func `a span is selected by what is true of it`(text: String, selected: Bool?) throws {
        let row = span(
            "Chat".lowercased(), latency: 5, #"{"a":{"b":5},"flag":"TRUE","list":["x","y"]}"#)
        guard let selected else {
            #expect(throws: FilterError.self) { try selects(row, text) }
            return
        }
        #expect(try selects(row, text) == selected)
    }

    @Test func `comprehensions reduce the spans of a trace`() throws {
        let trace = NaiveRow()
        let (first, second) = (span("a", latency: 1), span("b", latency: 3))
        second.parent = first
        second.fields[.parentSpan] = .number(1)
        first.collections[.children] = [second]
        trace.collections[.spans] = [first, second]
        for text in [
            "sum(s.latency_ms for s in spans) == 4", "max(s.latency_ms for s in spans) == 3",
            "any(any(c.latency_ms > s.latency_ms for c in s.children) for s in spans)",
            "len([s for s in spans if s.parent_span is None]) == 1",
            "any(s.parent_span.name == 'a' for s in spans)",
            "all(s.latency_ms > 0 for s in spans if s.name != 'a')",
        ] {
            #expect(try selects(trace, text, .trace), "\(text)")
        }
    }
}
