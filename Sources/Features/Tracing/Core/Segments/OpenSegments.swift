import SQLCore

/// The segments about which nothing is known: those not sealed yet, and stale ones.
struct OpenSegments {
    /// The first segment that is not sealed.
    let next: SpanSegment
    /// Sealed segments that changed since.
    let stale: [SpanSegment]

    init(on connection: any SQLConnection) throws {
        let next = try connection.first("SELECT next_segment FROM span_segment_progress")!.integer(
            0)
        self.next = SpanSegment(next)
        stale = try connection.query(
            "SELECT segment FROM stale_span_segments WHERE segment < \(next) ORDER BY segment"
        ).map { SpanSegment($0.integer(0)) }
    }

    /// The condition for the spans table called `s` being in a segment that is not sealed.
    var tail: SQL { "s.id >= \(next.ids.lowerBound)" }
}
