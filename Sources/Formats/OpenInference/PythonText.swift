import BinaryText
import JSON

/// Text as Python writes it, where the contract's stored text was made by Python.
package enum PythonText {
    /// What `json.dumps` gives: blanks after commas and colons, everything outside ASCII escaped.
    package static func json(_ value: JSONValue) -> String {
        var text: [UInt8] = []
        append(value, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// What `str` gives for a string, a number or a truth value; JSON for lists and objects.
    static func description(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .bool(let bool): bool ? "True" : "False"
        case .null: "None"
        case .integer, .double, .number, .array, .object: json(value)
        }
    }

    private static func append(_ value: JSONValue, to text: inout [UInt8]) {
        switch value {
        case .null: text.append(contentsOf: "null".utf8)
        case .bool(let bool): text.append(contentsOf: (bool ? "true" : "false").utf8)
        case .integer(let integer): text.append(contentsOf: String(integer).utf8)
        case .double(let double): text.append(contentsOf: literal(double).utf8)
        case .number(let literal): text.append(contentsOf: literal.utf8)
        case .string(let string): append(string, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { text.append(contentsOf: ", ".utf8) }
                append(element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(contentsOf: ", ".utf8) }
                append(member.key, to: &text)
                text.append(contentsOf: ": ".utf8)
                append(member.value, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }

    private static func literal(_ double: Double) -> String {
        if double.isNaN { return "NaN" }
        if double.isInfinite { return double < 0 ? "-Infinity" : "Infinity" }
        return double.description
    }

    private static func append(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for unit in string.utf16 {
            switch unit {
            case 0x22, 0x5C: text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(unit)])
            case 0x0A: text.append(contentsOf: "\\n".utf8)
            case 0x0D: text.append(contentsOf: "\\r".utf8)
            case 0x09: text.append(contentsOf: "\\t".utf8)
            case 0x08: text.append(contentsOf: "\\b".utf8)
            case 0x0C: text.append(contentsOf: "\\f".utf8)
            case 0x20..<0x7F: text.append(UInt8(unit))
            default:
                text.append(contentsOf: "\\u".utf8)
                for shift in [12, 8, 4, 0] {
                    text.append(Hexadecimal.digit(of: UInt8(unit >> UInt16(shift) & 15)))
                }
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    /// What `int` gives for a number, a truth value or a text of one; `nil` where `int` fails.
    static func integer(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let integer): return integer
        case .bool(let bool): return bool ? 1 : 0
        case .double(let double):
            guard double.isFinite, abs(double) < 0x1p63 else { return nil }
            return Int64(double)
        case .string(let text): return integer(text)
        case .null, .number, .array, .object: return nil
        }
    }

    private static func integer(_ text: String) -> Int64? {
        var digits: [UInt8] = []
        var wasDigit = false
        for byte in trimmed(text).utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                wasDigit = true
                digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty, UInt8(ascii: "-") where digits.isEmpty:
                digits.append(byte)
            case UInt8(ascii: "_") where wasDigit: wasDigit = false
            default: return nil
            }
        }
        return wasDigit ? Int64(String(decoding: digits, as: UTF8.self)) : nil
    }

    /// The text without white space at its ends.
    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            // Python counts the four information separators as white space too.
            scalar.value < 0x80
                ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value)
                    || (0x1C...0x1F).contains(scalar.value)
                : scalar.properties.isWhitespace
        }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        if first == scalars.startIndex, scalars.index(after: last) == scalars.endIndex {
            return text
        }
        return String(scalars[first...last])
    }
}
