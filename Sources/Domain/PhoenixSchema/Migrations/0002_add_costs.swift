extension Migration {
    /// Prices of models, what each call of one cost, and the sums over that.
    ///
    /// - A price or a cost is US dollars; tokens are real numbers, since clients may report any.
    /// - `span_costs` is narrow. A cost there is NULL when that side was charged nothing. A side
    ///   with `input` or `output` tokens alone is told by its row; the others have rows
    ///   in `span_cost_details`. The view `span_cost_entries` shows both kinds alike.
    /// - `span_costs.model_id` is no foreign key: a model that was in use is only ever marked as
    ///   deleted, and a check for each span would cost more than it can find.
    /// - `traces` carries the sums over its spans, NULL while none has a cost row.
    /// - `trace_cost_minutes` sums up costs by the minute in which their *trace* started,
    ///   `model_cost_minutes` those of known models by the minute in which their *span* started.
    ///   Whoever inserts, deletes or moves spans keeps all of them in the same transaction.
    /// - `price_lists` remembers which list of built-in models the table of models was made from.
    static let addCosts = Migration(
        version: 2,
        name: "add costs",
        sqlite: """
            CREATE TABLE generative_models (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                provider TEXT NOT NULL,
                name_pattern TEXT NOT NULL,
                start_time INTEGER,
                is_built_in INTEGER NOT NULL CHECK (is_built_in IN (0, 1)),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                deleted_at INTEGER
            );
            CREATE UNIQUE INDEX generative_models_name ON generative_models (name, is_built_in)
                WHERE deleted_at IS NULL;
            CREATE UNIQUE INDEX generative_models_pattern
                ON generative_models (name_pattern, provider, is_built_in)
                WHERE deleted_at IS NULL;
            CREATE INDEX generative_models_updated ON generative_models (updated_at);

            CREATE TABLE token_prices (
                model_id INTEGER NOT NULL REFERENCES generative_models (id) ON DELETE CASCADE,
                is_prompt INTEGER NOT NULL CHECK (is_prompt IN (0, 1)),
                token_type TEXT NOT NULL,
                base_rate REAL NOT NULL,
                customization TEXT,
                PRIMARY KEY (model_id, is_prompt, token_type)
            ) WITHOUT ROWID;

            CREATE TABLE price_lists (
                digest TEXT PRIMARY KEY,
                applied_at INTEGER NOT NULL
            );

            CREATE TABLE span_costs (
                span_rowid INTEGER PRIMARY KEY REFERENCES spans (id) ON DELETE CASCADE,
                model_id INTEGER,
                prompt_tokens REAL,
                completion_tokens REAL,
                prompt_cost REAL,
                completion_cost REAL
            );

            CREATE TABLE span_cost_details (
                span_rowid INTEGER NOT NULL REFERENCES spans (id) ON DELETE CASCADE,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                tokens REAL NOT NULL,
                cost REAL,
                PRIMARY KEY (span_rowid, is_prompt, token_type)
            ) WITHOUT ROWID;

            CREATE TABLE cost_sides (
                is_prompt INTEGER PRIMARY KEY,
                token_type TEXT NOT NULL
            );
            INSERT INTO cost_sides (is_prompt, token_type) VALUES (0, 'output'), (1, 'input');

            CREATE VIEW span_cost_entries AS
                SELECT c.span_rowid, c.model_id, k.is_prompt,
                    COALESCE(d.token_type, k.token_type) AS token_type,
                    CASE
                        WHEN d.span_rowid IS NOT NULL THEN d.tokens
                        WHEN k.is_prompt = 1 THEN c.prompt_tokens
                        ELSE c.completion_tokens
                    END AS tokens,
                    CASE
                        WHEN d.span_rowid IS NOT NULL THEN d.cost
                        WHEN c.model_id IS NULL THEN NULL
                        WHEN k.is_prompt = 1 THEN COALESCE(c.prompt_cost, 0.0)
                        ELSE COALESCE(c.completion_cost, 0.0)
                    END AS cost
                FROM span_costs c
                CROSS JOIN cost_sides k
                LEFT JOIN span_cost_details d
                    ON d.span_rowid = c.span_rowid AND d.is_prompt = k.is_prompt
                WHERE d.span_rowid IS NOT NULL
                    OR CASE WHEN k.is_prompt = 1 THEN c.prompt_tokens ELSE c.completion_tokens END
                        IS NOT NULL;

            ALTER TABLE traces ADD COLUMN cost_count INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE traces ADD COLUMN prompt_cost_tokens REAL;
            ALTER TABLE traces ADD COLUMN completion_cost_tokens REAL;
            ALTER TABLE traces ADD COLUMN prompt_cost REAL;
            ALTER TABLE traces ADD COLUMN completion_cost REAL;
            CREATE INDEX traces_project_cost
                ON traces (project_rowid, (prompt_cost + completion_cost))
                WHERE cost_count > 0;

            CREATE TABLE trace_cost_minutes (
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute INTEGER NOT NULL,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                entry_count INTEGER NOT NULL,
                tokens REAL NOT NULL,
                cost REAL NOT NULL,
                PRIMARY KEY (project_rowid, minute, is_prompt, token_type)
            ) WITHOUT ROWID;

            CREATE TABLE model_cost_minutes (
                project_rowid INTEGER NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute INTEGER NOT NULL,
                model_id INTEGER NOT NULL,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                entry_count INTEGER NOT NULL,
                tokens REAL NOT NULL,
                cost REAL NOT NULL,
                PRIMARY KEY (project_rowid, minute, model_id, is_prompt, token_type)
            ) WITHOUT ROWID;
            CREATE INDEX model_cost_minutes_model ON model_cost_minutes (model_id, minute);
            """,
        postgres: """
            CREATE TABLE generative_models (
                id BIGSERIAL PRIMARY KEY,
                name TEXT NOT NULL,
                provider TEXT NOT NULL,
                name_pattern TEXT NOT NULL,
                start_time BIGINT,
                is_built_in INTEGER NOT NULL CHECK (is_built_in IN (0, 1)),
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                deleted_at BIGINT
            );
            CREATE UNIQUE INDEX generative_models_name ON generative_models (name, is_built_in)
                WHERE deleted_at IS NULL;
            CREATE UNIQUE INDEX generative_models_pattern
                ON generative_models (name_pattern, provider, is_built_in)
                WHERE deleted_at IS NULL;
            CREATE INDEX generative_models_updated ON generative_models (updated_at);

            CREATE TABLE token_prices (
                model_id BIGINT NOT NULL REFERENCES generative_models (id) ON DELETE CASCADE,
                is_prompt INTEGER NOT NULL CHECK (is_prompt IN (0, 1)),
                token_type TEXT NOT NULL,
                base_rate DOUBLE PRECISION NOT NULL,
                customization JSONB,
                PRIMARY KEY (model_id, is_prompt, token_type)
            );

            CREATE TABLE price_lists (
                digest TEXT PRIMARY KEY,
                applied_at BIGINT NOT NULL
            );

            CREATE TABLE span_costs (
                span_rowid BIGINT PRIMARY KEY REFERENCES spans (id) ON DELETE CASCADE,
                model_id BIGINT,
                prompt_tokens DOUBLE PRECISION,
                completion_tokens DOUBLE PRECISION,
                prompt_cost DOUBLE PRECISION,
                completion_cost DOUBLE PRECISION
            );

            CREATE TABLE span_cost_details (
                span_rowid BIGINT NOT NULL REFERENCES spans (id) ON DELETE CASCADE,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                tokens DOUBLE PRECISION NOT NULL,
                cost DOUBLE PRECISION,
                PRIMARY KEY (span_rowid, is_prompt, token_type)
            );

            CREATE TABLE cost_sides (
                is_prompt INTEGER PRIMARY KEY,
                token_type TEXT NOT NULL
            );
            INSERT INTO cost_sides (is_prompt, token_type) VALUES (0, 'output'), (1, 'input');

            CREATE VIEW span_cost_entries AS
                SELECT c.span_rowid, c.model_id, k.is_prompt,
                    COALESCE(d.token_type, k.token_type) AS token_type,
                    CASE
                        WHEN d.span_rowid IS NOT NULL THEN d.tokens
                        WHEN k.is_prompt = 1 THEN c.prompt_tokens
                        ELSE c.completion_tokens
                    END AS tokens,
                    CASE
                        WHEN d.span_rowid IS NOT NULL THEN d.cost
                        WHEN c.model_id IS NULL THEN NULL
                        WHEN k.is_prompt = 1 THEN COALESCE(c.prompt_cost, 0.0)
                        ELSE COALESCE(c.completion_cost, 0.0)
                    END AS cost
                FROM span_costs c
                CROSS JOIN cost_sides k
                LEFT JOIN span_cost_details d
                    ON d.span_rowid = c.span_rowid AND d.is_prompt = k.is_prompt
                WHERE d.span_rowid IS NOT NULL
                    OR CASE WHEN k.is_prompt = 1 THEN c.prompt_tokens ELSE c.completion_tokens END
                        IS NOT NULL;

            ALTER TABLE traces ADD COLUMN cost_count BIGINT NOT NULL DEFAULT 0;
            ALTER TABLE traces ADD COLUMN prompt_cost_tokens DOUBLE PRECISION;
            ALTER TABLE traces ADD COLUMN completion_cost_tokens DOUBLE PRECISION;
            ALTER TABLE traces ADD COLUMN prompt_cost DOUBLE PRECISION;
            ALTER TABLE traces ADD COLUMN completion_cost DOUBLE PRECISION;
            CREATE INDEX traces_project_cost
                ON traces (project_rowid, (prompt_cost + completion_cost))
                WHERE cost_count > 0;

            CREATE TABLE trace_cost_minutes (
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute BIGINT NOT NULL,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                entry_count BIGINT NOT NULL,
                tokens DOUBLE PRECISION NOT NULL,
                cost DOUBLE PRECISION NOT NULL,
                PRIMARY KEY (project_rowid, minute, is_prompt, token_type)
            );

            CREATE TABLE model_cost_minutes (
                project_rowid BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                minute BIGINT NOT NULL,
                model_id BIGINT NOT NULL,
                is_prompt INTEGER NOT NULL,
                token_type TEXT NOT NULL,
                entry_count BIGINT NOT NULL,
                tokens DOUBLE PRECISION NOT NULL,
                cost DOUBLE PRECISION NOT NULL,
                PRIMARY KEY (project_rowid, minute, model_id, is_prompt, token_type)
            );
            CREATE INDEX model_cost_minutes_model ON model_cost_minutes (model_id, minute);
            """)
}
