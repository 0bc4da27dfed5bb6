extension ImportedTable {
    /// What spans refer to, in the order of the references.
    static let beforeSpans: [ImportedTable] = [
        ImportedTable(
            "project_trace_retention_policies",
            ["id": .integer, "name": .text, "cron_expression": .text, "rule": .jsonb]),
        ImportedTable(
            "projects",
            [
                "id": .integer, "name": .text, "description": .text,
                "gradient_start_color": .text, "gradient_end_color": .text, "created_at": .time,
                "updated_at": .time, "trace_retention_policy_id": .integer,
            ]),
        ImportedTable(
            "generative_models",
            [
                "id": .integer, "name": .text, "provider": .text, "name_pattern": .text,
                "start_time": .time, "is_built_in": .flag, "created_at": .time,
                "updated_at": .time, "deleted_at": .time,
            ]),
        ImportedTable(
            "token_prices", key: ["model_id", "is_prompt", "token_type"], page: ["id"],
            [
                "model_id": .integer, "is_prompt": .flag, "token_type": .text,
                "base_rate": .real, "customization": .jsonb,
            ]),
        ImportedTable(
            "project_sessions",
            [
                "id": .integer, "session_id": .text, "project_id": .integer,
                "start_time": .time, "end_time": .time,
            ]),
    ]

    /// Traces are stored with their first spans, so that their sums are written once.
    static let traces = ImportedTable(
        "traces",
        rows: "NOT EXISTS (SELECT 1 FROM spans s WHERE s.trace_rowid = traces.id)",
        [
            "id": .integer, "trace_id": .otelID, "project_rowid": .integer,
            "project_session_rowid": .integer, "start_time": .time, "end_time": .time,
        ])

    /// What refers to spans, and what has nothing to do with them.
    static let afterSpans: [ImportedTable] =
        [traces] + annotations + datasets + experiments + prompts

    private static let annotations: [ImportedTable] = [
        annotation("span_annotations", of: ["span_rowid": .integer]),
        annotation("trace_annotations", of: ["trace_rowid": .integer]),
        annotation("project_session_annotations", of: ["project_session_id": .integer]),
        annotation(
            "document_annotations", of: ["span_rowid": .integer, "document_position": .integer]),
        ImportedTable(
            "annotation_configs", ["id": .integer, "name": .text, "config": .jsonb]),
        ImportedTable(
            "project_annotation_configs",
            ["id": .integer, "project_id": .integer, "annotation_config_id": .integer]),
    ]

    private static func annotation(
        _ name: String, of target: KeyValuePairs<String, Kind>
    ) -> ImportedTable {
        ImportedTable(
            name: name,
            columns: target.map { Column(name: $0.key, kind: $0.value) }
                + ImportedTable(
                    "",
                    [
                        "id": .integer, "name": .text, "identifier": .text, "label": .text,
                        "score": .real, "explanation": .text, "metadata": .jsonb,
                        "annotator_kind": .text, "source": .text, "created_at": .time,
                        "updated_at": .time,
                    ]
                ).columns,
            key: ["id"], page: ["id"])
    }

    private init(name: String, columns: [Column], key: [String], page: [String]) {
        self.name = name
        self.columns = columns
        self.key = key
        self.page = page
        rows = "1 = 1"
    }

    private static let datasets: [ImportedTable] = [
        ImportedTable(
            "datasets",
            [
                "id": .integer, "name": .text, "description": .text, "metadata": .json,
                "created_at": .time, "updated_at": .time,
            ]),
        ImportedTable(
            "dataset_versions",
            [
                "id": .integer, "dataset_id": .integer, "description": .text, "metadata": .json,
                "created_at": .time,
            ]),
        ImportedTable(
            "dataset_examples",
            [
                "id": .integer, "dataset_id": .integer, "span_rowid": .integer,
                "external_id": .text, "created_at": .time,
            ]),
        ImportedTable(
            "dataset_example_revisions",
            [
                "id": .integer, "dataset_example_id": .integer, "dataset_version_id": .integer,
                "input": .json, "output": .json, "metadata": .json, "content_hash": .bytes,
                "revision_kind": .text, "created_at": .time,
            ]),
        ImportedTable(
            "dataset_splits",
            [
                "id": .integer, "name": .text, "description": .text, "color": .text,
                "metadata": .json, "created_at": .time, "updated_at": .time,
            ]),
        ImportedTable(
            "dataset_splits_dataset_examples", key: ["dataset_split_id", "dataset_example_id"],
            ["dataset_split_id": .integer, "dataset_example_id": .integer]),
        ImportedTable(
            "dataset_labels",
            ["id": .integer, "name": .text, "description": .text, "color": .text]),
        ImportedTable(
            "datasets_dataset_labels", key: ["dataset_id", "dataset_label_id"],
            ["dataset_id": .integer, "dataset_label_id": .integer]),
    ]

    private static let experiments: [ImportedTable] = [
        ImportedTable(
            "experiments",
            [
                "id": .integer, "dataset_id": .integer, "dataset_version_id": .integer,
                "name": .text, "description": .text, "repetitions": .integer,
                "metadata": .json, "is_ephemeral": .integer, "project_name": .text,
                "created_at": .time, "updated_at": .time,
            ]),
        ImportedTable(
            "experiments_dataset_splits", key: ["experiment_id", "dataset_split_id"],
            ["experiment_id": .integer, "dataset_split_id": .integer]),
        ImportedTable(
            "experiments_dataset_examples", key: ["experiment_id", "dataset_example_id"],
            [
                "experiment_id": .integer, "dataset_example_id": .integer,
                "dataset_example_revision_id": .integer,
            ]),
        ImportedTable(
            "experiment_tags",
            [
                "id": .integer, "experiment_id": .integer, "dataset_id": .integer,
                "name": .text, "description": .text,
            ]),
        ImportedTable(
            "experiment_runs",
            [
                "id": .integer, "experiment_id": .integer, "dataset_example_id": .integer,
                "repetition_number": .integer, "trace_id": .text, "output": .taskOutput,
                "error": .text, "start_time": .time, "end_time": .time,
                "prompt_token_count": .integer, "completion_token_count": .integer,
            ]),
        ImportedTable(
            "experiment_run_annotations",
            [
                "id": .integer, "experiment_run_id": .integer, "name": .text,
                "annotator_kind": .text, "label": .text, "score": .real, "explanation": .text,
                "trace_id": .text, "error": .text, "metadata": .json, "start_time": .time,
                "end_time": .time,
            ]),
    ]

    private static let prompts: [ImportedTable] = [
        ImportedTable(
            "prompts",
            [
                "id": .integer, "source_prompt_id": .integer, "name": .text,
                "description": .text, "metadata": .json, "created_at": .time,
                "updated_at": .time,
            ]),
        ImportedTable(
            "prompt_versions",
            [
                "id": .integer, "prompt_id": .integer, "description": .text,
                "template_type": .text, "template_format": .text, "template": .json,
                "invocation_parameters": .json, "tools": .json, "response_format": .json,
                "model_provider": .text, "model_name": .text, "metadata": .json,
                "created_at": .time,
            ]),
        ImportedTable(
            "prompt_version_tags",
            [
                "id": .integer, "prompt_id": .integer, "prompt_version_id": .integer,
                "name": .text, "description": .text,
            ]),
        ImportedTable(
            "prompt_labels",
            ["id": .integer, "name": .text, "description": .text, "color": .text]),
        ImportedTable(
            "prompts_prompt_labels",
            ["id": .integer, "prompt_id": .integer, "prompt_label_id": .integer]),
    ]
}
