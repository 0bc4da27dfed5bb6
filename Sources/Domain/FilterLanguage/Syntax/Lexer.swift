/// Splits a condition into tokens as Python 3.11 does for an expression.
///
/// One pass; every scalar is looked at a bounded number of times.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var open: [(symbol: Unicode.Scalar, position: Int)] = []
    private(set) var tokens: [Token] = []

    /// More brackets inside each other than this are refused, as Python does.
    static let bracketsMax = 200

    private init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// - Returns: The tokens, `.end` last, and where the innermost bracket that stays open is.
    /// - Throws: ``PythonSyntaxError``.
    static func tokens(
        of scalars: [Unicode.Scalar]
    ) throws(PythonSyntaxError) -> (tokens: [Token], unclosed: (symbol: Unicode.Scalar, at: Int)?) {
        var lexer = Lexer(scalars)
        while try lexer.next() {}
        return (lexer.tokens, lexer.open.last.map { ($0.symbol, $0.position) })
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar {
        index + offset < scalars.count ? scalars[index + offset] : "\0"
    }

    private mutating func append(_ kind: Token.Kind, at position: Int) {
        tokens.append(Token(kind: kind, position: position, depth: open.count))
    }

    private mutating func next() throws(PythonSyntaxError) -> Bool {
        while index < scalars.count,
            scalars[index] == " " || scalars[index] == "\t"
                || scalars[index] == "\u{c}"
        { index += 1 }
        guard index < scalars.count else {
            append(.end, at: index)
            return false
        }
        let scalar = scalars[index]
        switch scalar {
        case "\n", "\r":
            index += 1
            // A line break outside of brackets ends the expression; only blank lines may follow.
            if open.isEmpty { append(.symbol("\n"), at: index - 1) }
        case "#":
            while index < scalars.count, scalars[index] != "\n" { index += 1 }
        case "\\":
            guard index + 1 < scalars.count, scalars[index + 1] == "\n" else {
                throw PythonSyntaxError(
                    "unexpected character after line continuation character",
                    at: min(index + 1, scalars.count - 1))
            }
            index += 2
        case "'", "\"": try string(prefix: "", at: index)
        case "0"..."9": try number()
        case "." where ("0"..."9").contains(peek(1)): try number()
        default:
            if scalar == "_" || scalar.properties.isXIDStart { try name() } else { try symbol() }
        }
        return true
    }

    // MARK: Names

    private static let keywords: Set<String> = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield",
    ]

    private mutating func name() throws(PythonSyntaxError) {
        let start = index
        while index < scalars.count,
            scalars[index] == "_" || scalars[index].properties.isXIDContinue
        { index += 1 }
        let text = String(String.UnicodeScalarView(scalars[start..<index]))
        if index - start <= 2, index < scalars.count,
            scalars[index] == "'" || scalars[index] == "\"",
            ["r", "u", "b", "f", "br", "rb", "fr", "rf"].contains(text.lowercased())
        {
            return try string(prefix: text.lowercased(), at: start)
        }
        append(Self.keywords.contains(text) ? .keyword(text) : .name(text), at: start)
    }

    // MARK: Numbers

    private mutating func number() throws(PythonSyntaxError) {
        let start = index
        if peek() == "0", let radix = Self.radix(of: peek(1)) {
            index += 2
            try digits(radix: radix.radix, named: radix.name)
            let text = literal(from: start)
            try endOfNumber("invalid \(radix.name) literal")
            let value = Self.integer(text.dropFirst(2), radix: radix.radix)
            return append(value, at: start)
        }
        var isFloat = false
        if peek() != "." { try digits(radix: 10, named: "decimal") }
        let integerEnd = index
        if peek() == "." {
            isFloat = true
            index += 1
            if ("0"..."9").contains(peek()) { try digits(radix: 10, named: "decimal") }
        }
        if peek() == "e" || peek() == "E" {
            let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if ("0"..."9").contains(peek(1 + sign)) {
                isFloat = true
                index += 1 + sign
                try digits(radix: 10, named: "decimal")
            } else {
                throw PythonSyntaxError("invalid decimal literal", at: index - 1)
            }
        }
        let text = literal(from: start)
        if peek() == "j" || peek() == "J" {
            index += 1
            try endOfNumber("invalid imaginary literal")
            return append(.imaginary(text), at: start)
        }
        if !isFloat, integerEnd - start > 1, scalars[start] == "0",
            scalars[start..<integerEnd].contains(where: { $0 != "0" && $0 != "_" })
        {
            throw PythonSyntaxError(
                "leading zeros in decimal integer literals are not permitted; "
                    + "use an 0o prefix for octal integers", at: start)
        }
        try endOfNumber("invalid decimal literal")
        if isFloat {
            append(.float(Double(text) ?? .infinity), at: start)
        } else {
            if text.utf8.count > 4300 {
                throw PythonSyntaxError(
                    "Exceeds the limit (4300 digits) for integer string conversion: value has "
                        + "\(text.utf8.count) digits; use sys.set_int_max_str_digits() to increase "
                        + "the limit - Consider hexadecimal for huge integer literals to avoid "
                        + "decimal conversion limits.", at: start)
            }
            let trimmed = text.drop { $0 == "0" }
            append(.integer(trimmed.isEmpty ? "0" : String(trimmed)), at: start)
        }
    }

    private static func radix(of letter: Unicode.Scalar) -> (radix: Int, name: String)? {
        switch letter {
        case "x", "X": (16, "hexadecimal")
        case "o", "O": (8, "octal")
        case "b", "B": (2, "binary")
        default: nil
        }
    }

    /// An integer as its decimal digits, or as a double when it is beyond 64 bits.
    private static func integer(_ digits: Substring, radix: Int) -> Token.Kind {
        if let value = UInt64(digits, radix: radix) { return .integer(String(value)) }
        var value = 0.0
        for digit in digits { value = value * Double(radix) + Double(digit.hexDigitValue ?? 0) }
        return .float(value)
    }

    private mutating func digits(radix: Int, named name: String) throws(PythonSyntaxError) {
        var expectsDigit = true
        if radix != 10, peek() == "_" { index += 1 }
        while true {
            let scalar = peek()
            if scalar == "_", !expectsDigit {
                index += 1
                expectsDigit = true
            } else if let value = Character(scalar).hexDigitValue, scalar.isASCII, value < radix {
                index += 1
                expectsDigit = false
            } else if expectsDigit {
                throw PythonSyntaxError("invalid \(name) literal", at: index - 1)
            } else {
                return
            }
        }
    }

    private func literal(from start: Int) -> String {
        String(String.UnicodeScalarView(scalars[start..<index].lazy.filter { $0 != "_" }))
    }

    /// A number may be followed by a keyword, as in `1and x`, but not by a name.
    private func endOfNumber(_ message: String) throws(PythonSyntaxError) {
        let scalar = peek()
        guard index < scalars.count, scalar == "_" || scalar.properties.isXIDStart else { return }
        for word in ["and", "else", "for", "if", "in", "is", "or", "not"]
        where scalars[index...].starts(with: word.unicodeScalars) { return }
        throw PythonSyntaxError(message, at: index - 1)
    }

    // MARK: Strings

    private mutating func string(prefix: String, at start: Int) throws(PythonSyntaxError) {
        let quote = scalars[index]
        let isTriple = peek(1) == quote && peek(2) == quote
        index += isTriple ? 3 : 1
        let isRaw = prefix.contains("r")
        var text = String.UnicodeScalarView()
        while true {
            guard index < scalars.count else {
                throw PythonSyntaxError(
                    isTriple
                        ? "unterminated triple-quoted string literal (detected at line \(line))"
                        : "unterminated string literal (detected at line \(line))", at: start)
            }
            let scalar = scalars[index]
            if scalar == quote, !isTriple || (peek(1) == quote && peek(2) == quote) {
                index += isTriple ? 3 : 1
                break
            }
            if scalar == "\n", !isTriple {
                throw PythonSyntaxError(
                    "unterminated string literal (detected at line \(line))", at: start)
            }
            if scalar == "\\", index + 1 < scalars.count {
                if isRaw {
                    text.append(scalar)
                    text.append(scalars[index + 1])
                    index += 2
                } else {
                    index += 1
                    try escape(into: &text, isBytes: prefix.contains("b"), start: start)
                }
                continue
            }
            text.append(scalar)
            index += 1
        }
        if prefix.contains("f") {
            append(
                .formatted(String(String.UnicodeScalarView(scalars[start..<index]))), at: start)
        } else if prefix.contains("b") {
            if text.contains(where: { !$0.isASCII && $0.value > 255 }) {
                throw PythonSyntaxError(
                    "bytes can only contain ASCII literal characters", at: start)
            }
            append(.bytes(String(text)), at: start)
        } else {
            append(.string(String(text), isUnicode: prefix == "u"), at: start)
        }
    }

    private var line: Int { scalars[..<min(index, scalars.count)].count { $0 == "\n" } + 1 }

    private mutating func escape(
        into text: inout String.UnicodeScalarView, isBytes: Bool, start: Int
    ) throws(PythonSyntaxError) {
        let letter = scalars[index]
        index += 1
        switch letter {
        case "\n": break
        case "\\", "'", "\"": text.append(letter)
        case "a": text.append("\u{7}")
        case "b": text.append("\u{8}")
        case "f": text.append("\u{c}")
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "v": text.append("\u{b}")
        case "0"..."7":
            var value = letter.value - 48
            var count = 1
            while count < 3, ("0"..."7").contains(peek()), index < scalars.count {
                value = value * 8 + peek().value - 48
                index += 1
                count += 1
            }
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        case "x": try hex(2, "x", into: &text, start: start)
        case "u" where !isBytes: try hex(4, "u", into: &text, start: start)
        case "U" where !isBytes: try hex(8, "U", into: &text, start: start)
        case "N" where !isBytes:
            // Names of characters would need a table of all of them.
            throw PythonSyntaxError(
                "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: "
                    + "unknown Unicode character name", at: start)
        default:
            text.append("\\")
            text.append(letter)
        }
    }

    private mutating func hex(
        _ count: Int, _ letter: String, into text: inout String.UnicodeScalarView, start: Int
    ) throws(PythonSyntaxError) {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard index < scalars.count, let digit = Character(peek()).hexDigitValue else {
                let form = letter == "x" ? "\\xXX" : letter == "u" ? "\\uXXXX" : "\\UXXXXXXXX"
                throw PythonSyntaxError(
                    "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: "
                        + "truncated \(form) escape", at: start)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        // A lone surrogate is a string in Python but no text in a database.
        text.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    }

    // MARK: Symbols

    private static let symbols: [[String]] = [
        ["**=", "//=", ">>=", "<<=", "..."],
        [
            "**", "//", "<<", ">>", "<=", ">=", "==", "!=", "->", ":=", "+=", "-=", "*=", "/=",
            "%=", "&=", "|=", "^=", "@=", "<>",
        ],
        [
            "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "=", "(", ")", "[", "]",
            "{", "}", ",", ":", ".", ";",
        ],
    ]

    private mutating func symbol() throws(PythonSyntaxError) {
        let start = index
        for (skipped, candidates) in Self.symbols.enumerated() {
            let length = 3 - skipped
            guard index + length <= scalars.count else { continue }
            let text = String(String.UnicodeScalarView(scalars[index..<index + length]))
            guard candidates.contains(text) else { continue }
            index += length
            return try bracketed(text, at: start)
        }
        let scalar = scalars[index]
        index += 1
        guard !scalar.isASCII else {
            // `!`, `$`, `?` and the back quote are tokens that no expression has.
            return append(.symbol(String(Character(scalar))), at: start)
        }
        let code = String(scalar.value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: max(0, 4 - code.count)) + code
        throw PythonSyntaxError(
            scalar.properties.generalCategory == .format
                || scalar.properties.generalCategory == .control
                || scalar.properties.generalCategory == .spaceSeparator
                ? "invalid non-printable character U+\(padded)"
                : "invalid character '\(Character(scalar))' (U+\(padded))", at: start)
    }

    private mutating func bracketed(_ text: String, at start: Int) throws(PythonSyntaxError) {
        switch text {
        case "(", "[", "{":
            open.append((scalars[start], start))
            if open.count > Self.bracketsMax {
                throw PythonSyntaxError("too many nested parentheses", at: start)
            }
            append(.symbol(text), at: start)
        case ")", "]", "}":
            guard let last = open.popLast() else {
                throw PythonSyntaxError("unmatched '\(text)'", at: start)
            }
            let closing = last.symbol == "(" ? ")" : last.symbol == "[" ? "]" : "}"
            if text != closing {
                throw PythonSyntaxError(
                    "closing parenthesis '\(text)' does not match opening parenthesis "
                        + "'\(Character(last.symbol))'", at: start)
            }
            append(.symbol(text), at: start)
        default: append(.symbol(text), at: start)
        }
    }
}
