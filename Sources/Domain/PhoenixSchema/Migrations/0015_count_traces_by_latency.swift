extension Migration {
    /// `project_trace_latencies`: how many traces of a project took about how long. The place of a
    /// quantile is found by adding up a few hundred rows, and only within one of them are traces
    /// counted. Whoever inserts, changes, deletes or moves traces keeps it in the same transaction.
    ///
    /// A bucket holds the latencies, in microseconds, that agree in how many digits they have and in the
    /// first two: it is `90 * k + latency / 10^k`, where k is how many digits are left out; -1 stands for
    /// all that is below zero.
    static let countTracesByLatency = Migration(
        version: 15,
        name: "count traces by latency",
        sqlite: """
            CREATE TABLE project_trace_latencies (
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                bucket INTEGER NOT NULL,
                trace_count INTEGER NOT NULL,
                PRIMARY KEY (project_rowid, bucket)
            ) WITHOUT ROWID;
            \(countStoredTraces)
            """,
        postgres: """
            LOCK TABLE traces IN SHARE ROW EXCLUSIVE MODE;
            CREATE TABLE project_trace_latencies (
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                bucket BIGINT NOT NULL,
                trace_count BIGINT NOT NULL,
                PRIMARY KEY (project_rowid, bucket)
            );
            \(countStoredTraces)
            """)

    /// The writer's buckets in SQL, spelled out, so that a released step does not change with the code.
    /// 10^18 is the last power of ten that 64 bits hold.
    private static var countStoredTraces: String {
        var power: Int64 = 1
        var cases = ""
        for digits in 0..<17 {
            cases +=
                " WHEN latency < \(power * 100) THEN \(90 * digits) + latency / \(power)"
            power *= 10
        }
        return """
            INSERT INTO project_trace_latencies (project_rowid, bucket, trace_count)
            SELECT project_rowid, bucket, COUNT(*)
            FROM (
                SELECT project_rowid,
                    CASE WHEN latency < 0 THEN -1\(cases) ELSE \(90 * 17) + latency / \(power) END
                        AS bucket
                FROM (SELECT project_rowid, end_time - start_time AS latency FROM traces) l
            ) b
            GROUP BY project_rowid, bucket;
            """
    }
}
