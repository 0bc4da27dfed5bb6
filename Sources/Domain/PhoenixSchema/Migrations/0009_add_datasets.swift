extension Migration {
    /// Datasets: their versions, examples with a revision for each change, splits and labels.
    ///
    /// - An example at a version is its latest revision up to that version, and absent where that
    ///   one deletes it.
    /// - The documents of examples are kept as they were written, the order of their members too.
    /// - An example outlives the span it was made of. In PostgreSQL the link is cut by the statement
    ///   that deletes what belongs to deleted spans, for the reason that step 7 gives.
    /// - Splits and labels belong to no dataset; splits are assigned to examples, not to revisions.
    static let addDatasets = Migration(
        version: 9,
        name: "add datasets",
        sqlite: datasetTables(
            id: "INTEGER PRIMARY KEY", integer: "INTEGER", json: "TEXT", bytes: "BLOB",
            span: "REFERENCES spans (id) ON DELETE SET NULL"),
        postgres: datasetTables(
            id: "BIGSERIAL PRIMARY KEY", integer: "BIGINT", json: "JSON", bytes: "BYTEA", span: "")
                + """

                CREATE OR REPLACE FUNCTION delete_costs_of_spans() RETURNS trigger
                    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
                BEGIN
                    DELETE FROM span_costs c USING deleted d WHERE c.span_rowid = d.id;
                    DELETE FROM span_cost_details c USING deleted d WHERE c.span_rowid = d.id;
                    DELETE FROM span_annotations a USING deleted d WHERE a.span_rowid = d.id;
                    DELETE FROM document_annotations a USING deleted d WHERE a.span_rowid = d.id;
                    UPDATE dataset_examples e SET span_rowid = NULL
                        FROM deleted d WHERE e.span_rowid = d.id;
                    RETURN NULL;
                END $$;
                """)

    private static func datasetTables(
        id: String, integer: String, json: String, bytes: String, span: String
    ) -> String {
        """
        CREATE TABLE datasets (
            id \(id),
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            metadata \(json) NOT NULL,
            created_at \(integer) NOT NULL,
            updated_at \(integer) NOT NULL
        );

        CREATE TABLE dataset_versions (
            id \(id),
            dataset_id \(integer) NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            description TEXT,
            metadata \(json) NOT NULL,
            created_at \(integer) NOT NULL
        );
        CREATE INDEX dataset_versions_dataset_id ON dataset_versions (dataset_id, id);

        CREATE TABLE dataset_examples (
            id \(id),
            dataset_id \(integer) NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            span_rowid \(integer) \(span),
            external_id TEXT,
            created_at \(integer) NOT NULL
        );
        CREATE INDEX dataset_examples_dataset_id ON dataset_examples (dataset_id, id);
        CREATE UNIQUE INDEX dataset_examples_external_id
            ON dataset_examples (dataset_id, external_id) WHERE external_id IS NOT NULL;
        CREATE INDEX dataset_examples_span_rowid
            ON dataset_examples (span_rowid) WHERE span_rowid IS NOT NULL;

        CREATE TABLE dataset_example_revisions (
            id \(id),
            dataset_example_id \(integer) NOT NULL
                REFERENCES dataset_examples (id) ON DELETE CASCADE,
            dataset_version_id \(integer) NOT NULL
                REFERENCES dataset_versions (id) ON DELETE CASCADE,
            input \(json) NOT NULL,
            output \(json) NOT NULL,
            metadata \(json) NOT NULL,
            content_hash \(bytes),
            revision_kind TEXT NOT NULL CHECK (revision_kind IN ('CREATE', 'PATCH', 'DELETE')),
            created_at \(integer) NOT NULL,
            UNIQUE (dataset_example_id, dataset_version_id)
        );
        CREATE INDEX dataset_example_revisions_version
            ON dataset_example_revisions (dataset_version_id, revision_kind);
        CREATE INDEX dataset_example_revisions_content
            ON dataset_example_revisions (content_hash)
            WHERE revision_kind <> 'DELETE';

        CREATE TABLE dataset_splits (
            id \(id),
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            color TEXT NOT NULL,
            metadata \(json) NOT NULL,
            created_at \(integer) NOT NULL,
            updated_at \(integer) NOT NULL
        );
        CREATE TABLE dataset_splits_dataset_examples (
            dataset_split_id \(integer) NOT NULL
                REFERENCES dataset_splits (id) ON DELETE CASCADE,
            dataset_example_id \(integer) NOT NULL
                REFERENCES dataset_examples (id) ON DELETE CASCADE,
            PRIMARY KEY (dataset_split_id, dataset_example_id)
        );
        CREATE INDEX dataset_splits_dataset_examples_example
            ON dataset_splits_dataset_examples (dataset_example_id);

        CREATE TABLE dataset_labels (
            id \(id),
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            color TEXT NOT NULL
        );
        CREATE TABLE datasets_dataset_labels (
            dataset_id \(integer) NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            dataset_label_id \(integer) NOT NULL
                REFERENCES dataset_labels (id) ON DELETE CASCADE,
            PRIMARY KEY (dataset_id, dataset_label_id)
        );
        CREATE INDEX datasets_dataset_labels_label
            ON datasets_dataset_labels (dataset_label_id);

        """
    }
}
