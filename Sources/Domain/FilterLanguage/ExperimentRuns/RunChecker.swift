/// Makes a condition about runs of a tree of Python, or says why it is none.
struct RunChecker {
    let experimentCount: Int

    private func fail(_ message: String, _ expression: PythonExpression) -> FilterError {
        FilterError(message, at: expression.position)
    }

    // MARK: Conditions

    /// - Parameter message: What to say of something that is no condition.
    mutating func condition(
        _ expression: PythonExpression, otherwise message: String
    ) throws(FilterError) -> RunCondition {
        switch expression.kind {
        case .logic(let symbol, let parts):
            var conditions: [RunCondition] = []
            for part in parts {
                conditions.append(
                    try condition(
                        part, otherwise: "Operands of `and` / `or` must be boolean expressions"))
            }
            return symbol == "and" ? .all(conditions) : .any(conditions)
        case .unary("not", let inner):
            return .not(
                try condition(inner, otherwise: "Operand must be a boolean expression"))
        case .compare(let left, let comparisons):
            guard comparisons.count == 1 else {
                throw fail("Only binary comparisons are supported", expression)
            }
            return try comparison(left, comparisons[0].symbol, comparisons[0].right, expression)
        default:
            try refuseUnsupported(expression)
            if isWhole(expression) { throw fail(message, expression) }
            _ = try operand(expression)
            throw fail(message, expression)
        }
    }

    /// Whether an expression is the beginning of a field, which alone is no value.
    private func isWhole(_ expression: PythonExpression) -> Bool {
        switch expression.kind {
        case .name(let name): Self.names.contains(name)
        case .subscripted(let base, _):
            if case .name(let name) = base.kind {
                ["experiments", "evals"].contains(name)
            } else {
                false
            }
        default: false
        }
    }

    private mutating func comparison(
        _ left: PythonExpression, _ symbol: String, _ right: PythonExpression,
        _ whole: PythonExpression
    ) throws(FilterError) -> RunCondition {
        try refuseUnsupported(left)
        try refuseUnsupported(right)
        let first = try operand(left)
        let second = try operand(right)
        switch symbol {
        case "in": return try containment(first, second, whole)
        case "not in": return .not(try containment(first, second, whole))
        case "is", "is not":
            let forms = [first.form, second.form]
            guard forms.contains(.none) || forms.contains(.boolean) else {
                throw fail("`is` is only supported with None, True, or False", whole)
            }
        default: break
        }
        let isEquality = ["==", "is"].contains(symbol)
        let isInequality = ["!=", "is not"].contains(symbol)
        if isEquality || isInequality {
            var missing: RunOperand?
            if second.form == .none {
                missing = first
            } else if first.form == .none {
                missing = second
            }
            if let missing {
                return isEquality ? .isMissing(missing) : .not(.isMissing(missing))
            }
        }
        try requireAlike(first, second, whole)
        if !isEquality, !isInequality, [first.form, second.form].contains(.boolean) {
            throw fail(
                "cannot order a boolean, use `==`, `!=`, or `is` instead of `<` / `>`", whole)
        }
        let plain = isEquality ? "==" : isInequality ? "!=" : symbol
        return .compare(first, plain, second)
    }

    private func containment(
        _ needle: RunOperand, _ text: RunOperand, _ whole: PythonExpression
    ) throws(FilterError) -> RunCondition {
        // What is looked for in, and what is looked for, is read as text.
        func word(_ operand: RunOperand) -> String {
            switch operand.form {
            case .json: RunOperand.Form.string.rawValue
            case .none: "null"
            default: operand.form.rawValue
            }
        }
        guard word(needle) == "string", word(text) == "string" else {
            throw fail("cannot compare \(word(needle)) and \(word(text))", whole)
        }
        return .contains(needle, in: text)
    }

    private func requireAlike(
        _ left: RunOperand, _ right: RunOperand, _ whole: PythonExpression
    ) throws(FilterError) {
        let forms = [left.form, right.form]
        guard left.form != right.form, !forms.contains(.json), !forms.contains(.none) else {
            return
        }
        throw fail("cannot compare \(left.form.rawValue) and \(right.form.rawValue)", whole)
    }

    // MARK: Values

    private mutating func operand(
        _ expression: PythonExpression
    ) throws(FilterError) -> RunOperand {
        switch expression.kind {
        case .string(let text, _):
            try refuseNUL(text, expression)
            return .string(text)
        case .integer(let digits): return try finite(Double(digits) ?? .infinity, expression)
        case .float(let number): return try finite(number, expression)
        case .bool(let flag): return .boolean(flag)
        case .none: return .none
        case .unary("-", let inner):
            let value = try operand(inner)
            guard [.number, .json].contains(value.form) else {
                throw fail("Unary minus requires a numeric operand", expression)
            }
            if case .number(let number) = value { return .number(-number) }
            return .negated(value)
        case .name, .attribute, .subscripted:
            return .field(try field(expression))
        default:
            try refuseUnsupported(expression)
            throw fail("Invalid filter condition", expression)
        }
    }

    private func finite(
        _ number: Double, _ expression: PythonExpression
    ) throws(FilterError) -> RunOperand {
        // This is how Python writes infinity.
        guard number.isFinite else { throw fail("Invalid numeric literal: `1e309`", expression) }
        return .number(number)
    }

    /// Neither database has texts with a NUL that can be compared.
    private func refuseNUL(
        _ text: String, _ expression: PythonExpression
    ) throws(FilterError) {
        guard text.unicodeScalars.contains("\0") else { return }
        throw fail("String literals cannot contain a NUL character", expression)
    }

    private func refuseUnsupported(_ expression: PythonExpression) throws(FilterError) {
        let text = "`\(PythonText.short(expression))`"
        switch expression.kind {
        case .unary("not", _), .logic, .compare, .name, .attribute, .subscripted, .string,
            .integer, .float, .bool, .none, .unary("-", _):
            return
        case .unary: throw fail("Unsupported operator: \(text)", expression)
        case .binary: throw fail("Arithmetic is not supported here: \(text)", expression)
        case .call: throw fail("Function calls are not supported: \(text)", expression)
        case .comprehension: throw fail("Comprehensions are not supported: \(text)", expression)
        case .list, .tuple:
            throw fail(
                "Membership against a list is not supported here; compare against a single value,"
                    + " or combine comparisons with `or`", expression)
        case .set, .dictionary: throw fail("Unsupported collection: \(text)", expression)
        case .unsupported: throw fail("Unsupported literal: \(text)", expression)
        case .named: throw fail("Assignment is not supported: \(text)", expression)
        case .opaque(let source):
            guard source.hasPrefix("lambda") else {
                throw fail(
                    "Formatted strings are not supported; use a plain string literal", expression)
            }
            throw fail("Function calls are not supported: \(text)", expression)
        default: throw fail("Unsupported expression: \(text)", expression)
        }
    }

    // MARK: Fields

    private static let names: Set<String> = [
        "input", "reference_output", "metadata", "output", "error", "latency_ms", "evals",
        "experiments",
    ]

    /// The scope in which a name is looked up: an experiment, or any.
    private enum Place {
        case scope(experiment: Int?)
        case experiments
        case evaluations(experiment: Int?)
        case evaluation(String, experiment: Int?)
        case field(RunField)
    }

    private func field(_ expression: PythonExpression) throws(FilterError) -> RunField {
        switch try place(expression) {
        case .field(let field):
            guard field.path.isEmpty, [.input, .referenceOutput, .metadata].contains(field.kind)
            else { return field }
            let name = Self.name(of: field.kind)
            throw fail("Select a key from `\(name)` with [<key>]", expression)
        case .scope: throw fail("Add an attribute", expression)
        case .experiments: throw fail("Select an experiment with [<index>]", expression)
        case .evaluations: throw fail("Select an eval with [<eval-name>]", expression)
        case .evaluation:
            throw fail("Choose an attribute for your eval (label, score, etc.)", expression)
        }
    }

    private static func name(of kind: RunField.Kind) -> String {
        switch kind {
        case .input: "input"
        case .referenceOutput: "reference_output"
        default: "metadata"
        }
    }

    private func place(_ expression: PythonExpression) throws(FilterError) -> Place {
        switch expression.kind {
        case .name(let name):
            if name == "experiments" { return .experiments }
            guard let place = named(name, experiment: nil) else {
                throw fail("Unknown name", expression)
            }
            return place
        case .attribute(let base, let name):
            switch try place(base) {
            case .scope(let experiment):
                guard let place = named(name, experiment: experiment) else {
                    throw fail("Unknown attribute", expression)
                }
                return place
            case .evaluation(let evaluation, let experiment):
                let kind: RunField.Kind
                switch name {
                case "score": kind = .score(evaluation)
                case "label": kind = .label(evaluation)
                case "explanation": kind = .explanation(evaluation)
                default: throw fail("Unknown eval attribute", expression)
                }
                return .field(RunField(kind: kind, experiment: experiment))
            default: throw fail("Unknown attribute", expression)
            }
        case .subscripted(let base, let key): return try subscripted(base, key, expression)
        default:
            try refuseUnsupported(expression)
            throw fail("Invalid subscript", expression)
        }
    }

    private func named(_ name: String, experiment: Int?) -> Place? {
        let kind: RunField.Kind
        switch name {
        case "evals": return .evaluations(experiment: experiment)
        case "input": kind = .input
        case "reference_output": kind = .referenceOutput
        case "metadata": kind = .metadata
        case "output": kind = .output
        case "error": kind = .error
        case "latency_ms": kind = .latency
        default: return nil
        }
        return .field(RunField(kind: kind, experiment: experiment))
    }

    private func subscripted(
        _ base: PythonExpression, _ key: PythonExpression, _ whole: PythonExpression
    ) throws(FilterError) -> Place {
        let place = try place(base)
        let selected: RunField.Key
        switch key.kind {
        case .string(let name, _):
            try refuseNUL(name, key)
            selected = .name(name)
        case .integer(let digits):
            guard let index = Int(digits), index <= Int(Int32.max) else {
                throw fail("Index must be an integer or string", key)
            }
            selected = .index(index)
        case .slice:
            throw fail("Slicing is not supported; select a single key or index", key)
        case .float, .bool, .none:
            if case .experiments = place {
                throw fail("Index to experiments must be an integer", key)
            }
            throw fail("Index must be an integer or string", key)
        default:
            throw fail("Subscript key must be a literal: `\(PythonText.short(key))`", key)
        }
        switch place {
        case .experiments:
            guard case .index(let index) = selected else {
                throw fail("Index to experiments must be an integer", key)
            }
            guard index < experimentCount else {
                throw fail("Select an experiment with [<index>]", key)
            }
            return .scope(experiment: index)
        case .evaluations(let experiment):
            guard case .name(let name) = selected else {
                throw fail("Eval must be indexed by string", key)
            }
            return .evaluation(name, experiment: experiment)
        case .field(var field):
            switch field.kind {
            case .input, .referenceOutput, .metadata, .output:
                field.path.append(selected)
                return .field(field)
            default: throw fail("Invalid subscript", whole)
            }
        case .scope, .evaluation: throw fail("Invalid subscript", whole)
        }
    }
}
