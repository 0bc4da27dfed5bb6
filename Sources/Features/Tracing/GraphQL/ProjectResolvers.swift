import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// The fields of `Project`.
struct ProjectResolvers {
    typealias Parent = NodeValue<Project>
    typealias Fields = ResolverTable.Fields<Parent>

    let store: TracingStore
    let activity: @Sendable (Project.ID) -> Timestamp?
    let search: TextSearchResolvers

    func add(to table: inout ResolverTable) {
        table.object("Project", of: Parent.self) { fields in
            addProperties(to: &fields)
            addTimes(to: &fields)
            addCounts(to: &fields)
            addQuantiles(to: &fields)
            addSessionStatistics(to: &fields)
            addLists(to: &fields)
            addTimeSeries(to: &fields)
            addFilterFields(to: &fields)
            addCompletion(to: &fields)
            addFacets(to: &fields)
            search.addField(to: &fields)
        }
        addTimeSeriesTypes(to: &table)
        addFilterTypes(to: &table)
        TextSearchResolvers.addTypes(to: &table)
        addCompletionTypes(to: &table)
        addFacetTypes(to: &table)
        table.addConnection("Project")
        table.addConnection("Span")
        table.addConnection("ProjectSession")
    }

    private func addProperties(to fields: inout Fields) {
        let activity = activity
        fields.property("id") { .id($0.id) }
        fields.property("name") { .string(try $0.required().name) }
        fields.property("description") { .string(try $0.required().description) }
        fields.property("gradientStartColor") { .string(try $0.required().gradientStartColor) }
        fields.property("gradientEndColor") { .string(try $0.required().gradientEndColor) }
        fields.property("createdAt") { .timestamp(try $0.required().createdAt) }
        fields.property("updatedAt") { .timestamp(try $0.required().updatedAt) }
        fields.property("streamingLastUpdatedAt") { .timestamp(activity($0.id)) }
    }

    private func addTimes(to fields: inout Fields) {
        let store = store
        fields.batch("startTime") { parents, _, context in
            let times = try await ProjectLoaders(store, context).traceTimes
                .load(parents.map(\.id))
            return times.map { .timestamp($0.map { Self.minute(of: $0.start) }) }
        }
        fields.batch("endTime") { parents, _, context in
            let times = try await ProjectLoaders(store, context).traceTimes
                .load(parents.map(\.id))
            return times.map { times in
                .timestamp(
                    times.map {
                        Self.minute(
                            of: Timestamp(microseconds: $0.end.microseconds + 60_000_000))
                    })
            }
        }
        fields.batch("traceRetentionPolicy") { parents, _, context in
            let ids = try parents.map {
                try $0.required().retentionPolicyID ?? TraceRetentionPolicy.defaultID
            }
            let policies = try await ProjectLoaders(store, context).policies.load(ids)
            return policies.map { .object(optional: $0) }
        }
    }

    private static func minute(of time: Timestamp) -> Timestamp {
        Timestamp(microseconds: ProjectRollup.minute(of: time.microseconds) * 60_000_000)
    }

    // MARK: Counts

    /// A field that is one number of the sums over spans.
    private func addTotal(
        _ name: String, to fields: inout Fields,
        _ value: @escaping @Sendable (ProjectTotals) -> ResolvedValue
    ) {
        let store = store
        fields.batch(name) { parents, arguments, context in
            let selection = try arguments.selection()
            let keys = parents.map {
                ProjectLoaders.Key(project: $0.id, selection: selection)
            }
            let totals = try await ProjectLoaders(store, context).totals.load(keys)
            return totals.map { value($0 ?? ProjectTotals()) }
        }
    }

    private func addCounts(to fields: inout Fields) {
        let store = store
        addTotal("recordCount", to: &fields) { .integer($0.spans) }
        addTotal("tokenCountPrompt", to: &fields) { .double(Double($0.promptTokens)) }
        addTotal("tokenCountCompletion", to: &fields) { .double(Double($0.completionTokens)) }
        addTotal("tokenCountTotal", to: &fields) {
            .double(Double($0.promptTokens + $0.completionTokens))
        }
        addTotal("hasTraces", to: &fields) { .bool($0.traces > 0) }
        fields.batch("traceCount") { parents, arguments, context in
            let selection = try arguments.selection()
            let loaders = ProjectLoaders(store, context)
            let keys = parents.map {
                ProjectLoaders.Key(project: $0.id, selection: selection)
            }
            guard selection.expression?.condition != nil else {
                return try await loaders.totals.load(keys).map { .integer($0?.traces ?? 0) }
            }
            return try await loaders.traceCounts.load(keys).map { .integer($0 ?? 0) }
        }
    }

    // MARK: Quantiles

    private func addQuantile(
        _ name: String, of duration: ProjectLoaders.Duration, to fields: inout Fields
    ) {
        let store = store
        fields.batch(name) { parents, arguments, context in
            let selection = try arguments.selection()
            let probability = try arguments.probability()
            let keys = parents.map {
                ProjectLoaders.QuantileKey(
                    project: $0.id, selection: selection, probability: probability)
            }
            return try await ProjectLoaders(store, context).quantiles(duration).load(keys)
                .map { .double($0) }
        }
    }

    private func addQuantiles(to fields: inout Fields) {
        addQuantile("latencyMsQuantile", of: .trace, to: &fields)
        addQuantile("spanLatencyMsQuantile", of: .span, to: &fields)
        addQuantile("sessionDurationMsQuantile", of: .session, to: &fields)
    }

    private func addSessionStatistics(to fields: inout Fields) {
        let store = store
        fields.batch("sessionCount") { parents, arguments, context in
            let selection = try arguments.selection()
            let keys = parents.map {
                ProjectLoaders.Key(project: $0.id, selection: selection)
            }
            return try await ProjectLoaders(store, context).sessionCounts.load(keys)
                .map { .integer($0 ?? 0) }
        }
        func addAverage(
            _ name: String, _ value: @escaping @Sendable (SessionAverages) -> Double
        ) {
            fields.batch(name) { parents, arguments, context in
                let selection = try arguments.selection()
                let keys = parents.map {
                    ProjectLoaders.Key(project: $0.id, selection: selection)
                }
                return try await ProjectLoaders(store, context).sessionAverages.load(keys)
                    .map { .double($0.map(value)) }
            }
        }
        addAverage("averageSessionDurationMs") { $0.durationMs }
        addAverage("averageTracesPerSession") { $0.traceCount }
    }
}
