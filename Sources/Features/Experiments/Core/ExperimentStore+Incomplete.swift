import APISupport
import PhoenixModel
import SQLCore

extension ExperimentStore {
    /// The repetitions of an example that have no run, or only one that failed.
    package struct IncompleteRuns: Hashable, Sendable {
        package var example: SnapshotExample
        package var repetitions: [Int64]
    }

    /// How many repetitions an answer lists of one example at most.
    static let repetitionsMax: Int64 = 10_000

    /// The examples of an experiment with runs to do, in the order of their ids.
    ///
    /// - Parameter first: The example to begin with.
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func incompleteRuns(
        of id: Experiment.ID, from first: DatasetExample.ID? = nil, limit: Int
    ) async throws -> Page<IncompleteRuns> {
        try await database.read { connection in
            let experiment = try Self.experiment(id, on: connection)
            let start: SQL = if let first { "x.dataset_example_id >= \(first)" } else { "1 = 1" }
            let examples = try connection.query(
                """
                SELECT \(Self.exampleColumns)
                FROM \(Self.exampleTables)
                WHERE x.experiment_id = \(id) AND \(start)
                    AND (
                        SELECT COUNT(*)
                        FROM experiment_runs r
                        WHERE r.experiment_id = x.experiment_id
                            AND r.dataset_example_id = x.dataset_example_id
                            AND r.repetition_number <= \(experiment.repetitions)
                            AND r.error IS NULL
                    ) < \(experiment.repetitions)
                ORDER BY x.dataset_example_id
                LIMIT \(Page<IncompleteRuns>.rowsToQuery(limit: limit))
                """
            ).map { Self.example($0) }
            var done: [DatasetExample.ID: Set<Int64>] = [:]
            for chunk in examples.map(\.id).chunked() {
                let rows = try connection.query(
                    """
                    SELECT r.dataset_example_id, r.repetition_number
                    FROM experiment_runs r
                    WHERE r.experiment_id = \(id) AND r.error IS NULL
                        AND r.dataset_example_id IN (\(list: chunk))
                    """)
                for row in rows {
                    done[DatasetExample.ID(row.integer(0)), default: []].insert(row.integer(1))
                }
            }
            let repetitions = 1...min(experiment.repetitions, Self.repetitionsMax)
            return Page(
                examples.map { example in
                    let done = done[example.id] ?? []
                    return IncompleteRuns(
                        example: example, repetitions: repetitions.filter { !done.contains($0) })
                }, limit: limit)
        }
    }

    /// The evaluations of a run that are missing or failed.
    package struct IncompleteEvaluations: Hashable, Sendable {
        package var run: ExperimentRun
        package var example: SnapshotExample
        package var names: [String]
    }

    /// The runs of an experiment that succeeded and lack evaluations, in the order of their ids.
    ///
    /// - Parameters:
    ///   - names: The evaluations to look for.
    ///   - first: The run to begin with.
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func incompleteEvaluations(
        of id: Experiment.ID, names: [String], from first: ExperimentRun.ID? = nil, limit: Int
    ) async throws -> Page<IncompleteEvaluations> {
        var seen = Set<String>()
        let names = names.filter { seen.insert($0).inserted }
        return try await database.read { connection in
            _ = try Self.experiment(id, on: connection)
            let start: SQL = if let first { "r.id >= \(first)" } else { "1 = 1" }
            let rows = try connection.query(
                """
                SELECT \(Self.runColumns), \(Self.exampleColumns)
                FROM \(Self.exampleTables)
                JOIN experiment_runs r ON r.experiment_id = x.experiment_id
                    AND r.dataset_example_id = x.dataset_example_id
                WHERE r.experiment_id = \(id) AND r.error IS NULL AND \(start)
                    AND (
                        SELECT COUNT(*)
                        FROM experiment_run_annotations a
                        WHERE a.experiment_run_id = r.id AND a.error IS NULL
                            AND a.name IN (\(list: names))
                    ) < \(names.count)
                ORDER BY r.id
                LIMIT \(Page<IncompleteEvaluations>.rowsToQuery(limit: limit))
                """)
            let runs = rows.map { (Self.run($0), Self.example($0, startingAt: 9)) }
            let said = try Self.annotations(of: runs.map(\.0.id), on: connection)
            return Page(
                runs.map { run, example in
                    let done = Set(
                        (said[run.id] ?? []).lazy.filter { $0.error == nil }.map(\.name))
                    return IncompleteEvaluations(
                        run: run, example: example, names: names.filter { !done.contains($0) })
                }, limit: limit)
        }
    }
}
