/// What is refused wherever it stands: some literals, `~`, comprehensions of their own, and names
/// that are not what they look like.
enum Literals {
    static func check(_ expression: PythonExpression) throws(FilterError) {
        switch expression.kind {
        case .unsupported(let text):
            throw FilterError("unsupported literal: \(text)", at: expression.position)
        case .float(let value) where value.isInfinite:
            throw FilterError("invalid numeric literal: 1e309", at: expression.position)
        case .integer(let digits) where Double(digits)?.isFinite != true:
            throw FilterError("invalid numeric literal: \(digits)", at: expression.position)
        case .string(let text, _) where text.unicodeScalars.contains("\0"):
            throw FilterError(
                "string literals cannot contain a NUL character", at: expression.position)
        case .name(let name): try check(name: name, at: expression.position)
        case .attribute(let base, let name):
            try check(base)
            try check(name: name, at: expression.position)
        case .subscripted(let base, let key):
            try check(base)
            try check(key)
        case .slice(let lower, let upper, let step):
            for part in [lower, upper, step] { if let part { try check(part) } }
        case .call(let callee, let arguments, let keywords):
            try check(callee)
            var isReduction = false
            if case .name(let name) = callee.kind {
                isReduction = FilterReduction.Function(rawValue: name) != nil
            }
            for argument in arguments {
                if isReduction, case .comprehension(let comprehension) = argument.kind {
                    try check(comprehension)
                } else {
                    try check(argument)
                }
            }
            for keyword in keywords { try check(keyword.value) }
        case .unary("~", _):
            throw FilterError(
                "unsupported operator: \(PythonText.of(expression))", at: expression.position)
        case .unary(_, let operand), .starred(let operand), .await(let operand):
            try check(operand)
        case .binary(let left, _, let right):
            try check(left)
            try check(right)
        case .logic(_, let items), .list(let items), .tuple(let items), .set(let items):
            for item in items { try check(item) }
        case .compare(let left, let comparisons):
            try check(left)
            for comparison in comparisons { try check(comparison.right) }
        case .comprehension: throw StrictChecker.misplaced(expression)
        default: break
        }
    }

    private static func check(_ comprehension: PythonExpression.Comprehension) throws(FilterError) {
        try check(comprehension.element)
        for clause in comprehension.clauses {
            try check(clause.target)
            try check(clause.iterable)
            for condition in clause.conditions { try check(condition) }
        }
    }

    private static func check(name: String, at position: Int) throws(FilterError) {
        guard let plain = CompatibilityForm.of(name), plain != name else { return }
        throw FilterError(
            "`\(name)` is interpreted as `\(plain)`, use unaccented ASCII for field names",
            at: position)
    }

    /// A string with a number in it, as a hint would repeat it.
    static func isNumber(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func digits() -> Int {
            let run = rest.prefix { (48...57).contains($0) }.count
            rest = rest.dropFirst(run)
            return run
        }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            rest = rest.dropFirst()
        }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            count += digits()
        }
        guard count > 0 else { return false }
        if let mark = rest.first, mark | 32 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                rest = rest.dropFirst()
            }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

/// Unicode's compatibility forms of the characters that names can hold and that people do paste:
/// ligatures, ordinals, wide forms and mathematical alphabets.
enum CompatibilityForm {
    static func of(_ name: String) -> String? {
        guard name.unicodeScalars.contains(where: { !$0.isASCII }) else { return nil }
        var plain = ""
        for scalar in name.unicodeScalars { plain += form(scalar) }
        // A letter followed by a combining mark is equal to the composed one, but not the same.
        return Array(plain.unicodeScalars) == Array(name.unicodeScalars) ? nil : plain
    }

    private static let ligatures: [UInt32: String] = [
        0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st",
        0xFB06: "st", 0xAA: "a", 0xBA: "o", 0x17F: "s", 0x2102: "C", 0x210A: "g", 0x210B: "H",
        0x210C: "H", 0x210D: "H", 0x210E: "h", 0x2110: "I", 0x2111: "I", 0x2112: "L", 0x2113: "l",
        0x2115: "N", 0x2119: "P", 0x211A: "Q", 0x211B: "R", 0x211C: "R", 0x211D: "R", 0x2124: "Z",
        0x2128: "Z", 0x212A: "K", 0x212B: "Å", 0x212C: "B", 0x212D: "C", 0x2130: "E", 0x2131: "F",
        0x2133: "M", 0x132: "IJ", 0x133: "ij", 0x1C7: "LJ", 0x1C9: "lj", 0x1CA: "NJ", 0x1CC: "nj",
    ]

    private static func form(_ scalar: Unicode.Scalar) -> String {
        let value = scalar.value
        if let text = ligatures[value] { return text }
        switch value {
        case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF3F, 0xFF41...0xFF5A:
            return Unicode.Scalar(value - 0xFEE0).map { String(Character($0)) } ?? ""
        case 0x1D400...0x1D6A3:
            let letter = (value - 0x1D400) % 52
            return String(Character(Unicode.Scalar(UInt8(letter < 26 ? 65 + letter : 71 + letter))))
        case 0x1D7CE...0x1D7FF:
            return String((value - 0x1D7CE) % 10)
        case 0x2170...0x217F, 0x2160...0x216F:
            return scalar.properties.lowercaseMapping
        default: return String(Character(scalar))
        }
    }
}
