import PhoenixModel
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00+00:00"),
        (500_000, "1970-01-01T00:00:00.500000+00:00"),
        (-1, "1969-12-31T23:59:59.999999+00:00"),
        (1_795_132_800_500_000, "2026-11-20T00:00:00.500000+00:00"),
        (1_795_244_701_798_737, "2026-11-21T07:05:01.798737+00:00"),
        (9_999_999_999_000_000, "2286-11-20T17:46:39+00:00"),
        (951_782_400_000_000, "2000-02-29T00:00:00+00:00"),
        (4_107_542_399_000_000, "2100-02-28T23:59:59+00:00"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00+00:00"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999+00:00"),
        (Int64.max, "9999-12-31T23:59:59.999999+00:00"),
        (Int64.min, "0001-01-01T00:00:00+00:00"),
    ])
    func `an instant is shown as ISO 8601 in UTC`(microseconds: Int64, text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
    }

    @Test(arguments: [
        "0001-01-01T00:00:00+00:00", "1969-12-31T23:59:59.999999+00:00",
        "2000-02-29T12:34:56+00:00", "2024-02-29T00:00:00.000001+00:00",
        "9999-12-31T23:59:59.999999+00:00",
    ])
    func `what is shown reads back`(text: String) throws {
        let parsed = try Timestamp.parse(text)
        #expect(parsed.timestamp.description == text)
        #expect(!parsed.isNaive)
    }

    @Test(arguments: [
        ("2026-11-21T00:00:00Z", "2026-11-21T00:00:00+00:00", false),
        ("2026-11-21t00:00:00z", "2026-11-21T00:00:00+00:00", false),
        ("2026-11-21 00:00", "2026-11-21T00:00:00+00:00", true),
        ("2026-11-21_00:00:00", "2026-11-21T00:00:00+00:00", true),
        ("2026-11-21", "2026-11-21T00:00:00+00:00", true),
        ("2026-11-21T10:00:00,5Z", "2026-11-21T10:00:00.500000+00:00", false),
        ("2026-11-21T00:00:00.1234567", "2026-11-21T00:00:00.123456+00:00", true),
        ("2026-11-21T00:00:00+0100", "2026-11-20T23:00:00+00:00", false),
        ("2026-11-21T00:00:00-01:30", "2026-11-21T01:30:00+00:00", false),
        ("2026-11-21T00:00:00\u{2212}01:00", "2026-11-21T01:00:00+00:00", false),
        ("2026-11-21T10:00:00-00:00", "2026-11-21T10:00:00+00:00", false),
        ("1700000000", "2023-11-14T22:13:20+00:00", false),
        ("1700000000.5", "2023-11-14T22:13:20.500000+00:00", false),
        ("1700000000.", "2023-11-14T22:13:20+00:00", false),
        ("1700000000000", "2023-11-14T22:13:20+00:00", false),
        (".5", "1970-01-01T00:00:00.500000+00:00", false),
        ("-5", "1969-12-31T23:59:55+00:00", false),
    ])
    func `the forms of the contract are read`(
        text: String, shown: String, isNaive: Bool
    ) throws {
        let parsed = try Timestamp.parse(text)
        #expect(parsed.timestamp.description == shown)
        #expect(parsed.isNaive == isNaive)
    }

    @Test(arguments: [
        ("", "input is too short"),
        ("abc", "input is too short"),
        ("1e9", "input is too short"),
        ("nan", "input is too short"),
        ("2026-11-2", "input is too short"),
        (" 2026-11-21T00:00:00Z", "invalid character in year"),
        ("2026-1-01T00:00:00", "invalid character in month"),
        ("20261121T000000Z", "invalid date separator, expected `-`"),
        ("2026-13-01T00:00:00", "month value is outside expected range of 1-12"),
        ("2026-00-01T00:00:00", "month value is outside expected range of 1-12"),
        ("2026-02-30T00:00:00", "day value is outside expected range"),
        ("2026-02-29", "day value is outside expected range"),
        ("2026-11-21T24:00:00Z", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:60:00", "unexpected extra characters at the end of the input"),
        ("2026-11-21T23:59:60Z", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:00:00.", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:00:00+01", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:00:00 01:00", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:00:00-25:00", "unexpected extra characters at the end of the input"),
        ("2026-11-21T00:00:00Zjunk", "unexpected extra characters at the end of the input"),
        ("99999999999999999", "dates after 9999 are not supported as unix timestamps"),
    ])
    func `other text is refused in the contract's words`(text: String, reason: String) {
        #expect {
            try Timestamp.parse(text)
        } throws: { error in
            let error = error as? Timestamp.ParsingError
            return error?.kind == .format && error?.reason == reason
        }
    }

    @Test func `the year zero is out of range`() {
        #expect(throws: Timestamp.ParsingError.self) {
            try Timestamp.parse("0000-11-21T23:59:00Z")
        }
    }
}
