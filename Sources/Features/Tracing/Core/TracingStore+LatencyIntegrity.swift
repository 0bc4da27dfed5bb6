import SQLCore

extension TracingStore {
    /// Compares the counts by latency with the traces themselves: one sentence for each project that
    /// differs, up to 100.
    static func latencyFindings(_ connection: any SQLConnection) throws -> [String] {
        let actual = try countedTraces(connection).counts
        var kept: [LatencyRollup.Key: Int64] = [:]
        let rows = try connection.integers(
            """
            SELECT l.project_rowid, l.bucket, l.trace_count
            FROM project_trace_latencies l
            WHERE l.trace_count <> 0
            """)
        for index in stride(from: 0, to: rows.count, by: 3) {
            kept[LatencyRollup.Key(project: rows[index], bucket: rows[index + 1])] = rows[index + 2]
        }
        let different = Set(kept.keys).union(actual.keys).filter { kept[$0] != actual[$0] }
        return Set(different.map(\.project)).sorted().prefix(100)
            .map { "The latencies of project row \($0) do not match its traces." }
    }

    /// Reads traces a page at a time, so that memory stays bounded.
    private static func countedTraces(_ connection: any SQLConnection) throws -> LatencyRollup {
        var counted = LatencyRollup()
        var last: Int64 = 0
        while true {
            let traces = try connection.integers(
                """
                SELECT t.id, t.project_rowid, t.end_time - t.start_time
                FROM traces t
                WHERE t.id > \(last)
                ORDER BY t.id
                LIMIT \(pageRowsMax)
                """)
            guard !traces.isEmpty else { return counted }
            for index in stride(from: 0, to: traces.count, by: 3) {
                last = traces[index]
                counted.countTraces(1, project: traces[index + 1], latency: traces[index + 2])
            }
        }
    }

    private static let pageRowsMax = 65_536
}
