/// One row of an answer; columns are read by position.
package struct SQLRow: Sendable {
    package let values: [SQLValue]

    package init(_ values: [SQLValue]) { self.values = values }

    package subscript(_ column: Int) -> SQLValue { values[column] }

    /// The integer in `column`. A query that asks for something else is a bug of ours, so it traps.
    package func integer(_ column: Int) -> Int64 {
        guard let value = optionalInteger(column) else {
            preconditionFailure("Column \(column) holds \(kind(column)), not an integer.")
        }
        return value
    }

    package func optionalInteger(_ column: Int) -> Int64? {
        switch values[column] {
        case .integer(let value): value
        case .double(let value): Int64(value)
        default: nil
        }
    }

    /// The number in `column`. A query that asks for something else is a bug of ours, so it traps.
    package func double(_ column: Int) -> Double {
        guard let value = optionalDouble(column) else {
            preconditionFailure("Column \(column) holds \(kind(column)), not a number.")
        }
        return value
    }

    package func optionalDouble(_ column: Int) -> Double? {
        switch values[column] {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    package func text(_ column: Int) -> String {
        guard let value = optionalText(column) else {
            preconditionFailure("Column \(column) holds \(kind(column)), not text.")
        }
        return value
    }

    package func optionalText(_ column: Int) -> String? {
        switch values[column] {
        case .text(let value): value
        case .json(let bytes): String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    package func blob(_ column: Int) -> [UInt8] {
        guard let value = optionalBlob(column) else {
            preconditionFailure("Column \(column) holds \(kind(column)), not bytes.")
        }
        return value
    }

    /// The bytes of a blob, of JSON or of text.
    package func optionalBlob(_ column: Int) -> [UInt8]? {
        switch values[column] {
        case .blob(let bytes), .json(let bytes): bytes
        case .text(let text): Array(text.utf8)
        default: nil
        }
    }

    private func kind(_ column: Int) -> String {
        switch values[column] {
        case .null: "NULL"
        case .integer: "an integer"
        case .double: "a double"
        case .text: "text"
        case .blob: "bytes"
        case .json: "JSON"
        }
    }
}
