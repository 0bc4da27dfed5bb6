extension Migration {
    /// What is known of runs of spans, so that lists, filters and searches look at few of them.
    ///
    /// A segment is a run of 128 row ids of `spans`: that of a span is its id divided by 128. Segments
    /// are sealed behind the writer, once all of their ids are past; `span_segment_progress` tells how
    /// far that went. Whoever deletes or moves spans, or lowers one of their numbers, names their
    /// segments in `stale_span_segments` in the same transaction; these are not trusted until they are
    /// rebuilt.
    static let addSpanSegments = Migration(
        version: 3,
        name: "add span segments",
        sqlite: script(
            id: "INTEGER", integer: "INTEGER", real: "REAL", blob: "BLOB", tail: " WITHOUT ROWID"),
        postgres: script(
            id: "BIGINT", integer: "BIGINT", real: "DOUBLE PRECISION", blob: "BYTEA", tail: ""))

    private static func script(
        id: String, integer: String, real: String, blob: String, tail: String
    ) -> String {
        let ranges = [
            "start_time", "end_time", "latency", "prompt_tokens", "completion_tokens",
            "total_tokens", "cumulative_prompt_tokens", "cumulative_completion_tokens",
            "cumulative_total_tokens",
        ].map { "\($0)_min \(integer),\n\($0)_max \(integer),\n" }.joined()
        return """
            CREATE TABLE span_segment_progress (
                id \(id) PRIMARY KEY CHECK (id = 1),
                next_segment \(integer) NOT NULL
            );
            INSERT INTO span_segment_progress (id, next_segment) VALUES (1, 0);

            CREATE TABLE stale_span_segments (
                segment \(id) PRIMARY KEY
            );

            CREATE TABLE span_segments (
                project_rowid \(integer) NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                segment \(integer) NOT NULL,
                span_count \(integer) NOT NULL,
                traits \(integer) NOT NULL,
                \(ranges)
                total_cost_min \(real),
                total_cost_max \(real),
                latencies \(blob) NOT NULL,
                PRIMARY KEY (project_rowid, segment)
            )\(tail);
            CREATE INDEX span_segments_segment ON span_segments (segment);

            CREATE TABLE span_segment_signatures (
                segment \(id) PRIMARY KEY,
                data \(blob) NOT NULL
            );

            CREATE TABLE span_signature_slices (
                group_id \(integer) NOT NULL,
                slice_block \(integer) NOT NULL,
                data \(blob) NOT NULL,
                PRIMARY KEY (group_id, slice_block)
            )\(tail);
            """
    }
}
