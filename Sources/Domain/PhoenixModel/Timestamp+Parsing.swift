import Calendar

extension Timestamp {
    /// Why a text is no date and time. The wording is the contract's, since clients show it.
    package struct ParsingError: Error, Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// Neither a date with a time nor a date.
            case format
            /// A date with a time that no calendar has.
            case range
        }

        package let kind: Kind
        package let reason: String

        static func format(_ reason: String) -> Self { Self(kind: .format, reason: reason) }
        static func range(_ reason: String) -> Self { Self(kind: .range, reason: reason) }
    }

    /// What a text says about an instant.
    package struct Parsed: Hashable, Sendable {
        /// The instant; a time without an offset is taken as UTC.
        package var timestamp: Timestamp
        /// Whether the text left the offset out.
        package var isNaive: Bool
    }

    /// Reads ISO 8601 as the contract accepts it: a date with a time (`T`, a space or `_` between
    /// them, seconds and fraction optional, offset optional), a date alone, or a number of seconds
    /// since 1970 (milliseconds beyond 2 × 10¹⁰).
    ///
    /// Digits after the sixth of a fraction are dropped.
    package static func parse(_ text: some StringProtocol) throws(ParsingError) -> Parsed {
        let bytes = Array(text.utf8)
        if let parsed = try dateTime(bytes) { return parsed }
        if let parsed = try number(bytes) { return parsed }
        return Parsed(timestamp: Timestamp(try date(bytes)), isNaive: true)
    }

    /// Reads a number of seconds since 1970, or of milliseconds when it is beyond 2 × 10¹⁰.
    package static func parse(seconds: Double) throws(ParsingError) -> Parsed {
        guard !seconds.isNaN else { throw .format("NaN values not permitted") }
        let scaled = abs(seconds) > 2e10 ? seconds * 1000 : seconds * 1_000_000
        let microseconds = scaled.rounded(.toNearestOrEven)
        guard microseconds <= Double(latest.microseconds) else {
            throw .format("dates after 9999 are not supported as unix timestamps")
        }
        guard microseconds >= Double(earliest.microseconds) else {
            throw .format("dates before 0000 are not supported as unix timestamps")
        }
        return Parsed(timestamp: Timestamp(microseconds: Int64(microseconds)), isNaive: false)
    }

    private static func number(_ bytes: [UInt8]) throws(ParsingError) -> Parsed? {
        var digits = bytes[...]
        if digits.first == UInt8(ascii: "-") { digits = digits.dropFirst() }
        let parts = digits.split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ $0.allSatisfy(isDigit) }), parts.contains(where: { !$0.isEmpty })
        else { return nil }
        var text = String(decoding: bytes, as: UTF8.self)
        if parts[0].isEmpty { text = text.replacingFirst(".", with: "0.") }
        if text.hasSuffix(".") { text += "0" }
        guard let seconds = Double(text) else { return nil }
        return try parse(seconds: seconds)
    }

    // MARK: - Dates and times

    private init(_ time: CivilTime, offset: Int = 0) {
        microseconds = time.microsecondsSince1970(offset: offset)
    }

    /// Nil when the text has another form than a date with a time.
    private static func dateTime(_ bytes: [UInt8]) throws(ParsingError) -> Parsed? {
        guard bytes.count >= 16, "Tt _".utf8.contains(bytes[10]),
            var time = try? date(Array(bytes[..<10]))  // The caller words what is wrong with it.
        else { return nil }
        var reader = Reader(bytes: bytes, index: 11)
        guard let hour = reader.twoDigits(upTo: 23), reader.skip(":"),
            let minute = reader.twoDigits(upTo: 59)
        else { return nil }
        time.hour = hour
        time.minute = minute
        if reader.skip(":") {
            guard let second = reader.twoDigits(upTo: 59) else { return nil }
            time.second = second
            if reader.skip(".") || reader.skip(",") {
                guard let microsecond = reader.fraction() else { return nil }
                time.microsecond = microsecond
            }
        }
        var offset: Int?
        if reader.skip("Z") || reader.skip("z") {
            offset = 0
        } else if let sign = reader.sign() {
            guard let hours = reader.twoDigits(upTo: 23) else { return nil }
            _ = reader.skip(":")
            guard let minutes = reader.twoDigits(upTo: 59) else { return nil }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard reader.isAtEnd else { return nil }
        guard time.year > 0 else { throw .range("year 0 is out of range") }
        return Parsed(timestamp: Timestamp(time, offset: offset ?? 0), isNaive: offset == nil)
    }

    private static func date(_ bytes: [UInt8]) throws(ParsingError) -> CivilTime {
        guard bytes.count >= 10 else { throw .format("input is too short") }
        func value(_ range: Range<Int>, _ part: String) throws(ParsingError) -> Int {
            guard bytes[range].allSatisfy(isDigit) else {
                throw .format("invalid character in \(part)")
            }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        func separator(_ index: Int) throws(ParsingError) {
            guard bytes[index] == UInt8(ascii: "-") else {
                throw .format("invalid date separator, expected `-`")
            }
        }
        let year = try value(0..<4, "year")
        try separator(4)
        let month = try value(5..<7, "month")
        try separator(7)
        let day = try value(8..<10, "day")
        guard (1...12).contains(month) else {
            throw .format("month value is outside expected range of 1-12")
        }
        guard (1...CivilTime.days(inMonth: month, ofYear: year)).contains(day) else {
            throw .format("day value is outside expected range")
        }
        guard bytes.count == 10 else {
            throw .format("unexpected extra characters at the end of the input")
        }
        return CivilTime(year: year, month: month, day: day)
    }

    private struct Reader {
        let bytes: [UInt8]
        var index: Int

        var isAtEnd: Bool { index == bytes.count }

        mutating func skip(_ text: StaticString) -> Bool {
            guard index < bytes.count, bytes[index] == text.utf8Start.pointee else { return false }
            index += 1
            return true
        }

        mutating func twoDigits(upTo maximum: Int) -> Int? {
            guard index + 1 < bytes.count, isDigit(bytes[index]), isDigit(bytes[index + 1]) else {
                return nil
            }
            let value =
                Int(bytes[index] - UInt8(ascii: "0")) * 10
                + Int(bytes[index + 1] - UInt8(ascii: "0"))
            index += 2
            return value <= maximum ? value : nil
        }

        mutating func fraction() -> Int? {
            var value = 0
            var count = 0
            while index < bytes.count, isDigit(bytes[index]) {
                if count < 6 { value = value * 10 + Int(bytes[index] - UInt8(ascii: "0")) }
                count += 1
                index += 1
            }
            guard count > 0 else { return nil }
            for _ in min(count, 6)..<6 { value *= 10 }
            return value
        }

        /// 1 or -1; the minus may also be U+2212.
        mutating func sign() -> Int? {
            if skip("+") { return 1 }
            if skip("-") { return -1 }
            guard bytes[index...].starts(with: "\u{2212}".utf8) else { return nil }
            index += 3
            return -1
        }
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

extension String {
    fileprivate func replacingFirst(_ character: Character, with text: String) -> String {
        guard let index = firstIndex(of: character) else { return self }
        return self[..<index] + text + self[self.index(after: index)...]
    }
}
