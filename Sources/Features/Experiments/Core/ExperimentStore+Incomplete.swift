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
    static let repetitionsMax = 10_000
    /// How many repetitions an answer lists before it leaves the other examples to the next one.
    static let listedRepetitionsMax = 100_000
    /// How many rows an answer has at most, whatever is asked for.
    static let incompleteMax = 1000

    /// The examples of an experiment with runs to do, in the order of their ids.
    ///
    /// - Parameters:
    ///   - first: The example to begin with.
    ///   - limit: How many examples to list at most. Fewer are listed where it is more than
    ///     ``incompleteMax``, or there are ``listedRepetitionsMax`` repetitions before.
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func incompleteRuns(
        of id: Experiment.ID, from first: DatasetExample.ID? = nil, limit: Int
    ) async throws -> Page<IncompleteRuns> {
        let limit = min(limit, Self.incompleteMax)
        return try await database.read { connection in
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
            var listed: [IncompleteRuns] = []
            var repetitionCount = 0
            for chunk in examples.chunked(by: 64) {
                let done = try Self.repetitionsDone(
                    of: id, examples: chunk.map(\.id), on: connection)
                for example in chunk {
                    guard listed.count < limit, repetitionCount < Self.listedRepetitionsMax else {
                        let next = IncompleteRuns(example: example, repetitions: [])
                        return Page(listed + [next], limit: listed.count)
                    }
                    let done = done[example.id] ?? []
                    let missing = Array(
                        (1...experiment.repetitions).lazy.filter { !done.contains($0) }
                            .prefix(Self.repetitionsMax))
                    listed.append(IncompleteRuns(example: example, repetitions: missing))
                    repetitionCount += missing.count
                }
            }
            return Page(listed, limit: limit)
        }
    }

    private static func repetitionsDone(
        of id: Experiment.ID, examples: [DatasetExample.ID], on connection: any SQLConnection
    ) throws -> [DatasetExample.ID: Set<Int64>] {
        let rows = try connection.query(
            """
            SELECT r.dataset_example_id, r.repetition_number
            FROM experiment_runs r
            WHERE r.experiment_id = \(id) AND r.error IS NULL
                AND r.dataset_example_id IN (\(list: examples))
            """)
        var done: [DatasetExample.ID: Set<Int64>] = [:]
        for row in rows {
            done[DatasetExample.ID(row.integer(0)), default: []].insert(row.integer(1))
        }
        return done
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
    ///   - limit: How many runs to list, up to ``incompleteMax``.
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func incompleteEvaluations(
        of id: Experiment.ID, names: [String], from first: ExperimentRun.ID? = nil, limit: Int
    ) async throws -> Page<IncompleteEvaluations> {
        let limit = min(limit, Self.incompleteMax)
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
