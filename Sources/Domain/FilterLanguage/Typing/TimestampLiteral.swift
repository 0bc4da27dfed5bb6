/// Reads an ISO 8601 date and time with an offset, as Python's `datetime.fromisoformat` takes it.
enum TimestampLiteral {
    /// - Returns: Microseconds since 1970 in UTC.
    static func microseconds(
        _ text: String, at position: Int
    ) throws(FilterError) -> Int64 {
        var reader = Reader(bytes: Array(text.utf8))
        guard let (days, rest) = reader.date(), let time = reader.time(after: rest) else {
            throw FilterError("invalid datetime literal: \(PythonText.quoted(text))", at: position)
        }
        guard let offset = time.offset else {
            throw FilterError(
                "datetime literal \(PythonText.quoted(text)) has no timezone, "
                    + "add an offset (e.g. 'Z' for UTC)", at: position)
        }
        return days * 86_400_000_000 + time.microseconds - offset
    }

    private struct Reader {
        var bytes: [UInt8]
        var index = 0

        private func number(_ start: Int, _ count: Int) -> Int? {
            guard start + count <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[start..<start + count] {
                guard (48...57).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 48)
            }
            return value
        }

        private func has(_ byte: Character, at place: Int) -> Bool {
            place < bytes.count && bytes[place] == byte.asciiValue
        }

        /// Days since 1970 and where the date ends.
        mutating func date() -> (Int64, Int)? {
            guard let year = number(0, 4), year >= 1 else { return nil }
            let isExtended = has("-", at: 4)
            var at = isExtended ? 5 : 4
            if has("W", at: at) {
                guard let week = number(at + 1, 2), (1...53).contains(week) else { return nil }
                at += 3
                var day = 1
                if isExtended, has("-", at: at), let given = number(at + 1, 1) {
                    day = given
                    at += 2
                } else if !isExtended, let given = number(at, 1) {
                    day = given
                    at += 1
                }
                guard (1...7).contains(day) else { return nil }
                let fourth = Self.days(year, 1, 4)
                let monday = Self.monday(of: fourth)
                if week == 53, monday + 52 * 7 >= Self.monday(of: Self.days(year + 1, 1, 4)) {
                    return nil
                }
                return (monday + Int64((week - 1) * 7 + day - 1), at)
            }
            guard let month = number(at, 2), (1...12).contains(month) else { return nil }
            at += 2
            if isExtended {
                guard has("-", at: at) else { return nil }
                at += 1
            }
            guard let day = number(at, 2), day >= 1, day <= Self.length(of: month, year) else {
                return nil
            }
            return (Self.days(year, month, day), at + 2)
        }

        /// The time of day and the offset; midnight without an offset when the text ends here.
        func time(after start: Int) -> (microseconds: Int64, offset: Int64?)? {
            guard start < bytes.count else { return (0, nil) }
            // Any one character may stand between date and time, of which some have more bytes.
            var at = start + 1
            while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
            guard at < bytes.count else { return nil }
            let mark = bytes[at...].firstIndex { $0 == 43 || $0 == 45 || $0 == 90 }
            guard let clock = clock(at, mark ?? bytes.count), clock < 86_400_000_000 else {
                return nil
            }
            guard let mark else { return (clock, nil) }
            if bytes[mark] == 90 { return mark + 1 == bytes.count ? (clock, 0) : nil }
            guard let offset = self.clock(mark + 1, bytes.count), offset < 86_400_000_000 else {
                return nil
            }
            return (clock, bytes[mark] == 45 ? -offset : offset)
        }

        /// `hh[[:]mm[[:]ss[.ffffff]]]` in microseconds.
        private func clock(_ start: Int, _ end: Int) -> Int64? {
            guard let hour = number(start, 2), hour < 24, start + 2 <= end else { return nil }
            var at = start + 2
            var value = Int64(hour) * 3_600_000_000
            guard at < end else { return at == end ? value : nil }
            let isExtended = has(":", at: at)
            for (unit, limit) in [(60_000_000, 60), (1_000_000, 60)] as [(Int64, Int)] {
                guard at < end else { break }
                if has(".", at: at) || has(",", at: at) { break }
                if isExtended {
                    guard has(":", at: at) else { return nil }
                    at += 1
                }
                guard at + 2 <= end, let part = number(at, 2), part < limit else { return nil }
                value += Int64(part) * unit
                at += 2
            }
            guard at < end else { return value }
            guard has(".", at: at) || has(",", at: at), at + 1 < end else { return nil }
            var unit: Int64 = 100_000
            for place in (at + 1)..<end {
                guard (48...57).contains(bytes[place]) else { return nil }
                value += Int64(bytes[place] - 48) * unit
                unit /= 10
            }
            return value
        }

        private static func isLeap(_ year: Int) -> Bool {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        }

        private static func length(of month: Int, _ year: Int) -> Int {
            switch month {
            case 2: isLeap(year) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        /// The Monday of the week of a day, both in days since 1970, which began on a Thursday.
        private static func monday(of day: Int64) -> Int64 {
            day - ((day + 3) % 7 + 7) % 7
        }

        /// Days since 1970 of a date of the Gregorian calendar.
        private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
            let y = year - (month <= 2 ? 1 : 0)
            let era = y / 400
            let yearOfEra = y - era * 400
            let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
            let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            return Int64(era * 146_097 + dayOfEra - 719_468)
        }
    }
}
