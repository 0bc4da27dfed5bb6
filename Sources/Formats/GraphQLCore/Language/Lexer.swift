/// A lexical token. Values of strings are kept apart, since few tokens have one.
struct Token {
    enum Kind: UInt8 {
        case startOfFile, endOfFile, bang, dollar, ampersand, leftParenthesis, rightParenthesis
        case spread, colon, equals, at, leftBracket, rightBracket, leftBrace, pipe, rightBrace
        case name, integer, float, string, blockString

        var description: String {
            switch self {
            case .startOfFile: "<SOF>"
            case .endOfFile: "<EOF>"
            case .bang: "'!'"
            case .dollar: "'$'"
            case .ampersand: "'&'"
            case .leftParenthesis: "'('"
            case .rightParenthesis: "')'"
            case .spread: "'...'"
            case .colon: "':'"
            case .equals: "'='"
            case .at: "'@'"
            case .leftBracket: "'['"
            case .rightBracket: "']'"
            case .leftBrace: "'{'"
            case .pipe: "'|'"
            case .rightBrace: "'}'"
            case .name: "Name"
            case .integer: "Int"
            case .float: "Float"
            case .string: "String"
            case .blockString: "BlockString"
            }
        }
    }

    var kind: Kind
    var start: Int
    var end: Int
    /// The text of a name, a number or a string; empty for the others.
    var value: String = ""

    var description: String {
        switch kind {
        case .name, .integer, .float, .string, .blockString: "\(kind.description) '\(value)'"
        default: kind.description
        }
    }
}

/// Reads tokens of the October 2021 grammar, section 2.1, from UTF-8.
struct Lexer {
    let source: Source
    private let bytes: [UInt8]
    private var position = 0

    init(_ source: Source) {
        self.source = source
        bytes = source.bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    mutating func next() throws(GraphQLError) -> Token {
        skipIgnored()
        let start = position
        guard start < bytes.count else {
            return Token(kind: .endOfFile, start: bytes.count, end: bytes.count)
        }
        let first = bytes[start]
        let kind: Token.Kind
        switch first {
        case UInt8(ascii: "!"): kind = .bang
        case UInt8(ascii: "$"): kind = .dollar
        case UInt8(ascii: "&"): kind = .ampersand
        case UInt8(ascii: "("): kind = .leftParenthesis
        case UInt8(ascii: ")"): kind = .rightParenthesis
        case UInt8(ascii: ":"): kind = .colon
        case UInt8(ascii: "="): kind = .equals
        case UInt8(ascii: "@"): kind = .at
        case UInt8(ascii: "["): kind = .leftBracket
        case UInt8(ascii: "]"): kind = .rightBracket
        case UInt8(ascii: "{"): kind = .leftBrace
        case UInt8(ascii: "|"): kind = .pipe
        case UInt8(ascii: "}"): kind = .rightBrace
        case UInt8(ascii: "."): return try dots(start)
        case UInt8(ascii: "\""):
            if byte(start + 1) == first, byte(start + 2) == first {
                return try blockString(start)
            }
            return try string(start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(start)
        default:
            if Self.isNameStart(first) { return name(start) }
            let message =
                first == UInt8(ascii: "'")
                ? "Unexpected single quote character ('), did you mean to use a double quote (\")?"
                : "Unexpected character: \(describe(start))."
            throw syntaxError(at: start, message)
        }
        position = start + 1
        return Token(kind: kind, start: start, end: start + 1)
    }

    private mutating func skipIgnored() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: "\n"),
                UInt8(ascii: "\r"):
                position += 1
            case 0xEF where byte(position + 1) == 0xBB && byte(position + 2) == 0xBF:
                position += 3
            case UInt8(ascii: "#"):
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n"),
                    bytes[position] != UInt8(ascii: "\r")
                {
                    position += 1
                }
            default: return
            }
        }
    }

    private mutating func dots(_ start: Int) throws(GraphQLError) -> Token {
        let dot = UInt8(ascii: ".")
        if byte(start + 1) == dot, byte(start + 2) == dot {
            position = start + 3
            return Token(kind: .spread, start: start, end: position)
        }
        if byte(start + 1) == dot {
            throw syntaxError(at: start, "Unexpected '..', did you mean '...'?")
        }
        if Self.isDigit(byte(start + 1)) {
            var end = start + 1
            while Self.isDigit(byte(end)) { end += 1 }
            let digits = source.text(start + 1..<end)
            throw syntaxError(
                at: start,
                "Invalid number, expected digit before '.', did you mean '0.\(digits)'?")
        }
        throw syntaxError(at: start, "Unexpected character: '.'.")
    }

    private mutating func name(_ start: Int) -> Token {
        var end = start + 1
        while Self.isNameStart(byte(end)) || Self.isDigit(byte(end)) { end += 1 }
        position = end
        return Token(kind: .name, start: start, end: end, value: source.text(start..<end))
    }

    private mutating func number(_ start: Int) throws(GraphQLError) -> Token {
        var end = start
        var isFloat = false
        if byte(end) == UInt8(ascii: "-") { end += 1 }
        if byte(end) == UInt8(ascii: "0") {
            end += 1
            if Self.isDigit(byte(end)) {
                throw syntaxError(
                    at: end, "Invalid number, unexpected digit after 0: \(describe(end)).")
            }
        } else {
            end = try digits(end)
        }
        if byte(end) == UInt8(ascii: ".") {
            isFloat = true
            end = try digits(end + 1)
        }
        if byte(end) | 0x20 == UInt8(ascii: "e") {
            isFloat = true
            end += 1
            if byte(end) == UInt8(ascii: "+") || byte(end) == UInt8(ascii: "-") { end += 1 }
            end = try digits(end)
        }
        if byte(end) == UInt8(ascii: ".") || Self.isNameStart(byte(end)) {
            throw syntaxError(
                at: end, "Invalid number, expected digit but got: \(describe(end)).")
        }
        position = end
        return Token(
            kind: isFloat ? .float : .integer, start: start, end: end,
            value: source.text(start..<end))
    }

    private func digits(_ start: Int) throws(GraphQLError) -> Int {
        guard Self.isDigit(byte(start)) else {
            throw syntaxError(
                at: start, "Invalid number, expected digit but got: \(describe(start)).")
        }
        var end = start + 1
        while Self.isDigit(byte(end)) { end += 1 }
        return end
    }

    private mutating func string(_ start: Int) throws(GraphQLError) -> Token {
        var end = start + 1
        var chunk = end
        var value: [UInt8] = []
        while end < bytes.count {
            let current = bytes[end]
            switch current {
            case UInt8(ascii: "\""):
                value.append(contentsOf: bytes[chunk..<end])
                position = end + 1
                return Token(
                    kind: .string, start: start, end: position,
                    value: String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"):
                value.append(contentsOf: bytes[chunk..<end])
                end = try escape(end, into: &value)
                chunk = end
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                throw syntaxError(at: end, "Unterminated string.")
            default: end += 1
            }
        }
        throw syntaxError(at: end, "Unterminated string.")
    }

    private func escape(
        _ start: Int, into value: inout [UInt8]
    ) throws(GraphQLError) -> Int {
        switch byte(start + 1) {
        case UInt8(ascii: "\""): value.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): value.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): value.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"):
            return byte(start + 2) == UInt8(ascii: "{")
                ? try variableWidthEscape(start, into: &value)
                : try fixedWidthEscape(start, into: &value)
        default:
            throw syntaxError(
                at: start, "Invalid character escape sequence: '\(quote(start, 2))'.")
        }
        return start + 2
    }

    private func variableWidthEscape(
        _ start: Int, into value: inout [UInt8]
    ) throws(GraphQLError) -> Int {
        var point: UInt32 = 0
        var size = 3
        while size < 12 {
            let current = byte(start + size)
            size += 1
            if current == UInt8(ascii: "}") {
                guard size >= 5, let scalar = Unicode.Scalar(point) else { break }
                value.append(contentsOf: Array(String(Character(scalar)).utf8))
                return start + size
            }
            guard let digit = Self.hexDigit(current) else { break }
            // Beyond the last code point it stays beyond, however many digits follow.
            point = min(point << 4 | UInt32(digit), 0x110000)
        }
        throw syntaxError(
            at: start, "Invalid Unicode escape sequence: '\(quote(start, size))'.")
    }

    private func fixedWidthEscape(
        _ start: Int, into value: inout [UInt8]
    ) throws(GraphQLError) -> Int {
        if let point = hexQuad(start + 2) {
            if let scalar = Unicode.Scalar(point) {
                value.append(contentsOf: Array(String(Character(scalar)).utf8))
                return start + 6
            }
            if point < 0xDC00, byte(start + 6) == UInt8(ascii: "\\"),
                byte(start + 7) == UInt8(ascii: "u"), let trail = hexQuad(start + 8),
                (0xDC00..<0xE000).contains(trail),
                let scalar = Unicode.Scalar(0x10000 + (point & 0x3FF) << 10 | (trail & 0x3FF))
            {
                value.append(contentsOf: Array(String(Character(scalar)).utf8))
                return start + 12
            }
        }
        throw syntaxError(at: start, "Invalid Unicode escape sequence: '\(quote(start, 6))'.")
    }

    private func hexQuad(_ start: Int) -> UInt32? {
        var point: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = Self.hexDigit(byte(start + offset)) else { return nil }
            point = point << 4 | UInt32(digit)
        }
        return point
    }

    private mutating func blockString(_ start: Int) throws(GraphQLError) -> Token {
        let quote = UInt8(ascii: "\"")
        var end = start + 3
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        while end < bytes.count {
            let current = bytes[end]
            if current == quote, byte(end + 1) == quote, byte(end + 2) == quote {
                lines.append(line)
                position = end + 3
                return Token(
                    kind: .blockString, start: start, end: position,
                    value: BlockString.value(ofLines: lines))
            }
            if current == UInt8(ascii: "\\"), byte(end + 1) == quote, byte(end + 2) == quote,
                byte(end + 3) == quote
            {
                line.append(contentsOf: [quote, quote, quote])
                end += 4
            } else if current == UInt8(ascii: "\n") || current == UInt8(ascii: "\r") {
                lines.append(line)
                line = []
                let isPair = current == UInt8(ascii: "\r") && byte(end + 1) == UInt8(ascii: "\n")
                end += isPair ? 2 : 1
            } else {
                line.append(current)
                end += 1
            }
        }
        throw syntaxError(at: end, "Unterminated string.")
    }

    /// Shows the code point at an offset as error messages have it.
    private func describe(_ offset: Int) -> String {
        guard offset < bytes.count else { return "<EOF>" }
        let first = bytes[offset]
        if first == UInt8(ascii: "\"") { return "'\"'" }
        if (0x20..<0x7F).contains(first) { return "'\(Character(Unicode.Scalar(first)))'" }
        let scalar = String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self)
            .unicodeScalars.first
        let hexadecimal = String(scalar?.value ?? 0, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
    }

    /// The code points from an offset on, at most so many.
    private func quote(_ offset: Int, _ count: Int) -> String {
        let bytes = bytes[offset..<min(offset + 4 * count, bytes.count)]
        let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(count)
        return String(String.UnicodeScalarView(scalars))
    }

    func syntaxError(at offset: Int, _ message: String) -> GraphQLError {
        GraphQLError(
            "Syntax Error: \(message)", locations: [source.location(at: offset)], path: nil)
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The value and the printed form of block strings (October 2021, section 2.9.4).
enum BlockString {
    /// Removes the common indentation, and the blank lines at both ends.
    static func value(ofLines lines: [[UInt8]]) -> String {
        var common = Int.max
        var first: Int?
        var last = -1
        for (index, line) in lines.enumerated() {
            let indentation = line.prefix { $0 == 0x20 || $0 == 0x09 }.count
            if indentation == line.count { continue }
            if first == nil { first = index }
            last = index
            if index != 0 { common = min(common, indentation) }
        }
        guard let first else { return "" }
        let kept = (first...last).map { index in
            index == 0 ? lines[index][...] : lines[index].dropFirst(common == .max ? 0 : common)
        }
        return String(decoding: Array(kept.joined(separator: [0x0A])), as: UTF8.self)
    }

    /// Whether a text survives being printed as a block string and read again.
    static func canPrint(_ value: String) -> Bool {
        if value.isEmpty { return true }
        var isEmptyLine = true
        var hasIndent = false
        var hasCommonIndent = true
        var seenNonEmptyLine = false
        for scalar in value.unicodeScalars {
            switch scalar.value {
            case 0...8, 0x0B, 0x0C, 0x0E, 0x0F, 0x0D: return false
            case 0x0A:
                if isEmptyLine, !seenNonEmptyLine { return false }
                seenNonEmptyLine = true
                isEmptyLine = true
                hasIndent = false
            case 0x09, 0x20: hasIndent = hasIndent || isEmptyLine
            default:
                hasCommonIndent = hasCommonIndent && hasIndent
                isEmptyLine = false
            }
        }
        return !isEmptyLine && !(hasCommonIndent && seenNonEmptyLine)
    }

    static func printed(_ value: String) -> String {
        var escaped = ""
        var quotes = 0
        for character in value.unicodeScalars {
            quotes = character == "\"" ? quotes + 1 : 0
            escaped.unicodeScalars.append(character)
            if quotes == 3 {
                escaped.removeLast(3)
                escaped += "\\\"\"\""
                quotes = 0
            }
        }
        let scalars = value.unicodeScalars
        let lines = escaped.unicodeScalars.split(
            omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r" })
        let isSingle = lines.count == 1
        let forcesLeading =
            lines.count > 1
            && lines.dropFirst().allSatisfy { $0.first.map { $0 == " " || $0 == "\t" } ?? true }
        let endsInTriple = escaped.hasSuffix("\\\"\"\"")
        let forcesTrailing = (scalars.last == "\"" && !endsInTriple) || scalars.last == "\\"
        let isMultiple =
            !isSingle || scalars.count > 70 || forcesTrailing || forcesLeading || endsInTriple
        let skipsLeading = isSingle && (scalars.first == " " || scalars.first == "\t")
        let before = (isMultiple && !skipsLeading) || forcesLeading ? "\n" : ""
        let after = isMultiple || forcesTrailing ? "\n" : ""
        return "\"\"\"\(before)\(escaped)\(after)\"\"\""
    }
}
