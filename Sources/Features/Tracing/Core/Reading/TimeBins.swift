import Calendar
import PhoenixModel
import SQLCore

/// The bins of a time series: calendar units of local time, all that touch a range.
package struct TimeBins: Sendable, Hashable {
    package enum Scale: String, Sendable, CaseIterable {
        case minute = "MINUTE"
        case hour = "HOUR"
        case day = "DAY"
        case week = "WEEK"
        case month = "MONTH"
        case year = "YEAR"

        /// The length in minutes of a bin; nil when they differ.
        var minutes: Int64? {
            switch self {
            case .minute: 1
            case .hour: 60
            case .day: 1440
            case .week: 7 * 1440
            case .month, .year: nil
            }
        }
    }

    /// A series has at most so many bins.
    package static let countMax = 100_000
    /// Months and years are told apart by a list of them in the statement, so there are fewer.
    package static let calendarCountMax = 2000

    package let range: TimeRange
    /// When each bin starts; the first may do so before the range.
    package let starts: [Timestamp]
    private let length: Int64?

    /// - Parameters:
    ///   - start: Of the range.
    ///   - end: Of the range, exclusive. Nothing is in a range that ends before it starts.
    ///   - utcOffsetMinutes: How far local time is ahead of UTC.
    /// - Throws: ``TracingError`` when there are more than ``countMax``.
    package init(
        from start: Timestamp, to end: Timestamp, scale: Scale, utcOffsetMinutes: Int = 0
    ) throws(TracingError) {
        range = TimeRange(start: start, end: end)
        length = scale.minutes.map { $0 * 60_000_000 }
        let offset = Int64(utcOffsetMinutes) * 60_000_000
        let localStart = start.microseconds + offset
        let localEnd = end.microseconds + offset
        var starts: [Timestamp] = []
        func refuse(_ count: Int) -> TracingError {
            TracingError(
                .invalid,
                "The time series would have more than \(count) points. Ask for a shorter time"
                    + " range or longer bins.")
        }
        if let length {
            // Weeks start on Monday; the epoch was a Thursday.
            let phase: Int64 = scale == .week ? -3 * 86_400_000_000 : 0
            var bin = Self.floor(localStart - phase, length) + phase
            guard start >= end || (localEnd - bin) / length < Self.countMax else {
                throw refuse(Self.countMax)
            }
            while bin < localEnd, start < end {
                starts.append(Timestamp(microseconds: bin - offset))
                bin += length
            }
        } else if start < end {
            let first = CivilTime(microsecondsSince1970: localStart)
            var (year, month) = (first.year, scale == .month ? first.month : 1)
            while true {
                let bin = CivilTime(year: year, month: month, day: 1).microsecondsSince1970()
                guard bin < localEnd else { break }
                guard starts.count < Self.calendarCountMax else {
                    throw refuse(Self.calendarCountMax)
                }
                starts.append(Timestamp(microseconds: bin - offset))
                if scale == .month, month < 12 {
                    month += 1
                } else {
                    (year, month) = (year + 1, 1)
                }
            }
        }
        self.starts = starts
    }

    private static func floor(_ value: Int64, _ length: Int64) -> Int64 {
        let remainder = value % length
        return value - (remainder < 0 ? remainder + length : remainder)
    }

    /// The number, from 0 on, of the bin that a time is in.
    ///
    /// - Parameter time: Microseconds, within the range.
    package func index(of time: SQL) -> SQL {
        guard starts.count > 1 else { return "0" }
        if let length { return "((\(time) - \(starts[0])) / \(length))" }
        let cases = starts.dropFirst().enumerated().map { index, start -> SQL in
            "WHEN \(time) < \(start) THEN \(unsafe: String(index))"
        }
        return """
            (CASE \(cases, separator: " ") ELSE \(unsafe: String(starts.count - 1)) END)
            """
    }
}
