import PhoenixModel
import Testing
import Tracing

struct TimeBinsTests {
    static func time(_ text: String) throws -> Timestamp { try Timestamp.parse(text).timestamp }

    @Test(
        arguments: [
            (.minute, 0, ["2026-09-12T10:17:00+00:00", "2026-09-12T10:18:00+00:00"]),
            (.hour, 0, ["2026-09-12T10:00:00+00:00"]),
            (.hour, 90, ["2026-09-12T09:30:00+00:00"]),
            (.hour, -30, ["2026-09-12T09:30:00+00:00"]),
            (.day, 0, ["2026-09-12T00:00:00+00:00"]),
            (.day, 330, ["2026-09-11T18:30:00+00:00"]),
            (.week, 0, ["2026-09-07T00:00:00+00:00"]),
            (.week, 60, ["2026-09-06T23:00:00+00:00"]),
            (.month, 0, ["2026-09-01T00:00:00+00:00"]),
            (.month, -720, ["2026-09-01T12:00:00+00:00"]),
            (.year, 0, ["2026-01-01T00:00:00+00:00"]),
        ] as [(TimeBins.Scale, Int, [String])])
    func `bins are those of the local calendar that touch the range`(
        scale: TimeBins.Scale, offset: Int, starts: [String]
    ) throws {
        let bins = try TimeBins(
            from: try Self.time("2026-09-12T10:17:23.5Z"),
            to: try Self.time("2026-09-12T10:19:00Z"),
            scale: scale, utcOffsetMinutes: offset)
        #expect(bins.starts.map(\.description) == starts)
    }

    @Test func `months and years are as long as they are`() throws {
        let from = try Self.time("2024-01-31T00:00:00Z")
        let to = try Self.time("2024-04-01T00:00:00.000001Z")
        let months = try TimeBins(from: from, to: to, scale: .month)
        #expect(
            months.starts.map(\.description) == [
                "2024-01-01T00:00:00+00:00", "2024-02-01T00:00:00+00:00",
                "2024-03-01T00:00:00+00:00", "2024-04-01T00:00:00+00:00",
            ])
        let years = try TimeBins(
            from: from, to: try Self.time("2026-01-01T00:00:00Z"), scale: .year)
        #expect(years.starts.count == 2)
    }

    @Test(arguments: TimeBins.Scale.allCases)
    func `a range without any time has no bins`(scale: TimeBins.Scale) throws {
        let time = try Self.time("2026-09-12T10:00:00Z")
        let earlier = try Self.time("2026-09-11T10:00:00Z")
        #expect(try TimeBins(from: time, to: time, scale: scale).starts == [])
        #expect(try TimeBins(from: time, to: earlier, scale: scale).starts == [])
    }

    @Test(arguments: [TimeBins.Scale.minute, .month])
    func `too many bins are refused`(scale: TimeBins.Scale) throws {
        #expect(throws: TracingError.self) {
            try TimeBins(from: .earliest, to: .latest, scale: scale)
        }
    }

    @Test(
        arguments: [
            (0, 120, 0..<2, []),
            (1, 120, 1..<2, [1..<60]),
            (0, 119, 0..<1, [60..<119]),
            (1, 119, nil, [1..<119]),
            (61, 119, nil, [61..<119]),
            (-1, 61, 0..<1, [-1..<0, 60..<61]),
            (5, 5, nil, []),
            (9, 5, nil, []),
        ] as [(Int64, Int64, Range<Int64>?, [Range<Int64>])])
    func `a range is whole minutes and less than a minute on each side`(
        start: Int64, end: Int64, whole: Range<Int64>?, rest: [Range<Int64>]
    ) {
        func seconds(_ value: Int64) -> Timestamp { Timestamp(microseconds: value * 1_000_000) }
        let minutes = TimeRange(start: seconds(start), end: seconds(end)).minutes
        #expect(minutes.whole == whole)
        #expect(
            minutes.rest
                == rest.map {
                    TimeRange(start: seconds($0.lowerBound), end: seconds($0.upperBound))
                })
    }
}
