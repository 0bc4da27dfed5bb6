import SQLCore
import Testing

@Suite struct BulkRowsTests {
    private let columns: [BulkRows.Column] = [
        .init("id", .bigint), .init("name", .text), .init("digest", .blob),
    ]

    @Test func `cells lie row after row, their bytes in one arena`() {
        var rows = BulkRows(columns)
        rows.append(1 as Int64)
        rows.append("one")
        rows.append([0xFF] as [UInt8]?)
        rows.append(2 as Int64)
        rows.append("")
        rows.appendNull()
        #expect(rows.count == 2)
        #expect(rows.arena == Array("one".utf8) + [0xFF])
        guard case .bytes(offset: 3, count: 1) = rows.cells[2],
            case .bytes(offset: 4, count: 0) = rows.cells[4], case .null = rows.cells[5]
        else {
            Issue.record("\(rows.cells)")
            return
        }
    }

    @Test func `an absent value is NULL, an empty one is not`() {
        var rows = BulkRows(columns)
        rows.append(nil as Int64?)
        rows.append(nil as String?)
        rows.append([] as [UInt8]?)
        guard case .null = rows.cells[0], case .null = rows.cells[1],
            case .bytes(offset: 0, count: 0) = rows.cells[2]
        else {
            Issue.record("\(rows.cells)")
            return
        }
    }

    @Test func `rows that were taken away leave none behind`() {
        var rows = BulkRows([.init("name", .text)])
        rows.append("one")
        rows.removeAll()
        rows.append("two")
        #expect(rows.count == 1)
        #expect(rows.arena == Array("two".utf8))
    }

    @Test func `without cells there are no rows`() {
        #expect(BulkRows(columns).isEmpty)
        #expect(BulkRows(columns).count == 0)
    }
}
