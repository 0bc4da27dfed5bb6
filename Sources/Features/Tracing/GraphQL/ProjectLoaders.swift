import GraphQLCore
import PhoenixModel

/// Loads what fields of many projects ask for with one statement for each kind of question.
struct ProjectLoaders {
    let store: TracingStore
    let request: RequestContext

    init(_ store: TracingStore, _ context: ResolverContext) {
        self.store = store
        request = context.request
    }

    /// A question about one project.
    struct Key: Hashable {
        var project: Project.ID
        var selection: ProjectSelection
    }

    struct QuantileKey: Hashable {
        var project: Project.ID
        var selection: ProjectSelection
        var probability: Double
    }

    /// Answers questions, those of one selection together.
    private func loader<Value: Sendable>(
        _ name: String,
        _ load:
            @escaping @Sendable ([Project.ID], ProjectSelection) async throws
            -> [Project.ID: Value]
    ) -> Loader<Key, Value> {
        request.loader("project \(name)") { keys in
            var answers: [Key: Value] = [:]
            for (selection, keys) in Dictionary(grouping: keys, by: \.selection) {
                for (project, value) in try await load(keys.map(\.project), selection) {
                    answers[Key(project: project, selection: selection)] = value
                }
            }
            return answers
        }
    }

    /// Counts and sums over spans. Without an expression they tell the traces too.
    var totals: Loader<Key, ProjectTotals> {
        let store = store
        return loader("totals") { projects, selection in
            selection.expression?.condition == nil
                ? try await store.totals(of: projects, in: selection.range)
                : try await store.spanTotals(of: projects, in: selection)
        }
    }

    var traceCounts: Loader<Key, Int64> {
        let store = store
        return loader("trace counts") { try await store.traceCounts(of: $0, in: $1) }
    }

    var sessionCounts: Loader<Key, Int64> {
        let store = store
        return loader("session counts") { try await store.sessionCounts(of: $0, in: $1) }
    }

    var sessionAverages: Loader<Key, SessionAverages> {
        let store = store
        return loader("session averages") { try await store.sessionAverages(of: $0, in: $1) }
    }

    var traceTimes: Loader<Project.ID, TraceTimes> {
        let store = store
        return request.loader("project trace times") { try await store.traceTimes(of: $0) }
    }

    var policies: Loader<TraceRetentionPolicy.ID, StoredRetentionPolicy> {
        let store = store
        return request.loader("retention policies") { try await store.retentionPolicies($0) }
    }

    enum Duration: String {
        case trace, span, session
    }

    /// Quantiles in milliseconds.
    func quantiles(_ duration: Duration) -> Loader<QuantileKey, Double> {
        let store = store
        return request.loader("project \(duration) quantiles") { keys in
            var answers: [QuantileKey: Double] = [:]
            for (selection, keys) in Dictionary(grouping: keys, by: \.selection) {
                let probabilities = Array(Set(keys.map(\.probability)))
                let projects = Array(Set(keys.map(\.project)))
                let found =
                    switch duration {
                    case .trace:
                        try await store.traceLatencyMsQuantiles(
                            probabilities, of: projects, in: selection)
                    case .span:
                        try await store.spanLatencyMsQuantiles(
                            probabilities, of: projects, in: selection)
                    case .session:
                        try await store.sessionDurationMsQuantiles(
                            probabilities, of: projects, in: selection)
                    }
                for (project, values) in found {
                    for (probability, value) in zip(probabilities, values) {
                        let key = QuantileKey(
                            project: project, selection: selection, probability: probability)
                        answers[key] = value
                    }
                }
            }
            return answers
        }
    }
}
