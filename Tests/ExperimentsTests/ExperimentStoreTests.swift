import Experiments
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@Suite struct ExperimentStoreTests {
    private static let now = ExperimentsService.now

    @Test(arguments: TestDatabase.available)
    func `an experiment keeps the examples of its version`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let first = try await service.experiment(version: 1)
            let latest = try await service.experiment(version: nil)
            #expect(first.datasetVersion == DatasetVersion.ID(1))
            #expect(latest.datasetVersion == DatasetVersion.ID(2))
            let incomplete = try await service.store.incompleteRuns(of: first.id, limit: 10)
            #expect(incomplete.rows.map(\.example.id.value) == [1, 2, 3, 4])
            #expect(
                String(decoding: incomplete.rows[1].example.output, as: UTF8.self)
                    == #"{"a":"a2"}"#)
            let changed = try await service.store.incompleteRuns(of: latest.id, limit: 10)
            #expect(changed.rows.map(\.example.id.value) == [1, 2, 3])
            #expect(
                String(decoding: changed.rows[1].example.output, as: UTF8.self)
                    == #"{"a":"b2"}"#)
            #expect(changed.rows[1].example.updatedAt == Timestamp(microseconds: 6))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `splits choose the examples`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let train = DatasetSplit.ID(1).nodeID.description
            for (splits, count) in [(["train"], 2), (["test"], 1), ([train, "test"], 2)] {
                let experiment = try await service.store.create(
                    ExperimentDraft(
                        dataset: ExperimentsService.dataset, splits: splits), now: Self.now)
                let progress = try await service.store.progress(of: [experiment.id])
                #expect(progress[experiment.id]?.exampleCount == Int64(count))
            }
            let error = await #expect(throws: ExperimentError.self) {
                try await service.store.create(
                    ExperimentDraft(
                        dataset: ExperimentsService.dataset, splits: ["train", "none"]),
                    now: Self.now)
            }
            #expect(error?.message == "Dataset splits not found: none")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an experiment gets a name, and a project that lists leave out`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.store.create(
                ExperimentDraft(dataset: ExperimentsService.dataset), now: Self.now,
                random: { 0xAB })
            #expect(experiment.name == "demo-dat-00000000")
            #expect(experiment.projectName == "Experiment-00000000000000ab00000000")
            let name = try #require(experiment.projectName)
            let project = try #require(try await service.tracing.projectIfAny(named: name))
            #expect(project.description?.hasPrefix("dataset_id: RGF0YXNldDox\n") == true)
            let listed = try await service.tracing.projects(
                includesExperiments: false, limit: 10)
            #expect(!listed.rows.contains { $0.id == project.id })
            let all = try await service.tracing.projects(includesExperiments: true, limit: 10)
            #expect(all.rows.contains { $0.id == project.id })
            let deleted = try await service.store.delete([experiment.id])
            #expect(try await service.tracing.projectIfAny(named: name) != nil)
            try await service.store.deleteProjects(of: deleted)
            #expect(try await service.tracing.projectIfAny(named: name) == nil)
            try await service.store.deleteProjects(of: deleted)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `one statement says which projects other experiments use`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let kept = try await service.experiment()
            let name = try #require(kept.projectName)
            let counting = CountingDatabase(service.tracing.database)
            let store = ExperimentStore(TracingStore(counting))
            let statements = try await counting.statements {
                try await store.deleteProjects(of: [kept])
                try await store.deleteProjects(of: [])
            }
            #expect(statements.count == 1)
            #expect(try await service.tracing.projectIfAny(named: name) != nil)
            var deleted: [Experiment] = []
            for _ in 0..<3 { deleted.append(try await service.experiment()) }
            try await service.store.delete(deleted.map(\.id))
            let all = try await counting.statements {
                try await store.deleteProjects(of: [kept] + deleted)
            }
            #expect(all.count { $0.contains("FROM experiments") } == 1)
            for experiment in deleted {
                let name = try #require(experiment.projectName)
                #expect(try await service.tracing.projectIfAny(named: name) == nil)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a run that failed gives way to another, and one that did not is final`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let id = try await service.run(experiment, example: 1, output: nil, error: "boom")
            try await service.annotate(id, "judge", score: 1, kind: .model)
            try await service.annotate(id, "person", score: 1, kind: .human)
            #expect(try await service.run(experiment, example: 1, error: "again") == id)
            let said = try await service.store.annotations(of: [id])
            #expect(said[id]?.map(\.name) == ["person"])
            #expect(try await service.run(experiment, example: 1, output: "[1]") == id)
            let error = await #expect(throws: ExperimentError.self) {
                try await service.run(experiment, example: 1, error: "late")
            }
            #expect(error?.code == .conflict)
            let runs = try await service.store.runs(of: experiment.id, limit: 10).rows
            #expect(runs.map(\.output) == [Array("[1]".utf8)])
            #expect(runs.map(\.error) == [nil])
            #expect(runs.map(\.latencyMs) == [1500])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `of concurrent writers of a run one wins`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let outcomes = await withTaskGroup(of: ExperimentError.Code?.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        do {
                            _ = try await service.run(experiment, example: 1, output: "\(writer)")
                            return nil
                        } catch {
                            return (error as? ExperimentError)?.code ?? .malformed
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == nil } == 1)
            #expect(outcomes.count { $0 == .conflict } == 15)
            #expect(try await service.count("experiment_runs") == 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `concurrent writers of an annotation leave it once`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let run = try await service.run(try await service.experiment(), example: 1)
            let ids = try await withThrowingTaskGroup(
                of: ExperimentRunAnnotation.ID.self
            ) { group in
                for writer in 0..<16 {
                    group.addTask { try await service.annotate(run, score: Double(writer)) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            #expect(try await service.count("experiment_run_annotations") == 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `documents are kept as they were written`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let output = #"{"z":1,"a":1.0,"long":123456789012345678901234567890,"nul":"\u0000"}"#
            try await service.run(experiment, example: 1, output: output)
            let run = try await service.store.runs(of: experiment.id, limit: 1).rows[0]
            #expect(run.output.map { String(decoding: $0, as: UTF8.self) } == output)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what is left to do are missing and failed repetitions`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment(repetitions: 3)
            try await service.run(experiment, example: 1, repetition: 2)
            try await service.run(experiment, example: 2, error: "x")
            for repetition in 1...3 {
                try await service.run(experiment, example: 3, repetition: Int64(repetition))
            }
            // One that nobody asked for counts for nothing.
            try await service.run(experiment, example: 4, repetition: 4)
            let page = try await service.store.incompleteRuns(of: experiment.id, limit: 2)
            #expect(page.rows.map(\.example.id.value) == [1, 2])
            #expect(page.rows.map(\.repetitions) == [[1, 3], [1, 2, 3]])
            let next = try await service.store.incompleteRuns(
                of: experiment.id, from: try #require(page.following).example.id, limit: 2)
            #expect(next.rows.map(\.example.id.value) == [4])
            #expect(next.rows.map(\.repetitions) == [[1, 2, 3]])
            #expect(next.following == nil)
            let progress = try #require(
                try await service.store.progress(of: [experiment.id])[experiment.id])
            #expect(progress.exampleCount == 4)
            #expect(progress.successfulRunCount == 5)
            #expect(progress.failedRunCount == 1)
            #expect(progress.missingRunCount(repetitions: 3) == 6)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an answer about what is left to do is not longer than it may be`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService(examples: 1100) { service in
            let often = try await service.experiment(repetitions: .max)
            let page = try await service.store.incompleteRuns(of: often.id, limit: .max)
            #expect(page.rows.map(\.example.id.value) == Array(1...10))
            #expect(page.rows.allSatisfy { $0.repetitions == Array(1...10_000) })
            #expect(page.following?.example.id.value == 11)
            let once = try await service.experiment()
            let wide = try await service.store.incompleteRuns(of: once.id, limit: .max)
            #expect(wide.rows.map(\.example.id.value) == Array(1...1000))
            #expect(wide.rows.allSatisfy { $0.repetitions == [1] })
            #expect(wide.following?.example.id.value == 1001)
            try await service.insertRuns(of: once, examples: 1100, repetitions: 1)
            let evaluations = try await service.store.incompleteEvaluations(
                of: once.id, names: ["a"], limit: .max)
            #expect(evaluations.rows.count == 1000)
            #expect(evaluations.following != nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what is left to do begins behind what is done, however much that is`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment(repetitions: 10_002)
            try await service.insertRuns(of: experiment, examples: 1, repetitions: 10_000)
            let page = try await service.store.incompleteRuns(of: experiment.id, limit: 1)
            #expect(page.rows.map(\.repetitions) == [[10_001, 10_002]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `evaluations are left to do where they are missing or failed`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let done = try await service.run(experiment, example: 1)
            let half = try await service.run(experiment, example: 2)
            let failed = try await service.run(experiment, example: 3, error: "x")
            for (run, name, error) in [
                (done, "a", nil), (done, "b", nil), (half, "a", nil), (half, "b", "oops"),
                (failed, "a", nil),
            ] as [(ExperimentRun.ID, String, String?)] {
                try await service.annotate(run, name, score: 1, error: error)
            }
            let page = try await service.store.incompleteEvaluations(
                of: experiment.id, names: ["a", "b", "b"], limit: 10)
            #expect(page.rows.map(\.run.id) == [half])
            #expect(page.rows.map(\.names) == [["b"]])
            #expect(page.rows.map(\.example.id.value) == [2])
            let other = try await service.store.incompleteEvaluations(
                of: experiment.id, names: ["c"], limit: 1)
            #expect(other.rows.map(\.run.id) == [done])
            #expect(other.following?.run.id == half)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a tag is with one experiment of a dataset`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let first = try await service.experiment()
            let second = try await service.experiment()
            let tag = try await service.store.setTag("baseline", description: "d", of: first.id)
            let moved = try await service.store.setTag("baseline", description: nil, of: second.id)
            #expect(tag.id == moved.id)
            #expect(try await service.store.tags(of: first.id).isEmpty)
            #expect(try await service.store.tags(of: second.id).map(\.description) == [nil])
            try await service.store.deleteTag(Identifier("baseline"), of: first.id)
            #expect(try await service.store.tags(of: second.id).count == 1)
            let baseline = try await service.store.experiments(
                tagged: "baseline", of: [ExperimentsService.dataset])
            #expect(baseline[ExperimentsService.dataset]?.id == second.id)
            try await service.store.deleteTag(Identifier(tag.id), of: second.id)
            #expect(try await service.store.tags(of: second.id).isEmpty)
            let fleeting = try await service.store.create(
                ExperimentDraft(dataset: ExperimentsService.dataset, isEphemeral: true),
                now: Self.now)
            let error = await #expect(throws: ExperimentError.self) {
                try await service.store.setTag("baseline", description: nil, of: fleeting.id)
            }
            #expect(error?.code == .invalid)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting an experiment deletes what belongs to it`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            try await service.annotate(try await service.run(experiment, example: 1), score: 1)
            _ = try await service.store.setTag("t", description: nil, of: experiment.id)
            await #expect(throws: ExperimentError.self) {
                try await service.store.delete([experiment.id, Experiment.ID(999)])
            }
            #expect(try await service.count("experiments") == 1)
            try await service.store.delete([experiment.id, experiment.id])
            for table in [
                "experiments", "experiment_runs", "experiment_run_annotations",
                "experiment_tags", "experiments_dataset_examples",
            ] {
                #expect(try await service.count(table) == 0)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page of runs takes one statement however many runs there are`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService(examples: 60) { service in
            let experiment = try await service.experiment()
            for example in 1...60 { try await service.run(experiment, example: Int64(example)) }
            let counting = CountingDatabase(service.tracing.database)
            let store = ExperimentStore(TracingStore(counting))
            for limit in [5, 50] {
                let statements = try await counting.statements {
                    _ = try await store.runs(of: experiment.id, limit: limit)
                }
                #expect(statements.count == 1)
                let others = try await counting.statements {
                    _ = try await store.incompleteEvaluations(
                        of: experiment.id, names: ["a"], limit: limit)
                }
                #expect(others.count == 3)
            }
        }
    }
}
