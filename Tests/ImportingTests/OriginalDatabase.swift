import SQLCore
import TestSupport

@testable import Importing

/// A small database as Arize Phoenix would have written it.
enum OriginalDatabase {
    /// Makes the tables, and rows in all that are imported.
    static func make(on database: any SQLDatabase, spanCount: Int = 6) async throws {
        let script = tables(database.dialect) + rows + spans(spanCount)
        try await database.write { try $0.run(script: script) }
    }

    static func tables(_ dialect: SQLDialect) -> String {
        let plain = (ImportedTable.beforeSpans + ImportedTable.afterSpans).map { table in
            var columns = table.columns.map { "\($0.name) \(type($0.kind, dialect))" }
            if table.name == "token_prices" { columns.append("id INTEGER") }
            return "CREATE TABLE \(table.name) (\(columns.joined(separator: ", ")));\n"
        }
        return plain.joined() + """
            CREATE TABLE spans (
                id INTEGER, trace_rowid INTEGER, span_id VARCHAR, parent_id VARCHAR, name VARCHAR,
                span_kind VARCHAR, start_time \(type(.time, dialect)),
                end_time \(type(.time, dialect)), attributes \(type(.jsonb, dialect)),
                events \(type(.jsonb, dialect)), status_code VARCHAR, status_message VARCHAR,
                cumulative_error_count INTEGER, cumulative_llm_token_count_prompt INTEGER,
                cumulative_llm_token_count_completion INTEGER, llm_token_count_prompt INTEGER,
                llm_token_count_completion INTEGER);
            CREATE TABLE span_costs (
                id INTEGER, span_rowid INTEGER, trace_rowid INTEGER, model_id INTEGER,
                total_cost FLOAT, total_tokens FLOAT, prompt_cost FLOAT, prompt_tokens FLOAT,
                completion_cost FLOAT, completion_tokens FLOAT);
            CREATE TABLE span_cost_details (
                id INTEGER, span_cost_id INTEGER, token_type VARCHAR, is_prompt BOOLEAN,
                cost FLOAT, tokens FLOAT, cost_per_token FLOAT);
            CREATE TABLE alembic_version (version_num VARCHAR);
            INSERT INTO alembic_version VALUES ('\(ImportSource.knownRevision)');
            CREATE TABLE users (id INTEGER);
            INSERT INTO users VALUES (1), (2);

            """
    }

    private static func type(_ kind: ImportedTable.Kind, _ dialect: SQLDialect) -> String {
        switch kind {
        case .integer: "INTEGER"
        case .real: "FLOAT"
        case .text, .otelID: "VARCHAR"
        case .bytes: dialect == .sqlite ? "BLOB" : "BYTEA"
        case .flag: "BOOLEAN"
        case .time: dialect == .sqlite ? "TIMESTAMP" : "TIMESTAMP WITH TIME ZONE"
        case .json, .jsonb, .taskOutput: "JSONB"
        }
    }

    private static let rows = """
        INSERT INTO project_trace_retention_policies VALUES
            (0, 'Default', '0 0 * * 0', '{"max_days":0.0,"type":"max_days"}'),
            (3, 'short', '0 3 * * 1', '{"max_count":5,"type":"max_count"}');
        INSERT INTO projects VALUES
            (1, 'default', 'Default project', '#5bdbff', '#1c76fc', '2026-05-01 09:00:00',
                '2026-05-01 09:00:00.000001', NULL),
            (7, 'shop', NULL, '#102030', '#405060', '2026-05-01 09:00:00',
                '2026-05-01 09:00:00.5', 3);
        INSERT INTO generative_models VALUES
            (1, 'gpt', '', 'gpt', NULL, TRUE, '2026-05-01 09:00:00', '2026-05-01 09:00:00', NULL),
            (9, 'house', 'x', '^house', '2026-01-01 00:00:00', FALSE, '2026-05-01 09:00:00',
                '2026-05-01 09:00:00', '2026-05-02 09:00:00');
        INSERT INTO token_prices (model_id, is_prompt, token_type, base_rate, customization, id)
        VALUES
            (1, TRUE, 'input', 1e-06, 'null', 4), (1, FALSE, 'output', 2e-06, 'null', 5),
            (9, TRUE, 'input', 0.5, '{"type":"threshold_based","key":"k","threshold":1.0,\
        "new_rate":2.0}', 6);
        INSERT INTO project_sessions VALUES
            (5, 's-1', 7, '2026-05-01 10:00:00', '2026-05-01 10:00:09.25');
        INSERT INTO traces VALUES
            (11, '00000000000000000000000000000011', 7, 5, '2026-05-01 10:00:00',
                '2026-05-01 10:00:09.25'),
            (12, '00000000000000000000000000000012', 1, NULL, '2026-05-01 11:00:00',
                '2026-05-01 11:00:00'),
            (14, '00000000000000000000000000000014', 7, 5, '2026-05-01 10:00:01',
                '2026-05-01 10:00:02');
        INSERT INTO span_annotations (
            id, span_rowid, name, identifier, label, score, explanation, metadata, annotator_kind,
            source, created_at, updated_at)
        VALUES
            (31, 101, 'tone', '', 'warm', 0.25, NULL, '{"b":1,"a":[1.0,null]}', 'HUMAN', 'API',
                '2026-05-03 10:00:00', '2026-05-03 10:00:01'),
            (33, 101, 'note', 'px-span-note:1', NULL, NULL, 'Look', '{}', 'HUMAN', 'APP',
                '2026-05-03 10:00:00', '2026-05-03 10:00:01');
        INSERT INTO trace_annotations (
            id, trace_rowid, name, identifier, label, score, explanation, metadata,
            annotator_kind, source, created_at, updated_at)
        VALUES (2, 12, 'done', '', 'yes', NULL, NULL, '{}', 'CODE', 'API',
            '2026-05-03 10:00:00', '2026-05-03 10:00:01');
        INSERT INTO project_session_annotations (
            id, project_session_id, name, identifier, label, score, explanation, metadata,
            annotator_kind, source, created_at, updated_at)
        VALUES (2, 5, 'mood', '', 'good', NULL, NULL, '{}', 'LLM', 'API',
            '2026-05-03 10:00:00', '2026-05-03 10:00:01');
        INSERT INTO document_annotations (
            id, span_rowid, document_position, name, identifier, label, score, explanation,
            metadata, annotator_kind, source, created_at, updated_at)
        VALUES (2, 102, 1, 'relevant', '', NULL, 1, NULL, '{}', 'LLM', 'API',
            '2026-05-03 10:00:00', '2026-05-03 10:00:01');
        INSERT INTO annotation_configs VALUES
            (4, 'remark', '{"name":null,"type":"FREEFORM","description":"Anything"}');
        INSERT INTO project_annotation_configs VALUES (6, 7, 4);
        INSERT INTO datasets VALUES
            (2, 'orders', NULL, '{}', '2026-05-04 10:00:00', '2026-05-04 10:00:00');
        INSERT INTO dataset_versions VALUES (3, 2, 'one', '{"k":1}', '2026-05-04 10:00:00');
        INSERT INTO dataset_examples VALUES
            (4, 2, 101, 'ext', '2026-05-04 10:00:00'), (5, 2, NULL, NULL, '2026-05-04 10:00:00');
        INSERT INTO dataset_example_revisions VALUES
            (6, 4, 3, '{"z":1,"a":2.0}', '{}', '{}', NULL, 'CREATE', '2026-05-04 10:00:00'),
            (7, 5, 3, '{}', '{"x":"ü"}', '{}', NULL, 'CREATE', '2026-05-04 10:00:00');
        INSERT INTO dataset_splits VALUES
            (2, 'train', NULL, '#aabbcc', '{}', '2026-05-04 10:00:00', '2026-05-04 10:00:00');
        INSERT INTO dataset_splits_dataset_examples VALUES (2, 4), (2, 5);
        INSERT INTO dataset_labels VALUES (8, 'golden', NULL, '#ffcc00');
        INSERT INTO datasets_dataset_labels VALUES (2, 8);
        INSERT INTO experiments VALUES (
            3, 2, 3, 'try', NULL, 2, '{}', 0, 'Experiment-1', '2026-05-05 10:00:00',
            '2026-05-05 10:00:00');
        INSERT INTO experiments_dataset_splits VALUES (3, 2);
        INSERT INTO experiments_dataset_examples VALUES (3, 4, 6), (3, 5, 7);
        INSERT INTO experiment_tags VALUES (2, 3, 2, 'best', NULL);
        INSERT INTO experiment_runs (
            id, experiment_id, dataset_example_id, repetition_number, trace_id, output, error,
            start_time, end_time)
        VALUES
            (5, 3, 4, 1, '00000000000000000000000000000011', '{"task_output":{"z":1,"a":[]}}',
                NULL, '2026-05-05 10:00:00', '2026-05-05 10:00:00.5'),
            (6, 3, 5, 1, NULL, '{"task_output":null}', 'failed', '2026-05-05 10:00:00',
                '2026-05-05 10:00:00.5');
        INSERT INTO experiment_run_annotations (
            id, experiment_run_id, name, annotator_kind, label, score, metadata, start_time,
            end_time)
        VALUES (7, 5, 'exact', 'CODE', 'ok', 1, '{}', '2026-05-05 10:00:00',
            '2026-05-05 10:00:00.5');
        INSERT INTO prompts VALUES
            (2, NULL, 'hello', NULL, '{}', '2026-05-06 10:00:00', '2026-05-06 10:00:00'),
            (3, 2, 'hello-2', NULL, '{}', '2026-05-06 10:00:00', '2026-05-06 10:00:00');
        INSERT INTO prompt_versions VALUES (
            4, 2, NULL, 'CHAT', 'MUSTACHE', '{"type":"chat","messages":[]}',
            '{"type":"openai","openai":{}}', 'null', NULL, 'OPENAI', 'gpt', '{}',
            '2026-05-06 10:00:00');
        INSERT INTO prompt_version_tags VALUES (1, 2, 4, 'live', NULL);
        INSERT INTO prompt_labels VALUES (1, 'kind', NULL, '#00ff00');
        INSERT INTO prompts_prompt_labels VALUES (1, 2, 1);

        """

    /// Spans of the first trace with row ids from 101 on: a root, then children of it, of which every
    /// third is a call of a model with a cost. Before them one of the other trace, which has no
    /// session although the span names one.
    private static func spans(_ count: Int) -> String {
        var script = #"""
            INSERT INTO spans VALUES (
                99, 12, 'ff', NULL, 'alone', 'UNKNOWN', '2026-05-01 11:00:00',
                '2026-05-01 11:00:00', '{"session":{"id":"lost"}}', '[]', 'ERROR', 'no', 1, 0, 0,
                NULL, NULL);

            """#
        let calls = (1..<count).filter { $0 % 3 == 0 }.count
        for index in 0..<count {
            let id = "00000000000000" + (index < 16 ? "0" : "") + String(index, radix: 16)
            let isCall = index > 0 && index % 3 == 0
            let parent = index == 0 ? "NULL" : "'0000000000000000'"
            let attributes =
                isCall
                ? #"{"llm":{"model_name":"gpt","provider":"x","wide":1e300},"n":1.0}"#
                : #"{"session":{"id":" s-1 "},"user":{"id":7},"text":"It''s ü \n","list":[]}"#
            let events =
                index == 1
                ? #"[{"name":"exception","timestamp":"2026-05-01T10:00:00+00:00","attributes":{"exception.message":"it broke"}}]"#
                : "[]"
            let sum = index == 0 ? calls : isCall ? 1 : 0
            let own = isCall ? "100, 10" : "NULL, NULL"
            script += """
                INSERT INTO spans VALUES (
                    \(101 + index), 11, '\(id.suffix(16))', \(parent), 'span \(index)',
                    '\(isCall ? "LLM" : "CHAIN")', '2026-05-01 10:00:0\(index % 10).123456',
                    '2026-05-01 10:00:0\(index % 10).25', '\(attributes)', '\(events)', 'OK', '',
                    0, \(sum * 100), \(sum * 10), \(own));

                """
            guard isCall else { continue }
            script += """
                INSERT INTO span_costs VALUES (
                    \(index), \(101 + index), 11, 1, 0.3, 110, 0.1, 100, 0.2, 10);
                INSERT INTO span_cost_details VALUES
                    (\(index * 2), \(index), 'input', TRUE, 0.1, 100, 0.001),
                    (\(index * 2 + 1), \(index), 'output', FALSE, 0.2, 10, 0.02);

                """
        }
        return script
    }
}
