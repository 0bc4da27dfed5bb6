import APISupport
import PhoenixModel
import SQLCore

extension ExperimentStore {
    /// Stores a run. One that failed gives way to another try, and then loses what evaluators said
    /// about it; what people said stays.
    ///
    /// Of several writers of the same run one is first; the others meet what it wrote.
    ///
    /// - Throws: ``ExperimentError`` when the experiment or the example does not exist, or the run is
    ///   there without an error.
    package func write(_ draft: ExperimentRunDraft) async throws -> ExperimentRun.ID {
        try await racing {
            try await database.write { connection in
                try Self.requireTargets(of: draft, on: connection)
                let id = ExperimentRun.ID(
                    try connection.allocateIDs(1, for: "experiment_runs")[0])
                let row = try connection.first(
                    """
                    INSERT INTO experiment_runs (
                        id, experiment_id, dataset_example_id, repetition_number, trace_id, output,
                        error, start_time, end_time)
                    VALUES (
                        \(id), \(draft.experiment), \(draft.example), \(draft.repetition),
                        \(draft.traceID.sqlValue), \(draft.output.map(SQL.document) ?? "NULL"), \(draft.error.sqlValue),
                        \(draft.startTime), \(draft.endTime))
                    ON CONFLICT (experiment_id, dataset_example_id, repetition_number) DO UPDATE
                    SET trace_id = excluded.trace_id, output = excluded.output,
                        error = excluded.error, start_time = excluded.start_time,
                        end_time = excluded.end_time
                    WHERE experiment_runs.error IS NOT NULL
                    RETURNING id
                    """)
                guard let stored = row?.integer(0) else {
                    throw ExperimentError.isFinal(try Self.run(of: draft, on: connection) ?? id)
                }
                if stored != id.value {
                    try connection.execute(
                        """
                        DELETE FROM experiment_run_annotations
                        WHERE experiment_run_id = \(stored) AND annotator_kind <> 'HUMAN'
                        """)
                }
                return ExperimentRun.ID(stored)
            }
        }
    }

    private static func requireTargets(
        of draft: ExperimentRunDraft, on connection: any SQLConnection
    ) throws {
        let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
        let experiment: SQL =
            "SELECT e.dataset_id FROM experiments e WHERE e.id = \(draft.experiment) \(lock)"
        guard let dataset = try connection.first(experiment)?.integer(0) else {
            throw ExperimentError.notFound(draft.experiment)
        }
        let example: SQL = """
            SELECT 1
            FROM dataset_examples d
            WHERE d.id = \(draft.example) AND d.dataset_id = \(dataset)
            \(lock)
            """
        guard try connection.first(example) != nil else {
            throw ExperimentError.exampleNotFound(draft.example)
        }
    }

    private static func run(
        of draft: ExperimentRunDraft, on connection: any SQLConnection
    ) throws -> ExperimentRun.ID? {
        let query: SQL = """
            SELECT r.id
            FROM experiment_runs r
            WHERE r.experiment_id = \(draft.experiment)
                AND r.dataset_example_id = \(draft.example)
                AND r.repetition_number = \(draft.repetition)
            """
        return try connection.first(query).map { ExperimentRun.ID($0.integer(0)) }
    }

    /// Runs of an experiment, the newest first.
    ///
    /// - Parameter first: The run to begin with; it need not exist any more.
    package func runs(
        of experiment: Experiment.ID, from first: ExperimentRun.ID? = nil, limit: Int
    ) async throws -> Page<ExperimentRun> {
        let start: SQL = if let first { "r.id <= \(first)" } else { "1 = 1" }
        let query: SQL = """
            SELECT \(Self.runColumns)
            FROM experiment_runs r
            WHERE r.experiment_id = \(experiment) AND \(start)
            ORDER BY r.id DESC
            LIMIT \(Page<ExperimentRun>.rowsToQuery(limit: limit))
            """
        return try await database.read { connection in
            Page(try connection.query(query).map { Self.run($0) }, limit: limit)
        }
    }

    /// Some runs. Those that do not exist are not in the answer.
    package func runs(
        _ ids: [ExperimentRun.ID]
    ) async throws -> [ExperimentRun.ID: ExperimentRun] {
        try await database.read { connection in
            var found: [ExperimentRun.ID: ExperimentRun] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.runColumns)
                    FROM experiment_runs r
                    WHERE r.id IN (\(list: chunk))
                    """)
                for row in rows {
                    let run = Self.run(row)
                    found[run.id] = run
                }
            }
            return found
        }
    }

    // MARK: Annotations

    /// Stores what an evaluator says about a run, in the place of what it said before.
    ///
    /// - Throws: ``ExperimentError`` when the run does not exist.
    package func write(
        _ draft: ExperimentRunAnnotationDraft
    ) async throws -> ExperimentRunAnnotation.ID {
        try await racing {
            try await database.write { connection in
                let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
                let run: SQL =
                    "SELECT 1 FROM experiment_runs r WHERE r.id = \(draft.run) \(lock)"
                guard try connection.first(run) != nil else {
                    throw ExperimentError.runNotFound(draft.run)
                }
                let id = try connection.allocateIDs(1, for: "experiment_run_annotations")[0]
                let row = try connection.first(
                    """
                    INSERT INTO experiment_run_annotations (
                        id, experiment_run_id, name, annotator_kind, label, score, explanation,
                        trace_id, error, metadata, start_time, end_time)
                    VALUES (
                        \(id), \(draft.run), \(draft.name), \(draft.annotatorKind.rawValue),
                        \(draft.label.sqlValue), \(draft.score.sqlValue), \(draft.explanation.sqlValue), \(draft.traceID.sqlValue),
                        \(draft.error.sqlValue), \(SQL.document(draft.metadata)), \(draft.startTime),
                        \(draft.endTime))
                    ON CONFLICT (experiment_run_id, name) DO UPDATE
                    SET annotator_kind = excluded.annotator_kind, label = excluded.label,
                        score = excluded.score, explanation = excluded.explanation,
                        trace_id = excluded.trace_id, error = excluded.error,
                        metadata = excluded.metadata, start_time = excluded.start_time,
                        end_time = excluded.end_time
                    RETURNING id
                    """)
                return ExperimentRunAnnotation.ID(row?.integer(0) ?? id)
            }
        }
    }

    /// What was said about runs, by run and in the order in which it was first said.
    package func annotations(
        of ids: [ExperimentRun.ID]
    ) async throws -> [ExperimentRun.ID: [ExperimentRunAnnotation]] {
        try await database.read { try Self.annotations(of: ids, on: $0) }
    }

    static func annotations(
        of ids: [ExperimentRun.ID], on connection: any SQLConnection
    ) throws -> [ExperimentRun.ID: [ExperimentRunAnnotation]] {
        var found: [ExperimentRun.ID: [ExperimentRunAnnotation]] = [:]
        for chunk in ids.chunked() {
            let rows = try connection.query(
                """
                SELECT \(annotationColumns)
                FROM experiment_run_annotations a
                WHERE a.experiment_run_id IN (\(list: chunk))
                ORDER BY a.id
                """)
            for row in rows {
                let annotation = annotation(row)
                found[annotation.run, default: []].append(annotation)
            }
        }
        return found
    }
}
