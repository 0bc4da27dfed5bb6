import Tabular
import Testing

@Suite struct CSVTests {
    private static func rows(_ text: String) -> [[String]] {
        var reader = CSVReader(Array(text.utf8)[...])
        var rows: [[String]] = []
        while let row = reader.next() { rows.append(row) }
        return rows
    }

    @Test(
        arguments: [
            ("", []), ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,b", [["a", "b"]]),
            ("a,\n,b\r\n", [["a", ""], ["", "b"]]), ("\n\r\n\ra\r\r\nb", [["a"], ["b"]]),
            ("\"a \"\"b\"\"\r\nc, d\",2\n", [["a \"b\"\r\nc, d", "2"]]),
            ("\"a\"b,c\"d\"\n", [["ab", "c\"d\""]]), ("x\n\"open,1\n2", [["x"], ["open,1\n2"]]),
            ("\u{FEFF}q\n1", [["q"], ["1"]]), ("1,2,3\n4\n", [["1", "2", "3"], ["4"]]),
            ("\"\"\n,", [[""], ["", ""]]),
        ] as [(String, [[String]])])
    func `cells are read`(text: String, expected: [[String]]) {
        #expect(Self.rows(text) == expected)
    }

    @Test func `lines are counted through quotes and blank lines`() {
        var reader = CSVReader(Array("a\n\n\"b\nb\"\r\nc".utf8)[...])
        var lines: [Int] = []
        while reader.next() != nil { lines.append(reader.line) }
        #expect(lines == [1, 3, 5])
    }

    @Test func `what is written is read back`() {
        let rows = [["a", "b c", ""], ["1,2", "say \"x\"", "two\nlines\r"], ["é", "\"", ","]]
        var writer = CSVWriter()
        for row in rows {
            for cell in row { writer.cell(cell) }
            writer.endRow()
        }
        #expect(Self.rows(String(decoding: writer.bytes, as: UTF8.self)) == rows)
    }
}
