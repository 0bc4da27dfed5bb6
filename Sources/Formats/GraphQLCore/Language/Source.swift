/// A text of the GraphQL language in UTF-8, and the way from a byte offset to a line and a column.
package final class Source: Sendable {
    package let bytes: [UInt8]

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The line and the column of the code point that begins at a byte offset.
    ///
    /// - Complexity: Linear in the offset; it is asked for errors only.
    package func location(at offset: Int) -> SourceLocation {
        var line = 1
        var column = 1
        var position = 0
        let end = Swift.min(offset, bytes.count)
        while position < end {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte == UInt8(ascii: "\r") {
                if position < end, bytes[position] == UInt8(ascii: "\n") { position += 1 }
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(line: line, column: column)
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

/// A place in a source; both numbers begin at 1, and columns count code points.
package struct SourceLocation: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
