import APISupport
import Experiments
import HTTPMessages
import JSON
import PhoenixModel
import SQLCore
import TestSupport
import Tracing

/// The routes of this feature on a database of their own, without a network.
struct ExperimentsService: RouteCalling {
    /// The time of every request.
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)
    static let dataset = Dataset.ID(1)

    let tracing: TracingStore
    let store: ExperimentStore
    let router: Router

    init(_ tracing: TracingStore) {
        self.tracing = tracing
        store = ExperimentStore(tracing)
        var router = Router()
        let routes = ExperimentRoutes(store: store, now: { Self.now })
        API(routes: routes.routes).register(on: &router)
        self.router = router
    }

    /// Writes dataset 1 called `demo data set` with version 1 and as many examples; of those with
    /// even ids a version 2 has another output, and the last one is deleted by it. Example 1 is in
    /// split `train`, 2 in `train` and `test`.
    func insertDataset(examples: Int = 4) async throws {
        try await tracing.database.write { connection in
            try connection.run(
                script: """
                    INSERT INTO datasets (id, name, metadata, created_at, updated_at)
                        VALUES (1, 'demo data set', '{}', 0, 0), (2, 'other', '{}', 0, 0);
                    INSERT INTO dataset_versions (id, dataset_id, metadata, created_at)
                        VALUES (1, 1, '{}', 0), (2, 1, '{}', 0), (3, 2, '{}', 0);
                    INSERT INTO dataset_splits
                        (id, name, color, metadata, created_at, updated_at)
                        VALUES (1, 'train', '#808080', '{}', 0, 0),
                            (2, 'test', '#808080', '{}', 0, 0);
                    INSERT INTO dataset_examples (id, dataset_id, external_id, created_at)
                        VALUES (100000, 2, 'other', 0);
                    """)
            for id in 1...examples {
                let kind = id == examples ? "DELETE" : "PATCH"
                let change =
                    id.isMultiple(of: 2)
                    ? """
                    , (\(id + 50_000), \(id), 2, '{"q":"q\(id)"}', '{"a":"b\(id)"}', '{"n":\(id)}',
                        '\(kind)', 6)
                    """ : ""
                try connection.run(
                    script: """
                        INSERT INTO dataset_examples (id, dataset_id, external_id, created_at)
                            VALUES (\(id), 1, 'x\(id)', 0);
                        INSERT INTO dataset_example_revisions
                            (id, dataset_example_id, dataset_version_id, input, output, metadata,
                                revision_kind, created_at)
                            VALUES (\(id), \(id), 1, '{"q":"q\(id)"}', '{"a":"a\(id)"}',
                                '{"n":\(id)}', 'CREATE', 5)\(change);
                        """)
            }
            try connection.run(
                script: """
                    INSERT INTO dataset_splits_dataset_examples VALUES (1, 1), (1, 2), (2, 2);
                    """)
        }
    }

    /// Begins an experiment on version 1.
    func experiment(
        name: String? = nil, repetitions: Int64 = 1, version: Int64? = 1
    ) async throws -> Experiment {
        try await store.create(
            ExperimentDraft(
                dataset: Self.dataset, version: version.map { DatasetVersion.ID($0) }, name: name,
                repetitions: repetitions), now: Self.now)
    }

    @discardableResult
    func run(
        _ experiment: Experiment, example: Int64, repetition: Int64 = 1,
        output: String? = #""out""#, error: String? = nil, trace: String? = nil,
        latencyMs: Int64 = 1500
    ) async throws -> ExperimentRun.ID {
        try await store.write(
            ExperimentRunDraft(
                experiment: experiment.id, example: DatasetExample.ID(example),
                repetition: repetition, traceID: trace, output: output.map { Array($0.utf8) },
                error: error, startTime: Self.now,
                endTime: Timestamp(microseconds: Self.now.microseconds + latencyMs * 1000)))
    }

    /// Writes runs without an error of the first examples, at once.
    func insertRuns(of experiment: Experiment, examples: Int, repetitions: Int) async throws {
        try await tracing.database.write { connection in
            try connection.run(
                script: """
                    INSERT INTO experiment_runs (
                        id, experiment_id, dataset_example_id, repetition_number, start_time,
                        end_time)
                    WITH RECURSIVE numbers (n) AS (
                        SELECT 0
                        UNION ALL
                        SELECT n + 1 FROM numbers WHERE n + 1 < \(examples * repetitions))
                    SELECT n + 1, \(experiment.id.value), n / \(repetitions) + 1,
                        n % \(repetitions) + 1, 0, 0
                    FROM numbers;
                    """)
        }
    }

    @discardableResult
    func annotate(
        _ run: ExperimentRun.ID, _ name: String = "quality", label: String? = nil,
        score: Double? = nil, error: String? = nil, kind: Annotation.AnnotatorKind = .code
    ) async throws -> ExperimentRunAnnotation.ID {
        try await store.write(
            ExperimentRunAnnotationDraft(
                run: run, name: name, annotatorKind: kind, label: label, score: score,
                error: error, startTime: Self.now, endTime: Self.now))
    }

    func count(_ table: String) async throws -> Int64 {
        try await tracing.database.read { connection in
            try connection.first("SELECT COUNT(*) FROM \(unsafe: table)")?.integer(0) ?? -1
        }
    }
}

extension TestDatabase {
    /// Runs `body` with the routes on a database that has ``ExperimentsService/insertDataset``.
    func withExperimentsService(
        examples: Int = 4, _ body: (ExperimentsService) async throws -> Void
    ) async throws {
        try await withTracingStore { tracing in
            let service = ExperimentsService(tracing)
            try await service.insertDataset(examples: examples)
            try await body(service)
        }
    }
}
