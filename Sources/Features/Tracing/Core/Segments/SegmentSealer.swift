import PhoenixModel
import SQLCore

/// Computes what is known of segments, behind the writer.
struct SegmentSealer {
    let connection: any SQLConnection

    /// What is left to do.
    struct Backlog: Sendable {
        /// Segments that are full and not sealed.
        var full: Range<Int64>
        /// Sealed segments to rebuild, not more than were asked for.
        var stale: [SpanSegment]

        var isEmpty: Bool { full.isEmpty && stale.isEmpty }
    }

    /// Reads what is left to do. Without ``SQLConnection/lockSegments()`` the end of `full` may be
    /// beyond what may be sealed.
    func backlog(staleMax: Int) throws -> Backlog {
        let next = try connection.first("SELECT next_segment FROM span_segment_progress")!.integer(
            0)
        let last = try connection.first("SELECT COALESCE(MAX(id), -1) FROM spans")!.integer(0)
        let stale = try connection.query(
            """
            SELECT segment
            FROM stale_span_segments
            WHERE segment < \(next)
            ORDER BY segment
            LIMIT \(staleMax)
            """)
        let end = (last + 1) >> SpanSegment.sizeBits
        return Backlog(
            full: next..<max(next, end), stale: stale.map { SpanSegment($0.integer(0)) })
    }

    /// Seals the segments from the position on, inside of the caller's transaction, which has locked
    /// them.
    func seal(_ segments: Range<Int64>) throws {
        guard !segments.isEmpty else { return }
        // Spans were taken out of some before they were full: they are read whole now.
        for table: SQL in ["stale_span_segments", "span_segments"] {
            try connection.execute(
                """
                DELETE FROM \(table)
                WHERE segment >= \(segments.lowerBound) AND segment < \(segments.upperBound)
                """)
        }
        try store(segments.map { SpanSegment($0) })
        try connection.execute(
            "UPDATE span_segment_progress SET next_segment = \(segments.upperBound)")
    }

    /// Computes stale segments anew, inside of the caller's transaction, which has locked them.
    func rebuild(_ segments: [SpanSegment]) throws {
        for chunk in segments.map(\.number).chunked() {
            try connection.execute(
                "DELETE FROM stale_span_segments WHERE segment IN (\(list: chunk))")
            try connection.execute("DELETE FROM span_segments WHERE segment IN (\(list: chunk))")
        }
        try store(segments)
    }

    private struct Key: Hashable, Comparable {
        var project: Int64
        var segment: SpanSegment

        static func < (left: Key, right: Key) -> Bool {
            (left.project, left.segment) < (right.project, right.segment)
        }
    }

    private func store(_ segments: [SpanSegment]) throws {
        var statistics: [Key: SegmentStatistics] = [:]
        for chunk in segments.chunked(by: 32) {
            let rows = try connection.query(
                """
                SELECT s.project_rowid, \(SpanSegment.numberOfSpan), \(SegmentStatistics.spanColumns)
                FROM \(SQL.spans(in: chunk))
                LEFT JOIN span_costs sc ON sc.span_rowid = s.id
                """)
            for row in rows {
                let key = Key(project: row.integer(0), segment: SpanSegment(row.integer(1)))
                statistics[key, default: SegmentStatistics()].include(row, startingAt: 2)
            }
        }
        let rows = statistics.sorted { $0.key < $1.key }
            .map { $0.value.row(project: $0.key.project, segment: $0.key.segment) }
        for chunk in rows.chunked(by: 32) {
            try connection.execute(
                """
                INSERT INTO span_segments (\(SegmentStatistics.columns))
                VALUES \(rows: Array(chunk), padded: false)
                """)
        }
    }
}

extension SQLConnection {
    /// Widens the bounds of sealed segments after cumulative counts of some of their spans grew.
    func widenSegments(ofSpans ids: [Int64]) throws {
        let numbers: [SegmentStatistics.Number] = [
            .cumulativePromptTokens, .cumulativeCompletionTokens, .cumulativeTotalTokens,
        ]
        let changes = numbers.map { number -> SQL in
            let column: SQL = "\(unsafe: number.rawValue)_max"
            return "\(column) = \(SQL.greatest("span_segments.\(column)", "grown.\(column)"))"
        }
        try execute(
            """
            UPDATE span_segments
            SET \(changes, separator: ", ")
            FROM (
                SELECT s.project_rowid, \(SpanSegment.numberOfSpan) AS segment,
                    MAX(s.cumulative_llm_token_count_prompt) AS cumulative_prompt_tokens_max,
                    MAX(s.cumulative_llm_token_count_completion)
                        AS cumulative_completion_tokens_max,
                    MAX(s.cumulative_llm_token_count_prompt
                        + s.cumulative_llm_token_count_completion) AS cumulative_total_tokens_max
                FROM spans s
                WHERE s.id IN (\(list: ids))
                GROUP BY s.project_rowid, \(SpanSegment.numberOfSpan)
            ) grown
            WHERE span_segments.project_rowid = grown.project_rowid
                AND span_segments.segment = grown.segment
            """)
    }
}

extension SQL {
    /// The spans of some segments, of which there is one at least, as what follows `FROM`: the table
    /// `spans` called `s`, reached by as few ranges of ids as possible.
    ///
    /// As a condition, a list of ranges would be compared with the id of each span.
    static func spans(in segments: some Collection<SpanSegment>) -> SQL {
        var ranges: [ClosedRange<Int64>] = []
        for segment in segments.sorted() {
            let ids = segment.ids
            if let last = ranges.last, last.upperBound + 1 == ids.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound...ids.upperBound
            } else {
                ranges.append(ids)
            }
        }
        let rows = ranges.map { [SQLValue.integer($0.lowerBound), .integer($0.upperBound)] }
        // Each database is kept from reading all spans instead: SQLite along an index that has the
        // order asked for (it keeps the order of a CROSS JOIN), PostgreSQL from end to end (OFFSET keeps
        // it from joining in another way).
        let spans: SQL = .dialect(
            sqlite: """
                CROSS JOIN spans s NOT INDEXED
                ON s.id BETWEEN ranges.column1 AND ranges.column2
                """,
            postgres: """
                CROSS JOIN LATERAL (
                    SELECT r.*
                    FROM spans r
                    WHERE r.id BETWEEN ranges.column1 AND ranges.column2
                    OFFSET 0
                ) s
                """)
        return "(VALUES \(rows: rows, padded: false)) AS ranges \(spans)"
    }
}
