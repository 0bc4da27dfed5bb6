import GraphQLCore
import PhoenixModel

/// The rows that the resolvers of one request share: each is loaded once, many by one statement.
package struct TracingLoaders: Sendable {
    private let store: TracingStore
    private let request: RequestContext

    package init(_ store: TracingStore, _ request: RequestContext) {
        self.store = store
        self.request = request
    }

    package var projects: Loader<Project.ID, Project> {
        request.loader("tracing.projects") { [store] in try await store.projects($0) }
    }

    package var traces: Loader<Trace.ID, Trace> {
        request.loader("tracing.traces") { [store] in try await store.traces($0) }
    }

    package var spans: Loader<Span.ID, Span> {
        request.loader("tracing.spans") { [store] in try await store.spans($0) }
    }

    package var sessions: Loader<Session.ID, Session> {
        request.loader("tracing.sessions") { [store] in try await store.sessions($0) }
    }

    /// Attributes and events. Only fields that show something of them ask for it.
    package var contents: Loader<Span.ID, SpanContent> {
        request.loader("tracing.contents", maximumBatch: 256) { [store] ids in
            try await store.payloads(ofSpans: ids).mapValues { SpanContent($0) }
        }
    }
}

extension Loader {
    /// The values of those of some keys that have one.
    package func found(_ keys: [Key]) async throws -> [Key: Value] {
        var found: [Key: Value] = [:]
        for (key, value) in zip(keys, try await load(keys)) {
            if let value { found[key] = value }
        }
        return found
    }
}

extension ResolverTable.Fields {
    /// A field of a row.
    ///
    /// - Parameter missing: The value when there is no such row; without it that is an error.
    package mutating func row<Noun>(
        _ name: String, missing: ResolvedValue? = nil,
        _ value: @escaping @Sendable (Noun) throws -> ResolvedValue
    ) where Parent == NodeValue<Noun> {
        property(name) { parent in
            if parent.row == nil, let missing { return missing }
            return try value(parent.required())
        }
    }

    /// A field that one call answers for all parents, by their ids.
    package mutating func loaded<Noun, Value>(
        _ name: String,
        _ load: @escaping @Sendable ([RowID<Noun>]) async throws -> [RowID<Noun>: Value],
        _ value: @escaping @Sendable (Value?) throws -> ResolvedValue
    ) where Parent == NodeValue<Noun> {
        batch(name) { parents, _, _ in
            let values = try await load(parents.storedIDs())
            return try parents.map { try value(values[$0.id]) }
        }
    }

    /// The field `project` of something that is in one.
    mutating func project<Noun>(
        _ store: TracingStore, _ id: @escaping @Sendable (Noun) -> Project.ID
    ) where Parent == NodeValue<Noun> {
        batch("project") { parents, _, context in
            let projects = try await TracingLoaders(store, context.request).projects.found(
                parents.compactMap { $0.row.map(id) })
            return parents.map { parent in
                guard let row = parent.row, let project = projects[id(row)] else {
                    return .failure(MissingRow(id: parent.id.nodeID))
                }
                return .object(NodeValue(project))
            }
        }
    }
}

extension Array {
    /// The ids of the rows among the values, each once.
    package func storedIDs<Noun>() -> [RowID<Noun>] where Element == NodeValue<Noun> {
        var seen: Set<RowID<Noun>> = []
        return compactMap { value in
            value.row != nil && seen.insert(value.id).inserted ? value.id : nil
        }
    }
}
