/// Moments as the contract shows them.
package enum UnixTime {
    /// Nanoseconds as microseconds, by way of a double of seconds and rounding half to even.
    ///
    /// The contract's times are made so, and differ in the last digit from cutting or from exact
    /// rounding. The largest result, for the largest input, is in the year 2554.
    package static func microseconds(fromNanoseconds nanoseconds: UInt64) -> Int64 {
        let time = Double(nanoseconds) / 1e9
        let whole = time.rounded(.towardZero)
        let fraction = ((time - whole) * 1e6).rounded(.toNearestOrEven)
        return Int64(whole) * 1_000_000 + Int64(fraction)
    }

    /// Microseconds since 1970 as ISO 8601 in UTC, `2026-11-21T07:05:01.881173+00:00`; without a
    /// fraction when it is zero.
    package static func iso8601(microseconds: Int64) -> String {
        String(decoding: iso8601Bytes(microseconds: microseconds), as: UTF8.self)
    }

    static func iso8601Bytes(microseconds: Int64) -> [UInt8] {
        let (seconds, fraction) = floorDivide(microseconds, 1_000_000)
        let (days, secondOfDay) = floorDivide(seconds, 86_400)
        let (year, month, day) = civilDate(daysSince1970: days)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        func append(_ number: Int64, _ width: Int, _ separator: Unicode.Scalar?) {
            var divisor: Int64 = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
            if let separator { text.append(UInt8(ascii: separator)) }
        }
        append(year, 4, "-")
        append(month, 2, "-")
        append(day, 2, "T")
        append(secondOfDay / 3_600, 2, ":")
        append(secondOfDay / 60 % 60, 2, ":")
        append(secondOfDay % 60, 2, nil)
        if fraction != 0 {
            text.append(UInt8(ascii: "."))
            append(fraction, 6, nil)
        }
        text.append(contentsOf: "+00:00".utf8)
        return text
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The proleptic Gregorian date, after Howard Hinnant's "chrono-Compatible Low-Level Date
    /// Algorithms": years begin in March, eras have 400 years.
    private static func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(daysSince1970 + 719_468, 146_097)
        let centuryDays = dayOfEra / 36_524 - dayOfEra / 146_096
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + centuryDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
