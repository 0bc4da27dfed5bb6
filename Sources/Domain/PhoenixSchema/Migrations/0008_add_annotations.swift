extension Migration {
    /// Annotations of spans, traces, sessions and documents; the configs that say what they look
    /// like; annotations that wait for what they are about.
    ///
    /// - The unique key of an annotation begins with what it is about, so that it is the index of
    ///   that as well.
    /// - The index by name finds the few annotated ones among many spans, for filters, sorted lists and
    ///   summaries. In SQLite it holds what those read; PostgreSQL would refuse long labels there.
    /// - In PostgreSQL annotations of spans and documents go with their spans by the statement that
    ///   deletes the spans' costs, for the reason that step 7 gives. Whoever inserts them locks
    ///   the spans, so that none is deleted meanwhile.
    /// - `waiting_annotations.target` is the id as the client wrote it.
    /// - Every database begins with the config that the contract has from the start.
    static let addAnnotations = Migration(
        version: 8,
        name: "add annotations",
        sqlite: annotationTables(
            id: "INTEGER PRIMARY KEY", integer: "INTEGER", real: "REAL", json: "TEXT",
            span: "REFERENCES spans (id) ON DELETE CASCADE", values: ", label, score")
            + takenConfigID,
        postgres: annotationTables(
            id: "BIGSERIAL PRIMARY KEY", integer: "BIGINT", real: "DOUBLE PRECISION",
            json: "JSONB", span: "", values: "") + deletionWithSpans)

    private static let takenConfigID = """

        INSERT INTO id_sequences (table_name, last_id) VALUES ('annotation_configs', 1);
        """

    private static let deletionWithSpans = """

        CREATE OR REPLACE FUNCTION delete_costs_of_spans() RETURNS trigger
            LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
        BEGIN
            DELETE FROM span_costs c USING deleted d WHERE c.span_rowid = d.id;
            DELETE FROM span_cost_details c USING deleted d WHERE c.span_rowid = d.id;
            DELETE FROM span_annotations a USING deleted d WHERE a.span_rowid = d.id;
            DELETE FROM document_annotations a USING deleted d WHERE a.span_rowid = d.id;
            RETURN NULL;
        END $$;
        """

    private static func annotationTables(
        id: String, integer: String, real: String, json: String, span: String, values: String
    ) -> String {
        let tables: [(table: String, target: String, reference: String, key: String)] = [
            ("span_annotations", "span_rowid", span, ""),
            (
                "trace_annotations", "trace_rowid", "REFERENCES traces (id) ON DELETE CASCADE", ""
            ),
            (
                "project_session_annotations", "project_session_id",
                "REFERENCES project_sessions (id) ON DELETE CASCADE", ""
            ),
            ("document_annotations", "span_rowid", span, "document_position, "),
        ]
        let annotations = tables.map { table, target, reference, key in
            let position = key.isEmpty ? "" : "document_position \(integer) NOT NULL,"
            return """
                CREATE TABLE \(table) (
                    id \(id),
                    \(target) \(integer) NOT NULL \(reference),
                    \(position)
                    name TEXT NOT NULL,
                    identifier TEXT NOT NULL,
                    label TEXT,
                    score \(real),
                    explanation TEXT,
                    metadata \(json) NOT NULL,
                    annotator_kind TEXT NOT NULL
                        CHECK (annotator_kind IN ('LLM', 'CODE', 'HUMAN')),
                    source TEXT NOT NULL CHECK (source IN ('API', 'APP')),
                    created_at \(integer) NOT NULL,
                    updated_at \(integer) NOT NULL
                );
                CREATE UNIQUE INDEX \(table)_key
                    ON \(table) (\(target), \(key)name, identifier);
                CREATE INDEX \(table)_identifier ON \(table) (identifier, id)
                    WHERE identifier <> '';
                CREATE INDEX \(table)_name ON \(table) (name, \(target)\(values));

                """
        }
        return annotations.joined(separator: "\n") + """

            CREATE TABLE waiting_annotations (
                id \(id),
                subject TEXT NOT NULL
                    CHECK (subject IN ('span', 'trace', 'session', 'document')),
                target TEXT NOT NULL,
                document_position \(integer),
                name TEXT NOT NULL,
                identifier TEXT NOT NULL,
                label TEXT,
                score \(real),
                explanation TEXT,
                metadata \(json) NOT NULL,
                annotator_kind TEXT NOT NULL,
                source TEXT NOT NULL,
                received_at \(integer) NOT NULL
            );
            CREATE INDEX waiting_annotations_received ON waiting_annotations (received_at);

            CREATE TABLE annotation_configs (
                id \(id),
                name TEXT NOT NULL UNIQUE,
                config \(json) NOT NULL
            );

            CREATE TABLE project_annotation_configs (
                id \(id),
                project_id \(integer) NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
                annotation_config_id \(integer) NOT NULL
                    REFERENCES annotation_configs (id) ON DELETE CASCADE,
                UNIQUE (project_id, annotation_config_id)
            );
            CREATE INDEX project_annotation_configs_config
                ON project_annotation_configs (annotation_config_id);

            INSERT INTO annotation_configs (name, config)
            VALUES (
                'user_feedback',
                '{"type":"CATEGORICAL","description":"User feedback labels for traces.",\
            "optimization_direction":"MAXIMIZE","values":[{"label":"positive","score":1.0},\
            {"label":"negative","score":0.0}]}');
            """
    }
}
