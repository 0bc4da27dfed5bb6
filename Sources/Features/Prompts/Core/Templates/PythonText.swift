import JSON

/// Values as texts the way Python writes them, since the contract's templates are filled in by it.
enum PythonText {
    /// As `str` has it: a text is itself.
    static func shown(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return inspected(value)
    }

    /// As `repr` has it.
    static func inspected(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .string(let text): quoted(text)
        case .array(let elements):
            "[\(elements.map(inspected).joined(separator: ", "))]"
        case .object(let members):
            "{\(members.map { "\(quoted($0.key)): \(inspected($0.value))" }.joined(separator: ", "))}"
        case .integer, .double, .number: number(value)
        }
    }

    /// As `json.dumps` has it, with blanks and without escapes that need not be.
    static func json(_ value: JSONValue) -> String {
        switch value {
        case .array(let elements): "[\(elements.map(json).joined(separator: ", "))]"
        case .object(let members):
            "{"
                + members.map { "\(JSONValue.string($0.key).text): \(json($0.value))" }
                .joined(separator: ", ") + "}"
        case .double: number(value)
        default: value.text
        }
    }

    private static func number(_ value: JSONValue) -> String {
        if case .double(let number) = value { return number.description }
        return value.text
    }

    private static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar =
            text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result.append(contentsOf: ["\\", scalar])
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
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        func padded(_ count: Int) -> String {
            String(repeating: "0", count: count - digits.count) + digits
        }
        return switch scalar.value {
        case ..<0x100: "\\x" + padded(2)
        case ..<0x10000: "\\u" + padded(4)
        default: "\\U" + padded(8)
        }
    }
}
