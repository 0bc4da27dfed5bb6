import FilterLanguage
import SQLCore
import Testing

/// Columns whose names are the fields' names.
private struct PlainColumns: FilterColumns {
    func column(_ field: FilterField) -> SQL { "s.\(unsafe: field.rawValue)" }
    func attribute(at path: [FilterPathStep]) -> SQL { "attribute(\("\(path)"))" }
    func rows(of collection: FilterCollection, ownedBy owner: String?, as alias: String) -> SQL? {
        "FROM \(unsafe: collection.rawValue) AS \(unsafe: alias) WHERE TRUE"
    }
    func column(_ field: FilterField, of collection: FilterCollection, as alias: String) -> SQL {
        "\(unsafe: alias).\(unsafe: field.rawValue)"
    }
}

/// Spans with annotations of every name.
private struct AnnotatedColumns: FilterColumns {
    func column(_ field: FilterField) -> SQL { "s.\(unsafe: field.rawValue)" }
    func attribute(at path: [FilterPathStep]) -> SQL { "NULL" }
    func rows(of collection: FilterCollection, ownedBy owner: String?, as alias: String) -> SQL? {
        nil
    }
    func column(_ field: FilterField, of collection: FilterCollection, as alias: String) -> SQL {
        "NULL"
    }
    func annotations(of subject: FilterAnnotationSubject, named name: String) -> SQL? {
        "SELECT a.score, a.label FROM annotations AS a WHERE a.name = \(name)"
    }
}

struct FilterTests {
    private func sql(_ text: String, _ dialect: SQLDialect = .sqlite) throws
        -> (text: String, values: [SQLValue])
    {
        let sql = try Filter(text, in: .span).sql(over: PlainColumns())
        return (sql ?? "").rendered(for: dialect)
    }

    @Test func `a blank condition selects everything`() throws {
        #expect(try Filter(" \n ", in: .span).condition == nil)
        #expect(try Filter("", in: .trace).sql(over: PlainColumns()) == nil)
    }

    @Test func `typed columns are looked at before attributes`() throws {
        let rendered = try sql("foo == 'a' and name == 'b'")
        #expect(rendered.text.hasPrefix("((s.name = ?) AND "))
    }

    @Test(arguments: [
        "name == \"'; DROP TABLE spans; --\"", "'; DROP TABLE spans; --' in input.value",
        "attributes['; DROP TABLE spans; --'] == 1", "name in ['; DROP TABLE spans; --']",
        "annotations['; DROP TABLE spans; --'].score is None",
    ])
    func `literals, paths and names are bound and never spliced`(text: String) throws {
        for dialect in SQLDialect.allCases {
            #expect(try !sql(text, dialect).text.contains("DROP"))
        }
    }

    @Test func `a comprehension is a subquery`() throws {
        #expect(
            try sql("any(d.tokens > 1 for d in cost_details)").text
                == "EXISTS (SELECT 1 FROM cost_details AS fv1 WHERE TRUE AND (fv1.tokens > ?))")
    }

    @Test func `an error tells where it is`() {
        #expect(throws: FilterError("invalid syntax at character 6", at: 5)) {
            try Filter("name = 'a'", in: .span)
        }
        #expect(throws: FilterError("cannot compare string and number", at: 12)) {
            try Filter("foo == 1 or name == 5", in: .span)
        }
    }

    @Test(arguments: FilterLanguage.allCases)
    func `huge and deep conditions are refused`(language: FilterLanguage) {
        let hostile = [
            String(repeating: "a", count: 1 << 20), String(repeating: "(", count: 1 << 20),
            String(repeating: "not ", count: 5000) + "a == 1",
            String(repeating: "-", count: 5000) + "a == 1",
            String(repeating: "a + ", count: 5000) + "a == 1",
            "a" + String(repeating: ".a", count: 5000) + " == 1",
            "a" + String(repeating: "[0]", count: 5000) + " == 1",
            String(repeating: "[", count: 190) + String(repeating: "]", count: 190),
            String(repeating: "a ** ", count: 5000) + "a",
            String(repeating: "a if b else ", count: 2000) + "c",
            "'" + String(repeating: "\\x41", count: 6000),
        ]
        for text in hostile {
            #expect(throws: FilterError.self) { try Filter(text, in: language) }
        }
    }

    @Test func `a thousand alternatives are one shallow condition`() throws {
        let text = (0..<1000).map { "name == 'n\($0)'" }.joined(separator: " or ")
        let rendered = try sql(text)
        #expect(rendered.values.count == 1000)
        var depth = 0
        var deepest = 0
        for byte in rendered.text.utf8 {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            deepest = max(deepest, depth)
        }
        #expect(deepest < 20)
    }

    @Test(arguments: [
        ("span_knd == 'LLM' and name == 'a'", ["span_knd: span_kind"]),
        (
            "latency > 100 or not statuscode == 'OK'",
            ["latency: latency_ms", "statuscode: status_code"]
        ),
        ("kind == LLM", ["LLM: 'LLM'", "kind: span_kind"]),
        (
            "'refund' in input or tokens > 5",
            ["input: input.value", "tokens: cumulative_token_count.total"]
        ),
        ("span.kind == 'LLM'", ["span.kind: span_kind"]),
        ("attributes['name'] == 'x' or http.status_code == 500", []),
        ("llm.model_name == 'x' and metadata['tenant'] == 'a' and user.id is not None", []),
        ("", []),
    ])
    func `a name that is very like a field is noticed`(text: String, found: [String]) throws {
        let misspellings = try Filter(text, in: .span).likelyMisspellings
        #expect(misspellings.map { "\($0.name): \($0.meant)" } == found)
    }

    @Test(arguments: [
        ("parent_span is None", true), ("parent_id is None and name == 'a'", true),
        ("parent_id is None or name == 'a'", false), ("not parent_id is not None", true),
        ("parent_id is None or parent_span == None", true), ("name == 'a'", false),
        ("not (parent_id is None)", false),
    ])
    func `a condition that implies a missing parent selects roots only`(
        text: String, isRootOnly: Bool
    ) throws {
        #expect(try Filter(text, in: .span).selectsRootSpansOnly == isRootOnly)
    }

    @Test func `unknown annotation names are warned of with the nearest known ones`() throws {
        let names: Set = [
            "quality", "correctness", "quantity", "relevance", "qualities", "toxicity", "equality",
        ]
        let filter = try Filter(
            "trace_annotations['zzz'] and trace_annotations['qualty'].score > 1", in: .trace)
        #expect(
            filter.warnings(observedAnnotationNames: names) == [
                "unknown annotation name 'qualty' — closest observed names: 'quality', "
                    + "'equality', 'quantity', 'qualities', 'toxicity' (2 more not shown)",
                "unknown annotation name 'zzz' — closest observed names: 'toxicity', "
                    + "'relevance', 'quantity', 'quality', 'qualities' (2 more not shown)",
            ])
        #expect(
            filter.warnings(observedAnnotationNames: []).last
                == "unknown annotation name 'zzz' — this project has no trace annotations")
    }

    @Test func `random tokens never trap`() {
        let words = [
            "name", "latency_ms", "foo", "attributes", "[", "]", "(", ")", "'a'", "1", "2.5", "and",
            "or", "not", "in", "is", "None", "True", "==", "<", ">", "+", "-", "*", "%", ".", ",",
            "for", "x", "cost_details", "spans", "any", "len", "if", "else", ":", "\"", "\\", "é",
            "lambda", "**", "{", "}", "annotations", "score", "parent_span", "\n", "0x", "1e", "#",
        ]
        var generator = SplitMix(state: 42)
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...14, using: &generator)
            let text = (0..<count).map { _ in words.randomElement(using: &generator)! }
                .joined(separator: Bool.random(using: &generator) ? " " : "")
            for language in FilterLanguage.allCases {
                guard let filter = try? Filter(text, in: language) else { continue }
                _ = filter.sql(over: PlainColumns())?.rendered(for: .sqlite)
            }
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct FilterCompletionTests {
    private func texts(
        _ condition: String, _ language: FilterLanguage = .span
    ) -> [String] {
        var source = FilterCompletionSource()
        source.attributePaths = ["llm.model_name", "metadata.tier"]
        source.annotationNames = ["quality"]
        source.values = {
            switch $0 {
            case "span_kind": ["LLM", "TOOL"]
            case "model_name": ["gpt-4o mini", "o4"]
            default: []
            }
        }
        return language.completions(
            of: condition, at: condition.unicodeScalars.count, from: source
        ).map(\.text)
    }

    @Test func `names and attribute paths are offered by their beginning`() {
        #expect(texts("name == 'a' and lat").first == "latency_ms")
        #expect(texts("llm.mod") == ["llm.model_name"])
        #expect(texts("llm", .trace).contains("attributes[\"llm.model_name\"]"))
    }

    @Test func `values, annotation names and their fields are offered in their places`() {
        #expect(texts("span_kind == 'L").first == "LLM")
        #expect(texts("annotations['") == ["quality"])
        #expect(texts("annotations['quality'].sc") == [".score"])
        #expect(texts("metadata['") == ["tier"])
    }

    @Test func `a value is completed as a whole`() {
        #expect(texts("model_name == 'gpt-4o m") == ["gpt-4o mini"])
        #expect(texts("model_name in [\"o4\", \"gpt-") == ["gpt-4o mini"])
        #expect(texts("model_name not in ('o") == ["o4", "gpt-4o mini"])
        #expect(texts("name in ['x'] and model_name=='o4") == ["o4"])
    }

    @Test(arguments: [
        ("lat", 3, 0), ("name == 'a' and lat", 19, 16), ("name == 'a b", 12, 9), ("", 0, 0),
        ("a and ", 6, 6), ("llm.model_na", 12, 0), ("name == 'é' or x", 16, 15), ("abc", 99, 0),
        ("abc", -1, 0), ("abc def", 2, 0),
    ])
    func `the word to replace begins behind what is no part of it`(
        condition: String, position: Int, start: Int
    ) {
        #expect(FilterLanguage.wordStart(in: condition, at: position) == start)
    }

    @Test func `the fields of a loop variable are those of its collection`() {
        #expect(texts("any(s.na for s in spans if s.na", .trace) == ["s.name"])
    }
}

@Suite struct RequiredAnnotationTests {
    private static let conditions: [(String, Set<String>)] = [
        ("annotations['q'].label == 'y'", ["q"]), ("annotations['q']", ["q"]),
        ("annotations['q'].score > 1 and name == 'x'", ["q"]),
        ("annotations['q'].score > 1 and annotations['r'].score > 1", ["q", "r"]),
        ("annotations['q'].score > 1 or name == 'x'", []),
        ("annotations['q'].score > 1 or annotations['q'].label == 'y'", ["q"]),
        ("annotations['q'].label is None", []), ("annotations['q'].label is not None", ["q"]),
        ("not annotations['q']", []), ("not (annotations['q'].score > 1)", ["q"]),
        ("'y' in annotations['q'].label", ["q"]), ("annotations['q'].label in ['y']", ["q"]),
        ("annotations['q'].label not in ['y']", ["q"]),
        ("trace_annotations['q'].label == 'y'", []), ("name == 'x'", []),
        ("annotations['q'].score + 1 > 2", ["q"]),
    ]

    @Test(arguments: conditions)
    func `what a filter cannot hold without is known`(
        _ condition: String, _ names: Set<String>
    ) throws {
        #expect(try Filter(condition, in: .span).requiredSpanAnnotations == names)
    }

    @Test(arguments: [
        ("annotations['q']", ""), ("annotations['q'].label == 'y'", " AND (fa0.label = ?)"),
        ("annotations['q'].label == 'y' and name == 'x'", " AND (fa0.label = ?)"),
        (
            "name == 'x' and (annotations['q'].score > 1 and annotations['q'].label != 'y')",
            " AND (fa0.score > ?) AND (fa0.label <> ?)"
        ),
        (
            "annotations['q'].score > 1 or annotations['q'].label == 'y'",
            " AND ((fa0.score > ?) OR (fa0.label = ?))"
        ),
        ("annotations['q'].label == name", ""),
        ("annotations['q'].score > annotations['r'].score", ""),
        ("annotations['q'] and annotations['q'].label is None", ""),
    ])
    func `what a filter says of one annotation is known`(
        _ condition: String, _ sql: String
    ) throws {
        let found = try Filter(condition, in: .span)
            .annotationCondition(named: "q", over: AnnotatedColumns())
        #expect(found.rendered(for: .sqlite).text == "fa0.name = ?" + sql)
    }
}
