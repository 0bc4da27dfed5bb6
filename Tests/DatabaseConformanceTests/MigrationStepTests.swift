import PhoenixSchema
import SQLCore
import TestSupport
import Testing
import Tracing

/// Each step of the schema, from a database of the version before with rows in it.
@Suite struct MigrationStepTests {
    @Test(arguments: TestDatabase.available)
    func `costs are added to a database that has spans`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            let first = Array(Migration.all.prefix(1))
            _ = try await Migrator(database, migrations: first).migrate(now: 1)
            let payload: SQL =
                database.dialect == .sqlite
                ? "payload_block_id, payload_index" : "attributes, events"
            let values: SQL =
                database.dialect == .sqlite ? "1, 0" : "'{}'::jsonb, '[]'::jsonb"
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time, span_count)
                    VALUES (7, \([UInt8](repeating: 1, count: 16)), 5, 10, 20, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO spans (
                        id, trace_rowid, project_rowid, span_id, name, span_kind, start_time,
                        end_time, status_code, status_message, event_count,
                        cumulative_error_count, cumulative_llm_token_count_prompt,
                        cumulative_llm_token_count_completion, \(payload))
                    VALUES (
                        9, 7, 5, \([UInt8](repeating: 2, count: 8)), 'call', 'LLM', 10, 20, 'OK',
                        '', 0, 0, 0, 0, \(values))
                    """)
            }
            #expect(try await Migrator(database).migrate(now: 2).first == "add costs")
            _ = try await database.write { connection in
                try connection.execute(
                    "INSERT INTO span_costs (span_rowid, prompt_tokens) VALUES (9, 3)")
            }
            let row = try await database.read {
                try $0.first(
                    """
                    SELECT t.span_count, t.cost_count, t.prompt_cost, e.is_prompt, e.token_type,
                        e.tokens, e.cost
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    JOIN span_cost_entries e ON e.span_rowid = s.id
                    """)
            }
            #expect(row?.values == [1, 0, nil, 1, "input", .double(3), nil])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans that are stored already are counted by their status`(on kind: TestDatabase)
        async throws
    {
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database, migrations: Array(Migration.all.prefix(3)))
                .migrate(now: 1)
            let payload: SQL =
                database.dialect == .sqlite
                ? "payload_block_id, payload_index" : "attributes, events"
            let values: SQL =
                database.dialect == .sqlite ? "1, 0" : "'{}'::jsonb, '[]'::jsonb"
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time, span_count)
                    VALUES (7, \([UInt8](repeating: 1, count: 16)), 5, 10, 20, 3)
                    """)
                for (id, status, start) in [
                    (1, "OK", 59_999_999), (2, "ERROR", 0), (3, "OK", 60_000_000),
                ] {
                    try connection.execute(
                        """
                        INSERT INTO spans (
                            id, trace_rowid, project_rowid, span_id, name, span_kind, start_time,
                            end_time, status_code, status_message, event_count,
                            cumulative_error_count, cumulative_llm_token_count_prompt,
                            cumulative_llm_token_count_completion, \(payload))
                        VALUES (
                            \(id), 7, 5, \([UInt8](repeating: UInt8(id), count: 8)), 'call',
                            'LLM', \(start), \(start), \(status), '', 0, 0, 0, 0, \(values))
                        """)
                }
                for (minute, spans) in [(0, 2), (1, 1)] {
                    try connection.execute(
                        """
                        INSERT INTO project_minutes (
                            project_rowid, minute, trace_count, span_count, error_count,
                            llm_token_count_prompt, llm_token_count_completion)
                        VALUES (5, \(minute), 0, \(spans), 0, 0, 0)
                        """)
                }
            }
            #expect(
                try await Migrator(database).migrate(now: 2).first == "count spans by status")
            let counts = try await database.read {
                try $0.query("SELECT ok_count FROM project_minutes ORDER BY minute")
                    .map { $0.integer(0) }
            }
            #expect(counts == [1, 1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `calls that are stored twice already count once`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database, migrations: Array(Migration.all.prefix(4)))
                .migrate(now: 1)
            let isSQLite = database.dialect == .sqlite
            let payload: SQL =
                isSQLite ? "payload_block_id, payload_index" : "attributes, events"
            let values: SQL = isSQLite ? "1, 0" : "'{}'::jsonb, '[]'::jsonb"
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1)
                    """)
                for trace in [7, 8] {
                    try connection.execute(
                        """
                        INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time)
                        VALUES (
                            \(trace), \([UInt8](repeating: UInt8(trace), count: 16)), 5, -1, 20)
                        """)
                }
                // An outer call with two inner ones, one below a chain, one that is its own parent,
                // and one below a span of another trace.
                for (span, trace, parent, kind, minute) in [
                    (1, 7, 99, "LLM", -1), (2, 7, 1, "LLM", 0), (3, 7, 1, "LLM", 0),
                    (4, 7, 3, "CHAIN", 0), (5, 7, 4, "LLM", 0), (6, 7, 6, "LLM", 0),
                    (8, 8, 5, "LLM", 0),
                ] as [(Int, Int, Int, String, Int64)] {
                    let id = [UInt8](repeating: UInt8(span), count: 8)
                    let parentID = [UInt8](repeating: UInt8(parent), count: 8)
                    let tokens: SQLValue = kind == "LLM" ? .integer(1 << Int64(span)) : .null
                    try connection.execute(
                        """
                        INSERT INTO spans (
                            id, trace_rowid, project_rowid, span_id, parent_id, name, span_kind,
                            start_time, end_time, status_code, status_message, event_count,
                            cumulative_error_count, cumulative_llm_token_count_prompt,
                            cumulative_llm_token_count_completion, llm_token_count_prompt,
                            \(payload))
                        VALUES (
                            \(span), \(trace), 5, \(id), \(parentID), 'call', \(kind),
                            \(minute), 20, 'OK', '', 0, 0, 0, 0, \(tokens), \(values))
                        """)
                }
                for (minute, spans, tokens) in [(-1, 1, 2), (0, 6, 364)] {
                    try connection.execute(
                        """
                        INSERT INTO project_minutes (
                            project_rowid, minute, trace_count, span_count, error_count, ok_count,
                            llm_token_count_prompt, llm_token_count_completion)
                        VALUES (5, \(minute), 0, \(spans), 0, \(spans), \(tokens), 9)
                        """)
                }
            }
            #expect(try await Migrator(database).migrate(now: 2).first == "mark wrapped calls")
            let (wrappers, tokens) = try await database.read { connection in
                (
                    try connection.query("SELECT id FROM spans WHERE wraps_model_call = 1")
                        .map { $0.integer(0) },
                    try connection.query(
                        """
                        SELECT llm_token_count_prompt, llm_token_count_completion
                        FROM project_minutes
                        ORDER BY minute
                        """
                    ).map { [$0.integer(0), $0.integer(1)] }
                )
            }
            #expect(wrappers == [1])
            #expect(tokens == [[0, 9], [364, 9]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans that are stored already can be annotated`(on kind: TestDatabase) async throws {
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database, migrations: Array(Migration.all.prefix(7)))
                .migrate(now: 1)
            let isSQLite = database.dialect == .sqlite
            let payload: SQL = isSQLite ? "payload_block_id, payload_index" : "attributes, events"
            let values: SQL = isSQLite ? "1, 0" : "'{}'::jsonb, '[]'::jsonb"
            try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time)
                    VALUES (7, \([UInt8](repeating: 1, count: 16)), 5, 10, 20)
                    """)
                try connection.execute(
                    """
                    INSERT INTO spans (
                        id, trace_rowid, project_rowid, span_id, name, span_kind, start_time,
                        end_time, status_code, status_message, event_count,
                        cumulative_error_count, cumulative_llm_token_count_prompt,
                        cumulative_llm_token_count_completion, \(payload))
                    VALUES (
                        9, 7, 5, \([UInt8](repeating: 2, count: 8)), 'call', 'LLM', 10, 20, 'OK',
                        '', 0, 0, 0, 0, \(values))
                    """)
            }
            #expect(try await Migrator(database).migrate(now: 2).first == "add annotations")
            func annotationCount() async throws -> Int64? {
                try await database.read {
                    try $0.first("SELECT COUNT(*) FROM span_annotations")?.integer(0)
                }
            }
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO span_annotations (
                        span_rowid, name, identifier, metadata, annotator_kind, source,
                        created_at, updated_at)
                    VALUES (9, 'quality', '', '{}', 'HUMAN', 'APP', 1, 1)
                    """)
            }
            #expect(try await annotationCount() == 1)
            _ = try await database.write { connection in
                try connection.execute("DELETE FROM traces WHERE id = 7")
            }
            #expect(try await annotationCount() == 0)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `values that were refused before checks were spelled out still are`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database, migrations: Array(Migration.all.prefix(13)))
                .migrate(now: 1)
            func insertAnnotation(id: Int, by annotator: String) async throws {
                _ = try await database.write { connection in
                    try connection.execute(
                        """
                        INSERT INTO trace_annotations (
                            id, trace_rowid, name, identifier, metadata, annotator_kind, source,
                            created_at, updated_at)
                        VALUES (\(id), 7, 'quality', \(annotator), '{}', \(annotator), 'APP', 1, 1)
                        """)
                }
            }
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time)
                    VALUES (7, \([UInt8](repeating: 1, count: 16)), 5, 10, 20)
                    """)
            }
            try await insertAnnotation(id: 1, by: "LLM")
            #expect(try await Migrator(database).migrate(now: 2).first == "spell out checks")
            try await insertAnnotation(id: 2, by: "HUMAN")
            await #expect(throws: DatabaseError.self) {
                try await insertAnnotation(id: 3, by: "PARROT")
            }
            #expect(try await database.integrityFindings() == [])
            let stored = try await database.read {
                try $0.query("SELECT id FROM trace_annotations ORDER BY id").map { $0.integer(0) }
            }
            #expect(stored == [1, 2])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `traces that are stored already are counted by how long they took`(
        on kind: TestDatabase
    ) async throws {
        let latencies: [Int64] = [
            -5, -1, 0, 9, 10, 99, 100, 109, 110, 999, 1_000, 1_099, 1_000, 123_456_789,
            4_000_000_000_000_000_000,
        ]
        try await kind.withEmptyDatabase { database in
            _ = try await Migrator(database, migrations: Array(Migration.all.prefix(14)))
                .migrate(now: 1)
            _ = try await database.write { connection in
                try connection.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (5, 'old', 1, 1), (6, 'without traces', 1, 1)
                    """)
                for (index, latency) in latencies.enumerated() {
                    let id = [UInt8](repeating: UInt8(index + 1), count: 16)
                    try connection.execute(
                        """
                        INSERT INTO traces (id, trace_id, project_rowid, start_time, end_time)
                        VALUES (\(index + 1), \(id), 5, 1000, \(1000 + latency))
                        """)
                }
            }
            #expect(try await Migrator(database).migrate(now: 2).first == "count traces by latency")
            let counted = try await database.read {
                try $0.first(
                    "SELECT COUNT(*), CAST(SUM(trace_count) AS BIGINT) FROM project_trace_latencies"
                )!
            }
            #expect(counted.integer(1) == Int64(latencies.count))
            #expect(counted.integer(0) == 11)
            // A trace that is stored from now on would be counted where these are.
            let findings = try await TracingStore(database).integrityFindings()
            #expect(findings.filter { $0.contains("latencies") } == [])
        }
    }

    @Test(arguments: [
        ("spans", "status_code", ["OK", "ERROR", "UNSET"]),
        ("span_annotations", "annotator_kind", ["LLM", "CODE", "HUMAN"]),
        ("trace_annotations", "annotator_kind", ["LLM", "CODE", "HUMAN"]),
        ("project_session_annotations", "annotator_kind", ["LLM", "CODE", "HUMAN"]),
        ("document_annotations", "annotator_kind", ["LLM", "CODE", "HUMAN"]),
        ("experiment_run_annotations", "annotator_kind", ["LLM", "CODE", "HUMAN"]),
        ("waiting_annotations", "subject", ["span", "trace", "session", "document"]),
        ("dataset_example_revisions", "revision_kind", ["CREATE", "PATCH", "DELETE"]),
    ])
    func `checks of SQLite compare with one value after the other`(
        table: String, column: String, values: [String]
    ) async throws {
        try await TestDatabase.sqlite.withEmptyDatabase { database in
            _ = try await Migrator(database).migrate(now: 1)
            let text = try await database.read {
                try $0.first("SELECT sql FROM sqlite_schema WHERE name = \(table)")?.text(0)
            }
            let tests = values.map { "\(column) = '\($0)'" }.joined(separator: " OR ")
            #expect(text?.contains("CHECK (\(tests))") == true)
        }
    }
}
