import BinaryText

/// Reads one text from its start to its end, value by value.
///
/// The recursion is bounded by `options.maximumDepth`. The text must outlive the reader.
package struct JSONReader {
    package enum Kind: Sendable {
        case object, array, string, number, bool, null
    }

    private let text: UnsafeRawBufferPointer
    private let options: JSON.ParsingOptions
    private var index = 0
    private var depth = 0
    private var scratch: [UInt8] = []

    package init(_ text: UnsafeRawBufferPointer, options: JSON.ParsingOptions = .init()) {
        self.text = text
        self.options = options
    }

    /// Checks that nothing but blanks is left.
    package mutating func end() throws(JSONError) {
        skipBlanks()
        guard index == text.count else { throw error("Something follows the value.") }
    }

    /// An error at the place where the reader is.
    package func error(_ message: String) -> JSONError {
        JSONError(message: message, offset: index)
    }

    private mutating func skipBlanks() {
        while index < text.count {
            switch text[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    /// Reads a whole value.
    package mutating func value() throws(JSONError) -> JSONValue {
        switch try kind() {
        case .object:
            var members = JSONObject()
            try forEachMember { (reader, key) throws(JSONError) in
                members[key] = try reader.value()
            }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try forEachElement { (reader) throws(JSONError) in
                elements.append(try reader.value())
            }
            return .array(elements)
        case .string: return .string(try string())
        case .number: return try number()
        case .bool:
            return text[index] == UInt8(ascii: "t")
                ? try word("true", .bool(true)) : try word("false", .bool(false))
        case .null: return try word("null", .null)
        }
    }

    /// What sort of value comes next.
    package mutating func kind() throws(JSONError) -> Kind {
        skipBlanks()
        guard index < text.count else { throw error("A value is missing.") }
        switch text[index] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "N") where options.acceptsNonFinite: return .number
        case UInt8(ascii: "I") where options.acceptsNonFinite: return .number
        default: throw error("A value cannot start with this character.")
        }
    }

    /// Reads past a value, which must be valid as every other one.
    package mutating func skipValue() throws(JSONError) {
        switch try kind() {
        case .object:
            try forEachMember { (reader, _) throws(JSONError) in try reader.skipValue() }
        case .array:
            try forEachElement { (reader) throws(JSONError) in try reader.skipValue() }
        default: _ = try value()
        }
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let end = index + word.utf8CodeUnitCount
        guard end <= text.count else { throw error("A value is cut short.") }
        for offset in 0..<word.utf8CodeUnitCount
        where text[index + offset] != word.utf8Start[offset] {
            throw error("A value cannot start with this word.")
        }
        index = end
        return value
    }

    // MARK: Containers

    private mutating func enter(_ bracket: UInt8, _ message: String) throws(JSONError) {
        skipBlanks()
        guard index < text.count, text[index] == bracket else { throw error(message) }
        depth += 1
        guard depth <= options.maximumDepth else {
            throw error("Values are nested more than \(options.maximumDepth) deep.")
        }
        index += 1
        skipBlanks()
    }

    private mutating func closes(_ bracket: UInt8) -> Bool {
        guard index < text.count, text[index] == bracket else { return false }
        index += 1
        depth -= 1
        return true
    }

    /// Reads an array. The body reads or skips exactly one value a call.
    package mutating func forEachElement(
        _ body: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter(UInt8(ascii: "["), "An array is expected.")
        if closes(UInt8(ascii: "]")) { return }
        while true {
            try body(&self)
            skipBlanks()
            if closes(UInt8(ascii: "]")) { return }
            try comma("array")
        }
    }

    /// Reads an object. The body gets a key and reads or skips exactly one value a call.
    package mutating func forEachMember(
        _ body: (inout JSONReader, String) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter(UInt8(ascii: "{"), "An object is expected.")
        if closes(UInt8(ascii: "}")) { return }
        while true {
            skipBlanks()
            guard index < text.count, text[index] == UInt8(ascii: "\"") else {
                throw error("A key in double quotes is expected.")
            }
            let key = try string()
            skipBlanks()
            guard index < text.count, text[index] == UInt8(ascii: ":") else {
                throw error("A colon is expected after the key.")
            }
            index += 1
            try body(&self, key)
            skipBlanks()
            if closes(UInt8(ascii: "}")) { return }
            try comma("object")
        }
    }

    private mutating func comma(_ container: StaticString) throws(JSONError) {
        guard index < text.count else { throw error("The \(container) does not end.") }
        guard text[index] == UInt8(ascii: ",") else {
            throw error("A comma or the end of the \(container) is expected.")
        }
        index += 1
    }

    // MARK: Strings

    /// Reads a string.
    package mutating func string() throws(JSONError) -> String {
        skipBlanks()
        guard index < text.count, text[index] == UInt8(ascii: "\"") else {
            throw error("A string is expected.")
        }
        index += 1
        let start = index
        skipPlainBytes()
        if index < text.count, text[index] == UInt8(ascii: "\"") {
            let content = text[start..<index]
            index += 1
            return try checked(UnsafeRawBufferPointer(rebasing: content), at: start)
        }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: text[start..<index])
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return try checkedScratch(at: start)
            case UInt8(ascii: "\\"): try escape()
            default: throw error("A control character must be escaped inside a string.")
            }
            let runStart = index
            skipPlainBytes()
            scratch.append(contentsOf: text[runStart..<index])
        }
        throw error("The string does not end.")
    }

    /// Moves to the next quote, backslash or control character.
    private mutating func skipPlainBytes() {
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let ends = ByteScan.quotesBackslashesAndControls(in: UInt64(littleEndian: word))
            if ends != 0 {
                index += ends.trailingZeroBitCount / 8
                return
            }
            index += 8
        }
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            index += 1
        }
    }

    private func checkedScratch(at start: Int) throws(JSONError) -> String {
        let result = scratch.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try checked(buffer, at: start) }
        }
        return try result.get()
    }

    private func checked(
        _ content: UnsafeRawBufferPointer, at start: Int
    ) throws(JSONError) -> String {
        if UTF8Scan.isValid(content) { return String(decoding: content, as: UTF8.self) }
        guard options.showsInvalidUTF8 else {
            throw JSONError(message: "The string is not valid UTF-8.", offset: start)
        }
        return UTF8Scan.shownText(content)
    }

    private mutating func escape() throws(JSONError) {
        guard index + 1 < text.count else { throw error("The string does not end.") }
        let byte = text[index + 1]
        index += 2
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"): scratch.append(contentsOf: String(try unicodeEscape()).utf8)
        default:
            index -= 1
            throw error("The escape sequence is unknown.")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Character {
        let high = try hexadecimalUnit()
        if let scalar = Unicode.Scalar(high) { return Character(scalar) }
        let afterHigh = index
        if high < 0xDC00, index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
            text[index + 1] == UInt8(ascii: "u")
        {
            index += 2
            let low = try hexadecimalUnit()
            if (0xDC00...0xDFFF).contains(low),
                let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            {
                return Character(scalar)
            }
            index = afterHigh
        }
        return "\u{FFFD}"
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard index < text.count else { throw error("The string does not end.") }
            guard let digit = Hexadecimal.value(ofDigit: text[index]) else {
                throw error("Four hexadecimal digits are expected.")
            }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        if text[index] == UInt8(ascii: "N") { return try word("NaN", .double(.nan)) }
        if text[index] == UInt8(ascii: "I") { return try word("Infinity", .double(.infinity)) }
        let start = index
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative {
            index += 1
            if options.acceptsNonFinite, index < text.count, text[index] == UInt8(ascii: "I") {
                return try word("Infinity", .double(-.infinity))
            }
        }
        var mantissa: UInt64 = 0
        var isExact = true
        let integerStart = index
        try digits(into: &mantissa, &isExact)
        if text[integerStart] == UInt8(ascii: "0"), index > integerStart + 1 {
            index = integerStart
            throw error("A number cannot start with a zero.")
        }
        var exponent = 0
        var isInteger = true
        if index < text.count, text[index] == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            let fractionStart = index
            try digits(into: &mantissa, &isExact)
            exponent = fractionStart - index
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            exponent += try self.exponent()
        }
        if isInteger, isExact {
            if isNegative, mantissa <= Int64.min.magnitude {
                return .integer(Int64(truncatingIfNeeded: 0 &- mantissa))
            }
            if !isNegative, let value = Int64(exactly: mantissa) { return .integer(value) }
        }
        if isInteger { return .number(literal(from: start)) }
        // Both operands are exact doubles, so one operation rounds correctly (Clinger 1990).
        if isExact, mantissa <= 1 << 53, abs(exponent) <= 22 {
            let scale = Self.powersOfTen[abs(exponent)]
            let value = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
            return .double(isNegative ? -value : value)
        }
        let literal = literal(from: start)
        guard let value = Double(literal), value.isFinite else { return .number(literal) }
        return .double(value)
    }

    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    private func literal(from start: Int) -> String {
        String(decoding: text[start..<index], as: UTF8.self)
    }

    private mutating func digits(
        into mantissa: inout UInt64, _ isExact: inout Bool
    ) throws(JSONError) {
        let start = index
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { isExact = false }
            mantissa = sum
            index += 1
        }
        guard index > start else { throw error("A digit is expected.") }
    }

    private mutating func exponent() throws(JSONError) -> Int {
        index += 1
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+")
        {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        var value: UInt64 = 0
        var isExact = true
        try digits(into: &value, &isExact)
        // Anything this large is decided by the slow path, which reads the literal itself.
        let bounded = isExact ? Int(min(value, 100_000)) : 100_000
        return isNegative ? -bounded : bounded
    }
}
