import PhoenixModel
import SQLCore

/// Takes traces and spans out of the sums that are kept over them, and then out of the database.
///
/// Everything happens inside the caller's transaction.
struct TraceRemoval {
    let connection: any SQLConnection
    let payloads: any SpanPayloadStore

    private var rollup = ProjectRollup()
    private var costs = CostRollup()

    init(connection: any SQLConnection, payloads: any SpanPayloadStore) {
        self.connection = connection
        self.payloads = payloads
    }

    /// The minute of a span's start, as ``ProjectRollup/minute(of:)`` has it.
    static let spanMinute: SQL = """
        CASE
            WHEN s.start_time >= 0 THEN s.start_time / 60000000
            ELSE (s.start_time - 59999999) / 60000000
        END
        """

    // MARK: Traces

    /// Deletes traces with all of their spans.
    mutating func remove(_ traces: [Trace.ID]) throws {
        try connection.holdSegmentsOpen()
        for chunk in traces.chunked() {
            try takeBack(traces: Array(chunk))
            let spans: SQL = "s.trace_rowid IN (\(list: chunk))"
            try connection.markSegmentsStale(ofSpansWhere: spans)
            try payloads.removePayloads(ofSpansWhere: spans, on: connection)
            try connection.execute("DELETE FROM traces WHERE id IN (\(list: chunk))")
        }
        try flush()
    }

    /// Moves traces with all of their spans to another project. Their sessions stay where they are.
    mutating func move(_ traces: [Trace.ID], to project: Project.ID) throws {
        try connection.holdSegmentsOpen()
        for chunk in traces.chunked() {
            try takeBack(traces: Array(chunk), givingTo: project)
            try connection.markSegmentsStale(ofSpansWhere: "s.trace_rowid IN (\(list: chunk))")
            try connection.execute(
                "UPDATE traces SET project_rowid = \(project) WHERE id IN (\(list: chunk))")
            try connection.execute(
                "UPDATE spans SET project_rowid = \(project) WHERE trace_rowid IN (\(list: chunk))")
        }
        try flush()
    }

    /// Takes what traces and their spans count for out of the sums, and perhaps adds it to those of
    /// another project.
    private mutating func takeBack(
        traces: [Trace.ID], givingTo receiver: Project.ID? = nil
    ) throws {
        let rows = try connection.query(
            """
            SELECT t.project_rowid, t.start_time, t.end_time
            FROM traces t
            WHERE t.id IN (\(list: traces))
            ORDER BY t.id
            \(SQL.forUpdate)
            """)
        for row in rows {
            let (start, end) = (row.integer(1), row.integer(2))
            rollup.countTraces(-1, project: row.integer(0), startTime: start, endTime: end)
            if let receiver {
                rollup.countTraces(1, project: receiver.value, startTime: start, endTime: end)
            }
        }
        let sums = try connection.query(
            """
            SELECT s.project_rowid, \(Self.spanMinute) AS minute, COUNT(*),
                CAST(SUM(CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END) AS BIGINT),
                CAST(SUM(\(CountedTokens.prompt)) AS BIGINT),
                CAST(SUM(\(CountedTokens.completion)) AS BIGINT),
                CAST(SUM(CASE WHEN s.status_code = 'OK' THEN 1 ELSE 0 END) AS BIGINT)
            FROM spans s
            WHERE s.trace_rowid IN (\(list: traces))
            GROUP BY s.project_rowid, minute
            """)
        for row in sums {
            rollup.countSpans(
                -row.integer(2), oks: -row.integer(6), errors: -row.integer(3),
                promptTokens: -row.integer(4), completionTokens: -row.integer(5),
                project: row.integer(0), minute: row.integer(1))
            guard let receiver else { continue }
            rollup.countSpans(
                row.integer(2), oks: row.integer(6), errors: row.integer(3),
                promptTokens: row.integer(4), completionTokens: row.integer(5),
                project: receiver.value, minute: row.integer(1))
        }
        try costs.takeBack(
            spansWhere: "s.trace_rowid IN (\(list: traces))", givingTo: receiver?.value,
            on: connection)
    }

    private mutating func flush() throws {
        try rollup.apply(on: connection)
        rollup = ProjectRollup()
        try costs.apply(on: connection)
        costs = CostRollup()
    }

    // MARK: One span

    /// Deletes one span. Its children become orphans, its ancestors no longer count what was counted
    /// through it, a model call counts again that wrapped no other one, and its trace goes when it was
    /// the last one of it.
    mutating func remove(_ span: Span) throws {
        try connection.holdSegmentsOpen()
        // The lock on the trace keeps spans from being added to it meanwhile.
        guard
            let trace = try connection.first(
                "SELECT t.span_count FROM traces t WHERE t.id = \(span.traceID) \(SQL.forUpdate)")
        else { return }
        // Another one may have deleted it, or counted more in it, before the lock was had.
        guard let span = try TracingStore.span(where: "s.id = \(span.id)", on: connection) else {
            return
        }
        if trace.integer(0) <= 1 { return try remove([span.traceID]) }
        // The counts of its ancestors change too.
        try connection.markSegmentsStale(ofSpansWhere: "s.trace_rowid = \(span.traceID)")
        if let parent = span.parentID {
            try subtract(span, fromAncestorsFrom: parent)
            try unwrap(span, from: parent)
        }
        let isError = span.statusCode == "ERROR"
        try connection.execute(
            """
            UPDATE traces
            SET span_count = span_count - 1,
                error_count = error_count - \(isError ? 1 : 0),
                llm_token_count_prompt = llm_token_count_prompt - \(span.promptTokens ?? 0),
                llm_token_count_completion =
                    llm_token_count_completion - \(span.completionTokens ?? 0)
            WHERE id = \(span.traceID)
            """)
        try costs.takeBack(spansWhere: "s.id = \(span.id)", on: connection)
        try payloads.removePayloads(ofSpansWhere: "s.id = \(span.id)", on: connection)
        let deleted = try connection.query(
            "DELETE FROM spans WHERE id = \(span.id) RETURNING wraps_model_call")
        let isWrapper = deleted.first?.integer(0) == 1
        rollup.countSpans(
            -1, oks: span.statusCode == "OK" ? -1 : 0, errors: isError ? -1 : 0,
            promptTokens: isWrapper ? 0 : -(span.promptTokens ?? 0),
            completionTokens: isWrapper ? 0 : -(span.completionTokens ?? 0),
            project: span.projectID.value,
            minute: ProjectRollup.minute(of: span.startTime.microseconds))
        try CostSums.refresh(traces: [span.traceID.value], on: connection)
        try flush()
    }

    /// Lets the parent of a model call count again when no other one is directly below it.
    private mutating func unwrap(_ span: Span, from parent: OTelID) throws {
        guard span.kind == IncomingSpan.modelCallKind else { return }
        let parents = try connection.query(
            """
            UPDATE spans
            SET wraps_model_call = 0
            WHERE trace_rowid = \(span.traceID) AND span_id = \(parent) AND wraps_model_call = 1
                AND NOT EXISTS (
                    SELECT 1
                    FROM spans c
                    WHERE c.trace_rowid = \(span.traceID) AND c.parent_id = \(parent)
                        AND c.span_kind = \(IncomingSpan.modelCallKind)
                        AND c.id <> spans.id AND c.id <> \(span.id))
            \(ProjectRollup.returningTokens)
            """)
        for parent in parents { rollup.countTokens(of: parent, sign: 1) }
    }

    private func subtract(_ span: Span, fromAncestorsFrom parent: OTelID) throws {
        // UNION, not UNION ALL: a circle of parents ends where it began.
        try connection.execute(
            """
            WITH RECURSIVE ancestors (id, parent_id) AS (
                SELECT s.id, s.parent_id
                FROM spans s
                WHERE s.trace_rowid = \(span.traceID) AND s.span_id = \(parent)
                UNION
                SELECT s.id, s.parent_id
                FROM spans s
                JOIN ancestors a ON s.span_id = a.parent_id
                WHERE s.trace_rowid = \(span.traceID)
            )
            UPDATE spans
            SET cumulative_error_count = cumulative_error_count - \(span.cumulativeErrorCount),
                cumulative_llm_token_count_prompt =
                    cumulative_llm_token_count_prompt - \(span.cumulativePromptTokens),
                cumulative_llm_token_count_completion =
                    cumulative_llm_token_count_completion - \(span.cumulativeCompletionTokens)
            WHERE id IN (SELECT id FROM ancestors) AND id <> \(span.id)
            """)
    }
}
