import Testing

@testable import FilterLanguage

@Suite struct TimestampLiteralTests {
    @Test(arguments: [
        ("1960-W01-1", -3650), ("1964-W53-7", -1824), ("1970-W01-4", 0), ("2020-W53-5", 18_628),
    ])
    func `a day is named by its week`(date: String, days: Int64) throws {
        #expect(
            try TimestampLiteral.microseconds("\(date)T00:00Z", at: 0) == days * 86_400_000_000)
    }

    @Test(arguments: ["1965-W53-1", "2021-W53-1", "1960-W00-1", "1960-W01-8"])
    func `a week that a year does not have is refused`(date: String) {
        #expect(throws: FilterError.self) {
            try TimestampLiteral.microseconds("\(date)T00:00Z", at: 0)
        }
    }
}
