import Calendar

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
    /// fraction when it is zero. In ASCII.
    package static func iso8601(microseconds: Int64) -> [UInt8] {
        CivilTime(microsecondsSince1970: microseconds).iso8601
    }
}
