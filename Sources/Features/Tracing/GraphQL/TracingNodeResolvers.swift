import GraphQLCore

/// The resolvers of traces, spans and sessions, and the mutations of tracing.
enum TracingNodeResolvers {
    static func add(to table: inout ResolverTable, store: TracingStore) {
        TraceResolvers(store: store).add(to: &table)
        SpanResolvers(store: store).add(to: &table)
        SessionResolvers(store: store).add(to: &table)
        ProjectMutations(store: store).add(to: &table)
        TraceMutations(store: store).add(to: &table)
    }
}
