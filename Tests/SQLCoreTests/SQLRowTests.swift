import SQLCore
import Testing

@Suite struct SQLRowTests {
    @Test func `values are read by position`() {
        let row = SQLRow([7, "text", .blob([1, 2]), .null])
        #expect(row.integer(0) == 7)
        #expect(row.text(1) == "text")
        #expect(row.blob(2) == [1, 2])
        #expect(row.optionalInteger(3) == nil)
        #expect(row.optionalText(3) == nil)
        #expect(row.optionalBlob(3) == nil)
    }

    @Test func `JSON is read as text or as bytes`() {
        let row = SQLRow([.json(Array("{}".utf8)), "{}"])
        #expect(row.text(0) == "{}")
        #expect(row.blob(0) == row.blob(1))
    }

    @Test func `a value of another type is none`() {
        let row = SQLRow(["text", 1])
        #expect(row.optionalInteger(0) == nil)
        #expect(row.optionalText(1) == nil)
    }
}
