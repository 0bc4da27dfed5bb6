import APISupport
import PhoenixModel
import SQLCore

/// How far an experiment has come.
package struct ExperimentProgress: Hashable, Sendable {
    package var exampleCount: Int64 = 0
    package var successfulRunCount: Int64 = 0
    package var failedRunCount: Int64 = 0
    /// The sum of the latencies of all runs.
    package var latencyMsSum: Double = 0

    package init() {}

    package var runCount: Int64 { successfulRunCount + failedRunCount }

    /// How many runs nobody has tried.
    package func missingRunCount(repetitions: Int64) -> Int64 {
        let (expected, isBeyond) = exampleCount.multipliedReportingOverflow(by: repetitions)
        return (isBeyond ? .max : expected) - runCount
    }
}

extension ExperimentStore {
    /// Experiments of a dataset, the newest first.
    ///
    /// - Parameter first: The experiment to begin with; it need not exist any more.
    package func experiments(
        of dataset: Dataset.ID, from first: Experiment.ID? = nil, limit: Int
    ) async throws -> Page<Experiment> {
        let start: SQL = if let first { "e.id <= \(first)" } else { "1 = 1" }
        let query: SQL = """
            SELECT \(Self.columns)
            FROM experiments e
            WHERE e.dataset_id = \(dataset) AND \(start)
            ORDER BY e.id DESC
            LIMIT \(Page<Experiment>.rowsToQuery(limit: limit))
            """
        return try await database.read { connection in
            Page(try connection.query(query).map(Self.experiment), limit: limit)
        }
    }

    package func datasetExists(_ id: Dataset.ID) async throws -> Bool {
        try await database.read {
            try $0.first("SELECT 1 FROM datasets d WHERE d.id = \(id)") != nil
        }
    }

    /// How far experiments have come. One statement counts the examples, one the runs.
    package func progress(
        of ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: ExperimentProgress] {
        try await database.read { connection in
            var progress: [Experiment.ID: ExperimentProgress] = [:]
            for chunk in ids.chunked() {
                let examples = try connection.query(
                    """
                    SELECT x.experiment_id, COUNT(*)
                    FROM experiments_dataset_examples x
                    WHERE x.experiment_id IN (\(list: chunk))
                    GROUP BY x.experiment_id
                    """)
                for row in examples {
                    progress[Experiment.ID(row.integer(0)), default: .init()].exampleCount =
                        row.integer(1)
                }
                let runs = try connection.query(
                    """
                    SELECT r.experiment_id, COUNT(*), COUNT(r.error),
                        SUM(CAST(r.end_time - r.start_time AS DOUBLE PRECISION)) / 1000
                    FROM experiment_runs r
                    WHERE r.experiment_id IN (\(list: chunk))
                    GROUP BY r.experiment_id
                    """)
                for row in runs {
                    let id = Experiment.ID(row.integer(0))
                    progress[id, default: .init()].failedRunCount = row.integer(2)
                    progress[id, default: .init()].successfulRunCount =
                        row.integer(1) - row.integer(2)
                    progress[id, default: .init()].latencyMsSum = row.double(3)
                }
            }
            return progress
        }
    }

    // MARK: Examples

    /// An example as an experiment began with it.
    package struct SnapshotExample: Hashable, Sendable {
        package var id: DatasetExample.ID
        package var externalID: String?
        /// JSON objects, as they were written.
        package var input: [UInt8]
        package var output: [UInt8]
        package var metadata: [UInt8]
        /// When the example became so.
        package var updatedAt: Timestamp
        /// The OpenTelemetry id of the span that it was made of.
        package var spanID: OTelID?
    }

    static let exampleColumns: SQL = """
        x.dataset_example_id, de.external_id, v.input, v.output, v.metadata, v.created_at, s.span_id
        """

    /// What ``exampleColumns`` are taken from.
    static let exampleTables: SQL = """
        experiments_dataset_examples x
        JOIN dataset_examples de ON de.id = x.dataset_example_id
        JOIN dataset_example_revisions v ON v.id = x.dataset_example_revision_id
        LEFT JOIN spans s ON s.id = de.span_rowid
        """

    static func example(_ row: SQLRow, startingAt first: Int = 0) -> SnapshotExample {
        SnapshotExample(
            id: DatasetExample.ID(row.integer(first)), externalID: row.optionalText(first + 1),
            input: row.blob(first + 2), output: row.blob(first + 3),
            metadata: row.blob(first + 4),
            updatedAt: Timestamp(microseconds: row.integer(first + 5)),
            spanID: row.optionalBlob(first + 6).map { OTelID($0) })
    }
}
