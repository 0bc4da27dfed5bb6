import JSON

/// Values as error messages show them. The forms are those of graphql-core, hence of Python.
enum ValueText {
    /// A JSON value, cut to two levels, ten elements and 240 characters.
    static func inspect(_ value: JSONValue, depth: Int = 0) -> String {
        switch value {
        case .null: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .integer(let value): return String(value)
        case .double(let value): return number(value)
        case .number(let literal): return shortened(literal)
        case .string(let text): return shortened(quoted(text))
        case .array(let elements):
            if elements.isEmpty { return "[]" }
            if depth >= 2 { return "[...]" }
            let parts = shortened(elements.count).map { index in
                index.map { inspect(elements[$0], depth: depth + 1) } ?? "..."
            }
            return "[\(parts.joined(separator: ", "))]"
        case .object(let object):
            if object.isEmpty { return "{}" }
            if depth >= 2 { return "{...}" }
            let members = Array(object)
            let parts = shortened(members.count).map { index in
                index.map {
                    "\(quoted(members[$0].key)): \(inspect(members[$0].value, depth: depth + 1))"
                } ?? "..."
            }
            return "{\(parts.joined(separator: ", "))}"
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        var text = "\(value)"
        // Python's exponents have two digits at least, and a sign.
        if let mark = text.firstIndex(of: "e") {
            var digits = text[text.index(after: mark)...]
            let isNegative = digits.first == "-"
            if isNegative || digits.first == "+" { digits = digits.dropFirst() }
            var mantissa = text[..<mark]
            if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
            text =
                "\(mantissa)e\(isNegative ? "-" : "+")\(digits.count < 2 ? "0" : "")\(digits)"
        }
        return text
    }

    private static func shortened(_ count: Int) -> [Int?] {
        count <= 10 ? Array(0..<count) : Array(0..<5) + [nil] + Array(count - 4..<count)
    }

    private static func shortened(_ text: String) -> String {
        let scalars = Array(text.unicodeScalars.prefix(100_000))
        guard scalars.count > 240 else { return text }
        return string(scalars[..<118]) + "..." + string(scalars[(scalars.count - 119)...])
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func quoted(_ text: String) -> String {
        let usesDouble = text.utf8.contains(0x27) && !text.utf8.contains(0x22)
        let quote = usesDouble ? "\"" : "'"
        var result = quote
        for scalar in text.unicodeScalars.prefix(100_000) {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "'" where !usesDouble: result += "\\'"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hexadecimal = String(scalar.value, radix: 16)
                    result += "\\x" + (hexadecimal.count < 2 ? "0" : "") + hexadecimal
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + quote
    }

    /// A literal as it prints, cut to about a thousand characters.
    static func shortened(_ node: ValueNode) -> String {
        let text = Printer.render(node)
        let scalars = text.unicodeScalars
        return scalars.count <= 1000 ? text : String(scalars.prefix(997)) + "..."
    }
}
