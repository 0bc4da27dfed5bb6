import GraphQLCore
import PhoenixModel
import Tracing

/// The costs of spans, traces and sessions, and the types that tell them.
struct CostResolvers: Sendable {
    let store: CostStore

    func add(to table: inout ResolverTable) {
        addTypes(to: &table)
        let store = store
        table.object("Span", of: NodeValue<Span>.self) { fields in
            fields.loaded("costSummary", store.summaries(ofSpans:)) { .object(optional: $0) }
            fields.loaded("costDetailSummaryEntries", store.details(ofSpans:)) {
                .objects($0 ?? [])
            }
            fields.loaded("cumulativeCostDetailSummaryEntries", store.cumulativeDetails(ofSpans:)) {
                .objects($0 ?? [])
            }
        }
        table.object("Trace", of: NodeValue<Trace>.self) { fields in
            fields.loaded("costSummary", store.summaries(ofTraces:)) {
                .object($0 ?? CostSummary())
            }
            fields.loaded("costDetailSummaryEntries", store.details(ofTraces:)) {
                .objects($0 ?? [])
            }
        }
        table.object("ProjectSession", of: NodeValue<Session>.self) { fields in
            fields.loaded("costSummary", store.summaries(ofSessions:)) {
                .object($0 ?? CostSummary())
            }
            fields.loaded("costDetailSummaryEntries", store.details(ofSessions:)) {
                .objects($0 ?? [])
            }
        }
    }

    private func addTypes(to table: inout ResolverTable) {
        table.object("CostBreakdown", of: CostBreakdown.self) { fields in
            fields.property("tokens") { .double($0.tokens) }
            fields.property("cost") { .double($0.cost) }
        }
        table.object("SpanCostSummary", of: CostSummary.self) { fields in
            fields.property("prompt") { .object($0.prompt) }
            fields.property("completion") { .object($0.completion) }
            fields.property("total") { .object($0.total) }
        }
        table.object("SpanCostDetailSummaryEntry", of: CostDetail.self) { fields in
            fields.property("tokenType") { .string($0.tokenType) }
            fields.property("isPrompt") { .bool($0.isPrompt) }
            fields.property("value") { .object($0.value) }
        }
    }
}
