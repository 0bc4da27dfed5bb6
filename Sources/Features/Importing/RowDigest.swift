import Cryptography
import JSON
import SQLCore

/// A digest of a row that comes out the same however a database keeps its values.
struct RowDigest {
    private var text: [UInt8] = []

    mutating func add(_ value: SQLValue, _ kind: ImportedTable.Kind = .integer) throws {
        switch value {
        case .null: text.append(UInt8(ascii: "-"))
        case .integer(let integer): text += Array("i\(integer)".utf8)
        case .double(let double): text += Array("d\(double)".utf8)
        case .text(let string) where !Self.isJSON(kind): text += Array("t\(string)".utf8)
        case .blob(let bytes): text += [UInt8(ascii: "b")] + bytes
        case .text(let string): try add(json: Array(string.utf8))
        case .json(let bytes): try add(json: bytes)
        }
        text.append(0)
    }

    mutating func add(json bytes: [UInt8]) throws {
        text.append(UInt8(ascii: "j"))
        append(try JSON.parse(bytes, options: ImportedValue.parsing))
        text.append(0)
    }

    private static func isJSON(_ kind: ImportedTable.Kind) -> Bool {
        switch kind {
        case .json, .jsonb, .taskOutput: true
        default: false
        }
    }

    /// Members in the order of their names, since `JSONB` keeps no other, and numbers by their value.
    private mutating func append(_ value: JSONValue) {
        switch value {
        case .object(let object):
            text.append(UInt8(ascii: "{"))
            for (key, member) in object.sorted(by: { $0.key < $1.key }) {
                append(.string(key))
                append(member)
            }
            text.append(UInt8(ascii: "}"))
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for element in elements { append(element) }
            text.append(UInt8(ascii: "]"))
        case .integer(let integer):
            text += Array("n\(Self.number(Double(integer), or: String(integer)))".utf8)
        // What is not finite is null here.
        case .double(let double) where !double.isFinite: append(.null)
        case .double(let double): text += Array("n\(double)".utf8)
        case .number(let literal):
            text += Array("n\(Double(literal).map { "\($0)" } ?? literal)".utf8)
        default: text += value.serialized()
        }
        text.append(UInt8(ascii: ","))
    }

    /// The number as a double where that is exact.
    private static func number(_ double: Double, or text: String) -> String {
        Int64(exactly: double).map(String.init) == text ? "\(double)" : text
    }

    var bytes: [UInt8] { SHA256.digest(text) }
}
