extension Migration {
    /// Experiments: the revisions that each was begun with, its runs, and the runs' annotations.
    ///
    /// - A run whose error is null is final.
    /// - `experiment_runs.output` is what the task returned, null where it returned nothing.
    /// - Runs and their annotations name traces by the id that clients gave them: the spans may come
    ///   later, or never.
    static let addExperiments = Migration(
        version: 10,
        name: "add experiments",
        sqlite: experimentTables(
            id: "INTEGER PRIMARY KEY", integer: "INTEGER", real: "REAL", json: "TEXT"),
        postgres: experimentTables(
            id: "BIGSERIAL PRIMARY KEY", integer: "BIGINT", real: "DOUBLE PRECISION",
            json: "JSON"))

    private static func experimentTables(
        id: String, integer: String, real: String, json: String
    ) -> String {
        """
        CREATE TABLE experiments (
            id \(id),
            dataset_id \(integer) NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            dataset_version_id \(integer) NOT NULL
                REFERENCES dataset_versions (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            repetitions \(integer) NOT NULL CHECK (repetitions > 0),
            metadata \(json) NOT NULL,
            is_ephemeral \(integer) NOT NULL CHECK (is_ephemeral IN (0, 1)),
            project_name TEXT,
            created_at \(integer) NOT NULL,
            updated_at \(integer) NOT NULL
        );
        CREATE INDEX experiments_dataset_id ON experiments (dataset_id, id);
        CREATE INDEX experiments_dataset_version_id ON experiments (dataset_version_id);
        CREATE INDEX experiments_project_name ON experiments (project_name);

        CREATE TABLE experiments_dataset_splits (
            experiment_id \(integer) NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            dataset_split_id \(integer) NOT NULL
                REFERENCES dataset_splits (id) ON DELETE CASCADE,
            PRIMARY KEY (experiment_id, dataset_split_id)
        );
        CREATE INDEX experiments_dataset_splits_split
            ON experiments_dataset_splits (dataset_split_id);

        CREATE TABLE experiments_dataset_examples (
            experiment_id \(integer) NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            dataset_example_id \(integer) NOT NULL
                REFERENCES dataset_examples (id) ON DELETE CASCADE,
            dataset_example_revision_id \(integer) NOT NULL
                REFERENCES dataset_example_revisions (id) ON DELETE CASCADE,
            PRIMARY KEY (experiment_id, dataset_example_id)
        );
        CREATE INDEX experiments_dataset_examples_example
            ON experiments_dataset_examples (dataset_example_id);
        CREATE INDEX experiments_dataset_examples_revision
            ON experiments_dataset_examples (dataset_example_revision_id);

        CREATE TABLE experiment_tags (
            id \(id),
            experiment_id \(integer) NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            dataset_id \(integer) NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            UNIQUE (dataset_id, name)
        );
        CREATE INDEX experiment_tags_experiment_id ON experiment_tags (experiment_id);

        CREATE TABLE experiment_runs (
            id \(id),
            experiment_id \(integer) NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
            dataset_example_id \(integer) NOT NULL
                REFERENCES dataset_examples (id) ON DELETE CASCADE,
            repetition_number \(integer) NOT NULL CHECK (repetition_number > 0),
            trace_id TEXT,
            output \(json),
            error TEXT,
            start_time \(integer) NOT NULL,
            end_time \(integer) NOT NULL,
            prompt_token_count \(integer),
            completion_token_count \(integer),
            UNIQUE (experiment_id, dataset_example_id, repetition_number)
        );
        CREATE INDEX experiment_runs_experiment_id ON experiment_runs (experiment_id, id);
        CREATE INDEX experiment_runs_dataset_example_id ON experiment_runs (dataset_example_id);
        CREATE INDEX experiment_runs_trace_id ON experiment_runs (trace_id)
            WHERE trace_id IS NOT NULL;

        CREATE TABLE experiment_run_annotations (
            id \(id),
            experiment_run_id \(integer) NOT NULL
                REFERENCES experiment_runs (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            annotator_kind TEXT NOT NULL CHECK (annotator_kind IN ('LLM', 'CODE', 'HUMAN')),
            label TEXT,
            score \(real),
            explanation TEXT,
            trace_id TEXT,
            error TEXT,
            metadata \(json) NOT NULL,
            start_time \(integer) NOT NULL,
            end_time \(integer) NOT NULL,
            UNIQUE (experiment_run_id, name)
        );

        """
    }
}
