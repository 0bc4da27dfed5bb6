import BinaryText

/// The cursor of a list in the order of row ids: one of them in Base64.
struct RowCursor: Hashable, Sendable, CustomStringConvertible {
    var rowID: Int64

    init(_ rowID: Int64) { self.rowID = rowID }

    /// Nil when the text is no such cursor.
    init?(_ text: String) {
        guard let bytes = Base64.decode(text),
            let decoded = String(validating: bytes, as: UTF8.self), let rowID = Int64(decoded)
        else { return nil }
        self.rowID = rowID
    }

    var description: String { Base64.encode(Array("\(rowID)".utf8)) }
}
