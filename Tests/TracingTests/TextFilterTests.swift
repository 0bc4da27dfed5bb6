import FilterLanguage
import JSON
import PhoenixModel
import TestSupport
import Testing

@testable import Tracing

/// Filters select the same spans whether segments are sealed, so that signatures are asked, or not.
struct TextFilterTests {
    private static let values: [JSONValue] = [
        "plain text of a span", "Refund the ORDER", #"a "quoted" \ text"#, "line\nbreak",
        "Überraschung", "日本語のテキスト", "12345678", 12_345_678, 1.5, 1e21, true, nil,
        ["tenant": "acme", "n": 42], ["a list", "of texts", 7], "true", "{\"tenant\": \"x\"}",
        "İstanbul", "5 \u{212A}elvin", "",
    ]

    private static let filters = [
        "text contains 'refund'", "text contains 'REFUND the order'", "text contains 'tenant'",
        "text contains 'acme'", "text contains 'of texts'", #"text contains '"quoted" \\ t'"#,
        "text contains 'line\\nbreak'", "text contains '日本語'", "text contains 'überraschung'",
        "text contains '12345678'", "text contains 'the name 7'", "text contains 'zzzz'",
        "not text contains 'refund' and name == 'the name 3'",
        "text contains 'refund' or text contains 'acme'",
        "'plain text' in input.value", "'order' in input.value", "'tenant' in input.value",
        "'\"tenant\":' in input.value", "'acme' in input.value", "'2345' in input.value",
        "'true' in input.value", "'1.5' in input.value", "'quoted' in input.value",
        "'\\nbreak' in input.value", "'ÜBERRASCHUNG' in input.value", "'のテキスト' in input.value",
        "input.value == '12345678'", "input.value == 'true'", "input.value == '1.5'",
        "input.value == 'Refund the ORDER'", "input.value == '{\"tenant\": \"x\"}'",
        "input.value == ''", "input.value in ['line\\nbreak', 'Überraschung']",
        "attributes['input']['value']['tenant'] == 'acme'", "'of texts' in input.value",
        "name == 'the name 11'", "'NAME 12' in name", "'kelvin' in input.value",
        "input.value == '1e+21'", "input.value == '1000000000000000000000'",
    ]

    @Test(arguments: TestDatabase.available)
    func `signatures change nothing in what a filter selects`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            // Each value fills a segment, so that the signatures of the others rule them out.
            for (index, value) in Self.values.enumerated() {
                let spans = (0..<128).map { number in
                    IncomingSpan.stub(
                        trace: index + 1, span: index * 128 + number + 1,
                        name: "the name \(index)",
                        attributes: JSONValue.object(["input": ["value": value]]).text)
                }
                _ = try await store.insert([spans], now: 0)
            }
            let project = try await store.project(Identifier("demo")).id
            func ids(_ text: String) async throws -> [Span.ID] {
                var filter = SpanFilter()
                filter.expressions = [try Filter(text, in: .span)]
                return try await store.sortedSpans(
                    of: project, where: filter, by: SpanSort(.id, isDescending: true), limit: 5000
                ).rows.map(\.span.id)
            }
            var open: [String: [Span.ID]] = [:]
            for text in Self.filters { open[text] = try await ids(text) }
            while try await store.sealSegments(limit: 7) > 0 {}
            for text in Self.filters {
                let sealed = try await ids(text)
                #expect(sealed == open[text], "\(text)")
            }
            #expect(open["text contains 'refund'"]?.count == 128)
            #expect(open["text contains 'tenant'"]?.count == 128)
            #expect(open["text contains 'of texts'"]?.count == 128)
            #expect(open["text contains 'line\\nbreak'"]?.count == 128)
            #expect(open["text contains 'the name 7'"]?.count == 128)
            #expect(open["text contains '12345678'"]?.count == 128)
            #expect(open["'2345' in input.value"]?.count == 256)
            #expect(open["text contains 'zzzz'"] == [])
            #expect(open["not text contains 'refund' and name == 'the name 3'"]?.count == 128)
        }
    }
}
