/// Checks span filters: any name is an attribute, types are compared where they are known.
struct SpanChecker {
    private let vocabulary = Vocabulary(language: .span)
    private var strict = StrictChecker(.span)

    mutating func filter(_ expression: PythonExpression) throws(FilterError) -> FilterTerm {
        switch expression.kind {
        case .bool:
            throw FilterError(
                "`\(PythonText.of(expression))` is not a condition on its own, it can only be used "
                    + "as an operand of `and` / `or` / `not`", at: expression.position)
        case .none:
            throw FilterError(
                "`None` is not a condition on its own, it can only be used as an operand of `and` "
                    + "/ `or` / `not`", at: expression.position)
        case .unary("not", _): break
        case .binary, .unary, .list, .tuple: throw invalid(expression)
        default: break
        }
        return try condition(expression)
    }

    private func invalid(_ expression: PythonExpression) -> FilterError {
        FilterError("invalid expression: \(PythonText.of(expression))", at: expression.position)
    }

    // MARK: Conditions

    private func requireShape(_ expression: PythonExpression) throws(FilterError) {
        switch expression.kind {
        case .compare, .logic, .bool, .unary("not", _): return
        case .call(let callee, let arguments, _):
            guard case .name(let name) = callee.kind, ["len", "max", "min", "sum"].contains(name),
                case .comprehension? = arguments.first?.kind
            else { return }
        case .name, .attribute, .subscripted:
            if case .subscripted(let base, let key) = expression.kind,
                case .name(let root) = base.kind, Self.annotationRoots.contains(root)
            {
                guard case .string = key.kind else { throw invalid(expression) }
                return
            }
            try strict.refuseCollection(expression)
        case .binary, .list, .tuple, .none, .integer, .float, .string, .unary: break
        default: throw invalid(expression)
        }
        let text = PythonText.short(expression)
        throw FilterError(
            "`\(text)` is not a condition, expected a comparison such as `\(text) == ...`",
            at: expression.position)
    }

    mutating func condition(_ expression: PythonExpression) throws(FilterError) -> FilterTerm {
        try requireShape(expression)
        switch expression.kind {
        case .logic(let word, let operands):
            for operand in operands { try requireShape(operand) }
            var terms: [FilterTerm] = []
            for operand in operands { terms.append(try condition(operand)) }
            return word == "and" ? .all(terms) : .any(terms)
        case .unary("not", let operand): return .not(try condition(operand))
        case .compare(let left, let comparisons): return try comparison(left, comparisons)
        default:
            let value = try value(expression)
            guard value.type == .condition else { throw invalid(expression) }
            return value.term
        }
    }

    private mutating func comparison(
        _ left: PythonExpression, _ comparisons: [PythonExpression.Comparison]
    ) throws(FilterError) -> FilterTerm {
        var terms: [FilterTerm] = []
        let whole = PythonExpression(kind: .compare(left, comparisons), position: left.position)
        var left = left
        for comparison in comparisons {
            let pair = Pair(left: left, symbol: comparison.symbol, right: comparison.right)
            terms.append(try self.pair(pair, of: whole))
            left = comparison.right
        }
        return terms.count == 1 ? terms[0] : .all(terms)
    }

    private struct Pair {
        var left: PythonExpression
        var symbol: String
        var right: PythonExpression

        var text: String { PythonText.shortened(PythonText.of(left, symbol, right)) }
        var position: Int { left.position }
    }

    private static func isParent(_ expression: PythonExpression) -> Bool {
        if case .name("parent_span") = expression.kind { true } else { false }
    }

    private mutating func pair(
        _ pair: Pair, of whole: PythonExpression
    ) throws(FilterError) -> FilterTerm {
        if pair.symbol == "contains" { return try textContains(pair) }
        if pair.symbol == "in" || pair.symbol == "not in" {
            let term = try containment(pair)
            return pair.symbol == "in" ? term : .not(term)
        }
        for side in [pair.left, pair.right] {
            switch side.kind {
            case .list, .tuple:
                throw FilterError(
                    "`\(PythonText.short(whole))` compares against a collection, which "
                        + "is only supported with `in` / `not in`", at: pair.position)
            default: break
            }
        }
        if pair.symbol == "is" || pair.symbol == "is not" {
            guard Self.isSingleton(pair.left) || Self.isSingleton(pair.right) else {
                throw FilterError(
                    "`\(pair.text)` uses `is` with a value, which SQL cannot express; use `==`, or "
                        + "`is` with None/True/False", at: pair.position)
            }
        }
        if let term = try parentComparison(pair) { return term }
        let left = try value(pair.left)
        let right = try value(pair.right)
        let comparison: FilterComparison =
            switch pair.symbol {
            case "is": .equal
            case "is not": .notEqual
            // The parser gives no other symbols.
            default: FilterComparison(rawValue: pair.symbol) ?? .equal
            }
        return try compare(left, comparison, right, pair)
    }

    private func textContains(_ pair: Pair) throws(FilterError) -> FilterTerm {
        guard case .string(let text, _) = pair.right.kind, !text.isEmpty,
            text.unicodeScalars.count <= Filter.searchedTextLengthMax
        else {
            throw FilterError(
                "`text contains` takes a string of 1 to \(Filter.searchedTextLengthMax) characters",
                at: pair.right.position)
        }
        return .textContains(text)
    }

    private static func isSingleton(_ expression: PythonExpression) -> Bool {
        switch expression.kind {
        case .none, .bool: true
        default: false
        }
    }

    private func parentComparison(_ pair: Pair) throws(FilterError) -> FilterTerm? {
        guard Self.isParent(pair.left) || Self.isParent(pair.right) else { return nil }
        guard pair.left.isNone || pair.right.isNone else {
            throw FilterError(
                "`parent_span` can only be compared to None (e.g. `parent_span is None`)",
                at: pair.position)
        }
        let isNull = FilterTerm.isNull(.field(.parentSpan, of: 0))
        switch pair.symbol {
        case "is", "==": return isNull
        case "is not", "!=": return .not(isNull)
        default:
            throw FilterError(
                "`parent_span` supports only `is` / `is not` (or `==` / `!=`) with None",
                at: pair.position)
        }
    }

    private func compare(
        _ left: Typed, _ comparison: FilterComparison, _ right: Typed, _ pair: Pair
    ) throws(FilterError) -> FilterTerm {
        if comparison.isOrdering, left.type == .condition || right.type == .condition {
            throw FilterError(
                "`\(pair.text)` orders a boolean, use `==`, `!=`, or `is` instead of `<` / `>`",
                at: pair.position)
        }
        if left.type == .null || right.type == .null {
            guard !comparison.isOrdering else {
                throw FilterError("invalid filter condition", at: pair.position)
            }
            let value = left.type == .null ? right : left
            let term = FilterTerm.isNull(value.term)
            return comparison == .equal ? term : .not(term)
        }
        if left.type == .timestamp || right.type == .timestamp {
            return try compareTimestamps(left, comparison, right, pair)
        }
        let type = try common(left, comparison, right, at: pair.position)
        var (first, second) = (left, right)
        if first.isFoldedToUpperCase { second = second.upperCased }
        if second.isFoldedToUpperCase { first = first.upperCased }
        return .comparison(
            first.converted(to: type), comparison, second.converted(to: type))
    }

    private func compareTimestamps(
        _ left: Typed, _ comparison: FilterComparison, _ right: Typed, _ pair: Pair
    ) throws(FilterError) -> FilterTerm {
        func operand(_ side: Typed, _ position: Int) throws(FilterError) -> FilterTerm {
            if side.type == .timestamp { return side.term }
            if case .text(let text) = side.term {
                return .timestamp(try TimestampLiteral.microseconds(text, at: position))
            }
            if side.type == .attribute {
                throw FilterError(
                    "cannot compare a datetime field and an attribute, use an ISO 8601 string "
                        + "literal (e.g. '2024-01-01T00:00:00+00:00')", at: position)
            }
            throw mismatch(left, right, at: pair.position)
        }
        return .comparison(
            try operand(left, pair.left.position), comparison,
            try operand(right, pair.right.position))
    }

    /// The type in which both sides are compared.
    private func common(
        _ left: Typed, _ comparison: FilterComparison, _ right: Typed, at position: Int
    ) throws(FilterError) -> FilterType {
        switch (left.type, right.type) {
        case (.attribute, .attribute): return comparison.isOrdering ? .number : .text
        case (.attribute, let other), (let other, .attribute): return other
        case (let one, let other) where one == other: return one
        default: throw mismatch(left, right, at: position)
        }
    }

    private func mismatch(
        _ left: Typed, _ right: Typed, leftIsValue: Bool = false, at position: Int
    ) -> FilterError {
        var message =
            "cannot compare \(leftIsValue ? "value" : Self.word(left.type)) and "
            + Self.word(right.type)
        for (one, other) in [(left, right), (right, left)] {
            if one.type == .number, case .text(let text) = other.term, Literals.isNumber(text) {
                message += ", write \(text) instead of \(PythonText.quoted(text))"
            }
        }
        return FilterError(message, at: position)
    }

    private static func word(_ type: FilterType) -> String {
        switch type {
        case .text, .attribute: "string"
        case .number: "number"
        case .timestamp: "datetime"
        case .condition: "boolean"
        case .null: "null"
        case .relation: "relation"
        }
    }

    // MARK: Containment

    private mutating func containment(_ pair: Pair) throws(FilterError) -> FilterTerm {
        if Self.isParent(pair.left) || Self.isParent(pair.right) {
            throw FilterError(
                "`parent_span` can only be compared to None (e.g. `parent_span is None`)",
                at: pair.position)
        }
        switch pair.left.kind {
        case .list, .tuple: throw FilterError("invalid filter condition", at: pair.position)
        default: break
        }
        switch pair.right.kind {
        case .list(let items), .tuple(let items): return try membership(pair, items)
        default: break
        }
        let left = try value(pair.left)
        let right = try value(pair.right)
        let rightIsText = right.type == .text || right.type == .attribute
        guard left.type == .text || left.type == .attribute, rightIsText else {
            throw mismatch(
                left, right, leftIsValue: left.type == .attribute && !rightIsText,
                at: pair.position)
        }
        switch right.term {
        case .text:
            throw FilterError(
                "`in` expects a collection or a text field on the right, got "
                    + "`\(PythonText.of(pair.right))`", at: pair.right.position)
        case .concatenation:
            throw FilterError(
                "`in` expects a collection or a text field on the right, got "
                    + "`cast(\(PythonText.of(pair.right)), String)`", at: pair.right.position)
        default: break
        }
        return .containment(left.converted(to: .text), in: right.converted(to: .text))
    }

    private mutating func membership(
        _ pair: Pair, _ items: [PythonExpression]
    ) throws(FilterError) -> FilterTerm {
        if pair.left.isLiteral {
            throw FilterError(
                "`\(pair.text)` compares two literals, expected a span field on the left",
                at: pair.position)
        }
        if items.contains(where: \.isNone) {
            throw FilterError(
                "`\(pair.text)` includes None, which never matches in SQL; test for missing values "
                    + "with `is None` / `is not None`", at: pair.position)
        }
        let left = try value(pair.left)
        var values: [Typed] = []
        for item in items {
            switch item.kind {
            case .list, .tuple, .set:
                throw FilterError(
                    "`\(PythonText.short(item))` is not a value, collections cannot be nested",
                    at: item.position)
            default: values.append(try value(item))
            }
        }
        let known = values.filter { $0.type != .attribute }
        for value in known.dropFirst() where value.type != known[0].type {
            // The types are named in the order of the alphabet.
            let words = [Self.word(known[0].type), Self.word(value.type)].sorted()
            throw FilterError("cannot compare \(words[0]) and \(words[1])", at: pair.position)
        }
        if left.type == .timestamp {
            var terms: [FilterTerm] = []
            for (value, item) in zip(values, items) {
                guard case .text(let text) = value.term else {
                    throw mismatch(left, value, at: pair.position)
                }
                terms.append(
                    .timestamp(try TimestampLiteral.microseconds(text, at: item.position)))
            }
            return .membership(left.term, terms)
        }
        let listType = known.first?.type ?? .attribute
        let type: FilterType
        switch (left.type, listType) {
        case (.attribute, .attribute): type = .text
        case (.attribute, let other), (let other, .attribute): type = other
        case (let one, let other) where one == other: type = one
        default: throw mismatch(left, known[0], at: pair.position)
        }
        if left.isFoldedToUpperCase { values = values.map(\.upperCased) }
        return .membership(left.converted(to: type), values.map { $0.converted(to: type) })
    }

    // MARK: Values

    private static let annotationRoots: Set<String> = ["annotations", "evals", "trace_annotations"]

    private mutating func value(_ expression: PythonExpression) throws(FilterError) -> Typed {
        switch expression.kind {
        case .string(let text, _): return Typed(.text(text), .text)
        case .integer(let digits): return Typed(.number(Double(digits) ?? 0), .number)
        case .float(let value): return Typed(.number(value), .number)
        case .bool(let value): return Typed(.bool(value), .condition)
        case .none: return Typed(.null, .null)
        case .compare, .logic, .unary("not", _):
            return Typed(try condition(expression), .condition)
        case .name, .attribute, .subscripted: return try path(expression)
        case .unary(let symbol, let operand): return try sign(symbol, operand, expression)
        case .binary(let left, let symbol, let right):
            return try arithmetic(left, symbol, right, at: expression.position)
        case .call(let callee, let arguments, let keywords):
            return try call(callee, arguments, keywords, expression)
        case .comprehension: throw StrictChecker.misplaced(expression)
        default: throw invalid(expression)
        }
    }

    private mutating func path(_ expression: PythonExpression) throws(FilterError) -> Typed {
        try refuseParent(expression)
        if let accessor = try AnnotationAccessor.read(expression, roots: Self.annotationRoots) {
            return accessor.term(accessor.root == "trace_annotations" ? .trace : .span)
        }
        try strict.refuseCollection(expression)
        if let names = expression.dottedName {
            let name = names.joined(separator: ".")
            if let field = vocabulary.fields[name] {
                return Typed(.field(field, of: 0), field.type)
            }
            let tokenCounts: [String: FilterField] = [
                "llm.token_count.prompt": .llmTokenCountPrompt,
                "llm.token_count.completion": .llmTokenCountCompletion,
                "llm.token_count.total": .llmTokenCountTotal,
            ]
            if let field = tokenCounts[name] { return Typed(.field(field, of: 0), .number) }
            return Typed(.attribute(names.map { .key($0) }, as: .text), .attribute)
        }
        guard case .subscripted = expression.kind,
            let (root, path) = AttributePath.read(expression)
        else { throw invalid(expression.misread) }
        switch root {
        case "attributes": return Typed(.attribute(path, as: .text), .attribute)
        case "metadata":
            return Typed(.attribute([.key("metadata")] + path, as: .text), .attribute)
        default: throw invalid(expression.misread)
        }
    }

    private func refuseParent(_ expression: PythonExpression) throws(FilterError) {
        var inner = expression
        while true {
            switch inner.kind {
            case .attribute(let base, _), .subscripted(let base, _):
                inner = base
                continue
            case .name("parent_span"): break
            default: return
            }
            break
        }
        if Self.isParent(expression) {
            throw FilterError(
                "`parent_span` can only be used as `parent_span is None` or "
                    + "`parent_span is not None`", at: expression.position)
        }
        throw FilterError(
            "`\(PythonText.short(expression))` is not supported: `parent_span` traversal "
                + "(`parent_span.<field>`) is not yet available; only `parent_span is None` and "
                + "`parent_span is not None` are supported", at: expression.position)
    }

    private mutating func sign(
        _ symbol: String, _ operand: PythonExpression, _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        guard symbol != "~" else {
            throw FilterError(
                "unsupported operator: \(PythonText.of(expression))", at: expression.position)
        }
        let value = try value(operand)
        guard value.type == .number || value.type == .attribute else {
            throw FilterError("invalid arithmetic operand", at: expression.position)
        }
        let number = value.converted(to: .number)
        return Typed(symbol == "-" ? .negative(number) : number, .number)
    }

    private mutating func arithmetic(
        _ left: PythonExpression, _ symbol: String, _ right: PythonExpression, at position: Int
    ) throws(FilterError) -> Typed {
        guard let operation = FilterOperator(rawValue: symbol) else {
            throw FilterError("invalid arithmetic operator: \(symbol)", at: position)
        }
        let left = try value(left)
        let right = try value(right)
        switch (left.type, right.type) {
        case (.number, .number), (.number, .attribute), (.attribute, .number): break
        case (.attribute, .attribute) where operation != .plus: break
        case (.text, .text), (.text, .attribute), (.attribute, .text), (.attribute, .attribute):
            guard operation == .plus else { fallthrough }
            return Typed(
                .concatenation(left.converted(to: .text), right.converted(to: .text)), .text)
        default: throw FilterError("invalid arithmetic operands", at: position)
        }
        return Typed(
            .arithmetic(left.converted(to: .number), operation, right.converted(to: .number)),
            .number)
    }

    private mutating func call(
        _ callee: PythonExpression, _ arguments: [PythonExpression],
        _ keywords: [PythonExpression.Keyword], _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        guard case .name(let name) = callee.kind else { throw invalid(expression) }
        if let function = FilterReduction.Function(rawValue: name) {
            return try strict.reduction(function, arguments, keywords, expression)
        }
        guard ["str", "float", "int"].contains(name) else { throw invalid(expression) }
        if let keyword = keywords.first {
            throw FilterError(
                "invalid expression: \(PythonText.of(keyword))", at: keyword.value.position)
        }
        guard arguments.count == 1 else { throw invalid(expression) }
        let value = try value(arguments[0])
        if name == "str" { return try castToText(value, at: expression.position) }
        switch value.type {
        case .number, .attribute: return Typed(value.converted(to: .number), .number)
        case .null: return Typed(.parsedNumber(.null), .number)
        // Hardly meant, but taken: the microseconds since 1970.
        case .timestamp: return Typed(value.term, .number)
        case .text:
            if case .text(let text) = value.term, Literals.isNumber(text) {
                return Typed(.number(Double(text) ?? 0), .number)
            }
            if case .concatenation = value.term { return Typed(.parsedNumber(value.term), .number) }
            throw FilterError("cannot cast string to number", at: expression.position)
        default:
            throw FilterError(
                "cannot cast \(Self.word(value.type)) to number", at: expression.position)
        }
    }

    private func castToText(_ value: Typed, at position: Int) throws(FilterError) -> Typed {
        switch value.type {
        case .text, .attribute: return Typed(value.converted(to: .text), .text)
        case .null:
            throw FilterError(
                "cannot cast the literal None to text, the backends spell it differently",
                at: position)
        default:
            throw FilterError("cannot cast \(Self.word(value.type)) to text", at: position)
        }
    }
}
