import SQLCore
import Testing

@testable import Importing

struct ImportedValueTests {
    @Test(
        arguments: [
            ("1970-01-01 00:00:00", 0), ("1970-01-01 00:00:01.5", 1_500_000),
            ("1969-12-31 23:59:59.999999", -1),
            ("2026-05-28 20:26:40.123457", 1_780_000_000_123_457),
        ])
    func `a time in SQLite's text is read to the microsecond`(_ text: String, _ time: Int64) throws
    {
        #expect(try ImportedValue.time(.text(text)) == time)
    }

    @Test(
        arguments: [
            "", "2026-05-28", "2026-13-28 20:26:40", "2026-02-30 20:26:40", "2026-05-28 20:26:4x",
            "2026-05-28 20:26:40.1234567", "2026-05-28 20:26:40.", "2026-05-28 20:26:40+02:00",
        ])
    func `other texts are no times`(_ text: String) {
        #expect(throws: ImportError.self) { try ImportedValue.time(.text(text)) }
    }

    @Test(arguments: [Int64.min, -62_135_596_800_000_001, 253_402_300_800_000_000, .max])
    func `no time lies outside of the years 1 to 9999`(_ time: Int64) {
        #expect(throws: ImportError.self) { try ImportedValue.time(.integer(time)) }
    }

    @Test func `numbers that are not finite become null`() throws {
        let value = try ImportedValue.converted(.text(#"{"a":NaN,"b":[-Infinity,1.50]}"#), .json)
        #expect(value == .json(Array(#"{"a":null,"b":[null,1.5]}"#.utf8)))
    }

    @Test func `a document that is valid stays as it was written`() throws {
        let text = #"{ "b": 1.50, "a":1e2 }"#
        #expect(try ImportedValue.converted(.text(text), .json) == .json(Array(text.utf8)))
    }

    @Test(arguments: [ImportedTable.Kind.json, .jsonb])
    func `a null in JSON is SQL's`(_ kind: ImportedTable.Kind) throws {
        #expect(try ImportedValue.converted(.text("null"), kind) == .null)
    }

    @Test func `rows are as many as their size allows`() {
        var size = BatchSize(rowsMax: 4096)
        size.saw(rows: 256, bytes: 256 * 100)
        #expect(size.rows == 512)
        size.saw(rows: 512, bytes: 512 << 20)
        #expect(size.rows == 8)
        for _ in 0..<20 { size.saw(rows: 8, bytes: 80) }
        #expect(size.rows == 4096)
    }

    @Test(
        arguments: [
            (#"{"a":1,"b":[1.0,1e2]}"#, #"{"b":[1,100],"a":1.0}"#, true),
            (#"{"a":1e300}"#, #"{"a":1E+300}"#, true),
            (#"{"a":12345678901234567890}"#, #"{"a":12345678901234567890}"#, true),
            (#"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#, false),
            (#"{"a":1}"#, #"{"a":"1"}"#, false), (#"["a","b"]"#, #"["ab"]"#, false),
        ])
    func `documents are compared by what they mean`(
        _ left: String, _ right: String, _ isEqual: Bool
    ) throws {
        func digest(_ text: String) throws -> [UInt8] {
            var digest = RowDigest()
            try digest.add(json: Array(text.utf8))
            return digest.bytes
        }
        #expect(try (digest(left) == digest(right)) == isEqual)
    }
}
