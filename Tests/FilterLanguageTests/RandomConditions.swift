import FilterLanguage

/// Makes conditions of the three languages for a ``RandomWorld``; every one is valid.
struct RandomConditions {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    mutating func condition(_ language: FilterLanguage, _ depth: Int = 3) -> String {
        if depth > 0, Bool.random(using: &generator) {
            let (left, right) = (condition(language, depth - 1), condition(language, depth - 1))
            return pick(["(\(left) and \(right))", "(\(left) or \(right))", "(not \(left))"])
        }
        return switch language {
        case .span: span()
        case .trace: trace()
        case .session: session()
        }
    }

    private mutating func comparison() -> String { pick(["==", "!=", "<", "<=", ">", ">="]) }
    private mutating func equality() -> String { pick(["==", "!="]) }

    private mutating func number(_ fields: [String], _ depth: Int = 2) -> String {
        if depth > 0, Bool.random(using: &generator) {
            let (left, right) = (number(fields, depth - 1), number(fields, depth - 1))
            return "(\(left) \(pick(["+", "-", "*", "/", "%"])) \(right))"
        }
        return pick(fields + ["1", "2.5", "0", "3", "500"])
    }

    private mutating func time() -> String {
        // Around the starts of the spans, on a tick and between two.
        pick([
            "'2026-09-21T14:13:20Z'", "'2026-09-21T14:13:22.5Z'", "'2026-09-21T16:13:25.1+02:00'",
            "'2030-01-01T00:00:00Z'",
        ])
    }

    private static let words = [
        "'chat'", "'run'", "'5'", "'hello'", "''", "'True'", "'x y'", "'a'",
    ]

    private mutating func list() -> String { pick(["['chat', '5', 'LLM']", "('hello', 'run')"]) }

    // MARK: Spans

    private mutating func span() -> String {
        let attributes = [
            "a", "b", "n.k", "attributes['a']", "attributes['n']['l'][1]", "attributes['x.y']",
            "missing", "input.value", "metadata['k']", "user.id",
        ]
        let numbers = [
            "latency_ms", "cumulative_llm_token_count_total", "cumulative_token_count.prompt",
            "cumulative_llm_token_count_completion", "total_cost", "float(a)", "float(n.k)",
            "llm.token_count.prompt",
        ]
        let text = pick(["name", "str(a)", "name + 'x'", "status_code", "span_kind"])
        switch Int.random(in: 0..<14, using: &generator) {
        case 0, 1: return "\(number(numbers)) \(comparison()) \(number(numbers))"
        case 2: return "\(text) \(comparison()) \(pick(Self.words))"
        case 3: return "\(pick(attributes)) \(comparison()) \(number(numbers, 0))"
        case 4: return "\(pick(attributes)) \(comparison()) \(pick(Self.words))"
        case 5: return "\(pick(attributes)) \(comparison()) \(pick(attributes))"
        case 6:
            return "\(pick(attributes)) \(pick(["==", "is", "is not", "!="])) "
                + pick(["True", "False", "None"])
        case 7:
            return "\(pick(Self.words)) \(pick(["in", "not in"])) \(pick(attributes + ["name"]))"
        case 8: return "\(pick(attributes + ["name"])) \(pick(["in", "not in"])) \(list())"
        case 9: return "\(pick(["start_time", "end_time"])) \(comparison()) \(time())"
        case 10: return "parent_span \(pick(["is None", "is not None", "== None"]))"
        case 11:
            return pick([
                "parent_id is None", "parent_id == '00000000000f423f'",
                "parent_id not in ['000000000000000a', '0000000000000014']",
                "span_id in ['000000000000000a', '0000000000000015', 'x']",
                "trace_id == '00000000000000000000000000000003'",
                "trace_id != '00000000000000000000000000000003'",
            ])
        case 12: return "span_kind \(equality()) \(pick(["'llm'", "'LLM'", "'Tool'"]))"
        default:
            return pick([
                "annotations['q'].score > 0", "evals['q'].label is None", "annotations['q']",
                "trace_annotations['q']", "any(d.tokens > 1 for d in cost_details)",
                "all(d.tokens > 1 for d in cost_details)",
                "len([d for d in cost_details]) == 0",
            ])
        }
    }

    // MARK: Traces and sessions

    /// A condition on a loop variable's span.
    private mutating func element(_ name: String, inTrace: Bool, _ depth: Int = 1) -> String {
        if depth > 0, pick([true, false, false]) {
            let (left, right) = (
                element(name, inTrace: inTrace, 0), element(name, inTrace: inTrace, 0)
            )
            return pick(["(\(left) and \(right))", "(\(left) or \(right))", "(not \(left))"])
        }
        var numbers = ["latency_ms", "llm_token_count_total", "llm_token_count_prompt"]
        if inTrace {
            numbers += ["cumulative_error_count", "cumulative_llm_token_count_total"]
        }
        let fields = numbers.map { "\(name).\($0)" }
        var choices = [
            "\(number(fields, 1)) \(comparison()) \(number(fields, 1))",
            "\(name).name \(equality()) \(pick(Self.words))",
            "\(name).span_kind \(equality()) \(pick(["'LLM'", "'tool'"]))",
            "\(name).status_code \(equality()) 'ERROR'", "\(name).name in \(list())",
            "\(pick(["'c'", "'A'", "''"])) in \(name).name",
            "\(name).llm_token_count_prompt \(pick(["is None", "is not None"]))",
        ]
        if inTrace {
            choices += [
                "\(name).start_time \(comparison()) \(time())",
                "\(name).parent_id \(pick(["is None", "is not None"]))",
                "\(name).parent_span \(pick(["is None", "is not None"]))",
                "\(name).parent_span.name \(equality()) \(pick(Self.words))",
                "\(name).parent_span.latency_ms \(comparison()) \(number([], 0))",
            ]
        }
        return pick(choices)
    }

    private mutating func reduction(over collection: String, inTrace: Bool) -> String {
        var condition = element("s", inTrace: inTrace)
        if inTrace, pick([true, false, false]) {
            let inner = element("c", inTrace: true, 0)
            let nested = pick(["children", "siblings"])
            condition = pick([
                "any(\(inner) for c in s.\(nested))", "all(\(inner) for c in s.\(nested))",
                "len([c for c in s.\(nested) if \(inner)]) \(comparison()) 1",
            ])
        }
        let suffix =
            Bool.random(using: &generator) ? "" : " if \(element("s", inTrace: inTrace, 0))"
        let value = pick(["s.latency_ms", "s.llm_token_count_total"])
        return pick([
            "any(\(condition) for s in \(collection)\(suffix))",
            "all(\(condition) for s in \(collection)\(suffix))",
            "len([s for s in \(collection) if \(condition)]) \(comparison()) \(number([], 0))",
            "sum(\(value) for s in \(collection)\(suffix)) \(comparison()) \(number([], 0))",
            "max(\(value) for s in \(collection)\(suffix)) \(comparison()) \(number([], 0))",
            "min(\(value) for s in \(collection)\(suffix)) \(pick(["is None", "> 1", "<= 500"]))",
        ])
    }

    private static let rootAttributes = [
        "attributes[\"a\"]", "attributes[\"n.k\"]", "attributes[\"n\"][\"k\"]",
        "attributes[\"x.y\"]", "metadata[\"k\"]", "attributes[\"input.value\"]",
    ]

    private mutating func root(_ texts: [String]) -> String {
        let attributes = Self.rootAttributes
        let texts = texts + ["user.id"]
        return switch Int.random(in: 0..<6, using: &generator) {
        case 0: "\(pick(attributes + texts)) \(equality()) \(pick(Self.words))"
        case 1: "\(pick(attributes)) \(comparison()) \(number([], 0))"
        case 2: "\(pick(attributes + texts)) \(pick(["is None", "is not None", "== None"]))"
        case 3: "\(pick(Self.words)) \(pick(["in", "not in"])) \(pick(attributes + texts))"
        case 4: "\(pick(attributes + texts)) \(pick(["in", "not in"])) \(list())"
        default: "float(\(pick(attributes))) \(comparison()) \(number([], 1))"
        }
    }

    private mutating func trace() -> String {
        let numbers = [
            "latency_ms", "num_spans", "error_count", "token_count_prompt",
            "token_count_completion", "token_count_total", "tool_span_count", "llm_span_count",
            "total_cost",
        ]
        return switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: "\(number(numbers)) \(comparison()) \(number(numbers))"
        case 2: "\(pick(["start_time", "end_time"])) \(comparison()) \(time())"
        case 3, 4: root(["input", "output"])
        case 5:
            pick([
                "trace_id == '00000000000000000000000000000003'",
                "trace_id not in ['00000000000000000000000000000003']",
                "trace_annotations[\"q\"].score > 1", "not trace_annotations[\"q\"]",
                "trace_annotations[\"q\"].label is None",
                "any(a.score > 1 for a in span_annotations)",
                "len([d for d in span_cost_details]) == 0",
            ])
        default: reduction(over: "spans", inTrace: true)
        }
    }

    private mutating func session() -> String {
        let numbers = [
            "duration_ms", "num_traces", "num_traces_with_error", "token_count_prompt",
            "token_count_total", "tool_span_count", "llm_span_count", "total_cost",
        ]
        switch Int.random(in: 0..<10, using: &generator) {
        case 0, 1: return "\(number(numbers)) \(comparison()) \(number(numbers))"
        case 2: return "\(pick(["start_time", "end_time"])) \(comparison()) \(time())"
        case 3: return root(["first_input", "last_output"])
        case 4:
            return "\(pick(["'hell'", "'O 5'", "''", "'zz'"])) \(pick(["in", "not in"])) "
                + pick(["any_input", "any_output"])
        case 5:
            return pick([
                "session_id == 's1'", "'night' in session_id", "session_id in ['s2', 's0']",
                "session_annotations[\"q\"].score > 1", "session_annotations[\"q\"].label is None",
            ])
        case 6:
            let (name, inner) = (pick(["any", "all"]), element("s", inTrace: false, 0))
            return pick([
                "any(t.latency_ms \(comparison()) \(number([], 0)) for t in traces)",
                "\(name)(any(\(inner) for s in t.spans) for t in traces)",
                "len([t for t in traces if t.start_time \(comparison()) \(time())]) > 1",
                "sum(t.latency_ms for t in traces) \(comparison()) \(number([], 0))",
            ])
        default: return reduction(over: "spans", inTrace: false)
        }
    }
}
