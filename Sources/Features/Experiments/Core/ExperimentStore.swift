import PhoenixModel
import SQLCore
import Tracing

/// Experiments, their runs and what was said about those, in the database.
///
/// What is done with each noun is in an extension of its own.
package struct ExperimentStore: Sendable {
    package let database: any SQLDatabase
    let tracing: TracingStore

    package init(_ tracing: TracingStore) {
        self.tracing = tracing
        database = tracing.database
    }

    // MARK: Rows

    static let columns: SQL = """
        e.id, e.dataset_id, e.dataset_version_id, e.name, e.description, e.repetitions, e.metadata,
        e.is_ephemeral, e.project_name, e.created_at, e.updated_at
        """

    static func experiment(_ row: SQLRow) -> Experiment {
        Experiment(
            id: Experiment.ID(row.integer(0)), dataset: Dataset.ID(row.integer(1)),
            datasetVersion: DatasetVersion.ID(row.integer(2)), name: row.text(3),
            description: row.optionalText(4), repetitions: row.integer(5), metadata: row.blob(6),
            isEphemeral: row.integer(7) != 0, projectName: row.optionalText(8),
            createdAt: Timestamp(microseconds: row.integer(9)),
            updatedAt: Timestamp(microseconds: row.integer(10)))
    }

    static let runColumns: SQL = """
        r.id, r.experiment_id, r.dataset_example_id, r.repetition_number, r.trace_id, r.output,
        r.error, r.start_time, r.end_time
        """

    /// - Parameter first: The column with which ``runColumns`` begin.
    static func run(_ row: SQLRow, startingAt first: Int = 0) -> ExperimentRun {
        ExperimentRun(
            id: ExperimentRun.ID(row.integer(first)),
            experiment: Experiment.ID(row.integer(first + 1)),
            example: DatasetExample.ID(row.integer(first + 2)), repetition: row.integer(first + 3),
            traceID: row.optionalText(first + 4), output: row.optionalBlob(first + 5),
            error: row.optionalText(first + 6),
            startTime: Timestamp(microseconds: row.integer(first + 7)),
            endTime: Timestamp(microseconds: row.integer(first + 8)))
    }

    static let annotationColumns: SQL = """
        a.id, a.experiment_run_id, a.name, a.annotator_kind, a.label, a.score, a.explanation,
        a.trace_id, a.error, a.metadata, a.start_time, a.end_time
        """

    static func annotation(_ row: SQLRow) -> ExperimentRunAnnotation {
        ExperimentRunAnnotation(
            id: ExperimentRunAnnotation.ID(row.integer(0)),
            run: ExperimentRun.ID(row.integer(1)), name: row.text(2),
            annotatorKind: Annotation.AnnotatorKind(rawValue: row.text(3)) ?? .code,
            label: row.optionalText(4), score: row.optionalDouble(5),
            explanation: row.optionalText(6), traceID: row.optionalText(7),
            error: row.optionalText(8), metadata: row.blob(9),
            startTime: Timestamp(microseconds: row.integer(10)),
            endTime: Timestamp(microseconds: row.integer(11)))
    }

    // MARK: Lookup

    /// - Throws: ``ExperimentError`` when there is none.
    static func experiment(
        _ id: Experiment.ID, on connection: any SQLConnection, locking: Bool = false
    ) throws -> Experiment {
        let query: SQL = """
            SELECT \(columns)
            FROM experiments e
            WHERE e.id = \(id)
            \(locking ? SQL.forUpdate : "")
            """
        guard let row = try connection.first(query) else { throw ExperimentError.notFound(id) }
        return experiment(row)
    }

    /// - Throws: ``ExperimentError`` when there is none.
    package func experiment(_ id: Experiment.ID) async throws -> Experiment {
        try await database.read { try Self.experiment(id, on: $0) }
    }

    /// Some experiments. Those that do not exist are not in the answer.
    package func experiments(
        _ ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: Experiment] {
        try await database.read { connection in
            var found: [Experiment.ID: Experiment] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.columns)
                    FROM experiments e
                    WHERE e.id IN (\(list: chunk))
                    """)
                for row in rows {
                    let experiment = Self.experiment(row)
                    found[experiment.id] = experiment
                }
            }
            return found
        }
    }
}
