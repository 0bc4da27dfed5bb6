import PhoenixModel
import SQLCore

extension ExperimentStore {
    /// A run with all that belongs to it, for a file.
    package struct DownloadedRun: Sendable {
        package var run: ExperimentRun
        package var example: SnapshotExample
        package var promptTokenCount: Int64?
        package var completionTokenCount: Int64?
        /// In the order of their names.
        package var annotations: [ExperimentRunAnnotation]
    }

    /// Where a part of a download begins: behind this run.
    package struct DownloadPosition: Hashable, Sendable {
        package var example: DatasetExample.ID
        package var repetition: Int64
    }

    /// A part of the runs of an experiment, in the order of their examples and repetitions.
    ///
    /// - Parameter position: The last run of the part before.
    package func downloadedRuns(
        of id: Experiment.ID, behind position: DownloadPosition? = nil, limit: Int
    ) async throws -> [DownloadedRun] {
        let start: SQL =
            if let position {
                """
                (r.dataset_example_id, r.repetition_number)
                    > (\(position.example), \(position.repetition))
                """
            } else { "1 = 1" }
        return try await database.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.runColumns), r.prompt_token_count, r.completion_token_count,
                    \(Self.exampleColumns)
                FROM experiment_runs r
                JOIN experiments_dataset_examples x ON x.experiment_id = r.experiment_id
                    AND x.dataset_example_id = r.dataset_example_id
                JOIN dataset_examples de ON de.id = x.dataset_example_id
                JOIN dataset_example_revisions v ON v.id = x.dataset_example_revision_id
                LEFT JOIN spans s ON s.id = de.span_rowid
                WHERE r.experiment_id = \(id) AND \(start)
                ORDER BY r.dataset_example_id, r.repetition_number
                LIMIT \(limit)
                """)
            let runs = rows.map { Self.run($0) }
            let said = try Self.annotations(of: runs.map(\.id), on: connection)
            return zip(rows, runs).map { row, run in
                DownloadedRun(
                    run: run, example: Self.example(row, startingAt: 11),
                    promptTokenCount: row.optionalInteger(9),
                    completionTokenCount: row.optionalInteger(10),
                    annotations: (said[run.id] ?? []).sorted { $0.name < $1.name })
            }
        }
    }

    /// The names of all annotations of an experiment's runs, sorted.
    package func annotationNames(of id: Experiment.ID) async throws -> [String] {
        let query: SQL = """
            SELECT DISTINCT a.name
            FROM experiment_runs r
            JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
            WHERE r.experiment_id = \(id)
            """
        return try await database.read { try $0.query(query).map { $0.text(0) } }.sorted()
    }
}
