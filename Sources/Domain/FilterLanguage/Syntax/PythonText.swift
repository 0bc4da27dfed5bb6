/// Writes expressions and values as Python 3.11 prints them, for messages.
package enum PythonText {
    // MARK: Values

    /// A string literal as `repr` writes it.
    package static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let quote: Unicode.Scalar = scalars.contains("'") && !scalars.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView()
        result.append(quote)
        for scalar in scalars {
            switch scalar {
            case quote, "\\":
                result.append("\\")
                result.append(scalar)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            default:
                if isPrintable(scalar) {
                    result.append(scalar)
                } else {
                    result.append(contentsOf: escaped(scalar).unicodeScalars)
                }
            }
        }
        result.append(quote)
        return String(result)
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value >= 32 && scalar.value != 127 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let code = String(scalar.value, radix: 16)
        let (letter, width) =
            scalar.value < 256 ? ("x", 2) : scalar.value < 65536 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - code.count) + code
    }

    /// A float as `repr` writes it, infinity as a literal that is read back as such.
    package static func float(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-1e309" : "1e309" }
        var text = "\(value)"
        // Swift writes 1e+16 where Python writes 1e+16, and 1e-05 as 1e-05.
        if let mark = text.firstIndex(of: "e") {
            let mantissa = text[..<mark]
            var exponent = text[text.index(after: mark)...]
            var sign = "+"
            if exponent.first == "-" || exponent.first == "+" {
                sign = String(exponent.removeFirst())
            }
            let digits = exponent.count < 2 ? "0" + exponent : String(exponent)
            text =
                (mantissa.hasSuffix(".0") ? String(mantissa.dropLast(2)) : String(mantissa))
                + "e" + sign + digits
        }
        return text
    }

    static func integer(_ value: Double) -> String { String(Int64(value)) }

    // MARK: Expressions

    /// How tightly an expression binds, as Python's printer counts.
    private enum Level: Int {
        case named, tuple, yield, test, or, and, not, compare, bitOr, bitXor, bitAnd, shift,
            sum, term, factor, power, await, atom

        var next: Level { Level(rawValue: rawValue + 1) ?? self }
    }

    /// The expression on one line.
    static func of(_ expression: PythonExpression) -> String { text(expression, .test) }

    /// How many characters of a quoted part a message repeats.
    private static let partLengthMax = 80

    static func short(_ expression: PythonExpression) -> String { shortened(of(expression)) }

    /// The text cut to `count` scalars, the last of which is an ellipsis.
    static func shortened(_ text: String, to count: Int = partLengthMax) -> String {
        guard text.unicodeScalars.count > count else { return text }
        return String(text.unicodeScalars.prefix(count - 1)) + "…"
    }

    /// One comparison out of a chain.
    static func of(
        _ left: PythonExpression, _ symbol: String, _ right: PythonExpression
    ) -> String {
        text(left, .bitOr) + " " + symbol + " " + text(right, .bitOr)
    }

    private static func text(_ expression: PythonExpression, _ level: Level) -> String {
        switch expression.kind {
        case .name(let name): return name
        case .string(let text, let isUnicode): return (isUnicode ? "u" : "") + quoted(text)
        case .integer(let digits): return digits
        case .float(let value): return float(value)
        case .bool(let value): return value ? "True" : "False"
        case .none: return "None"
        case .unsupported(let text): return text
        case .opaque(let text):
            return text.hasPrefix("lambda") ? bracketed(text, level, .test) : text
        case .attribute(let base, let name):
            if case .integer = base.kind { return text(base, .atom) + " ." + name }
            return text(base, .atom) + "." + name
        case .subscripted(let base, let key):
            if case .tuple(let items) = key.kind, !items.isEmpty {
                let inner = items.count == 1 ? text(items[0], .test) + "," : joined(items)
                return text(base, .atom) + "[" + inner + "]"
            }
            return text(base, .atom) + "[" + text(key, .test) + "]"
        case .slice(let lower, let upper, let step):
            var result = (lower.map(of) ?? "") + ":" + (upper.map(of) ?? "")
            if let step { result += ":" + of(step) }
            return result
        case .call(let callee, let arguments, let keywords):
            let parts = arguments.map(of) + keywords.map(keyword)
            return text(callee, .atom) + "(" + parts.joined(separator: ", ") + ")"
        case .unary("not", let operand):
            return bracketed("not " + text(operand, .not), level, .not)
        case .unary(let symbol, let operand):
            return bracketed(symbol + text(operand, .factor), level, .factor)
        case .binary(let left, let symbol, let right):
            let own = binaryLevel(symbol)
            let isPower = symbol == "**"
            return bracketed(
                text(left, isPower ? own.next : own) + " " + symbol + " "
                    + text(right, isPower ? own : own.next), level, own)
        case .logic(let word, let operands):
            let own: Level = word == "or" ? .or : .and
            // Each operand is asked to bind tighter than the one before, which is how Python's
            // printer comes to bracket the later ones.
            var operandLevel = own
            var parts: [String] = []
            for operand in operands {
                operandLevel = operandLevel.next
                parts.append(text(operand, operandLevel))
            }
            return bracketed(parts.joined(separator: " \(word) "), level, own)
        case .compare(let left, let comparisons):
            var result = text(left, .bitOr)
            for comparison in comparisons {
                result += " " + comparison.symbol + " " + text(comparison.right, .bitOr)
            }
            return bracketed(result, level, .compare)
        case .list(let items): return "[" + joined(items) + "]"
        case .tuple(let items):
            return items.count == 1 ? "(" + of(items[0]) + ",)" : "(" + joined(items) + ")"
        case .set(let items): return "{" + joined(items) + "}"
        case .dictionary(let pairs):
            let parts = pairs.map { pair in
                pair.key.map { of($0) + ": " + of(pair.value) } ?? "**" + text(pair.value, .bitOr)
            }
            return "{" + parts.joined(separator: ", ") + "}"
        case .comprehension(let comprehension): return text(comprehension)
        case .conditional(let body, let test, let otherwise):
            return bracketed(
                text(body, .or) + " if " + text(test, .or) + " else " + text(otherwise, .test),
                level, .test)
        case .named(let target, let value):
            return "(" + text(target, .atom) + " := " + text(value, .atom) + ")"
        case .starred(let inner): return "*" + text(inner, .bitOr)
        case .await(let inner): return bracketed("await " + text(inner, .atom), level, .await)
        case .yield(let value): return "(yield" + (value.map { " " + text($0, .atom) } ?? "") + ")"
        }
    }

    private static func text(_ comprehension: PythonExpression.Comprehension) -> String {
        var result = of(comprehension.element)
        if let value = comprehension.value { result += ": " + of(value) }
        for clause in comprehension.clauses {
            result += clause.isAsync ? " async for " : " for "
            result += text(clause.target, .tuple) + " in " + text(clause.iterable, .or)
            for condition in clause.conditions { result += " if " + text(condition, .or) }
        }
        return switch comprehension.form {
        case .generator: "(" + result + ")"
        case .list: "[" + result + "]"
        case .set, .dictionary: "{" + result + "}"
        }
    }

    private static func keyword(_ keyword: PythonExpression.Keyword) -> String {
        keyword.name.map { $0 + "=" + of(keyword.value) } ?? "**" + of(keyword.value)
    }

    /// `name=value` of a call.
    static func of(_ keyword: PythonExpression.Keyword) -> String { self.keyword(keyword) }

    private static func joined(_ items: [PythonExpression]) -> String {
        items.map(of).joined(separator: ", ")
    }

    private static func bracketed(_ text: String, _ level: Level, _ own: Level) -> String {
        level.rawValue > own.rawValue ? "(" + text + ")" : text
    }

    private static func binaryLevel(_ symbol: String) -> Level {
        switch symbol {
        case "|": .bitOr
        case "^": .bitXor
        case "&": .bitAnd
        case "<<", ">>": .shift
        case "+", "-": .sum
        case "**": .power
        default: .term
        }
    }
}
