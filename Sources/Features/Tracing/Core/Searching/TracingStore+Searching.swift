import PhoenixModel
import SQLCore
import TextSignatures

/// What to look for in the texts of a project's spans.
package struct SpanSearch: Sendable {
    package var needle: TextNeedle
    /// Spans that start at this time or later.
    package var startTime: Timestamp?
    /// Spans that start before this time.
    package var endTime: Timestamp?

    package static let lengthMax = 1000

    /// - Parameter text: White space around it does not count.
    /// - Throws: ``TracingError`` when nothing is left of it or it is longer than ``lengthMax``
    ///   characters.
    package init(for text: String) throws(TracingError) {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        guard !scalars.isEmpty else {
            throw TracingError(
                .malformed, "The text to search for is empty. Write one character or more.")
        }
        guard scalars.count <= Self.lengthMax else {
            throw TracingError(
                .malformed,
                "The text to search for has \(scalars.count) characters. "
                    + "Shorten it to \(Self.lengthMax).")
        }
        needle = TextNeedle(String(scalars))
    }
}

/// A span that has the text.
package struct SpanSearchMatch: Sendable {
    package var span: Span
    package var traceID: OTelID
    package var match: TextMatch
}

/// One page of a search, the newest spans first.
package struct SpanSearchPage: Sendable {
    package var matches: [SpanSearchMatch]
    /// The search goes on with the spans below this one; nil when all were looked at.
    package var following: Span.ID?
    /// False when time was up before the page was full or all spans were looked at.
    package var isComplete: Bool
}

/// How long one request may search.
package struct SearchBudget: Sendable {
    let isSpent: @Sendable () -> Bool

    package init<Time: Clock>(_ duration: Duration, clock: Time) where Time.Duration == Duration {
        let start = clock.now
        isSpent = { start.duration(to: clock.now) >= duration }
    }

    /// Below the quarter of a second that a search may take, so that the last step fits in.
    package static let usualDuration: Duration = .milliseconds(150)
}

extension TracingStore {
    /// Searches the spans of a project for a text.
    ///
    /// Names, status messages and the strings in attributes and in the attributes of events are
    /// searched, ignoring case (``TextFolding``). Signatures tell which sealed segments can have the
    /// text; those that are not sealed are looked at all the same, so that spans are found as soon as
    /// they are stored.
    ///
    /// - Parameters:
    ///   - position: Only spans below this one are looked at.
    ///   - limit: How many matches the page has at most.
    ///   - budget: When it is spent the page ends, but not before some spans were looked at.
    package func searchSpans(
        of project: Project.ID, for search: SpanSearch, below position: Span.ID? = nil, limit: Int,
        budget: SearchBudget
    ) async throws -> SpanSearchPage {
        var walk = SearchWalk(
            project: project, search: search, payloads: payloads, budget: budget,
            // One more tells whether another page follows.
            matchesMax: limit + 1, upper: position?.value ?? .max)
        repeat {
            try Task.checkCancellation()
            let before = walk
            walk = try await database.read { connection in
                var walk = before
                try walk.advance(on: connection)
                return walk
            }
        } while !walk.isDone && !budget.isSpent()

        let found = Array(walk.matches.prefix(limit))
        let isFull = walk.matches.count > limit
        let matches = try await database.read { try Self.matches(found, on: $0) }
        return SpanSearchPage(
            matches: matches,
            following: isFull
                ? found.last.map { Span.ID($0.span) } : walk.isDone ? nil : Span.ID(walk.upper),
            isComplete: isFull || walk.isDone)
    }

    /// Matches with their spans, but for those that were deleted meanwhile.
    private static func matches(
        _ found: [(span: Int64, match: TextMatch)], on connection: any SQLConnection
    ) throws -> [SpanSearchMatch] {
        var spans: [Int64: (span: Span, trace: OTelID)] = [:]
        for chunk in found.map(\.span).chunked() {
            let rows = try connection.query(
                """
                SELECT \(spanColumns), t.trace_id
                FROM spans s
                JOIN traces t ON t.id = s.trace_rowid
                WHERE s.id IN (\(list: chunk))
                """)
            for row in rows {
                let span = span(row)
                spans[span.id.value] = (span, row.otelID(spanColumnCount))
            }
        }
        return found.compactMap { id, match in
            spans[id].map { SpanSearchMatch(span: $0.span, traceID: $0.trace, match: match) }
        }
    }
}

/// A search on its way down through the spans of a project.
private struct SearchWalk: Sendable {
    let project: Project.ID
    let search: SpanSearch
    let payloads: any SpanPayloadStore
    let budget: SearchBudget
    let matchesMax: Int

    /// All spans from here on were looked at.
    private(set) var upper: Int64
    private(set) var matches: [(span: Int64, match: TextMatch)] = []
    private var isAtEnd = false

    init(
        project: Project.ID, search: SpanSearch, payloads: any SpanPayloadStore,
        budget: SearchBudget, matchesMax: Int, upper: Int64
    ) {
        self.project = project
        self.search = search
        self.payloads = payloads
        self.budget = budget
        self.matchesMax = matchesMax
        // Ids are positive.
        self.upper = max(upper, 0)
    }

    var isDone: Bool { isAtEnd || matches.count >= matchesMax }

    /// How many segments are asked about at once.
    private static let segmentsMax = 1024
    /// How many spans are looked at in a row, where no signature helps.
    private static let spansMax = 512
    /// How many ids are passed over at once, where a time window leaves few spans.
    private static let idsMax: Int64 = 65_536
    /// How many segments are looked at in a row, from the first on.
    private static let runSizes = [2, 4, 8]

    mutating func advance(on connection: any SQLConnection) throws {
        guard let query = search.needle.signatureQuery else {
            return try lookAtSpans(from: 0, on: connection)
        }
        let tail = SpanSegment(try SegmentSignatures.nextSegment(on: connection)).ids.lowerBound
        if upper > tail {
            try lookAtSpans(from: tail, on: connection)
            // The spans of sealed segments are still to come.
            isAtEnd = isAtEnd && tail <= 0
        } else {
            try lookAtSegments(query, on: connection)
        }
    }

    // MARK: Spans in a row

    private mutating func lookAtSpans(
        from lower: Int64, on connection: any SQLConnection
    ) throws {
        if upper == .max {
            upper = try connection.first("SELECT COALESCE(MAX(id), 0) + 1 FROM spans")!.integer(0)
        }
        let floor = max(lower, upper - Self.idsMax)
        let rows = try connection.query(
            """
            SELECT s.id, s.name, s.status_message, \(payloads.selection)
            FROM spans s
            WHERE \(conditions) AND s.id >= \(floor)
            ORDER BY s.id DESC
            LIMIT \(Self.spansMax)
            """)
        try look(at: rows, on: connection)
        if rows.count < Self.spansMax {
            upper = min(upper, floor)
            isAtEnd = floor == lower
        } else {
            upper = rows[rows.count - 1].integer(0)
        }
    }

    private var conditions: SQL {
        var conditions: [SQL] = ["s.project_rowid = \(project)", "s.id < \(upper)"]
        if let start = search.startTime { conditions.append("s.start_time >= \(start)") }
        if let end = search.endTime { conditions.append("s.start_time < \(end)") }
        return "\(conditions, separator: " AND ")"
    }

    private mutating func look(at rows: [SQLRow], on connection: any SQLConnection) throws {
        let reader = payloads.reader()
        for row in rows {
            guard matches.count < matchesMax else { return }
            let payload = try reader.payload(in: row, startingAt: 3, on: connection)
            let match = try TextMatch.first(
                of: search.needle, name: row.text(1), statusMessage: row.text(2), payload: payload)
            if let match { matches.append((row.integer(0), match)) }
        }
    }

    // MARK: Segments that signatures name

    private mutating func lookAtSegments(
        _ query: SignatureQuery, on connection: any SQLConnection
    ) throws {
        let segments = try self.segments(on: connection)
        let candidates = try SegmentSignatures.candidates(
            for: query, among: segments, on: connection)
        var start = 0
        var turn = 0
        while start < candidates.count {
            let size = Self.runSizes[min(turn, Self.runSizes.count - 1)]
            let run = candidates[start..<min(start + size, candidates.count)]
            let rows = try connection.query(
                """
                SELECT s.id, s.name, s.status_message, \(payloads.selection)
                FROM \(SQL.spans(in: run.map { SpanSegment($0) }))
                WHERE \(conditions)
                ORDER BY s.id DESC
                """)
            try look(at: rows, on: connection)
            upper = SpanSegment(run[run.endIndex - 1]).ids.lowerBound
            if matches.count >= matchesMax || budget.isSpent() { return }
            start += run.count
            turn += 1
        }
        if segments.count < Self.segmentsMax {
            isAtEnd = true
        } else {
            upper = SpanSegment(segments[segments.count - 1]).ids.lowerBound
        }
    }

    /// The next segments that have spans of the project in the time range, the newest first.
    private func segments(on connection: any SQLConnection) throws -> [Int64] {
        let last = SpanSegment(of: upper - 1).number
        var zone: [SQL] = ["z.project_rowid = \(project)", "z.segment <= \(last)"]
        if let start = search.startTime { zone.append("z.start_time_max >= \(start)") }
        if let end = search.endTime { zone.append("z.start_time_min < \(end)") }
        // What is known of stale segments is not trusted.
        return try connection.query(
            """
            SELECT segment
            FROM (
                SELECT z.segment
                FROM span_segments z
                WHERE \(zone, separator: " AND ")
                ORDER BY z.segment DESC
                LIMIT \(Self.segmentsMax)
            ) known
            UNION
            SELECT segment
            FROM (
                SELECT r.segment
                FROM stale_span_segments r
                WHERE r.segment <= \(last)
                ORDER BY r.segment DESC
                LIMIT \(Self.segmentsMax)
            ) stale
            ORDER BY segment DESC
            LIMIT \(Self.segmentsMax)
            """
        ).map { $0.integer(0) }
    }
}
