import SQLCore

extension TracingStore {
    /// Compares what is stored twice: sums with what they sum up, spans with their payloads.
    ///
    /// - Returns: One sentence a finding; none when all is well.
    /// - Complexity: Reads every trace, span and payload once.
    package func integrityFindings() async throws -> [String] {
        let payloads = payloads
        return try await database.read { connection in
            var findings = try Self.orphanFindings(connection)
            findings += try Self.sumFindings(connection)
            findings += try Self.latencyFindings(connection)
            findings += try Self.treeFindings(connection)
            findings += try Self.cumulativeFindings(connection)
            findings += try Self.wrapperFindings(connection)
            findings += try Self.costFindings(connection)
            findings += try payloads.integrityFindings(on: connection)
            findings += try Self.payloadFindings(connection, payloads)
            return findings
        }
    }

    /// Rows that refer to others which are gone. SQLite finds them by itself.
    private static func orphanFindings(_ connection: any SQLConnection) throws -> [String] {
        guard connection.dialect == .postgres else { return [] }
        let references: [(table: String, column: String, target: String)] = [
            ("spans", "trace_rowid", "traces"), ("spans", "project_rowid", "projects"),
            ("spans", "origin_id", "span_origins"), ("span_costs", "span_rowid", "spans"),
            ("span_cost_details", "span_rowid", "spans"),
            ("span_annotations", "span_rowid", "spans"),
            ("document_annotations", "span_rowid", "spans"),
        ]
        return try references.compactMap { table, column, target in
            let count = try connection.first(
                """
                SELECT COUNT(*)
                FROM \(unsafe: table) r
                WHERE r.\(unsafe: column) IS NOT NULL
                    AND NOT EXISTS (
                        SELECT 1 FROM \(unsafe: target) t WHERE t.id = r.\(unsafe: column))
                """)!.integer(0)
            return count == 0 ? nil : "\(count) rows of \(table) have no row in \(target)."
        }
    }

    private static func sumFindings(_ connection: any SQLConnection) throws -> [String] {
        let traces = try connection.query(
            """
            SELECT t.id
            FROM traces t
            LEFT JOIN spans s ON s.trace_rowid = t.id
            GROUP BY t.id, t.span_count, t.error_count, t.llm_token_count_prompt,
                t.llm_token_count_completion
            HAVING t.span_count <> COUNT(s.id)
                OR t.error_count <> SUM(CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END)
                OR t.llm_token_count_prompt <> COALESCE(SUM(s.llm_token_count_prompt), 0)
                OR t.llm_token_count_completion <> COALESCE(SUM(s.llm_token_count_completion), 0)
            ORDER BY t.id
            LIMIT 100
            """)
        let projects = try connection.query(
            """
            SELECT p.id
            FROM projects p
            WHERE COALESCE(
                    (
                        SELECT CAST(SUM(m.span_count) AS BIGINT)
                        FROM project_minutes m
                        WHERE m.project_rowid = p.id
                    ), 0)
                <> (SELECT COUNT(*) FROM spans s WHERE s.project_rowid = p.id)
            OR COALESCE(
                    (
                        SELECT CAST(SUM(m.ok_count) AS BIGINT)
                        FROM project_minutes m
                        WHERE m.project_rowid = p.id
                    ), 0)
                <> (
                    SELECT COUNT(*)
                    FROM spans s
                    WHERE s.project_rowid = p.id AND s.status_code = 'OK')
            OR COALESCE(
                    (
                        SELECT CAST(SUM(m.trace_count) AS BIGINT)
                        FROM project_minutes m
                        WHERE m.project_rowid = p.id
                    ), 0)
                <> (SELECT COUNT(*) FROM traces t WHERE t.project_rowid = p.id)
            OR COALESCE(
                    (
                        SELECT CAST(SUM(m.llm_token_count_prompt) AS BIGINT)
                        FROM project_minutes m
                        WHERE m.project_rowid = p.id
                    ), 0)
                <> COALESCE(
                    (
                        SELECT CAST(SUM(\(CountedTokens.prompt)) AS BIGINT)
                        FROM spans s
                        WHERE s.project_rowid = p.id
                    ), 0)
            OR COALESCE(
                    (
                        SELECT CAST(SUM(m.llm_token_count_completion) AS BIGINT)
                        FROM project_minutes m
                        WHERE m.project_rowid = p.id
                    ), 0)
                <> COALESCE(
                    (
                        SELECT CAST(SUM(\(CountedTokens.completion)) AS BIGINT)
                        FROM spans s
                        WHERE s.project_rowid = p.id
                    ), 0)
            ORDER BY p.id
            LIMIT 100
            """)
        return traces.map { "The sums of trace row \($0.integer(0)) do not match its spans." }
            + projects.map {
                "The minutes of project row \($0.integer(0)) do not match its spans and traces."
            }
    }

    private static func treeFindings(_ connection: any SQLConnection) throws -> [String] {
        try connection.query(
            """
            SELECT s.id
            FROM spans s
            JOIN traces t ON t.id = s.trace_rowid
            WHERE s.project_rowid <> t.project_rowid
                OR s.start_time < t.start_time
                OR s.end_time > t.end_time
            ORDER BY s.id
            LIMIT 100
            """
        ).map { "Span row \($0.integer(0)) lies outside of its trace's project or time." }
    }

    /// A span's cumulative counts are its own and those of its children. In a circle of parents no
    /// such sum exists, so only spans are checked that descend from one without a stored parent.
    private static func cumulativeFindings(_ connection: any SQLConnection) throws -> [String] {
        try connection.query(
            """
            WITH RECURSIVE grounded (id, trace_rowid, span_id) AS (
                SELECT s.id, s.trace_rowid, s.span_id
                FROM spans s
                WHERE NOT EXISTS (
                    SELECT 1 FROM spans p
                    WHERE p.span_id = s.parent_id AND p.trace_rowid = s.trace_rowid)
                UNION ALL
                SELECT s.id, s.trace_rowid, s.span_id
                FROM grounded g
                JOIN spans s ON s.trace_rowid = g.trace_rowid AND s.parent_id = g.span_id
            )
            SELECT s.id
            FROM grounded g
            JOIN spans s ON s.id = g.id
            LEFT JOIN spans c ON c.trace_rowid = s.trace_rowid AND c.parent_id = s.span_id
            GROUP BY s.id, s.status_code, s.llm_token_count_prompt, s.llm_token_count_completion,
                s.cumulative_error_count, s.cumulative_llm_token_count_prompt,
                s.cumulative_llm_token_count_completion
            HAVING s.cumulative_error_count <>
                    CASE WHEN s.status_code = 'ERROR' THEN 1 ELSE 0 END
                    + COALESCE(SUM(c.cumulative_error_count), 0)
                OR s.cumulative_llm_token_count_prompt <> COALESCE(s.llm_token_count_prompt, 0)
                    + COALESCE(SUM(c.cumulative_llm_token_count_prompt), 0)
                OR s.cumulative_llm_token_count_completion
                    <> COALESCE(s.llm_token_count_completion, 0)
                    + COALESCE(SUM(c.cumulative_llm_token_count_completion), 0)
            ORDER BY s.id
            LIMIT 100
            """
        ).map { "The cumulative counts of span row \($0.integer(0)) do not match its children." }
    }

    private static func wrapperFindings(_ connection: any SQLConnection) throws -> [String] {
        try connection.query(
            """
            SELECT s.id
            FROM spans s
            WHERE s.wraps_model_call <> CASE
                WHEN s.span_kind = 'LLM' AND EXISTS (
                    SELECT 1
                    FROM spans c
                    WHERE c.trace_rowid = s.trace_rowid AND c.parent_id = s.span_id
                        AND c.span_kind = 'LLM' AND c.id <> s.id) THEN 1
                ELSE 0
            END
            ORDER BY s.id
            LIMIT 100
            """
        ).map { "Span row \($0.integer(0)) is wrong about whether it wraps a model call." }
    }

    private static func payloadFindings(
        _ connection: any SQLConnection, _ payloads: any SpanPayloadStore
    ) throws -> [String] {
        var findings: [String] = []
        var last: Int64 = 0
        while findings.count < 100 {
            let rows = try connection.query(
                """
                SELECT s.id, \(payloads.selection)
                FROM spans s
                WHERE s.id > \(last)
                ORDER BY s.id
                LIMIT 512
                """)
            guard let end = rows.last else { break }
            last = end.integer(0)
            findings += try payloadFindings(in: rows, connection, payloads)
        }
        return findings
    }

    /// Looks at the payloads of some rows; when they cannot be read together, at each by itself.
    private static func payloadFindings(
        in rows: [SQLRow], _ connection: any SQLConnection, _ payloads: any SpanPayloadStore
    ) throws -> [String] {
        do {
            let found = try payloads.payloads(in: rows, startingAt: 1, on: connection)
            return zip(rows, found).filter { $0.1.attributes.isEmpty }
                .map { "Span row \($0.0.integer(0)) has lost its payload." }
        } catch is PayloadBlockError {
            guard rows.count > 1 else {
                return ["The payload of span row \(rows[0].integer(0)) cannot be read."]
            }
            let middle = rows.count / 2
            return try payloadFindings(in: Array(rows[..<middle]), connection, payloads)
                + payloadFindings(in: Array(rows[middle...]), connection, payloads)
        }
    }
}
