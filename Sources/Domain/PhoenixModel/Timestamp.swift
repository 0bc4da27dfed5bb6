import Calendar

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

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 as the contract writes it: `2026-11-20T00:00:00.500000+00:00`, without a fraction
    /// when that is zero.
    ///
    /// Instants outside the years 1 to 9999 are shown as the nearest one inside.
    package var description: String {
        let shown = min(max(self, .earliest), .latest)
        let time = CivilTime(microsecondsSince1970: shown.microseconds)
        return String(decoding: time.iso8601, as: UTF8.self)
    }
}
