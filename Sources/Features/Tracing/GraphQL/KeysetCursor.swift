import BinaryText
import PhoenixModel
import SQLCore

/// A cursor of a list that is paged by its order: Base64 of `rowid`, or of `rowid:TYPE:value` where
/// the list is sorted by something besides the row id.
struct KeysetCursor: Hashable, Sendable {
    /// The type names of the contract.
    enum ValueType: String, Sendable {
        case null = "NULL"
        case integer = "INT"
        case float = "FLOAT"
        case timestamp = "DATETIME"
        case text = "STRING"
    }

    struct Value: Hashable, Sendable {
        var type: ValueType
        var text: String

        static let null = Value(type: .null, text: "")
    }

    var rowID: Int64
    /// Nil when the list is sorted by the row id.
    var value: Value?

    init(rowID: Int64, value: Value? = nil) {
        self.rowID = rowID
        self.value = value
    }

    /// Nil when the text is no cursor.
    init?(_ text: String) {
        guard let bytes = Base64.decode(text),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { return nil }
        let parts = decoded.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard let rowID = Int64(parts[0]) else { return nil }
        self.rowID = rowID
        guard parts.count > 1 else { return }
        guard parts.count == 3, let type = ValueType(rawValue: String(parts[1])) else {
            return nil
        }
        value = Value(type: type, text: String(parts[2]))
    }
}

extension KeysetCursor: CustomStringConvertible {
    var description: String {
        let shown = value.map { "\(rowID):\($0.type.rawValue):\($0.text)" } ?? "\(rowID)"
        return Base64.encode(Array(shown.utf8))
    }
}

/// How the values of a sorted column are written in cursors.
enum CursorForm: Sendable {
    case timestamp
    /// Milliseconds with a fraction, of microseconds.
    case milliseconds
    /// A whole number, written as such but called a float.
    case count
    case integer
    case float
    case text

    func value(of stored: SQLValue) -> KeysetCursor.Value {
        switch (self, stored) {
        case (.timestamp, .integer(let time)):
            .init(type: .timestamp, text: Timestamp(microseconds: time).description)
        case (.milliseconds, .integer(let time)):
            .init(type: .float, text: "\(Double(time) / 1000)")
        case (.count, .integer(let count)): .init(type: .float, text: "\(count)")
        case (.float, .integer(let number)): .init(type: .float, text: "\(number)")
        case (.float, .double(let number)), (.count, .double(let number)):
            .init(type: .float, text: number == 0 ? "0" : "\(number)")
        case (.integer, .integer(let number)): .init(type: .integer, text: "\(number)")
        case (.text, .text(let text)): .init(type: .text, text: text)
        default: .null
        }
    }

    /// The stored value; nil when the cursor is of another list.
    func stored(_ value: KeysetCursor.Value?) -> SQLValue? {
        guard let value else { return nil }
        switch (self, value.type) {
        case (_, .null): return .null
        case (.timestamp, .timestamp):
            // Whatever is wrong with it, it is no time.
            return (try? Timestamp.parse(value.text)).map { .integer($0.timestamp.microseconds) }
        case (.milliseconds, .float), (.milliseconds, .integer):
            guard let number = Double(value.text), abs(number) < 1e15 else { return nil }
            return .integer(Int64((number * 1000).rounded()))
        case (.count, .float), (.count, .integer), (.integer, .integer), (.integer, .float):
            guard let number = Double(value.text), abs(number) < 1e15 else { return nil }
            return .integer(Int64(number))
        case (.float, .float), (.float, .integer):
            guard let number = Double(value.text), number.isFinite else { return nil }
            return .double(number)
        case (.text, .text): return .text(value.text)
        default: return nil
        }
    }
}

/// A column of `SpanSort`.
struct SpanColumn: Sendable {
    var column: SpanSort.Column
    var form: CursorForm

    init?(_ name: String) {
        switch name {
        case "startTime": (column, form) = (.startTime, .timestamp)
        case "endTime": (column, form) = (.endTime, .timestamp)
        case "latencyMs": (column, form) = (.latencyMs, .milliseconds)
        case "tokenCountTotal": (column, form) = (.tokenCountTotal, .count)
        case "tokenCountPrompt": (column, form) = (.tokenCountPrompt, .count)
        case "tokenCountCompletion": (column, form) = (.tokenCountCompletion, .count)
        case "cumulativeTokenCountTotal":
            (column, form) = (.cumulativeTokenCountTotal, .integer)
        case "cumulativeTokenCountPrompt":
            (column, form) = (.cumulativeTokenCountPrompt, .integer)
        case "cumulativeTokenCountCompletion":
            (column, form) = (.cumulativeTokenCountCompletion, .integer)
        case "tokenCostTotal": (column, form) = (.tokenCostTotal, .float)
        case "cumulativeTokenCostTotal": (column, form) = (.cumulativeTokenCostTotal, .float)
        default: return nil
        }
    }

    func cursorValue(of stored: SQLValue) -> KeysetCursor.Value { form.value(of: stored) }
    func place(of cursor: KeysetCursor) -> SQLValue? { form.stored(cursor.value) }
}

/// A column of `ProjectSessionSort`.
struct SessionColumn: Sendable {
    var column: SessionSort.Column
    var form: CursorForm

    init?(_ name: String) {
        switch name {
        case "startTime": (column, form) = (.startTime, .timestamp)
        case "endTime": (column, form) = (.endTime, .timestamp)
        case "tokenCountTotal": (column, form) = (.tokenCountTotal, .integer)
        case "numTraces": (column, form) = (.traceCount, .integer)
        case "costTotal": (column, form) = (.costTotal, .float)
        default: return nil
        }
    }

    func cursorValue(of stored: SQLValue) -> KeysetCursor.Value { form.value(of: stored) }
    func place(of cursor: KeysetCursor) -> SQLValue? { form.stored(cursor.value) }
}
