import JSON

/// What follows the colon of a field, in Python's mini-language: fill, alignment, sign, width,
/// grouping, precision and type. Of the types `d`, `f`, `%`, `s`, `x`, `X`, `b` and `o` are known.
struct FormatSpecification {
    private var fill: Character = " "
    private var alignment: Character?
    private var sign: Character?
    private var width = 0
    private var isGrouped = false
    private var precision: Int?
    private var type: Character?

    /// How wide a field may be.
    private static let widthMax = 10_000
    private static let precisionMax = 15

    init(_ text: String) throws(TemplateError) {
        var rest = Array(text)[...]
        let alignments: [Character] = ["<", ">", "^", "="]
        if rest.count > 1, alignments.contains(rest[rest.startIndex + 1]) {
            fill = rest.removeFirst()
            alignment = rest.removeFirst()
        } else if let first = rest.first, alignments.contains(first) {
            alignment = rest.removeFirst()
        }
        if let first = rest.first, ["+", "-", " "].contains(first) { sign = rest.removeFirst() }
        if rest.first == "0" {
            rest.removeFirst()
            if alignment == nil { (fill, alignment) = ("0", "=") }
        }
        width = try Self.number(&rest, atMost: Self.widthMax) ?? 0
        if rest.first == "," {
            rest.removeFirst()
            isGrouped = true
        }
        if rest.first == "." {
            rest.removeFirst()
            guard let digits = try Self.number(&rest, atMost: Self.widthMax) else {
                throw Self.unknown
            }
            precision = digits
        }
        if let last = rest.first, ["d", "f", "%", "s", "x", "X", "b", "o"].contains(last) {
            type = rest.removeFirst()
        }
        guard rest.isEmpty else { throw Self.unknown }
    }

    private static let unknown = TemplateError("The format of a field is not one that is known.")

    private static func number(
        _ rest: inout ArraySlice<Character>, atMost maximum: Int
    ) throws(TemplateError) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        guard let value = Int(String(digits)), value <= maximum else { throw unknown }
        return value
    }

    func shown(_ value: JSONValue) throws(TemplateError) -> String {
        switch value {
        case .string(let text):
            guard type == nil || type == "s", sign == nil, !isGrouped, alignment != "=" else {
                throw Self.unknown
            }
            return padded(precision.map { String(text.prefix($0)) } ?? text, isNumber: false)
        case .bool(let flag): return try shown(.integer(flag ? 1 : 0))
        case .integer(let number):
            switch type {
            case nil, "d":
                guard precision == nil else { throw Self.unknown }
                return digits(grouped(String(number.magnitude)), isNegative: number < 0)
            case "x", "X", "b", "o":
                let radix = type == "b" ? 2 : type == "o" ? 8 : 16
                let text = String(number.magnitude, radix: radix, uppercase: type == "X")
                return digits(text, isNegative: number < 0)
            default: return try shown(.double(Double(number)))
            }
        case .double(let number):
            switch type {
            case nil where precision == nil:
                return digits(grouped(number.magnitude.description), isNegative: number < 0)
            case "f", "%":
                let scaled = type == "%" ? number * 100 : number
                let text = try Self.fixed(scaled.magnitude, precision ?? 6)
                return digits(grouped(text) + (type == "%" ? "%" : ""), isNegative: number < 0)
            default: throw Self.unknown
            }
        default: throw Self.unknown
        }
    }

    /// A number with so many digits behind the point.
    private static func fixed(_ number: Double, _ places: Int) throws(TemplateError) -> String {
        guard places <= precisionMax else { throw unknown }
        let factor = (0..<places).reduce(1.0) { factor, _ in factor * 10 }
        let scaled = (number * factor).rounded(.toNearestOrEven)
        guard let whole = UInt64(exactly: scaled), scaled < 9_007_199_254_740_992 else {
            throw TemplateError("A number is too large to be written with \(places) digits.")
        }
        var digits = String(whole)
        if places == 0 { return digits }
        digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return "\(digits.dropLast(places)).\(digits.suffix(places))"
    }

    private func grouped(_ text: String) -> String {
        guard isGrouped else { return text }
        let whole = text.prefix { $0 != "." }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result + text.dropFirst(whole.count)
    }

    private func digits(_ text: String, isNegative: Bool) -> String {
        let mark = isNegative ? "-" : sign == "+" ? "+" : sign == " " ? " " : ""
        if alignment == "=" {
            let missing = max(0, width - mark.count - text.count)
            return mark + String(repeating: fill, count: missing) + text
        }
        return padded(mark + text, isNumber: true)
    }

    private func padded(_ text: String, isNumber: Bool) -> String {
        let missing = max(0, width - text.count)
        let before =
            switch alignment ?? (isNumber ? ">" : "<") {
            case ">": missing
            case "^": missing / 2
            default: 0
            }
        return String(repeating: fill, count: before) + text
            + String(repeating: fill, count: missing - before)
    }
}
