import JSON

#if canImport(Glibc)
    import Glibc
#endif

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
    /// Longer ones say nothing that a shorter one could not.
    private static let bytesMax = 64

    init(_ text: String) throws(TemplateError) {
        guard text.utf8.count <= Self.bytesMax else { throw Self.unknown }
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
            let part = precision.map {
                String(String.UnicodeScalarView(text.unicodeScalars.prefix($0)))
            }
            return padded(part ?? text, isNumber: false)
        case .bool(let flag): return try shown(.integer(flag ? 1 : 0))
        case .integer(let number):
            switch type {
            case nil, "d":
                guard precision == nil else { throw Self.unknown }
                return digits(String(number.magnitude), isNegative: number < 0)
            case "x", "X", "b", "o":
                guard !isGrouped, precision == nil else { throw Self.unknown }
                let radix = type == "b" ? 2 : type == "o" ? 8 : 16
                let text = String(number.magnitude, radix: radix, uppercase: type == "X")
                return digits(text, isNegative: number < 0)
            default: return try shown(.double(Double(number)))
            }
        case .double(let number):
            switch type {
            case nil where precision == nil:
                return digits(number.magnitude.description, isNegative: number.sign == .minus)
            case "f", "%":
                let scaled = type == "%" ? number * 100 : number
                let text = Self.fixed(scaled.magnitude, precision ?? 6)
                return digits(
                    text + (type == "%" ? "%" : ""), isNegative: number.sign == .minus)
            default: throw Self.unknown
            }
        default: throw Self.unknown
        }
    }

    /// A number with so many digits behind the point, rounded from its exact value as in Python.
    private static func fixed(_ number: Double, _ places: Int) -> String {
        // The greatest number has 309 digits before the point.
        let size = places + 320
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = buffer.withMemoryRebound(to: CChar.self) { characters in
                withVaList([Int32(places), number]) { arguments in
                    Int(vsnprintf(characters.baseAddress, size, "%.*f", arguments))
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number with its sign, as wide as asked for.
    ///
    /// - Parameter text: Its digits, and what comes behind them: a fraction, an exponent, a `%`.
    private func digits(_ text: String, isNegative: Bool) -> String {
        let mark = isNegative ? "-" : sign == "+" ? "+" : sign == " " ? " " : ""
        let free = width - mark.count
        guard alignment == "=" else { return padded(mark + grouped(text), isNumber: true) }
        // Zeros that fill up are digits, and grouped like others.
        if fill == "0" { return mark + grouped(text, atLeast: free) }
        let shown = grouped(text)
        return mark + String(repeating: fill, count: max(0, free - shown.count)) + shown
    }

    /// A number with commas if there are to be any, and with zeros before it up to a width. No comma
    /// comes first: with one more zero before it the number is wider by one.
    private func grouped(_ text: String, atLeast width: Int = 0) -> String {
        let whole = text.prefix { $0.isNumber }
        let rest = text[whole.endIndex...]
        let wholeWidth = width - rest.count
        func commas(_ count: Int) -> Int { isGrouped ? (count - 1) / 3 : 0 }
        var count = whole.count
        while count + commas(count) < wholeWidth { count += 1 }
        let zeros = String(repeating: "0", count: count - whole.count)
        guard isGrouped else { return zeros + text }
        var result = ""
        for (index, digit) in (zeros + whole).enumerated() {
            if index > 0, (count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result + rest
    }

    private func padded(_ text: String, isNumber: Bool) -> String {
        let missing = max(0, width - text.unicodeScalars.count)
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
