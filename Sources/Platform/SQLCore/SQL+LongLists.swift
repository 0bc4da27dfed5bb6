import BinaryText
import JSON

extension SQL {
    /// Many values as a `SELECT` of one column, for the parentheses of an `IN`.
    ///
    /// They are bound together, as one JSON array: a statement has a bounded number of parameters,
    /// 65,535 in PostgreSQL, and lists of any length are the same statement. SQLite reads neither
    /// blobs nor a NUL out of JSON; there such values are bound one by one.
    ///
    /// - Returns: Nil unless all values are integers, all are texts, or all are blobs.
    static func longList(_ values: [SQLValue]) -> SQL? {
        let elements = values.compactMap(element)
        guard elements.count == values.count, let first = values.first,
            values.allSatisfy({ isSameKind($0, first) })
        else { return nil }
        let json = SQLValue.json(JSONValue.array(elements).serialized())
        let value: SQL =
            switch first {
            case .integer: "CAST(x.value AS BIGINT)"
            case .blob: "DECODE(x.value, 'hex')"
            default: "x.value"
            }
        return .dialect(
            sqlite: values.allSatisfy(isReadFromJSONBySQLite)
                ? "SELECT x.value FROM JSON_EACH(\(json)) AS x" : SQL(parts: separated(values)),
            postgres: "SELECT \(value) FROM JSONB_ARRAY_ELEMENTS_TEXT(\(json)) AS x (value)")
    }

    /// Each value, with commas between.
    static func separated(_ values: [SQLValue]) -> [Part] {
        var parts: [Part] = []
        for value in values {
            if !parts.isEmpty { parts.append(.text(", ")) }
            parts.append(.value(value))
        }
        return parts
    }

    private static func element(_ value: SQLValue) -> JSONValue? {
        switch value {
        case .integer(let integer): .integer(integer)
        case .text(let text): .string(text)
        case .blob(let bytes): .string(Hexadecimal.encode(bytes))
        case .null, .double, .json: nil
        }
    }

    private static func isSameKind(_ left: SQLValue, _ right: SQLValue) -> Bool {
        switch (left, right) {
        case (.integer, .integer), (.text, .text), (.blob, .blob): true
        default: false
        }
    }

    private static func isReadFromJSONBySQLite(_ value: SQLValue) -> Bool {
        switch value {
        case .integer: true
        case .text(let text): !text.utf8.contains(0)
        default: false
        }
    }
}
