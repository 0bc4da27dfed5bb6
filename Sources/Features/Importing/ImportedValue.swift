import BinaryText
import Calendar
import JSON
import SQLCore
import Tracing

/// Turns values of the other database into those of this one.
enum ImportedValue {
    /// - Throws: ``ImportError`` for a value that the column cannot hold.
    static func converted(_ value: SQLValue, _ kind: ImportedTable.Kind) throws -> SQLValue {
        if value.isNull { return .null }
        switch kind {
        case .integer, .flag, .real, .text, .bytes: return value
        case .time: return .integer(try time(value))
        case .otelID:
            guard case .text(let text) = value, let bytes = Hexadecimal.decode(text) else {
                throw ImportError("An id is not hexadecimal.")
            }
            return .blob(bytes)
        case .json, .jsonb:
            let bytes = try json(value)
            return bytes == Self.null ? .null : .json(bytes)
        case .taskOutput:
            let output = try JSON.parse(try json(value), options: parsing)["task_output"]
            guard let output, !output.isNull else { return .null }
            return .json(output.serialized())
        }
    }

    private static let null = Array("null".utf8)
    static let parsing = JSON.ParsingOptions(maximumDepth: 1024, acceptsNonFinite: true)

    // MARK: JSON

    /// The text of a JSON document, which need not be valid to the letter: Python writes numbers that
    /// are not finite, and they become null here.
    static func json(_ value: SQLValue) throws -> [UInt8] {
        let bytes: [UInt8]
        switch value {
        case .json(let json): bytes = json
        case .text(let text): bytes = Array(text.utf8)
        default: throw ImportError("A JSON document is stored in a form that is not known.")
        }
        return try checked(bytes)
    }

    static func checked(_ bytes: [UInt8]) throws -> [UInt8] {
        let isValid = bytes.withUnsafeBytes { text in
            var reader = JSONReader(text, options: .init(maximumDepth: 1024))
            do throws(JSONError) {
                try reader.skipValue()
                try reader.end()
                return true
            } catch {
                return false
            }
        }
        return isValid ? bytes : try JSON.parse(bytes, options: parsing).serialized()
    }

    // MARK: Times

    /// The years 1 to 9999, all that the source can keep, in microseconds since 1970.
    private static let times: ClosedRange<Int64> =
        -62_135_596_800_000_000...253_402_300_799_999_999

    /// Microseconds since 1970.
    static func time(_ value: SQLValue) throws -> Int64 {
        switch value {
        case .integer(let microseconds) where times.contains(microseconds): return microseconds
        case .text(var text):
            guard let time = text.withUTF8(time) else { break }
            return time
        default: break
        }
        throw ImportError("A time is stored in a form that is not known.")
    }

    /// Reads `2026-01-31 12:00:00.123456`, with a fraction of up to six digits or none, in UTC.
    private static func time(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count >= 19 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var number = 0
            for byte in text[range] {
                guard byte >= 48, byte <= 57 else { return nil }
                number = number * 10 + Int(byte - 48)
            }
            return number
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        var microsecond = 0
        if text.count > 19 {
            guard text[19] == UInt8(ascii: "."), (21...26).contains(text.count),
                var fraction = number(20..<text.count)
            else { return nil }
            for _ in text.count..<26 { fraction *= 10 }
            microsecond = fraction
        }
        guard (1...12).contains(month),
            (1...CivilTime.days(inMonth: month, ofYear: year)).contains(day), hour < 24,
            minute < 60, second < 60
        else { return nil }
        var time = CivilTime(year: year, month: month, day: day)
        time.hour = hour
        time.minute = minute
        time.second = second
        time.microsecond = microsecond
        return time.microsecondsSince1970()
    }
}
