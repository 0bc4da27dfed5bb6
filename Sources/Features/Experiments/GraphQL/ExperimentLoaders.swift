import Costs
import Datasets
import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// What fields of many things ask for, loaded with one statement for each kind of question.
struct ExperimentLoaders {
    let store: ExperimentStore
    let datasets: DatasetLoaders
    let request: RequestContext

    init(_ store: ExperimentStore, _ context: ResolverContext) {
        self.store = store
        datasets = DatasetLoaders(DatasetStore(store.tracing), context)
        request = context.request
    }

    // MARK: Rows

    var experiments: Loader<Experiment.ID, Experiment> {
        request.loader("experiments.rows") { [store] in try await store.experiments($0) }
    }

    var runs: Loader<ExperimentRun.ID, ExperimentRun> {
        request.loader("experiments.runs") { [store] in try await store.runs($0) }
    }

    var tags: Loader<ExperimentTag.ID, ExperimentTag> {
        request.loader("experiments.tags") { [store] in try await store.tags($0) }
    }

    var annotations: Loader<ExperimentRun.ID, [ExperimentRunAnnotation]> {
        request.loader("experiments.annotations") { [store] in
            try await store.annotations(of: $0)
        }
    }

    /// Examples as they are at a version.
    func examples(at version: DatasetVersion.ID) -> Loader<DatasetExample.ID, DatasetExample> {
        let datasets = DatasetStore(store.tracing)
        return request.loader("experiments.examples at \(version)") {
            try await datasets.examples($0, at: version)
        }
    }

    var splitIDs: Loader<Experiment.ID, [DatasetSplit.ID]> {
        request.loader("experiments.split ids") { [store] in try await store.splits(of: $0) }
    }

    var projects: Loader<String, Project> {
        request.loader("experiments.projects") { [store] in
            try await store.tracing.projects(named: $0)
        }
    }

    var traces: Loader<String, Trace> {
        request.loader("experiments.traces") { [store] texts in
            let ids = try await store.traces(called: texts)
            let rows = try await store.tracing.traces(Array(ids.values))
            return ids.compactMapValues { rows[$0] }
        }
    }

    // MARK: Figures

    var progress: Loader<Experiment.ID, ExperimentProgress> {
        request.loader("experiments.progress") { [store] in try await store.progress(of: $0) }
    }

    var figures: Loader<Experiment.ID, ExperimentRunFigures> {
        request.loader("experiments.figures") { [store] in try await store.runFigures(of: $0) }
    }

    var summaries: Loader<Experiment.ID, [ExperimentAnnotationSummary]> {
        request.loader("experiments.summaries") { [store] in
            try await store.annotationSummaries(of: $0)
        }
    }

    var sequenceNumbers: Loader<Experiment.ID, Int64> {
        request.loader("experiments.numbers") { [store] in
            try await store.sequenceNumbers(of: $0)
        }
    }

    var baselines: Loader<Dataset.ID, Experiment> {
        request.loader("experiments.baselines") { [store] in
            try await store.experiments(tagged: ExperimentTag.baselineName, of: $0)
        }
    }

    var costs: Loader<Experiment.ID, CostSummary> {
        request.loader("experiments.costs") { [store] ids in
            try await store.costs(of: try await store.runTraces(of: ids))
        }
    }

    var costDetails: Loader<Experiment.ID, [CostDetail]> {
        request.loader("experiments.cost details") { [store] ids in
            try await store.costDetails(of: try await store.runTraces(of: ids))
        }
    }

    /// What the trace of a run cost, by its id.
    var traceCosts: Loader<String, CostSummary> {
        request.loader("experiments.trace costs") { [store] texts in
            try await store.costs(of: Self.each(texts))
        }
    }

    var traceCostDetails: Loader<String, [CostDetail]> {
        request.loader("experiments.trace cost details") { [store] texts in
            try await store.costDetails(of: Self.each(texts))
        }
    }

    private static func each(_ texts: [String]) -> [String: [String]] {
        Dictionary(texts.map { ($0, [$0]) }) { first, _ in first }
    }

    var groups: Loader<ExperimentStore.Group, [ExperimentRun]> {
        request.loader("experiments.groups") { [store] in try await store.runs(ofGroups: $0) }
    }
}
