import Calendar
import Testing

@Suite struct CivilTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00+00:00"), (-1, "1969-12-31T23:59:59.999999+00:00"),
        (951_782_400_000_000, "2000-02-29T00:00:00+00:00"),
        (4_107_542_399_000_001, "2100-02-28T23:59:59.000001+00:00"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00+00:00"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00+00:00"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999+00:00"),
    ])
    func `an instant has its day and time, and they lead back to it`(
        microseconds: Int64, text: String
    ) {
        let time = CivilTime(microsecondsSince1970: microseconds)
        #expect(String(decoding: time.iso8601, as: UTF8.self) == text)
        #expect(time.microsecondsSince1970() == microseconds)
    }

    @Test func `every day of four centuries follows the one before`() {
        var expected = CivilTime(year: 1900, month: 1, day: 1)
        let start = expected.microsecondsSince1970()
        for offset in 0..<Int64(146_097) {
            #expect(CivilTime(microsecondsSince1970: start + offset * 86_400_000_000) == expected)
            expected.day += 1
            if expected.day > CivilTime.days(inMonth: expected.month, ofYear: expected.year) {
                expected.day = 1
                expected.month = expected.month % 12 + 1
                if expected.month == 1 { expected.year += 1 }
            }
        }
        #expect(expected == CivilTime(year: 2300, month: 1, day: 1))
    }

    @Test func `a clock to the east shows a time earlier`() {
        var time = CivilTime(year: 2026, month: 11, day: 20)
        time.hour = 5
        let offset = 5 * 3600 + 30 * 60
        #expect(
            CivilTime(microsecondsSince1970: time.microsecondsSince1970(offset: offset))
                .text(fractionDigits: 0) == Array("2026-11-19T23:30:00".utf8))
    }

    @Test(arguments: [(0, ""), (3, ".987"), (6, ".987654")])
    func `a fraction is cut to as many digits as asked for`(digits: Int, fraction: String) {
        var time = CivilTime(year: 2026, month: 1, day: 2)
        time.microsecond = 987_654
        let text = String(decoding: time.text(fractionDigits: digits), as: UTF8.self)
        #expect(text == "2026-01-02T00:00:00\(fraction)")
    }
}
