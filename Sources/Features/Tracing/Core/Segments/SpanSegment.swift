import PhoenixModel
import SQLCore

/// A run of 128 row ids of spans, by its number: the id of a span divided by 128.
struct SpanSegment: Hashable, Comparable, Sendable {
    static let sizeBits: Int64 = 7
    static let size: Int64 = 1 << sizeBits

    let number: Int64

    init(_ number: Int64) { self.number = number }
    init(of span: Int64) { number = span >> Self.sizeBits }

    /// The row ids that belong to the segment.
    var ids: ClosedRange<Int64> {
        number << Self.sizeBits...(number << Self.sizeBits) + (Self.size - 1)
    }

    /// The row ids in runs of at most `count`.
    func runs(of count: Int) -> [ClosedRange<Int64>] {
        stride(from: ids.lowerBound, through: ids.upperBound, by: count).map {
            $0...min($0 + Int64(count) - 1, ids.upperBound)
        }
    }

    static func < (left: SpanSegment, right: SpanSegment) -> Bool { left.number < right.number }

    /// The segment number of the spans table called `s`.
    static let numberOfSpan: SQL = "(s.id >> 7)"
}

extension SQLConnection {
    /// Marks the segments of some spans as stale, inside of the caller's transaction.
    ///
    /// - Parameter condition: Which spans, as a condition on the table `spans` called `s`.
    func markSegmentsStale(ofSpansWhere condition: SQL) throws {
        // Whoever rebuilds segments must not take the mark away before the change is committed.
        try holdSegmentsOpen()
        try execute(
            """
            INSERT INTO stale_span_segments (segment)
            SELECT DISTINCT \(SpanSegment.numberOfSpan) FROM spans s WHERE \(condition)
            ON CONFLICT (segment) DO NOTHING
            """)
    }

    /// Keeps segments from being sealed until the caller's transaction ends, which changes numbers of
    /// spans or adds spans. SQLite has one writer and needs no lock.
    ///
    /// Call it before any row is locked: who seals waits for all who hold segments open, and whoever
    /// comes later waits behind it.
    func holdSegmentsOpen() throws {
        guard dialect == .postgres else { return }
        _ = try query("SELECT pg_advisory_xact_lock_shared(\(SegmentLock.key))")
    }

    /// Waits until nobody holds segments open, and keeps it so until the caller's transaction ends.
    func lockSegments() throws {
        guard dialect == .postgres else { return }
        _ = try query("SELECT pg_advisory_xact_lock(\(SegmentLock.key))")
    }
}

private enum SegmentLock {
    /// `segments` in ASCII, the number of PostgreSQL's advisory lock.
    static let key: Int64 = 0x7365_676D_656E_7473
}
