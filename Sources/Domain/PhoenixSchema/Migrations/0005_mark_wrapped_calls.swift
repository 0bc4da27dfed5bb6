extension Migration {
    /// `spans.wraps_model_call`: 1 for a span of kind `LLM` with another one directly below it. The
    /// tokens in `project_minutes` are those of the other spans, so that a call that two
    /// instrumentations report counts once.
    static let markWrappedCalls = Migration(
        version: 5,
        name: "mark wrapped calls",
        sqlite: """
            ALTER TABLE spans ADD COLUMN wraps_model_call INTEGER NOT NULL DEFAULT 0;
            UPDATE spans
            SET wraps_model_call = 1
            WHERE id IN (
                SELECT p.id
                FROM spans c
                JOIN spans p ON p.span_id = c.parent_id AND p.trace_rowid = c.trace_rowid
                WHERE c.span_kind = 'LLM' AND p.span_kind = 'LLM' AND p.id <> c.id);
            UPDATE project_minutes
            SET llm_token_count_prompt = project_minutes.llm_token_count_prompt - w.prompt,
                llm_token_count_completion =
                    project_minutes.llm_token_count_completion - w.completion
            FROM (
                SELECT s.project_rowid,
                    CASE
                        WHEN s.start_time >= 0 THEN s.start_time / 60000000
                        ELSE (s.start_time - 59999999) / 60000000
                    END AS minute,
                    CAST(SUM(COALESCE(s.llm_token_count_prompt, 0)) AS BIGINT) AS prompt,
                    CAST(SUM(COALESCE(s.llm_token_count_completion, 0)) AS BIGINT) AS completion
                FROM spans s
                WHERE s.wraps_model_call = 1
                GROUP BY 1, 2
            ) w
            WHERE w.project_rowid = project_minutes.project_rowid
                AND w.minute = project_minutes.minute;
            """,
        postgres: """
            ALTER TABLE spans ADD COLUMN wraps_model_call INTEGER NOT NULL DEFAULT 0;
            UPDATE spans
            SET wraps_model_call = 1
            WHERE id IN (
                SELECT p.id
                FROM spans c
                JOIN spans p ON p.span_id = c.parent_id AND p.trace_rowid = c.trace_rowid
                WHERE c.span_kind = 'LLM' AND p.span_kind = 'LLM' AND p.id <> c.id);
            UPDATE project_minutes
            SET llm_token_count_prompt = project_minutes.llm_token_count_prompt - w.prompt,
                llm_token_count_completion =
                    project_minutes.llm_token_count_completion - w.completion
            FROM (
                SELECT s.project_rowid,
                    CASE
                        WHEN s.start_time >= 0 THEN s.start_time / 60000000
                        ELSE (s.start_time - 59999999) / 60000000
                    END AS minute,
                    CAST(SUM(COALESCE(s.llm_token_count_prompt, 0)) AS BIGINT) AS prompt,
                    CAST(SUM(COALESCE(s.llm_token_count_completion, 0)) AS BIGINT) AS completion
                FROM spans s
                WHERE s.wraps_model_call = 1
                GROUP BY 1, 2
            ) w
            WHERE w.project_rowid = project_minutes.project_rowid
                AND w.minute = project_minutes.minute;
            """)
}
