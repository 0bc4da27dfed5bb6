import SQLCore

/// Changes to `project_minutes` and `project_trace_latencies`, summed up until they are written.
///
/// A span counts in the minute in which it started, a trace in the minute of its start. Negative
/// amounts take back what was counted. Tokens are those of ``CountedTokens``.
package struct ProjectRollup {
    private struct Key: Hashable, Comparable {
        var project: Int64
        var minute: Int64

        static func < (left: Key, right: Key) -> Bool {
            (left.project, left.minute) < (right.project, right.minute)
        }
    }

    private struct Sums: Equatable {
        var traces: Int64 = 0
        var spans: Int64 = 0
        var oks: Int64 = 0
        var errors: Int64 = 0
        var promptTokens: Int64 = 0
        var completionTokens: Int64 = 0
    }

    private var sums: [Key: Sums] = [:]
    private var latencies = LatencyRollup()

    package init() {}

    /// The minute, since 1970, of a time in microseconds.
    package static func minute(of time: Int64) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: 60_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// Counts traces that started and ended at some times, in microseconds.
    package mutating func countTraces(
        _ count: Int64, project: Int64, startTime: Int64, endTime: Int64
    ) {
        sums[Key(project: project, minute: Self.minute(of: startTime)), default: Sums()].traces +=
            count
        latencies.countTraces(count, project: project, latency: endTime - startTime)
    }

    package mutating func countSpans(
        _ count: Int64, oks: Int64, errors: Int64, promptTokens: Int64, completionTokens: Int64,
        project: Int64, minute: Int64
    ) {
        let key = Key(project: project, minute: minute)
        sums[key, default: Sums()].spans += count
        sums[key]!.oks += oks
        sums[key]!.errors += errors
        sums[key]!.promptTokens += promptTokens
        sums[key]!.completionTokens += completionTokens
    }

    /// Counts the tokens of a span that is counted already.
    ///
    /// - Parameter span: Its `project_rowid`, `start_time` and tokens.
    /// - Parameter sign: 1, or -1 to take them back.
    mutating func countTokens(of span: SQLRow, sign: Int64) {
        countSpans(
            0, oks: 0, errors: 0, promptTokens: sign * span.integer(2),
            completionTokens: sign * span.integer(3), project: span.integer(0),
            minute: Self.minute(of: span.integer(1)))
    }

    /// What a statement on `spans` returns for ``countTokens(of:sign:)``.
    static let returningTokens: SQL = """
        RETURNING project_rowid, start_time, COALESCE(llm_token_count_prompt, 0),
            COALESCE(llm_token_count_completion, 0)
        """

    /// Adds the changes to the tables, in the order of their keys, so that concurrent writers cannot
    /// deadlock. Sums that came to nothing are not written.
    package func apply(on connection: any SQLConnection) throws {
        var rows = BulkRows([
            .init("project_rowid", .bigint), .init("minute", .bigint),
            .init("trace_count", .bigint), .init("span_count", .bigint),
            .init("ok_count", .bigint), .init("error_count", .bigint),
            .init("llm_token_count_prompt", .bigint),
            .init("llm_token_count_completion", .bigint),
        ])
        for (key, sums) in sums.sorted(by: { $0.key < $1.key }) where sums != Sums() {
            rows.append(key.project)
            rows.append(key.minute)
            rows.append(sums.traces)
            rows.append(sums.spans)
            rows.append(sums.oks)
            rows.append(sums.errors)
            rows.append(sums.promptTokens)
            rows.append(sums.completionTokens)
        }
        try connection.add(rows, into: "project_minutes", keyColumns: 2)
        try latencies.apply(on: connection)
        let shrunk = Set(
            sums.filter { $0.value.traces < 0 || $0.value.spans < 0 }.map(\.key.project))
        guard !shrunk.isEmpty else { return }
        try connection.execute(
            """
            DELETE FROM project_minutes
            WHERE project_rowid IN (\(list: shrunk.sorted())) AND trace_count = 0 AND span_count = 0
            """)
    }
}
