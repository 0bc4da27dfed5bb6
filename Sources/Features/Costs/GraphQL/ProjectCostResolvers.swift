import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The costs of projects: sums, series and the models that were called.
struct ProjectCostResolvers: Sendable {
    let store: CostStore

    private struct TokenSeries: Sendable {
        var points: [TokenPoint]
    }

    private struct TokenPoint: Sendable {
        var timestamp: Timestamp
        var point: CostPoint
    }

    private struct CostSeries: Sendable {
        var points: [MoneyPoint]
    }

    private struct MoneyPoint: Sendable {
        var timestamp: Timestamp
        var summary: CostSummary
    }

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Project", of: NodeValue<Project>.self) { fields in
            fields.field("costSummary") { parent, arguments, context in
                let key = CostLoaders.ProjectKey(
                    project: parent.id, selection: try arguments.selection())
                let summary = try await CostLoaders(store, context).projects.load(key)
                return .object(summary ?? CostSummary())
            }
            fields.field("traceTokenCountTimeSeries") { parent, arguments, context in
                let bins = try arguments.timeBins(now: context.now)
                let points = try await Self.points(store, parent.id, bins, context)
                return .object(
                    TokenSeries(
                        points: zip(bins.starts, points).map {
                            TokenPoint(timestamp: $0, point: $1)
                        }))
            }
            fields.field("traceTokenCostTimeSeries") { parent, arguments, context in
                let bins = try arguments.timeBins(now: context.now)
                let points = try await Self.points(store, parent.id, bins, context)
                return .object(
                    CostSeries(
                        points: zip(bins.starts, points).map {
                            MoneyPoint(timestamp: $0, summary: $1.summary)
                        }))
            }
            for (name, rank) in [
                ("topModelsByCost", CostStore.Rank.cost), ("topModelsByTokenCount", .tokens),
            ] {
                fields.field(name) { parent, arguments, _ in
                    guard arguments.timeRange.start != nil else {
                        throw GraphQLFault.badRequest("Start time is required")
                    }
                    let scope = CostStore.Scope(project: parent.id, range: arguments.timeRange)
                    let models = try await store.topModels(in: scope, by: rank)
                    return .objects(models.map { NodeValue($0.model) })
                }
            }
        }
        addSeries(to: &table)
    }

    private static func points(
        _ store: CostStore, _ project: Project.ID, _ bins: TimeBins, _ context: ResolverContext
    ) async throws -> [CostPoint] {
        try await CostLoaders(store, context).series
            .load(CostLoaders.SeriesKey(project: project, bins: bins)) ?? []
    }

    // MARK: Series

    private func addSeries(to table: inout ResolverTable) {
        table.object("TraceTokenCountTimeSeries", of: TokenSeries.self) { fields in
            fields.property("data") { .objects($0.points) }
        }
        table.object("TraceTokenCountTimeSeriesDataPoint", of: TokenPoint.self) { fields in
            fields.property("timestamp") { .timestamp($0.timestamp) }
            fields.property("promptTokenCount") { .double($0.point.summary.prompt.tokens) }
            fields.property("completionTokenCount") { .double($0.point.summary.completion.tokens) }
            fields.property("totalTokenCount") { .double($0.point.summary.total.tokens) }
            fields.property("promptTokenCountDetails") { Self.kinds($0.point, isPrompt: true) }
            fields.property("completionTokenCountDetails") {
                Self.kinds($0.point, isPrompt: false)
            }
        }
        table.object("TraceTokenCountDetailsTimeSeriesEntry", of: TokenKindCount.self) { fields in
            fields.property("tokenType") { .string($0.tokenType) }
            fields.property("tokenCount") { .double($0.count) }
        }
        table.object("TraceTokenCostTimeSeries", of: CostSeries.self) { fields in
            fields.property("data") { .objects($0.points) }
        }
        table.object("TraceTokenCostTimeSeriesDataPoint", of: MoneyPoint.self) { fields in
            fields.property("timestamp") { .timestamp($0.timestamp) }
            fields.property("promptCost") { .double($0.summary.prompt.cost) }
            fields.property("completionCost") { .double($0.summary.completion.cost) }
            fields.property("totalCost") { .double($0.summary.total.cost) }
        }
    }

    private struct TokenKindCount: Sendable {
        var tokenType: String
        var count: Double?
    }

    /// The well-known kinds of tokens in the order in which the contract shows them.
    private static let order = [
        "input", "output", "cache_read", "cache_write", "reasoning", "audio", "image",
    ]

    private static func kinds(_ point: CostPoint, isPrompt: Bool) -> ResolvedValue {
        func rank(_ detail: CostDetail) -> Int {
            order.firstIndex(of: detail.tokenType) ?? order.count
        }
        let details = point.details.filter { detail in
            detail.isPrompt == isPrompt && detail.value.tokens ?? 0 != 0
        }.sorted { (rank($0), $0.tokenType) < (rank($1), $1.tokenType) }
        return .objects(
            details.map { TokenKindCount(tokenType: $0.tokenType, count: $0.value.tokens) })
    }
}
