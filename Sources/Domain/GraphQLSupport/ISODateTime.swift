import Calendar
import PhoenixModel

/// Reads ISO 8601 as the contract's `DateTime` accepts it: a calendar date, week date or ordinal
/// date, perhaps shortened or without separators; any one character; a time of day, perhaps
/// shortened; an offset. Without an offset it is UTC.
enum ISODateTime {
    struct Fault: Error {
        var reason: String
    }

    static func parse(_ text: String) throws(Fault) -> Timestamp {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.bytes.count >= 4 else { throw Fault(reason: "ISO string too short") }
        var time = try reader.date()
        var offset = 0
        var addsDay = false
        if !reader.isAtEnd {
            reader.index += 1
            addsDay = try reader.time(&time)
            offset = try reader.offset()
        }
        guard reader.isAtEnd else { throw Fault(reason: "Unused components in ISO string") }
        var microseconds = time.microsecondsSince1970(offset: offset)
        if addsDay { microseconds += 86_400_000_000 }
        let instant = Timestamp(microseconds: microseconds)
        guard (Timestamp.earliest...Timestamp.latest).contains(instant) else {
            throw Fault(reason: "date value out of range")
        }
        return instant
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index >= bytes.count }

        private var digitRun: Int {
            bytes[min(index, bytes.count)...].prefix { (0x30...0x39).contains($0) }.count
        }

        private mutating func skip(_ character: Character) -> Bool {
            guard !isAtEnd, bytes[index] == character.asciiValue else { return false }
            index += 1
            return true
        }

        private mutating func number(
            _ count: Int, _ range: ClosedRange<Int>, _ part: String
        ) throws(Fault) -> Int {
            guard digitRun >= count else { throw Fault(reason: "Invalid \(part)") }
            let value = bytes[index..<index + count].reduce(0) { $0 * 10 + Int($1) - 0x30 }
            index += count
            guard range.contains(value) else { throw Fault(reason: "\(part) must be in \(range)") }
            return value
        }

        mutating func date() throws(Fault) -> CivilTime {
            let year = try number(4, 1...9999, "year")
            let hasSeparators = skip("-")
            if isAtEnd { return CivilTime(year: year, month: 1, day: 1) }
            if skip("W") { return try week(of: year, hasSeparators) }
            switch (digitRun, hasSeparators) {
            case (3, _), (7..., false):
                let days = CivilTime.days(inMonth: 2, ofYear: year) + 337
                let day = try number(3, 1...days, "ordinal day")
                return Self.day(day - 1, after: CivilTime(year: year, month: 1, day: 1))
            default:
                let month = try number(2, 1...12, "month")
                if isAtEnd, hasSeparators { return CivilTime(year: year, month: month, day: 1) }
                guard skip("-") == hasSeparators else {
                    throw Fault(reason: "Invalid separator in ISO string")
                }
                let last = CivilTime.days(inMonth: month, ofYear: year)
                let day = try number(2, 1...last, "day")
                return CivilTime(year: year, month: month, day: day)
            }
        }

        private mutating func week(of year: Int, _ hasSeparators: Bool) throws(Fault) -> CivilTime {
            let week = try number(2, 1...53, "week")
            var weekday = 1
            if hasSeparators ? skip("-") : digitRun > 0 {
                weekday = try number(1, 1...7, "weekday")
            }
            // The fourth of January is in the first week (ISO 8601); the epoch was a Thursday.
            let fourth = CivilTime(year: year, month: 1, day: 4)
            let days = fourth.microsecondsSince1970() / 86_400_000_000
            let weekdayOfFourth = Int(((days + 3) % 7 + 7) % 7)
            return Self.day((week - 1) * 7 + weekday - 1 - weekdayOfFourth, after: fourth)
        }

        private static func day(_ count: Int, after day: CivilTime) -> CivilTime {
            CivilTime(
                microsecondsSince1970: day.microsecondsSince1970() + Int64(count) * 86_400_000_000)
        }

        /// Whether the time is 24:00, the end of its day.
        mutating func time(_ time: inout CivilTime) throws(Fault) -> Bool {
            time.hour = try number(2, 0...24, "hour")
            let hasSeparators = skip(":")
            if hasSeparators || digitRun > 0 {
                time.minute = try number(2, 0...59, "minute")
                if hasSeparators ? skip(":") : digitRun > 0 {
                    time.second = try number(2, 0...59, "second")
                    if skip(".") || skip(",") { time.microsecond = try fraction() }
                }
            }
            guard time.hour == 24 else { return false }
            guard time.minute == 0, time.second == 0, time.microsecond == 0 else {
                throw Fault(reason: "Hour may only be 24 at 24:00:00.000")
            }
            time.hour = 0
            return true
        }

        /// Microseconds; digits after the sixth are dropped.
        private mutating func fraction() throws(Fault) -> Int {
            let count = digitRun
            guard count > 0 else { throw Fault(reason: "Invalid fraction of a second") }
            var value = 0
            for place in 0..<6 {
                value = value * 10 + (place < count ? Int(bytes[index + place]) - 0x30 : 0)
            }
            index += count
            return value
        }

        /// Seconds east of UTC.
        mutating func offset() throws(Fault) -> Int {
            if isAtEnd || skip("Z") || skip("z") { return 0 }
            let sign: Int
            if skip("+") {
                sign = 1
            } else if skip("-") {
                sign = -1
            } else {
                throw Fault(reason: "Time zone offset requires sign")
            }
            let hours = try number(2, 0...23, "hours of the offset")
            var minutes = 0
            if skip(":") || digitRun > 0 {
                minutes = try number(2, 0...59, "minutes of the offset")
            }
            return sign * (hours * 3600 + minutes * 60)
        }
    }
}
