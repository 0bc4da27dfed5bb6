/// Parses one Python expression (grammar of Python 3.11, mode `eval`) by recursive descent.
///
/// Takes time linear in the number of tokens.
struct Parser {
    private let tokens: [Token]
    private let scalars: [Unicode.Scalar]
    private let unclosed: (symbol: Unicode.Scalar, at: Int)?
    private var index = 0
    private var depth = 0

    /// Expressions inside each other beyond this are refused. Every later step recurses over the
    /// tree, so it bounds the stack of all of them.
    static let depthMax = 120
    /// Longer conditions are refused before anything else happens.
    static let lengthMax = 32_768

    /// - Throws: ``PythonSyntaxError``.
    static func expression(in text: String) throws(PythonSyntaxError) -> PythonExpression {
        guard text.utf8.count <= lengthMax * 4, text.unicodeScalars.count <= lengthMax else {
            throw PythonSyntaxError(
                "The filter condition is longer than \(lengthMax) characters. Shorten it.",
                at: lengthMax, isPlain: true)
        }
        let scalars = Array(text.unicodeScalars)
        let (tokens, unclosed) = try Lexer.tokens(of: scalars)
        var parser = Parser(tokens: tokens, scalars: scalars, unclosed: unclosed)
        return try parser.whole()
    }

    private init(
        tokens: [Token], scalars: [Unicode.Scalar], unclosed: (symbol: Unicode.Scalar, at: Int)?
    ) {
        self.tokens = tokens
        self.scalars = scalars
        self.unclosed = unclosed
    }

    // MARK: Tokens

    private var token: Token { tokens[index] }

    private func at(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }
    private func at(keyword: String) -> Bool { token.kind == .keyword(keyword) }

    private mutating func take(_ symbol: String) -> Bool {
        guard at(symbol) else { return false }
        index += 1
        return true
    }

    private mutating func take(keyword: String) -> Bool {
        guard at(keyword: keyword) else { return false }
        index += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(PythonSyntaxError) {
        guard take(symbol) else { throw unexpected() }
    }

    private func unexpected() -> PythonSyntaxError {
        if token.kind == .end, let unclosed {
            return PythonSyntaxError(
                "'\(Character(unclosed.symbol))' was never closed", at: unclosed.at)
        }
        // Python looks at what follows a `not` before it gives up, since `not in` could stand here.
        let place = at(keyword: "not") && index + 1 < tokens.count ? tokens[index + 1] : token
        return PythonSyntaxError("invalid syntax", at: place.position)
    }

    /// What is missing between two expressions that stand beside each other in brackets.
    private func unexpectedAfterExpression(from start: Int) -> PythonSyntaxError {
        guard tokens[index - 1].depth > 0 else { return unexpected() }
        switch token.kind {
        case .symbol("="):
            return PythonSyntaxError(
                "invalid syntax. Maybe you meant '==' or ':=' instead of '='?", at: start)
        case .name, .integer, .float, .string, .keyword("None"), .keyword("True"),
            .keyword("False"):
            return PythonSyntaxError("invalid syntax. Perhaps you forgot a comma?", at: start)
        default: return unexpected()
        }
    }

    // MARK: Expressions

    private mutating func whole() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        var expression = try test()
        if at(",") {
            var items = [expression]
            while take(","), token.kind != .end { items.append(try test()) }
            expression = PythonExpression(kind: .tuple(items), position: start)
        }
        while take("\n") {}
        guard token.kind == .end else { throw unexpected() }
        return expression
    }

    /// An expression that may be `name := value`, as in brackets.
    private mutating func namedTest() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        if take("*") {
            let value = try operation(1)
            return PythonExpression(kind: .starred(value), position: start)
        }
        let left = try test()
        if case .name = left.kind, take(":=") {
            return PythonExpression(kind: .named(left, try test()), position: start)
        }
        return left
    }

    private mutating func test() throws(PythonSyntaxError) -> PythonExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw .tooDeep(at: token.position) }
        let start = token.position
        if at(keyword: "lambda") { return try lambda() }
        let body = try logic("or")
        guard take(keyword: "if") else { return body }
        let condition = try logic("or")
        guard take(keyword: "else") else {
            if token.kind == .end || at("\n") {
                throw PythonSyntaxError("expected 'else' after 'if' expression", at: start)
            }
            throw unexpected()
        }
        let otherwise = try test()
        return PythonExpression(
            kind: .conditional(body, test: condition, otherwise: otherwise), position: start)
    }

    private mutating func lambda() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        while !at(":") {
            guard token.kind != .end else { throw unexpected() }
            index += 1
        }
        index += 1
        _ = try test()
        let end = token.kind == .end ? scalars.count : token.position
        let text = String(String.UnicodeScalarView(scalars[start..<end]))
        return PythonExpression(kind: .opaque(Self.trimmed(text)), position: start)
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    private mutating func logic(_ word: String) throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let first = try word == "or" ? logic("and") : inversion()
        guard at(keyword: word) else { return first }
        var operands = [first]
        while take(keyword: word) {
            operands.append(try word == "or" ? logic("and") : inversion())
        }
        return PythonExpression(kind: .logic(word, operands), position: start)
    }

    private mutating func inversion() throws(PythonSyntaxError) -> PythonExpression {
        guard at(keyword: "not") else { return try comparison() }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw .tooDeep(at: token.position) }
        let start = token.position
        index += 1
        return PythonExpression(kind: .unary("not", try inversion()), position: start)
    }

    private mutating func comparison() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let left = try operation(0)
        if let needle = try textContains(behind: left) {
            return PythonExpression(
                kind: .compare(left, [.init(symbol: "contains", right: needle)]), position: start)
        }
        var comparisons: [PythonExpression.Comparison] = []
        while let symbol = comparisonSymbol() {
            comparisons.append(.init(symbol: symbol, right: try operation(0)))
        }
        guard !comparisons.isEmpty else { return left }
        return PythonExpression(kind: .compare(left, comparisons), position: start)
    }

    /// The string of `text contains "string"`, which is no Python and so means nothing else.
    private mutating func textContains(
        behind left: PythonExpression
    ) throws(PythonSyntaxError) -> PythonExpression? {
        guard case .name("text") = left.kind, token.kind == .name("contains"),
            case .string = tokens[index + 1].kind
        else { return nil }
        index += 1
        return try strings()
    }

    private mutating func comparisonSymbol() -> String? {
        switch token.kind {
        case .symbol(let symbol) where ["==", "!=", "<", "<=", ">", ">="].contains(symbol):
            index += 1
            return symbol
        case .keyword("in"):
            index += 1
            return "in"
        case .keyword("is"):
            index += 1
            return take(keyword: "not") ? "is not" : "is"
        case .keyword("not") where tokens[index + 1].kind == .keyword("in"):
            index += 2
            return "not in"
        default: return nil
        }
    }

    /// The binary operators, loosest first.
    private static let operators: [Set<String>] = [
        ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"],
    ]

    private mutating func operation(_ level: Int) throws(PythonSyntaxError) -> PythonExpression {
        guard level < Self.operators.count else { return try factor() }
        let start = token.position
        var left = try operation(level + 1)
        var height = 0
        while case .symbol(let symbol) = token.kind, Self.operators[level].contains(symbol) {
            index += 1
            height += 1
            // The tree leans to the left, so a long sum is a deep one.
            guard depth + height <= Self.depthMax else { throw .tooDeep(at: token.position) }
            let right = try operation(level + 1)
            left = PythonExpression(kind: .binary(left, symbol, right), position: start)
        }
        return left
    }

    private mutating func factor() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        for symbol in ["-", "+", "~"] where at(symbol) {
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.depthMax else { throw .tooDeep(at: token.position) }
            index += 1
            return PythonExpression(kind: .unary(symbol, try factor()), position: start)
        }
        let base = try awaited()
        guard take("**") else { return base }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else { throw .tooDeep(at: token.position) }
        return PythonExpression(kind: .binary(base, "**", try factor()), position: start)
    }

    private mutating func awaited() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        guard take(keyword: "await") else { return try primary() }
        return PythonExpression(kind: .await(try primary()), position: start)
    }

    // MARK: Primaries

    private mutating func primary() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        var expression = try atom()
        var height = 0
        while true {
            let before = index
            if take(".") {
                guard case .name(let name) = token.kind else { throw unexpected() }
                index += 1
                expression = PythonExpression(kind: .attribute(expression, name), position: start)
            } else if take("[") {
                let key = try subscriptKey()
                try expect("]")
                expression = PythonExpression(kind: .subscripted(expression, key), position: start)
            } else if take("(") {
                expression = try call(expression, start: start)
            }
            guard index > before else { return expression }
            height += 1
            guard depth + height <= Self.depthMax else { throw .tooDeep(at: token.position) }
        }
    }

    private mutating func subscriptKey() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let first = try slice()
        guard at(",") else { return first }
        var items = [first]
        while take(","), !at("]") { items.append(try slice()) }
        return PythonExpression(kind: .tuple(items), position: start)
    }

    private mutating func slice() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let lower = at(":") ? nil : try namedTest()
        guard take(":") else {
            if let lower {
                if !at("]"), !at(",") { throw unexpectedAfterExpression(from: start) }
                return lower
            }
            throw unexpected()
        }
        let upper = at(":") || at("]") || at(",") ? nil : try test()
        let step = take(":") && !at("]") && !at(",") ? try test() : nil
        return PythonExpression(kind: .slice(lower, upper, step), position: start)
    }

    private mutating func call(
        _ callee: PythonExpression, start: Int
    ) throws(PythonSyntaxError) -> PythonExpression {
        var arguments: [PythonExpression] = []
        var keywords: [PythonExpression.Keyword] = []
        while !at(")") {
            let position = token.position
            if take("**") {
                keywords.append(.init(name: nil, value: try test()))
            } else if case .name(let name) = token.kind, tokens[index + 1].kind == .symbol("=") {
                index += 2
                keywords.append(.init(name: name, value: try test()))
            } else {
                var argument = try namedTest()
                if at(keyword: "for") || at(keyword: "async") {
                    argument = try comprehension(of: argument, nil, .generator, position)
                    let isAlone = arguments.isEmpty && keywords.isEmpty && at(")")
                    if !isAlone, at(")") || at(",") {
                        throw PythonSyntaxError(
                            "Generator expression must be parenthesized", at: position)
                    }
                } else if !at(","), !at(")") {
                    throw unexpectedAfterExpression(from: position)
                }
                arguments.append(argument)
            }
            guard take(",") else { break }
        }
        try expect(")")
        return PythonExpression(
            kind: .call(callee, arguments, keywords: keywords), position: start)
    }

    private mutating func atom() throws(PythonSyntaxError) -> PythonExpression {
        let token = token
        let position = token.position
        func made(_ kind: PythonExpression.Kind) -> PythonExpression {
            PythonExpression(kind: kind, position: position)
        }
        switch token.kind {
        case .name(let name):
            index += 1
            return made(.name(name))
        case .keyword("True"), .keyword("False"):
            index += 1
            return made(.bool(token.kind == .keyword("True")))
        case .keyword("None"):
            index += 1
            return made(.none)
        case .integer(let digits):
            index += 1
            return made(.integer(digits))
        case .float(let value):
            index += 1
            return made(.float(value))
        case .imaginary(let text):
            index += 1
            let value = Double(text) ?? 0
            let printed =
                value == value.rounded() && value < 1e16
                ? PythonText.integer(value)
                : PythonText.float(value)
            return made(.unsupported(printed + "j"))
        case .string, .bytes, .formatted: return try strings()
        case .symbol("..."):
            index += 1
            return made(.unsupported("..."))
        case .symbol("("): return try parenthesised()
        case .symbol("["): return try list()
        case .symbol("{"): return try braces()
        default: throw unexpected()
        }
    }

    /// One string literal, or several beside each other, which are one.
    private mutating func strings() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let end = { (token: Token) in token.position }
        var text = ""
        var bytes: String?
        var isFormatted = false
        var isUnicode: Bool?
        var hasText = false
        loop: while true {
            switch token.kind {
            case .string(let part, let unicode):
                text += part
                hasText = true
                isUnicode = isUnicode ?? unicode
            case .bytes(let part): bytes = (bytes ?? "") + part
            case .formatted: isFormatted = true
            default: break loop
            }
            index += 1
        }
        if bytes != nil, hasText || isFormatted {
            throw PythonSyntaxError("cannot mix bytes and nonbytes literals", at: start)
        }
        if let bytes {
            return PythonExpression(
                kind: .unsupported("b" + PythonText.quoted(bytes)), position: start)
        }
        if isFormatted {
            let text = String(String.UnicodeScalarView(scalars[start..<end(token)]))
            return PythonExpression(kind: .opaque(Self.trimmed(text)), position: start)
        }
        return PythonExpression(
            kind: .string(text, isUnicode: isUnicode ?? false), position: start)
    }

    private mutating func parenthesised() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        index += 1
        if take(")") { return PythonExpression(kind: .tuple([]), position: start) }
        let position = token.position
        if take(keyword: "yield") {
            let value = at(")") ? nil : try test()
            try expect(")")
            return PythonExpression(kind: .yield(value), position: start)
        }
        let first = try namedTest()
        if at(keyword: "for") || at(keyword: "async") {
            let generator = try comprehension(of: first, nil, .generator, start)
            try expect(")")
            return generator
        }
        if at(",") {
            var items = [first]
            while take(","), !at(")") { items.append(try namedTest()) }
            try expect(")")
            return PythonExpression(kind: .tuple(items), position: start)
        }
        guard take(")") else { throw unexpectedAfterExpression(from: position) }
        if case .starred = first.kind {
            throw PythonSyntaxError("cannot use starred expression here", at: position)
        }
        return first
    }

    private mutating func list() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        index += 1
        var items: [PythonExpression] = []
        while !at("]") {
            let position = token.position
            let item = try namedTest()
            if items.isEmpty, at(keyword: "for") || at(keyword: "async") {
                let list = try comprehension(of: item, nil, .list, start)
                try expect("]")
                return list
            }
            items.append(item)
            if !at(","), !at("]") { throw unexpectedAfterExpression(from: position) }
            guard take(",") else { break }
        }
        try expect("]")
        return PythonExpression(kind: .list(items), position: start)
    }

    private mutating func braces() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        index += 1
        if take("}") { return PythonExpression(kind: .dictionary([]), position: start) }
        var items: [PythonExpression] = []
        var pairs: [(key: PythonExpression?, value: PythonExpression)] = []
        while !at("}") {
            let position = token.position
            if items.isEmpty, take("**") {
                pairs.append((nil, try operation(0)))
            } else {
                let first = try namedTest()
                if items.isEmpty, take(":") {
                    let value = try test()
                    if pairs.isEmpty, at(keyword: "for") || at(keyword: "async") {
                        let made = try comprehension(of: first, value, .dictionary, start)
                        try expect("}")
                        return made
                    }
                    pairs.append((first, value))
                } else if !pairs.isEmpty {
                    throw unexpected()
                } else if items.isEmpty, at(keyword: "for") || at(keyword: "async") {
                    let made = try comprehension(of: first, nil, .set, start)
                    try expect("}")
                    return made
                } else {
                    items.append(first)
                }
            }
            if !at(","), !at("}") { throw unexpectedAfterExpression(from: position) }
            guard take(",") else { break }
        }
        try expect("}")
        return PythonExpression(
            kind: items.isEmpty ? .dictionary(pairs) : .set(items), position: start)
    }

    // MARK: Comprehensions

    private mutating func comprehension(
        of element: PythonExpression, _ value: PythonExpression?,
        _ form: PythonExpression.Comprehension.Form, _ start: Int
    ) throws(PythonSyntaxError) -> PythonExpression {
        var clauses: [PythonExpression.Comprehension.Clause] = []
        while at(keyword: "for") || at(keyword: "async") {
            let isAsync = take(keyword: "async")
            guard take(keyword: "for") else { throw unexpected() }
            let target = try targets()
            guard take(keyword: "in") else { throw unexpected() }
            let iterable = try logic("or")
            var conditions: [PythonExpression] = []
            while take(keyword: "if") { conditions.append(try logic("or")) }
            clauses.append(
                .init(
                    target: target, iterable: iterable, conditions: conditions, isAsync: isAsync))
        }
        return PythonExpression(
            kind: .comprehension(
                .init(form: form, element: element, value: value, clauses: clauses)),
            position: start)
    }

    private mutating func targets() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let first = try target()
        guard at(",") else { return first }
        var items = [first]
        while take(","), !at(keyword: "in") { items.append(try target()) }
        return PythonExpression(kind: .tuple(items), position: start)
    }

    private mutating func target() throws(PythonSyntaxError) -> PythonExpression {
        let start = token.position
        let target =
            take("*")
            ? PythonExpression(kind: .starred(try primary()), position: start) : try primary()
        guard Self.isAssignable(target) else {
            throw PythonSyntaxError("invalid syntax", at: start)
        }
        return target
    }

    private static func isAssignable(_ expression: PythonExpression) -> Bool {
        switch expression.kind {
        case .name, .attribute, .subscripted: true
        case .list(let items), .tuple(let items): items.allSatisfy(isAssignable)
        case .starred(let inner): isAssignable(inner)
        default: false
        }
    }
}
