extension Migration {
    /// Projects, sessions, traces, spans, their payloads and their rollups.
    ///
    /// - All times are microseconds since 1970 in UTC, as the contract shows them. The exact
    ///   nanoseconds are in the payload.
    /// - `spans` is narrow. Attributes, events and what else a span carries are its payload: in
    ///   SQLite an entry of a compressed block, in PostgreSQL three JSONB columns.
    /// - `spans.project_rowid` repeats `traces.project_rowid` so that a project's spans are one index
    ///   range. Whoever moves a trace moves its spans.
    /// - `traces` carries the sums over its spans, `project_minutes` the sums over a project's spans
    ///   and traces by the minute in which they started. Whoever inserts, deletes or moves spans keeps
    ///   both in the same transaction.
    static let createTracing = Migration(
        version: 1,
        name: "create tracing",
        sqlite: """
            CREATE TABLE id_sequences (
                table_name TEXT PRIMARY KEY,
                last_id INTEGER NOT NULL
            ) WITHOUT ROWID;

            CREATE TABLE project_trace_retention_policies (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                cron_expression TEXT NOT NULL,
                rule TEXT NOT NULL
            );

            CREATE TABLE projects (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                description TEXT,
                gradient_start_color TEXT NOT NULL DEFAULT '#5bdbff',
                gradient_end_color TEXT NOT NULL DEFAULT '#1c76fc',
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                trace_retention_policy_id INTEGER
                    REFERENCES project_trace_retention_policies (id) ON DELETE SET NULL
            );
            CREATE INDEX projects_trace_retention_policy_id ON projects (trace_retention_policy_id);

            CREATE TABLE project_sessions (
                id INTEGER PRIMARY KEY,
                session_id TEXT NOT NULL UNIQUE,
                project_id INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                start_time INTEGER NOT NULL,
                end_time INTEGER NOT NULL
            );
            CREATE INDEX project_sessions_project ON project_sessions (project_id, id);
            CREATE INDEX project_sessions_project_start ON project_sessions (project_id, start_time);
            CREATE INDEX project_sessions_project_end ON project_sessions (project_id, end_time);

            CREATE TABLE traces (
                id INTEGER PRIMARY KEY,
                trace_id BLOB NOT NULL UNIQUE,
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                project_session_rowid INTEGER REFERENCES project_sessions (id) ON DELETE CASCADE,
                start_time INTEGER NOT NULL,
                end_time INTEGER NOT NULL,
                span_count INTEGER NOT NULL DEFAULT 0,
                error_count INTEGER NOT NULL DEFAULT 0,
                llm_token_count_prompt INTEGER NOT NULL DEFAULT 0,
                llm_token_count_completion INTEGER NOT NULL DEFAULT 0
            );
            CREATE INDEX traces_project_start ON traces (project_rowid, start_time);
            CREATE INDEX traces_project_latency ON traces (project_rowid, (end_time - start_time));
            CREATE INDEX traces_session ON traces (project_session_rowid)
                WHERE project_session_rowid IS NOT NULL;

            CREATE TABLE span_origins (
                id INTEGER PRIMARY KEY,
                digest BLOB NOT NULL UNIQUE,
                origin TEXT NOT NULL
            );

            CREATE TABLE span_payload_blocks (
                id INTEGER PRIMARY KEY,
                live_count INTEGER NOT NULL,
                data BLOB NOT NULL
            );

            CREATE TABLE spans (
                id INTEGER PRIMARY KEY,
                trace_rowid INTEGER NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                span_id BLOB NOT NULL UNIQUE,
                parent_id BLOB,
                name TEXT NOT NULL,
                span_kind TEXT NOT NULL,
                start_time INTEGER NOT NULL,
                end_time INTEGER NOT NULL,
                status_code TEXT NOT NULL CHECK (status_code IN ('OK', 'ERROR', 'UNSET')),
                status_message TEXT NOT NULL,
                event_count INTEGER NOT NULL,
                cumulative_error_count INTEGER NOT NULL,
                cumulative_llm_token_count_prompt INTEGER NOT NULL,
                cumulative_llm_token_count_completion INTEGER NOT NULL,
                llm_token_count_prompt INTEGER,
                llm_token_count_completion INTEGER,
                model_name TEXT,
                provider TEXT,
                session_id TEXT,
                user_id TEXT,
                first_error_message TEXT,
                origin_id INTEGER REFERENCES span_origins (id),
                payload_block_id INTEGER NOT NULL,
                payload_index INTEGER NOT NULL
            );
            CREATE INDEX spans_trace_parent ON spans (trace_rowid, parent_id);
            CREATE INDEX spans_project_start ON spans (project_rowid, start_time);
            CREATE INDEX spans_project ON spans (project_rowid);

            CREATE TABLE project_minutes (
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute INTEGER NOT NULL,
                trace_count INTEGER NOT NULL,
                span_count INTEGER NOT NULL,
                error_count INTEGER NOT NULL,
                llm_token_count_prompt INTEGER NOT NULL,
                llm_token_count_completion INTEGER NOT NULL,
                PRIMARY KEY (project_rowid, minute)
            ) WITHOUT ROWID;
            """,
        postgres: """
            CREATE TABLE project_trace_retention_policies (
                id BIGSERIAL PRIMARY KEY,
                name TEXT NOT NULL,
                cron_expression TEXT NOT NULL,
                rule JSONB NOT NULL
            );

            CREATE TABLE projects (
                id BIGSERIAL PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                description TEXT,
                gradient_start_color TEXT NOT NULL DEFAULT '#5bdbff',
                gradient_end_color TEXT NOT NULL DEFAULT '#1c76fc',
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                trace_retention_policy_id BIGINT
                    REFERENCES project_trace_retention_policies (id) ON DELETE SET NULL
            );
            CREATE INDEX projects_trace_retention_policy_id ON projects (trace_retention_policy_id);

            CREATE TABLE project_sessions (
                id BIGSERIAL PRIMARY KEY,
                session_id TEXT NOT NULL UNIQUE,
                project_id BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                start_time BIGINT NOT NULL,
                end_time BIGINT NOT NULL
            );
            CREATE INDEX project_sessions_project ON project_sessions (project_id, id);
            CREATE INDEX project_sessions_project_start ON project_sessions (project_id, start_time);
            CREATE INDEX project_sessions_project_end ON project_sessions (project_id, end_time);

            CREATE TABLE traces (
                id BIGSERIAL PRIMARY KEY,
                trace_id BYTEA NOT NULL UNIQUE,
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                project_session_rowid BIGINT REFERENCES project_sessions (id) ON DELETE CASCADE,
                start_time BIGINT NOT NULL,
                end_time BIGINT NOT NULL,
                span_count BIGINT NOT NULL DEFAULT 0,
                error_count BIGINT NOT NULL DEFAULT 0,
                llm_token_count_prompt BIGINT NOT NULL DEFAULT 0,
                llm_token_count_completion BIGINT NOT NULL DEFAULT 0
            );
            CREATE INDEX traces_project_start ON traces (project_rowid, start_time);
            CREATE INDEX traces_project_latency ON traces (project_rowid, (end_time - start_time));
            CREATE INDEX traces_session ON traces (project_session_rowid)
                WHERE project_session_rowid IS NOT NULL;

            CREATE TABLE span_origins (
                id BIGSERIAL PRIMARY KEY,
                digest BYTEA NOT NULL UNIQUE,
                origin JSONB NOT NULL
            );

            CREATE TABLE spans (
                id BIGSERIAL PRIMARY KEY,
                trace_rowid BIGINT NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                span_id BYTEA NOT NULL UNIQUE,
                parent_id BYTEA,
                name TEXT NOT NULL,
                span_kind TEXT NOT NULL,
                start_time BIGINT NOT NULL,
                end_time BIGINT NOT NULL,
                status_code TEXT NOT NULL CHECK (status_code IN ('OK', 'ERROR', 'UNSET')),
                status_message TEXT NOT NULL,
                event_count INTEGER NOT NULL,
                cumulative_error_count BIGINT NOT NULL,
                cumulative_llm_token_count_prompt BIGINT NOT NULL,
                cumulative_llm_token_count_completion BIGINT NOT NULL,
                llm_token_count_prompt BIGINT,
                llm_token_count_completion BIGINT,
                model_name TEXT,
                provider TEXT,
                session_id TEXT,
                user_id TEXT,
                first_error_message TEXT,
                origin_id BIGINT REFERENCES span_origins (id),
                attributes JSONB NOT NULL,
                events JSONB NOT NULL,
                extras JSONB
            );
            CREATE INDEX spans_trace_parent ON spans (trace_rowid, parent_id);
            CREATE INDEX spans_project_start ON spans (project_rowid, start_time);
            CREATE INDEX spans_project ON spans (project_rowid, id);

            CREATE TABLE project_minutes (
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute BIGINT NOT NULL,
                trace_count BIGINT NOT NULL,
                span_count BIGINT NOT NULL,
                error_count BIGINT NOT NULL,
                llm_token_count_prompt BIGINT NOT NULL,
                llm_token_count_completion BIGINT NOT NULL,
                PRIMARY KEY (project_rowid, minute)
            );
            """)
}
