import FilterLanguage
import Testing

@Suite struct ExperimentRunFilterTests {
    @Test(arguments: [
        "latency_ms > 1", "latency_ms > -5", "1 == 1", "error > 'a'", "output['x'] > 5",
        "output in 'abc'", "error not in 'abc'", "experiments[0].input['q'] == 1",
        "experiments[1].evals['a'].label in 'x'", "output['a'] == output['b']",
        "latency_ms == None", "None == error", "input['a']['b'] is None", "'a' == error",
        "-latency_ms < 1", #"evals["x"].score > 0 and not (error is None)"#,
        "output == 'x' or output[0] is True", "None is error", "True is output", "latency_ms > 1 ",
    ])
    func `a condition about runs is accepted`(text: String) throws {
        _ = try ExperimentRunFilter(text, experimentCount: 2)
    }

    @Test(arguments: [
        ("", "invalid syntax"), (" ", "unexpected indent at character 1"),
        ("\tlatency_ms > 1", "unexpected indent at character 1"),
        ("error == 'open", "unterminated string literal at character 10"),
        ("latency_ms in 'abc'", "cannot compare number and string"),
        ("'a' in latency_ms", "cannot compare string and number"),
        ("None in output", "cannot compare null and string"),
        (
            "output > True",
            "cannot order a boolean, use `==`, `!=`, or `is` instead of `<` / `>`"
        ),
        ("latency_ms > 1e400", "Invalid numeric literal: `1e309`"),
        ("(x := error) == 1", "Assignment is not supported: `(x := error)`"),
        ("experiments[1.0].error is None", "Index to experiments must be an integer"),
        ("error == '\\u0000'", "String literals cannot contain a NUL character"),
        ("foo == 1", "Unknown name"), ("a.b", "Unknown name"),
        ("latency_ms", "Filter condition must be a boolean expression"),
        ("True", "Filter condition must be a boolean expression"),
        ("evals['x']", "Filter condition must be a boolean expression"),
        ("experiments[0]", "Filter condition must be a boolean expression"),
        ("input", "Filter condition must be a boolean expression"),
        ("output['a']", "Filter condition must be a boolean expression"),
        ("experiments.latency_ms > 1", "Unknown attribute"),
        ("experiments[0] == 1", "Add an attribute"),
        ("experiments['a'].error is None", "Index to experiments must be an integer"),
        ("experiments[9].error is None", "Select an experiment with [<index>]"),
        ("experiments[-1].error is None", "Subscript key must be a literal: `-1`"),
        ("experiments[0].foo == 1", "Unknown attribute"), ("evals.x == 1", "Unknown attribute"),
        ("evals['x'] == 1", "Choose an attribute for your eval (label, score, etc.)"),
        ("evals[0].score == 1", "Eval must be indexed by string"),
        ("evals['x'].foo == 1", "Unknown eval attribute"),
        ("evals == 1", "Select an eval with [<eval-name>]"),
        ("input == 1", "Select a key from `input` with [<key>]"),
        ("reference_output == 1", "Select a key from `reference_output` with [<key>]"),
        ("1 < latency_ms < 2", "Only binary comparisons are supported"),
        ("latency_ms + 1 > 2", "Arithmetic is not supported here: `latency_ms + 1`"),
        (
            "error in ['a','b']",
            "Membership against a list is not supported here; compare against a single value, or "
                + "combine comparisons with `or`"
        ),
        ("str(error) == 'a'", "Function calls are not supported: `str(error)`"),
        ("output[1.5] == 1", "Index must be an integer or string"),
        (
            "output['a':'b'] == 1",
            "Slicing is not supported; select a single key or index"
        ),
        (
            "latency_ms and error == 'a'",
            "Operands of `and` / `or` must be boolean expressions"
        ),
        ("not latency_ms", "Operand must be a boolean expression"),
        ("-error == 1", "Unary minus requires a numeric operand"),
        ("latency_ms is 5", "`is` is only supported with None, True, or False"),
        ("latency_ms > 'a'", "cannot compare number and string"),
        ("error == 5", "cannot compare string and number"),
        ("error is True", "cannot compare string and boolean"),
        ("[x for x in output]", "Comprehensions are not supported: `[x for x in output]`"),
        ("metadata == {}", "Unsupported collection: `{}`"),
        ("error == b'x'", "Unsupported literal: `b'x'`"),
        ("+latency_ms > 1", "Unsupported operator: `+latency_ms`"),
        (
            "f'{error}' == 'a'",
            "Formatted strings are not supported; use a plain string literal"
        ),
        (
            "latency_ms == 1 if error else 2",
            "Unsupported expression: `latency_ms == 1 if error else 2`"
        ),
        ("input['q'", "'[' was never closed at character 6"),
        ("latency_ms == 1 or", "invalid syntax"),
    ])
    func `a condition that is none is refused in words`(text: String, message: String) {
        let error = #expect(throws: FilterError.self) {
            try ExperimentRunFilter(text, experimentCount: 2)
        }
        #expect(error?.message == message)
        #expect(error?.position != nil)
    }

    @Test func `names without an index are tried with every experiment`() throws {
        func text(_ condition: String) throws -> String {
            let filter = try ExperimentRunFilter(condition, experimentCount: 3)
            return filter.sql(experiments: [7, 8, 9]).rendered(for: .sqlite).text
        }
        #expect(try text("latency_ms > 1").split(separator: "EXISTS").count == 4)
        #expect(try text("experiments[2].latency_ms > 1").split(separator: "EXISTS").count == 2)
        #expect(try text("input['q'] == 'x'").split(separator: "EXISTS").count == 2)
    }
}
