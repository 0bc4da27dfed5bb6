/// An instant in UTC with the resolution of the contract, one microsecond.
package struct Timestamp: Hashable, Sendable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before.
    package var microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The earliest instant that ISO 8601 can write with four digits of year, 0001-01-01.
    package static let earliest = Timestamp(microseconds: -62_135_596_800_000_000)
    /// The last one, in the last microsecond of 9999.
    package static let latest = Timestamp(microseconds: 253_402_300_799_999_999)
}

/// A day of the proleptic Gregorian calendar and the time in it.
struct CivilTime: Hashable {
    var year: Int
    var month: Int
    var day: Int
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0

    private static let microsecondsADay: Int64 = 86_400_000_000

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    // The algorithms are those of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
    // eras of 400 years that begin on the first of March.
    init(_ timestamp: Timestamp) {
        var days = timestamp.microseconds / Self.microsecondsADay
        var rest = timestamp.microseconds % Self.microsecondsADay
        if rest < 0 {
            days -= 1
            rest += Self.microsecondsADay
        }
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        microsecond = Int(rest % 1_000_000)
        let seconds = Int(rest / 1_000_000)
        second = seconds % 60
        minute = seconds / 60 % 60
        hour = seconds / 3600
    }

    /// The instant at which a clock `offset` seconds east of UTC shows this time.
    func timestamp(offset: Int = 0) -> Timestamp {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Timestamp(microseconds: Int64(seconds) * 1_000_000 + Int64(microsecond))
    }

    static func days(inMonth month: Int, ofYear year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 as the contract writes it: `2026-11-20T00:00:00.500000+00:00`, without a fraction
    /// when that is zero.
    ///
    /// Instants outside the years 1 to 9999 are shown as the nearest one inside.
    package var description: String {
        let time = CivilTime(min(max(self, .earliest), .latest))
        var text: [UInt8] = []
        text.reserveCapacity(32)
        func digits(_ value: Int, _ count: Int) {
            var scale = 1
            for _ in 1..<count { scale *= 10 }
            while scale > 0 {
                text.append(UInt8(ascii: "0") + UInt8(value / scale % 10))
                scale /= 10
            }
        }
        digits(time.year, 4)
        text.append(UInt8(ascii: "-"))
        digits(time.month, 2)
        text.append(UInt8(ascii: "-"))
        digits(time.day, 2)
        text.append(UInt8(ascii: "T"))
        digits(time.hour, 2)
        text.append(UInt8(ascii: ":"))
        digits(time.minute, 2)
        text.append(UInt8(ascii: ":"))
        digits(time.second, 2)
        if time.microsecond != 0 {
            text.append(UInt8(ascii: "."))
            digits(time.microsecond, 6)
        }
        text.append(contentsOf: "+00:00".utf8)
        return String(decoding: text, as: UTF8.self)
    }
}
