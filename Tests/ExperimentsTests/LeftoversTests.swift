import Experiments
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct LeftoversTests {
    /// An experiment with a run, whose evaluation has a trace of this number in project `judges`.
    private static func evaluated(
        _ service: ExperimentsService, _ name: String, trace: Int
    ) async throws -> Experiment {
        let experiment = try await service.experiment(name: name)
        let run = try await service.run(experiment, example: 1)
        _ = try await service.store.write(
            ExperimentRunAnnotationDraft(
                run: run, name: "quality", annotatorKind: .code,
                traceID: OTelID.number(trace, byteCount: 16).hex, startTime: ExperimentsService.now,
                endTime: ExperimentsService.now))
        _ = try await service.tracing.insert(
            [[.stub(trace: trace, span: trace, project: "judges")]], now: 0)
        return experiment
    }

    private static func traces(_ service: ExperimentsService) async throws -> Int64 {
        try await service.count("traces")
    }

    private static func hasProject(
        _ experiment: Experiment, _ service: ExperimentsService
    ) async throws -> Bool {
        try await service.tracing.projectIfAny(named: experiment.projectName ?? "") != nil
    }

    private static func dismiss(
        _ experiment: Experiment, _ service: ExperimentsService, at time: Int64
    ) async throws {
        _ = try await service.store.update(
            experiment.id, with: ExperimentPatch(isEphemeral: true),
            now: Timestamp(microseconds: time))
    }

    @Test(arguments: TestDatabase.available)
    func `ephemeral experiments go a day after their last change`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let kept = try await Self.evaluated(service, "kept", trace: 1)
            let old = try await Self.evaluated(service, "old", trace: 2)
            let young = try await Self.evaluated(service, "young", trace: 3)
            try await Self.dismiss(old, service, at: 999)
            try await Self.dismiss(young, service, at: 1000)
            let time = Timestamp(microseconds: 1000)
            #expect(try await service.store.deleteEphemeral(changedBefore: time) == 1)
            #expect(
                Set(try await service.store.experiments([kept.id, old.id, young.id]).keys)
                    == [kept.id, young.id])
            #expect(try await Self.traces(service) == 3)
            #expect(try await !Self.hasProject(old, service))
            #expect(try await Self.hasProject(young, service))
            #expect(try await service.store.deleteEphemeral(changedBefore: time) == 0)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `many ephemeral experiments go in several transactions`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            for _ in 0..<51 {
                try await Self.dismiss(service.experiment(), service, at: 1)
            }
            let time = Timestamp(microseconds: 2)
            #expect(try await service.store.deleteEphemeral(changedBefore: time) == 51)
            #expect(try await service.count("experiments") == 0)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what is gone already is passed over`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let first = try await Self.evaluated(service, "first", trace: 1)
            let second = try await Self.evaluated(service, "second", trace: 2)
            let leftovers = try await service.store.leftovers(of: [first.id, second.id])
            #expect(leftovers.projects.count == 2)
            #expect(leftovers.evaluationTraces.count == 2)
            // While an experiment uses a project, that stays.
            try await service.store.delete(leftovers)
            #expect(try await Self.hasProject(first, service))
            #expect(try await Self.traces(service) == 0)
            _ = try await service.store.delete([first.id, second.id])
            try await service.store.delete(leftovers)
            #expect(try await !Self.hasProject(first, service))
            try await service.store.delete(leftovers)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting experiments or their dataset over GraphQL deletes projects and traces`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let service = graphQL.service
            let first = try await Self.evaluated(service, "first", trace: 1)
            let second = try await Self.evaluated(service, "second", trace: 2)
            _ = try await graphQL.data(
                "mutation { deleteExperiments(input: { experimentIds: "
                    + "[\"\(first.id.nodeID)\"] }) { experiments { id } } }")
            #expect(try await !Self.hasProject(first, service))
            #expect(try await Self.hasProject(second, service))
            #expect(try await Self.traces(service) == 1)
            let dataset = ExperimentsService.dataset.nodeID
            let deleted = try await graphQL.data(
                "mutation { deleteDataset(input: { datasetId: \"\(dataset)\" }) "
                    + "{ dataset { name experimentCount } } }")
            #expect(
                deleted["deleteDataset"]?["dataset"]
                    == ["name": "demo data set", "experimentCount": 0])
            #expect(try await !Self.hasProject(second, service))
            #expect(try await Self.traces(service) == 0)
        }
    }
}
