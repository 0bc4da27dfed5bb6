/// Checks trace and session filters, whose names are all known, and the comprehensions of all three
/// languages.
struct StrictChecker {
    let language: FilterLanguage
    let vocabulary: Vocabulary
    /// The loop variables around the expression, outermost first.
    var scopes: [Scope] = []
    var variableCount = 0

    struct Scope {
        var name: String
        var collection: FilterCollection
        var variable: Int
    }

    init(_ language: FilterLanguage) {
        self.language = language
        vocabulary = Vocabulary(language: language)
    }

    func invalid(_ expression: PythonExpression) -> FilterError {
        FilterError("invalid expression: \(PythonText.of(expression))", at: expression.position)
    }

    static func misplaced(_ expression: PythonExpression) -> FilterError {
        FilterError(
            "invalid expression: \(PythonText.of(expression)); a comprehension may appear only as "
                + "the argument of one of all, any, len, max, min, or sum", at: expression.position)
    }

    // MARK: Conditions

    mutating func filter(_ expression: PythonExpression) throws(FilterError) -> FilterTerm {
        let text = PythonText.short(expression)
        switch expression.kind {
        case .bool, .none:
            throw FilterError(
                "`\(text)` is not a condition on its own, it can only be used as an operand of "
                    + "`and` / `or` / `not`", at: expression.position)
        case .unary("not", _): break
        case .binary, .unary, .list, .tuple: throw invalid(expression)
        case .name, .attribute, .subscripted, .string, .integer, .float:
            if let accessor = try annotation(expression) {
                guard accessor.type == .condition else { throw notCondition(text, expression) }
                return accessor.term
            }
            try refuseCollection(expression)
            if case .name(let name) = expression.kind, let field = vocabulary.fields[name] {
                try refuseSearched(field, expression)
            }
            throw notCondition(text, expression)
        default: break
        }
        let value = try value(expression)
        guard value.type == .condition else { throw notCondition(text, expression) }
        return value.term
    }

    private func notCondition(_ text: String, _ expression: PythonExpression) -> FilterError {
        FilterError(
            "`\(text)` is not a condition, expected a comparison such as `\(text) == ...`",
            at: expression.position)
    }

    mutating func condition(
        _ expression: PythonExpression
    ) throws(FilterError) -> FilterTerm {
        let value = try value(expression)
        guard value.type == .condition else {
            throw FilterError(
                "`\(PythonText.of(expression))` is \(Self.phrase(value.type)), "
                    + "expected a condition",
                at: expression.position)
        }
        return value.term
    }

    static func phrase(_ type: FilterType) -> String {
        switch type {
        case .text: "text"
        case .number: "a number"
        case .timestamp: "a timestamp"
        case .condition: "a condition"
        case .attribute: "an attribute value"
        case .null: "None"
        case .relation: "a related row"
        }
    }

    // MARK: Values

    mutating func value(_ expression: PythonExpression) throws(FilterError) -> Typed {
        switch expression.kind {
        case .string(let text, _): return Typed(.text(text), .text)
        case .integer(let digits): return Typed(.number(Double(digits) ?? 0), .number)
        case .float(let value): return Typed(.number(value), .number)
        case .bool(let value): return Typed(.bool(value), .condition)
        case .none: return Typed(.null, .null)
        case .logic(let word, let operands):
            var terms: [FilterTerm] = []
            for operand in operands { terms.append(try condition(operand)) }
            return Typed(word == "and" ? .all(terms) : .any(terms), .condition)
        case .unary("not", let operand): return Typed(.not(try condition(operand)), .condition)
        case .compare(let left, let comparisons):
            return Typed(try comparison(left, comparisons), .condition)
        case .unary(let symbol, let operand):
            guard symbol != "~" else {
                throw FilterError(
                    "unsupported operator: \(PythonText.of(expression))", at: expression.position)
            }
            let number = try number(operand)
            return Typed(symbol == "-" ? .negative(number) : number, .number)
        case .binary(let left, let symbol, let right):
            guard let operation = FilterOperator(rawValue: symbol) else {
                throw FilterError(
                    "`\(symbol)` is not a supported operator; arithmetic is limited to + - * / %",
                    at: expression.position)
            }
            return Typed(.arithmetic(try number(left), operation, try number(right)), .number)
        case .name, .attribute, .subscripted: return try path(expression)
        case .call(let callee, let arguments, let keywords):
            return try call(callee, arguments, keywords, expression)
        case .list, .tuple:
            throw FilterError(
                "`\(PythonText.of(expression))` is a list, which compares with "
                    + "`in` / `not in` only",
                at: expression.position)
        case .comprehension: throw Self.misplaced(expression)
        default: throw invalid(expression)
        }
    }

    private mutating func number(_ expression: PythonExpression) throws(FilterError) -> FilterTerm {
        let value = try value(expression)
        guard value.type != .number else { return value.term }
        let text = PythonText.of(expression)
        var message = "`\(text)` is \(Self.phrase(value.type)), expected a number"
        if value.type == .attribute { message += "; cast it with `float(\(text))`" }
        throw FilterError(message, at: expression.position)
    }

    private mutating func call(
        _ callee: PythonExpression, _ arguments: [PythonExpression],
        _ keywords: [PythonExpression.Keyword], _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        guard case .name(let name) = callee.kind else { throw invalid(expression) }
        if let function = FilterReduction.Function(rawValue: name) {
            return try reduction(function, arguments, keywords, expression)
        }
        if name == "int", arguments.count == 1, keywords.isEmpty {
            throw FilterError(
                "`int(...)` is not supported: it would not truncate. Compare the number directly, "
                    + "or cast with `float(...)`", at: expression.position)
        }
        guard name == "str" || name == "float", arguments.count == 1, keywords.isEmpty else {
            throw invalid(expression)
        }
        if arguments[0].isLiteral {
            throw FilterError(
                "`\(name)(...)` casts a term, not a literal", at: expression.position)
        }
        let value = try value(arguments[0])
        guard value.type == .attribute else {
            throw FilterError(
                "`\(name)(...)` cannot cast \(Self.phrase(value.type)): "
                    + PythonText.of(arguments[0]), at: expression.position)
        }
        let type: FilterType = name == "str" ? .text : .number
        return Typed(value.converted(to: type), type)
    }

    // MARK: Names

    private mutating func path(_ expression: PythonExpression) throws(FilterError) -> Typed {
        if !scopes.isEmpty { return try element(expression) }
        if let accessor = try annotation(expression) { return accessor }
        try refuseCollection(expression)
        if let names = expression.dottedName { return try named(names, expression) }
        guard case .subscripted = expression.kind,
            let (root, path) = AttributePath.read(expression),
            root == "attributes" || root == "metadata"
        else { throw invalid(expression.misread) }
        let prefix: [FilterPathStep] = root == "metadata" ? [.key("metadata")] : []
        return Typed(.attribute(prefix + path, as: .text), .attribute)
    }

    private func named(
        _ names: [String], _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        let name = names.joined(separator: ".")
        if name == "user.id" {
            // The attribute is looked up however it is nested, as `attributes["user.id"]` is.
            return Typed(.attribute([.key("user.id")], as: .text), .text)
        }
        guard names.count == 1 else {
            throw FilterError(
                "invalid name `\(name)`; the only dotted name is `user.id`. Read an arbitrary "
                    + "root-span attribute as `attributes[\"\(name)\"]`", at: expression.position)
        }
        guard let field = vocabulary.fields[name] else {
            let meant = Phrase.nearest(name, among: vocabulary.fields.keys)
            throw FilterError(
                "invalid name `\(name)`" + (meant.map { ", did you mean \"\($0)\"?" } ?? ""),
                at: expression.position)
        }
        try refuseSearched(field, expression)
        return Typed(.field(field, of: 0), field.type)
    }

    func refuseSearched(
        _ field: FilterField, _ expression: PythonExpression
    ) throws(FilterError) {
        guard field == .anyInput || field == .anyOutput else { return }
        throw FilterError(
            "`\(field.rawValue)` can only be used as the right-hand side of `in` or `not in`",
            at: expression.position)
    }

    /// Refuses a collection that is used as a value, or read into.
    func refuseCollection(_ expression: PythonExpression) throws(FilterError) {
        var inner = expression
        while true {
            switch inner.kind {
            case .attribute(let base, _), .subscripted(let base, _):
                inner = base
                continue
            default: break
            }
            break
        }
        guard case .name(let name) = inner.kind,
            vocabulary.collections.contains(where: { $0.rawValue == name })
        else { return }
        throw FilterError(
            "`\(name)` is a collection and can only be iterated, e.g. "
                + "`any(x.<field> == \"...\" for x in \(name))`", at: expression.position)
    }

    var ownAnnotations: String {
        language == .session ? "session_annotations" : "trace_annotations"
    }

    private func annotation(_ expression: PythonExpression) throws(FilterError) -> Typed? {
        try refuseForeignAnnotations(expression)
        // Without brackets it is the collection.
        var inner = expression
        var isSubscripted = false
        while true {
            switch inner.kind {
            case .subscripted(let base, _):
                isSubscripted = true
                inner = base
                continue
            case .attribute(let base, _):
                inner = base
                continue
            default: break
            }
            break
        }
        guard isSubscripted,
            let accessor = try AnnotationAccessor.read(expression, roots: [ownAnnotations])
        else { return nil }
        return accessor.term(language == .session ? .session : .trace)
    }

    func refuseForeignAnnotations(_ expression: PythonExpression) throws(FilterError) {
        var inner = expression
        if case .attribute(let base, _) = inner.kind { inner = base }
        guard case .subscripted(let base, _) = inner.kind, case .name(let root) = base.kind,
            language != .span
        else { return }
        let subject = language == .trace ? "trace" : "session"
        var reason = ""
        switch root {
        case "annotations", "evals": break
        case "trace_annotations" where language == .session:
            reason = "sessions do not expose a trace-annotation accessor; "
        default: return
        }
        throw FilterError(
            "`\(root)[...]` is not available in the \(subject) filter; \(reason)use "
                + "`\(ownAnnotations)[...]` for \(subject) annotations, or iterate "
                + "`span_annotations` for span-level annotations", at: expression.position)
    }

    // MARK: Comparisons

    private mutating func comparison(
        _ left: PythonExpression, _ comparisons: [PythonExpression.Comparison]
    ) throws(FilterError) -> FilterTerm {
        var terms: [FilterTerm] = []
        var left = left
        for next in comparisons {
            terms.append(try pair(left, next.symbol, next.right))
            left = next.right
        }
        return terms.count == 1 ? terms[0] : .all(terms)
    }

    private mutating func pair(
        _ left: PythonExpression, _ symbol: String, _ right: PythonExpression
    ) throws(FilterError) -> FilterTerm {
        switch symbol {
        case "contains":
            throw FilterError(
                "`text contains` is available in span filters only", at: left.position)
        case "in": return try containment(left, right, symbol)
        case "not in": return .not(try containment(left, right, symbol))
        case "is", "is not":
            guard left.isNone || right.isNone else {
                throw FilterError(
                    "`is` / `is not` compare against None only; use `==` / `!=` to compare values",
                    at: left.position)
            }
        default: break
        }
        let comparison: FilterComparison =
            symbol == "is"
            ? .equal
            : symbol == "is not"
                ? .notEqual
                : FilterComparison(rawValue: symbol) ?? .equal
        var first = try value(left)
        var second = try value(right)
        if first.type == .null || second.type == .null {
            guard !comparison.isOrdering else {
                throw FilterError(
                    "`\(symbol)` cannot compare against None; use `is None`", at: left.position)
            }
            let isNull = FilterTerm.isNull(first.type == .null ? second.term : first.term)
            return comparison == .equal ? isNull : .not(isNull)
        }
        try readTimestamp(&first, besides: second, at: left.position)
        try readTimestamp(&second, besides: first, at: right.position)
        guard let type = Self.common(first.type, second.type, comparison), type != .relation else {
            throw FilterError(
                "cannot compare `\(PythonText.of(left))` (\(Self.phrase(first.type))) with "
                    + "`\(PythonText.of(right))` (\(Self.phrase(second.type)))", at: left.position)
        }
        if comparison.isOrdering, type == .text || type == .condition {
            throw FilterError(
                "`\(symbol)` does not order \(Self.phrase(type))", at: left.position)
        }
        if first.isFoldedToUpperCase { second = second.upperCased }
        if second.isFoldedToUpperCase { first = first.upperCased }
        return .comparison(first.converted(to: type), comparison, second.converted(to: type))
    }

    private func readTimestamp(
        _ value: inout Typed, besides other: Typed, at position: Int
    ) throws(FilterError) {
        guard other.type == .timestamp, case .text(let text) = value.term else { return }
        value = Typed(
            .timestamp(try TimestampLiteral.microseconds(text, at: position)), .timestamp)
    }

    private static func common(
        _ left: FilterType, _ right: FilterType, _ comparison: FilterComparison
    ) -> FilterType? {
        switch (left, right) {
        case (.attribute, .attribute): comparison.isOrdering ? .number : .text
        case (.attribute, .timestamp), (.timestamp, .attribute), (.attribute, .relation),
            (.relation, .attribute):
            nil
        case (.attribute, let other), (let other, .attribute): other
        default: left == right ? left : nil
        }
    }

    private mutating func containment(
        _ left: PythonExpression, _ right: PythonExpression, _ symbol: String
    ) throws(FilterError) -> FilterTerm {
        switch right.kind {
        case .list(let items), .tuple(let items):
            return try membership(left, items, symbol, right)
        default: break
        }
        var target: Typed
        if scopes.isEmpty, case .name(let name) = right.kind, let field = vocabulary.fields[name],
            field == .anyInput || field == .anyOutput
        {
            target = Typed(.field(field, of: 0), .text)
        } else {
            target = try value(right)
        }
        let text = PythonText.of(right)
        guard target.type == .text || target.type == .attribute else {
            throw FilterError(
                "`in` searches text or a list, and `\(text)` is \(Self.phrase(target.type))",
                at: right.position)
        }
        guard case .string(let needle, _) = left.kind else {
            throw FilterError(
                "`\(text)` is searched for a text literal, e.g. `'text' in \(text)`",
                at: left.position)
        }
        if right.isLiteral {
            throw FilterError(
                "`in` expects a collection or a text field on the right, got `\(text)`",
                at: right.position)
        }
        return .containment(.text(needle), in: target.converted(to: .text))
    }

    private mutating func membership(
        _ left: PythonExpression, _ items: [PythonExpression], _ symbol: String,
        _ list: PythonExpression
    ) throws(FilterError) -> FilterTerm {
        if left.isLiteral {
            throw FilterError(
                "`\(PythonText.of(left, symbol, list))` compares two literals, expected a field on "
                    + "the left", at: left.position)
        }
        let field = try value(left)
        if field.type == .timestamp {
            throw FilterError(
                "`\(PythonText.of(left))` is a timestamp and cannot be looked up in a list",
                at: left.position)
        }
        var values: [Typed] = []
        for item in items {
            guard item.isLiteral else {
                throw FilterError(
                    "a list holds literal values only: `\(PythonText.of(item))` is not one",
                    at: item.position)
            }
            values.append(try value(item))
        }
        let kinds = values.filter { $0.type == .text || $0.type == .number }
        if kinds.contains(where: { $0.type != kinds[0].type }) {
            throw FilterError("cannot compare number and string", at: list.position)
        }
        for (value, item) in zip(values, items) {
            let fits = field.type == .attribute ? value.type != .null : value.type == field.type
            guard fits else {
                throw FilterError(
                    "`\(PythonText.of(item))` does not match `\(PythonText.of(left))` "
                        + "(\(Self.phrase(field.type))); a list is all text or all numbers",
                    at: item.position)
            }
        }
        let type = field.type == .attribute ? values.first?.type ?? .text : field.type
        if field.isFoldedToUpperCase { values = values.map(\.upperCased) }
        return .membership(field.converted(to: type), values.map(\.term))
    }
}
