import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// What fields of many things ask for, loaded with one statement for each kind of question.
struct CostLoaders {
    let store: CostStore
    let request: RequestContext

    init(_ store: CostStore, _ context: ResolverContext) {
        self.store = store
        request = context.request
    }

    struct ProjectKey: Hashable {
        var project: Project.ID
        var selection: ProjectSelection
    }

    struct ModelKey: Hashable {
        var model: GenerativeModel.ID
        var scope: CostStore.Scope
    }

    struct SeriesKey: Hashable {
        var project: Project.ID
        var bins: TimeBins
    }

    var models: Loader<GenerativeModel.ID, GenerativeModel> {
        request.loader("costs.models") { [store] in try await store.models($0) }
    }

    var prices: Loader<GenerativeModel.ID, [TokenPrice]> {
        request.loader("costs.prices") { [store] in try await store.prices(of: $0) }
    }

    var lastUses: Loader<GenerativeModel.ID, Timestamp> {
        request.loader("costs.last uses") { [store] in try await store.lastUses(ofModels: $0) }
    }

    var projects: Loader<ProjectKey, CostSummary> {
        request.loader("costs.projects") { [store] keys in
            var answers: [ProjectKey: CostSummary] = [:]
            for (selection, keys) in Dictionary(grouping: keys, by: \.selection) {
                let found = try await store.summaries(
                    ofProjects: keys.map(\.project), in: selection)
                for (project, summary) in found {
                    answers[ProjectKey(project: project, selection: selection)] = summary
                }
            }
            return answers
        }
    }

    /// Token counts and costs of a project come from the same series.
    var series: Loader<SeriesKey, [CostPoint]> {
        request.loader("costs.series") { [store] keys in
            var answers: [SeriesKey: [CostPoint]] = [:]
            for key in keys {
                answers[key] = try await store.series(of: key.project, key.bins)
            }
            return answers
        }
    }

    var modelSummaries: Loader<ModelKey, CostSummary> {
        request.loader("costs.model summaries") { [store] keys in
            try await Self.byScope(keys) { try await store.summaries(ofModels: $0, in: $1) }
        }
    }

    var modelDetails: Loader<ModelKey, [CostDetail]> {
        request.loader("costs.model details") { [store] keys in
            try await Self.byScope(keys) { try await store.details(ofModels: $0, in: $1) }
        }
    }

    /// Answers questions, those of one scope together.
    private static func byScope<Value>(
        _ keys: [ModelKey],
        _ load: ([GenerativeModel.ID], CostStore.Scope) async throws -> [GenerativeModel.ID: Value]
    ) async throws -> [ModelKey: Value] {
        var answers: [ModelKey: Value] = [:]
        for (scope, keys) in Dictionary(grouping: keys, by: \.scope) {
            for (model, value) in try await load(keys.map(\.model), scope) {
                answers[ModelKey(model: model, scope: scope)] = value
            }
        }
        return answers
    }
}
