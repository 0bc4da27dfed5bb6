import SQLCore
import Testing

@testable import FilterLanguage

struct TextContainsTests {
    private static let needle = FilterTerm.textContains("refund")
    private static let isError = FilterTerm.comparison(
        .field(.statusCode, of: 0), .equal, .text("ERROR"))

    @Test(arguments: [
        ("text contains 'refund'", needle),
        ("text contains \"re\" 'fund'", needle),
        ("not text contains 'refund'", .not(needle)),
        ("(text contains 'refund') and status_code == 'ERROR'", .all([needle, isError])),
        ("status_code == 'ERROR' or text contains 'refund'", .any([isError, needle])),
        ("text contains 'it''s \\'quoted\\' \\\\ 100%_'", .textContains("its 'quoted' \\ 100%_")),
        (
            "text == 'refund'",
            .comparison(.attribute([.key("text")], as: .text), .equal, .text("refund"))
        ),
        (
            "contains == 'x'",
            .comparison(.attribute([.key("contains")], as: .text), .equal, .text("x"))
        ),
    ])
    func `it is a condition like others`(text: String, term: FilterTerm) throws {
        #expect(try Filter(text, in: .span).condition == term)
    }

    @Test(arguments: [
        ("text contains", "invalid syntax at character 6"),
        ("text contains name", "invalid syntax at character 6"),
        ("text contains 1", "invalid syntax at character 6"),
        ("name contains 'x'", "invalid syntax at character 6"),
        ("'x' contains text", "invalid syntax at character 5"),
        ("text contains 'x' == 'y'", "invalid syntax at character 19"),
        ("text contains 'x' + 'y'", "invalid syntax at character 19"),
        ("text contains ''", "`text contains` takes a string of 1 to 1000 characters"),
        ("text contains '\\x00'", "string literals cannot contain a NUL character"),
    ])
    func `what is not quite that is refused`(text: String, message: String) {
        do {
            _ = try Filter(text, in: .span)
            Issue.record("It was taken.")
        } catch {
            #expect(error.message == message)
        }
    }

    @Test func `completion offers it`() {
        let source = FilterCompletionSource()
        let offered = FilterLanguage.span.completions(
            of: "name == 'x' and te", at: 18, from: source)
        #expect(offered.contains(FilterCompletion("text contains", .keyword)))
        #expect(
            !FilterLanguage.trace.completions(of: "te", at: 2, from: source).contains(
                FilterCompletion("text contains", .keyword)))
    }

    @Test func `a needle is bounded`() throws {
        let text = String(repeating: "x", count: 1000)
        #expect(throws: Never.self) { try Filter("text contains '\(text)'", in: .span) }
        #expect(throws: FilterError.self) { try Filter("text contains '\(text)x'", in: .span) }
    }

    @Test(arguments: [FilterLanguage.trace, .session])
    func `traces and sessions have no texts`(language: FilterLanguage) {
        #expect(throws: FilterError.self) { try Filter("text contains 'x'", in: language) }
    }

    // MARK: Necessities

    @Test(
        arguments: [
            ("'refund' in output.value", .valueContains("refund")),
            ("input.value == 'hello'", .valueEquals("hello")),
            ("'hello' == input.value", .valueEquals("hello")),
            ("metadata['tenant'] == 'acme'", .valueEquals("acme")),
            ("attributes['a']['b'] in ['x', 'y']", .any([.valueEquals("x"), .valueEquals("y")])),
            ("name == 'step' and latency_ms > 5", .textContains("step")),
            ("'step' in name", .textContains("step")),
            (
                "text contains 'a' and (name == 'b' or 'c' in status_message)",
                .all([.textContains("a"), .any([.textContains("b"), .textContains("c")])])
            ),
            ("name == 'b' or latency_ms > 5", nil),
            ("not name == 'b'", nil),
            ("'b' not in name", nil),
            ("name != 'b'", nil),
            ("name > 'b'", nil),
            ("input.value == output.value", nil),
            ("input.value is None", nil),
            ("llm.token_count.total == 5", nil),
            ("attributes['n'] == 5", nil),
            ("span_kind == 'LLM'", nil),
            ("name in input.value", nil),
            ("", nil),
        ] as [(String, FilterNecessity?)])
    func `what a selected span must have is known`(
        text: String, necessity: FilterNecessity?
    ) throws {
        #expect(try Filter(text, in: .span).necessity == necessity)
    }
}
