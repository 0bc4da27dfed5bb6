/// When a retention policy is applied: hours of the week, in UTC.
///
/// Five fields as cron has them, of which the minute is 0 and the day of the month and the month are
/// `*`. An hour (0 to 23) and a day of the week (0 to 6, from Sunday on) are lists of numbers, ranges
/// and steps.
package struct CronExpression: Hashable, Sendable {
    package struct Fault: Error, Hashable {
        package let message: String
    }

    package let text: String
    private let hours: Set<Int>
    private let weekdays: Set<Int>

    package init(_ text: String) throws(Fault) {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 5 else {
            throw Fault(
                message: "A cron expression has five fields: minute, hour, day of the month, month "
                    + "and day of the week.")
        }
        guard fields[0] == "0" else {
            throw Fault(
                message: "The minute of a retention policy is 0: it is applied by the hour.")
        }
        guard fields[2] == "*", fields[3] == "*" else {
            throw Fault(
                message: "The day of the month and the month of a retention policy are `*`.")
        }
        self.text = text
        hours = try Self.numbers(fields[1], upTo: 23, "hour")
        weekdays = try Self.numbers(fields[4], upTo: 6, "day of the week")
    }

    private static func numbers(
        _ field: Substring, upTo maximum: Int, _ name: String
    ) throws(Fault) -> Set<Int> {
        let fault = Fault(
            message:
                "The \(name) '\(field.prefix(50))' is none: give numbers from 0 to \(maximum), "
                + "ranges such as 1-3 or steps such as */2, separated by commas.")
        func number(_ text: Substring) throws(Fault) -> Int {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(text)
            else { throw fault }
            return number
        }
        var numbers: Set<Int> = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(pieces.count) else { throw fault }
            let step = pieces.count == 2 ? try number(pieces[1]) : 1
            guard step > 0 else { throw fault }
            let range: (first: Int, last: Int)
            if pieces[0] == "*" {
                range = (0, maximum)
            } else {
                let ends = pieces[0].split(separator: "-", omittingEmptySubsequences: false)
                guard (1...2).contains(ends.count) else { throw fault }
                let first = try number(ends[0])
                // A number with a step goes on from there.
                range = (
                    first,
                    ends.count == 2 ? try number(ends[1]) : pieces.count == 2 ? maximum : first
                )
            }
            guard range.first <= range.last, range.last <= maximum else { throw fault }
            numbers.formUnion(stride(from: range.first, through: range.last, by: step))
        }
        return numbers
    }

    /// Whether a policy is applied in an hour.
    ///
    /// - Parameter hour: How many hours after the beginning of 1970, in UTC.
    package func includes(hour: Int64) -> Bool {
        // 1970 began on a Thursday.
        let day = hour >= 0 ? hour / 24 : (hour - 23) / 24
        let weekday = Int(((day + 4) % 7 + 7) % 7)
        return hours.contains(Int(hour - day * 24)) && weekdays.contains(weekday)
    }
}
