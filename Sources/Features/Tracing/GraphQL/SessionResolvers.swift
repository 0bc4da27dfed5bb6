import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// `ProjectSession` and what belongs to it. Its values are `NodeValue<Session>`.
struct SessionResolvers: Sendable {
    let store: TracingStore

    func add(to table: inout ResolverTable) {
        table.object("ProjectSession", of: NodeValue<Session>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("sessionId") { .string($0.sessionID) }
            fields.row("startTime") { .timestamp($0.startTime) }
            fields.row("endTime") { .timestamp($0.endTime) }
            fields.project(store) { $0.projectID }
            addTotals(to: &fields)
            addTraces(to: &fields)
            value("firstInput", .input, &fields)
            value("lastOutput", .output, &fields)
        }
        table.object("TokenUsage", of: SessionTotals.self) { fields in
            fields.property("prompt") { .double(Double($0.promptTokens)) }
            fields.property("completion") { .double(Double($0.completionTokens)) }
            fields.property("total") { .double(Double($0.promptTokens + $0.completionTokens)) }
        }
    }

    private func addTotals(to fields: inout ResolverTable.Fields<NodeValue<Session>>) {
        let store = store
        func total(
            _ name: String, _ value: @escaping @Sendable (SessionTotals) -> ResolvedValue
        ) {
            fields.batch(name) { parents, _, context in
                let loader = context.request.loader("tracing.session totals") { ids in
                    try await store.totals(ofSessions: ids)
                }
                let totals = try await loader.found(parents.storedIDs())
                return parents.map { value(totals[$0.id] ?? .none) }
            }
        }
        total("numTraces") { .integer($0.traces) }
        total("numTracesWithError") { .integer($0.tracesWithError) }
        total("tokenUsage") { .object($0) }
        fields.loaded("userId", store.userIDs(ofSessions:)) { .string($0) }
        fields.batch("traceLatencyMsQuantile") { parents, arguments, _ in
            let probability = arguments.double("probability") ?? .nan
            guard (0...1).contains(probability) else {
                throw GraphQLFault.badRequest("The probability must be between 0 and 1.")
            }
            let latencies = try await store.traceLatencies(ofSessions: parents.storedIDs())
            return parents.map { .double(latencies[$0.id]?.quantileMs(probability)) }
        }
    }

    private func addTraces(to fields: inout ResolverTable.Fields<NodeValue<Session>>) {
        let store = store
        fields.batch("traces") { parents, arguments, _ in
            let page = try KeysetPage(arguments)
            let traces = try await store.traces(
                ofSessions: parents.storedIDs(), after: try Self.place(page), limit: page.limit)
            return parents.map { parent in
                .connection(
                    page.connection(traces[parent.id] ?? []) { trace in
                        KeysetCursor(
                            rowID: trace.id.value,
                            value: CursorForm.timestamp.value(of: trace.startTime.sqlValue)
                        ).description
                    } node: {
                        .object(NodeValue($0))
                    })
            }
        }
    }

    private static func place(_ page: KeysetPage) throws(GraphQLFault) -> SessionTracePlace? {
        guard let after = page.after else { return nil }
        guard let cursor = KeysetCursor(after) else { throw page.invalidCursor }
        let trace = Trace.ID(cursor.rowID)
        guard let value = cursor.value else { return .id(trace) }
        guard case .integer(let start)? = CursorForm.timestamp.stored(value) else {
            throw page.invalidCursor
        }
        return .start(Timestamp(microseconds: start), trace)
    }

    /// The first input or the last output of a session's root spans.
    private func value(
        _ name: String, _ direction: SpanIOValue.Direction,
        _ fields: inout ResolverTable.Fields<NodeValue<Session>>
    ) {
        let store = store
        fields.batch(name) { parents, _, context in
            let roots = try await store.rootSpans(
                ofSessions: parents.storedIDs(), last: direction == .output)
            let contents = try await TracingLoaders(store, context.request).contents.found(
                Array(roots.values))
            return try parents.map { parent in
                let content = roots[parent.id].flatMap { contents[$0] }
                return .object(optional: try content.flatMap { try SpanIOValue(direction, of: $0) })
            }
        }
    }
}
