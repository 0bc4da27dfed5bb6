import BinaryText

/// Values of one type as PostgreSQL writes an array.
///
/// Source: PostgreSQL 15 documentation, section 8.15.6, "Array Input and Output Syntax".
struct SQLArray {
    /// `{1,2,3}`, with quotes around everything that is not a number.
    private(set) var literal = "{"
    /// The type of the elements; `text` when there is none.
    private(set) var elementType = "text"

    init(_ values: [SQLValue]) {
        for (index, value) in values.enumerated() {
            if index > 0 { literal += "," }
            append(value)
        }
        literal += "}"
    }

    private mutating func append(_ value: SQLValue) {
        switch value {
        case .null: literal += "NULL"
        case .integer(let integer):
            elementType = "bigint"
            literal += String(integer)
        case .double(let double):
            elementType = "double precision"
            literal += "\(double)"
        case .text(let text): appendQuoted(text)
        case .blob(let bytes):
            elementType = "bytea"
            literal += #""\\x"# + Hexadecimal.encode(bytes) + #"""#
        case .json(let bytes):
            elementType = "jsonb"
            appendQuoted(String(decoding: bytes, as: UTF8.self))
        }
    }

    private mutating func appendQuoted(_ text: String) {
        literal += "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { literal += "\\" }
            literal.unicodeScalars.append(character)
        }
        literal += "\""
    }
}
