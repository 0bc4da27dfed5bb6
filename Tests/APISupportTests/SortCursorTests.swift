import APISupport
import PhoenixModel
import Testing

@Suite struct CursorTests {
    @Test(arguments: [
        (
            SortCursor(
                rowID: 516, value: .timestamp(Timestamp(microseconds: 1_795_244_701_971_521))),
            "NTE2OkRBVEVUSU1FOjIwMjYtMTEtMjFUMDc6MDU6MDEuOTcxNTIxKzAwOjAw"
        ),
        (SortCursor(rowID: 186, value: .float(26.036)), "MTg2OkZMT0FUOjI2LjAzNg=="),
        (SortCursor(rowID: 191, value: .float(0)), "MTkxOkZMT0FUOjAuMA=="),
    ])
    func `cursors are those of the contract`(cursor: SortCursor, text: String) {
        #expect(cursor.description == text)
        #expect(SortCursor(text) == cursor)
    }

    @Test(arguments: [
        SortCursor(rowID: 1, value: .null), SortCursor(rowID: 2, value: .string("a:b é")),
        SortCursor(rowID: 3, value: .integer(-5)),
    ])
    func `every kind of value reads back`(cursor: SortCursor) {
        #expect(SortCursor(cursor.description) == cursor)
    }

    @Test(arguments: [
        "abc", "VHJhY2U6MTk3", "eDpJTlQ6MQ==", "MTpJTlQ6eA==", "MTpGTE9BVDpuYW4=",
        "MTpEQVRFVElNRTp4", "MTpCT09MOjE=", "",
    ])
    func `text that is no cursor is refused`(text: String) {
        #expect(SortCursor(text) == nil)
    }

    @Test func `a page keeps the row that follows it apart`() {
        let full = Page([1, 2, 3], limit: 2)
        #expect(full.rows == [1, 2])
        #expect(full.following == 3)
        let last = Page([1, 2], limit: 2)
        #expect(last.rows == [1, 2])
        #expect(last.following == nil)
    }
}
