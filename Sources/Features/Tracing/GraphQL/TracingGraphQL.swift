import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// Finds things of one kind with a text in their name or description, up to a number of them.
package typealias ResourceSearch =
    @Sendable (_ text: String, _ limit: Int) async throws -> [ResolvedValue]

/// The part of the GraphQL schema that is about tracing.
package struct TracingGraphQL {
    package struct Settings: Sendable {
        /// How large the database may become; nil when nobody set a bound.
        package var storageCapacityBytes: Double?
        /// When spans of a project, or of any project, were last added or deleted; nil when that was
        /// before this process began.
        package var lastUpdatedAt: @Sendable (Project.ID?) -> Timestamp?
        /// Begins the time that one search for a text may take.
        package var searchBudget: @Sendable () -> SearchBudget = {
            SearchBudget(SearchBudget.usualDuration, clock: ContinuousClock())
        }

        /// What `searchResources` asks besides projects, in the order in which it shows what they
        /// find: later features add themselves.
        package var searches: [ResourceSearch] = []

        package init(
            storageCapacityBytes: Double? = nil,
            lastUpdatedAt: @escaping @Sendable (Project.ID?) -> Timestamp? = { _ in nil }
        ) {
            self.storageCapacityBytes = storageCapacityBytes
            self.lastUpdatedAt = lastUpdatedAt
        }
    }

    private let store: TracingStore
    private let settings: Settings

    package init(store: TracingStore, settings: Settings = Settings()) {
        self.store = store
        self.settings = settings
    }

    /// What `node(id:)` finds; other features add theirs.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        nodes.register(Project.self) { id, context in
            let project = try await TracingLoaders(store, context.request).projects.load(id)
            return .object(project.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(Trace.self) { id, context in
            let trace = try await TracingLoaders(store, context.request).traces.load(id)
            return .object(trace.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(Span.self) { id, context in
            let span = try await TracingLoaders(store, context.request).spans.load(id)
            return .object(span.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(Session.self) { id, context in
            let session = try await TracingLoaders(store, context.request).sessions.load(id)
            return .object(session.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
        nodes.register(TraceRetentionPolicy.self) { id, context in
            let policy = try await ProjectLoaders(store, context).policies.load(id)
            guard let policy else {
                throw GraphQLFault.notFound("There is no retention policy with this id.")
            }
            return .object(policy)
        }
        return nodes
    }

    /// Every resolver of this feature.
    ///
    /// - Parameters:
    ///   - schema: The whole schema, with the texts of all features.
    ///   - nodes: What `node(id:)` finds, of all features.
    package func resolvers(for schema: Schema, nodes: NodeRegistry) -> ResolverTable {
        var table = ResolverTable()
        LaterTypes.add(to: &table, schema)
        table.addPageInfo()
        table.scalar("DateTime", .dateTime)
        QueryResolvers(store: store, settings: settings).add(to: &table, nodes: nodes)
        let search = TextSearchResolvers(store: store, budget: settings.searchBudget)
        ProjectResolvers(store: store, activity: settings.lastUpdatedAt, search: search)
            .add(to: &table)
        RetentionPolicyResolvers(store: store).add(to: &table)
        TracingNodeResolvers.add(to: &table, store: store)
        return table
    }
}
