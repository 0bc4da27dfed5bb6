import FilterLanguage
import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// `Trace` and what belongs to it. Its values are `NodeValue<Trace>`.
struct TraceResolvers: Sendable {
    let store: TracingStore

    func add(to table: inout ResolverTable) {
        table.object("Trace", of: NodeValue<Trace>.self) { fields in
            addColumns(to: &fields)
            addRelations(to: &fields)
            addSpans(to: &fields)
        }
        table.addConnection("Trace")
        table.object("SpanKindCount", of: SpanKindCount.self) { fields in
            fields.property("spanKind") { .string($0.kind.lowercased()) }
            fields.property("count") { .integer($0.count) }
        }
        table.object("SpanErrorTypeCount", of: ErrorTypeCount.self) { fields in
            fields.property("exceptionType") { .string($0.type) }
            fields.property("count") { .integer($0.count) }
        }
    }

    private func addColumns(to fields: inout ResolverTable.Fields<NodeValue<Trace>>) {
        fields.property("id") { .id($0.id) }
        fields.row("traceId") { .string($0.otelID.hex) }
        fields.row("startTime") { .timestamp($0.startTime) }
        fields.row("endTime") { .timestamp($0.endTime) }
        fields.row("latencyMs", missing: .null) { .double($0.latencyMs) }
        fields.row("projectId") { .id($0.projectID) }
        fields.row("projectSessionId", missing: .null) { trace in
            trace.sessionID.map { .id($0) } ?? .null
        }
        fields.row("numSpans", missing: 0) { .integer($0.spanCount) }
        fields.row("errorCount", missing: 0) { .integer($0.errorCount) }
    }

    private func addRelations(to fields: inout ResolverTable.Fields<NodeValue<Trace>>) {
        let store = store
        fields.project(store) { $0.projectID }
        fields.batch("session") { parents, _, context in
            let sessions = try await TracingLoaders(store, context.request).sessions.found(
                parents.compactMap { $0.row?.sessionID })
            return parents.map { parent in
                let session = parent.row?.sessionID.flatMap { sessions[$0] }
                return .object(optional: session.map { NodeValue($0) })
            }
        }
    }

    private func addSpans(to fields: inout ResolverTable.Fields<NodeValue<Trace>>) {
        let store = store
        fields.loaded("rootSpan", store.rootSpans(ofTraces:)) { span in
            .object(optional: span.map { NodeValue($0) })
        }
        fields.loaded("userId", store.userIDs(ofTraces:)) { .string($0) }
        fields.loaded("spanCountsByKind", store.kindCounts(ofTraces:)) { .objects($0 ?? []) }
        fields.loaded("errorsByType", store.errorTypes(ofTraces:)) { .objects($0 ?? []) }
        fields.batch("spans") { parents, arguments, _ in
            let page = try KeysetPage(arguments)
            let filter = try arguments.string("filterCondition").map { try Filter($0, in: .span) }
            let last = try page.after.map { after throws(GraphQLFault) in
                guard let cursor = KeysetCursor(after) else { throw page.invalidCursor }
                return Span.ID(cursor.rowID)
            }
            let spans = try await store.spans(
                ofTraces: parents.storedIDs(), where: filter, after: last, limit: page.limit)
            return parents.map { parent in
                .connection(
                    page.connection(spans[parent.id] ?? []) {
                        KeysetCursor(rowID: $0.id.value).description
                    } node: {
                        .object(NodeValue($0))
                    })
            }
        }
    }
}
