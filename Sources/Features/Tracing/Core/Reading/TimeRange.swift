import PhoenixModel
import SQLCore

/// A stretch of time, `[start, end)`. Nil leaves a side open.
package struct TimeRange: Sendable, Hashable {
    package var start: Timestamp?
    package var end: Timestamp?

    package init(start: Timestamp? = nil, end: Timestamp? = nil) {
        self.start = start
        self.end = end
    }

    package static let always = TimeRange()

    package var isEmpty: Bool {
        guard let start, let end else { return false }
        return start >= end
    }

    /// The conditions for a column lying in the range; none when both sides are open.
    package func conditions(on column: SQL) -> [SQL] {
        var conditions: [SQL] = []
        if let start { conditions.append("\(column) >= \(start)") }
        if let end { conditions.append("\(column) < \(end)") }
        return conditions
    }

    /// The whole minutes of the range, and the rest of it on both sides, so that what is kept by
    /// the minute can be summed up and the rest counted one by one.
    package struct Minutes: Sendable, Hashable {
        /// The first minute and the one behind the last, since 1970; nil when no minute is whole.
        package var whole: Range<Int64>?
        /// Less than a minute each; two at most.
        package var rest: [TimeRange]
    }

    package var minutes: Minutes {
        if isEmpty { return Minutes(whole: nil, rest: []) }
        let length: Int64 = 60_000_000
        let first: Int64 =
            start.map {
                let minute = ProjectRollup.minute(of: $0.microseconds)
                return minute * length == $0.microseconds ? minute : minute + 1
            } ?? .min
        let last: Int64 = end.map { ProjectRollup.minute(of: $0.microseconds) } ?? .max
        // Within one minute, or across the border of two without a whole one between them.
        guard first < last else {
            return Minutes(whole: nil, rest: [self])
        }
        var rest: [TimeRange] = []
        if let start, start.microseconds < first * length {
            rest.append(TimeRange(start: start, end: Timestamp(microseconds: first * length)))
        }
        if let end, end.microseconds > last * length {
            rest.append(TimeRange(start: Timestamp(microseconds: last * length), end: end))
        }
        return Minutes(whole: first..<last, rest: rest)
    }
}
