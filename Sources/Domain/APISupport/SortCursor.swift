import BinaryText
import PhoenixModel

/// The cursor of a list that is sorted by something besides the row id: Base64 of
/// `rowid:TYPE:value`.
package struct SortCursor: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case null
        case string(String)
        case integer(Int64)
        case float(Double)
        case timestamp(Timestamp)
    }

    package var rowID: Int64
    package var value: Value

    package init(rowID: Int64, value: Value) {
        self.rowID = rowID
        self.value = value
    }

    /// Reads a cursor that this or another server of the contract gave out. Nil when it is none.
    package init?(_ text: String) {
        guard let bytes = Base64.decode(text),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = decoded.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let rowID = Int64(parts[0]) else { return nil }
        self.rowID = rowID
        let rest = parts.count == 3 ? parts[2] : ""
        switch parts[1] {
        case "NULL": value = .null
        case "STRING": value = .string(String(rest))
        case "INT":
            guard let number = Int64(rest) else { return nil }
            value = .integer(number)
        case "FLOAT":
            guard let number = Double(rest), number.isFinite else { return nil }
            value = .float(number)
        case "DATETIME":
            guard let parsed = try? Timestamp.parse(rest) else { return nil }  // Any fault is one.
            value = .timestamp(parsed.timestamp)
        default: return nil
        }
    }
}

extension SortCursor: CustomStringConvertible {
    package var description: String {
        let shown =
            switch value {
            case .null: "NULL:"
            case .string(let text): "STRING:\(text)"
            case .integer(let number): "INT:\(number)"
            case .float(let number): "FLOAT:\(number)"
            case .timestamp(let timestamp): "DATETIME:\(timestamp)"
            }
        return Base64.encode(Array("\(rowID):\(shown)".utf8))
    }
}
