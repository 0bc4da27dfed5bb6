/// Reads comma-separated values (RFC 4180, and as leniently as Python's `csv`): a line ends in LF, CR or
/// both, a quote counts only at the start of a cell, and an open quote takes the rest of the text.
///
/// Lines without a cell are skipped. Rows may have any number of cells.
package struct CSVReader {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var nextLine = 1
    /// The line on which the row that was read last begins, counted from 1.
    package private(set) var line = 1

    /// A byte order mark in front is skipped.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex + (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    }

    /// The cells of the next row, nil at the end.
    package mutating func next() -> [String]? {
        while index < bytes.endIndex {
            line = nextLine
            if endsLine() { continue }
            return row()
        }
        return nil
    }

    /// Whether a line ends here; passes its end.
    private mutating func endsLine() -> Bool {
        switch bytes[index] {
        case 0x0A: index += 1
        case 0x0D:
            index += 1
            if index < bytes.endIndex, bytes[index] == 0x0A { index += 1 }
        default: return false
        }
        nextLine += 1
        return true
    }

    private mutating func row() -> [String] {
        var cells: [String] = []
        while true {
            cells.append(cell())
            if index == bytes.endIndex || endsLine() { return cells }
            index += 1
        }
    }

    /// Reads up to the comma or the end of the line.
    private mutating func cell() -> String {
        let start = index
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") else {
            skipPlain()
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        var content: [UInt8] = []
        index += 1
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") {
                guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") else { break }
                index += 1
            } else if byte == 0x0A {
                nextLine += 1
            }
            content.append(byte)
        }
        let rest = index
        skipPlain()
        content += bytes[rest..<index]
        return String(decoding: content, as: UTF8.self)
    }

    private mutating func skipPlain() {
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: ","), 0x0A, 0x0D: return
            default: index += 1
            }
        }
    }
}
