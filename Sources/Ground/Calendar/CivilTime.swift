/// A day of the proleptic Gregorian calendar and the time in it, in UTC.
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour = 0
    package var minute = 0
    package var second = 0
    package var microsecond = 0

    private static let microsecondsADay: Int64 = 86_400_000_000

    /// Midnight of a day.
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    // The algorithms are those of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
    // years begin in March, so that the leap day is the last of its year, and eras have 400 years.

    /// - Parameter microseconds: Since 1970-01-01T00:00:00Z; negative before.
    package init(microsecondsSince1970 microseconds: Int64) {
        let (days, rest) = Self.floorDivide(microseconds, Self.microsecondsADay)
        let (era, dayOfEra) = Self.floorDivide(days + 719_468, 146_097)
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
        microsecond = Int(rest % 1_000_000)
        let seconds = Int(rest / 1_000_000)
        second = seconds % 60
        minute = seconds / 60 % 60
        hour = seconds / 3_600
    }

    private static func floorDivide(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// Microseconds from 1970-01-01T00:00:00Z to the instant at which a clock `offset` seconds east
    /// of UTC shows this time.
    package func microsecondsSince1970(offset: Int = 0) -> Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let (era, yearOfEra) = Self.floorDivide(shiftedYear, 400)
        let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + Int64(hour * 3_600 + minute * 60 + second - offset)
        return seconds * 1_000_000 + Int64(microsecond)
    }

    package static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    // MARK: Text

    /// ISO 8601 as Python's `isoformat` writes it: `2026-11-20T00:00:00.500000+00:00`, without a
    /// fraction when that is zero. In ASCII; years beyond 9999 lose their first digits.
    package var iso8601: [UInt8] {
        text(fractionDigits: microsecond == 0 ? 0 : 6) + Array("+00:00".utf8)
    }

    /// ISO 8601 without an offset, `2026-11-20T00:00:00.500`, in ASCII.
    ///
    /// - Parameter fractionDigits: 0 to 6; the others are cut off.
    package func text(fractionDigits: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(32)
        func append(_ number: Int, _ width: Int, _ separator: Unicode.Scalar?) {
            var divisor = 1
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
        append(hour, 2, ":")
        append(minute, 2, ":")
        append(second, 2, fractionDigits > 0 ? "." : nil)
        if fractionDigits > 0 {
            append(microsecond, 6, nil)
            text.removeLast(6 - fractionDigits)
        }
        return text
    }
}
