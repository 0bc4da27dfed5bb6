import FilterLanguage
import Testing

struct ProjectionTests {
    private static let targets: [(String, Projection.Target)] = [
        ("name", .field(.name)), ("(name)", .field(.name)), ("span_id", .field(.spanID)),
        ("context.trace_id", .field(.traceID)),
        ("cumulative_token_count.prompt", .field(.cumulativeTokenCountPrompt)),
        ("llm.token_count.prompt", .attribute([.key("llm"), .key("token_count"), .key("prompt")])),
        ("no_such", .attribute([.key("no_such")])),
        ("metadata", .attribute([.key("metadata")])),
        ("metadata['k'][0]", .attribute([.key("metadata"), .key("k"), .index(0)])),
        ("attributes['a.b']", .attribute([.key("a.b")])),
        ("attributes[['a', 'b', 1]]", .attribute([.key("a"), .key("b"), .index(1)])),
        ("attributes['a'][99999999999999999999]", .attribute([.key("a"), .index(.max)])),
        ("attributes", .nothing), ("events", .nothing), ("evals['x']", .nothing),
        ("x['y']", .nothing),
    ]

    @Test(arguments: targets)
    func `a projection is a field or a path`(text: String, target: Projection.Target) throws {
        #expect(try Projection(text).target == target)
    }

    private static let refusals = [
        ("", "missing expression"), (" name", "unexpected indent (<unknown>, line 1)"),
        ("name + 'a'", "invalid projection: name + 'a'"), ("len(x)", "invalid projection: len(x)"),
        ("name == 'x'", "invalid projection: name == 'x'"), ("not a", "invalid projection: not a"),
        ("attributes['x'][-1]", "invalid projection: -1"), ("1", "invalid projection: 1"),
        ("attributes['x':'y']", "invalid projection: 'x':'y'"),
        ("lambda: 1", "invalid projection: lambda: 1"), ("...", "unsupported literal: ..."),
        ("[name]", "invalid projection: [name]"), ("'x'", "invalid projection: 'x'"),
        ("attributes['x'].y", "invalid expression: attributes['x'].y"),
        ("attributes[0]", "invalid expression: attributes[0]"),
        ("attributes[[]]", "invalid expression: attributes[[]]"),
        ("events[0]", "invalid expression: events[0]"),
        ("annotations['q'].score", "invalid expression: annotations['q'].score"),
        ("a b", "invalid syntax (<unknown>, line 1)"),
        ("name\nx", "invalid syntax (<unknown>, line 2)"),
        ("a\0", "source code string cannot contain null bytes"),
        ("ﬁle", "`ﬁle` is interpreted as `file`, use unaccented ASCII for field names"),
    ]

    @Test(arguments: refusals)
    func `anything else is refused in the words of the contract`(text: String, message: String) {
        let error = #expect(throws: FilterError.self) { try Projection(text) }
        #expect(error?.message == message)
    }

    @Test func `deep and long projections are refused`() {
        for text in [
            "attributes" + String(repeating: "['a']", count: 3000),
            String(repeating: "(", count: 3000) + "a", String(repeating: "a.", count: 20_000) + "a",
        ] {
            #expect(throws: FilterError.self) { try Projection(text) }
        }
    }
}
