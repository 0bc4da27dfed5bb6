import JSON
import Locking

/// What the resolvers of one request share: a value of the application, and loaders.
package final class RequestContext: Sendable {
    /// What the caller of the engine passed, such as the principal and the stores.
    package let application: any Sendable
    let scheduler = BatchScheduler()
    private let loaders = Mutex<[String: any Sendable]>([:])

    package init(application: any Sendable) {
        self.application = application
    }

    /// The loader of a name, made at its first use.
    ///
    /// - Precondition: A name always has the same types.
    package func loader<Key: Hashable & Sendable, Value: Sendable>(
        _ name: String, maximumBatch: Int = 1000,
        _ load: @escaping @Sendable ([Key]) async throws -> [Key: Value]
    ) -> Loader<Key, Value> {
        loaders.withLock { loaders in
            if let known = loaders[name] {
                guard let loader = known as? Loader<Key, Value> else {
                    preconditionFailure("The loader \(name) is used with two types.")
                }
                return loader
            }
            let loader = Loader<Key, Value>(scheduler, maximumBatch: maximumBatch, load)
            loaders[name] = loader
            return loader
        }
    }

    /// Forgets what loaders have loaded. Mutations that follow each other in a request each call it
    /// when they have changed something.
    package func forgetLoaded() { loaders.withLock { $0.removeAll() } }
}

/// What a resolver knows besides its parent and its arguments.
package struct ResolverContext: Sendable {
    package let request: RequestContext
    let field: PlannedField
    let fragments: [String: FragmentDefinition]

    package var fieldName: String { field.definition.name }
    package var parentType: String { field.parentType }
    package var returnType: TypeReference { field.definition.type }

    package func application<Value: Sendable>(as type: Value.Type) -> Value {
        guard let value = request.application as? Value else {
            preconditionFailure("The context of the request is not a \(type).")
        }
        return value
    }

    /// The names of the fields selected below this one, whatever the type; `@skip` and `@include`
    /// are disregarded.
    package var selectedFields: Set<String> { names(below: field.nodes) }

    /// Whether a chain of fields is selected below this one, such as `["pageInfo", "endCursor"]`.
    package func selects(_ path: String...) -> Bool {
        var nodes = field.nodes
        for name in path {
            nodes = self.nodes(below: nodes).filter { $0.name.value == name }
            if nodes.isEmpty { return false }
        }
        return true
    }

    private func names(below nodes: [FieldNode]) -> Set<String> {
        Set(self.nodes(below: nodes).map(\.name.value))
    }

    private func nodes(below nodes: [FieldNode]) -> [FieldNode] {
        var found: [FieldNode] = []
        var seen: Set<String> = []
        var pending = nodes.compactMap(\.selectionSet)
        while let set = pending.popLast() {
            for selection in set.selections {
                switch selection {
                case .field(let field): found.append(field)
                case .inline(let inline): pending.append(inline.selectionSet)
                case .spread(let spread):
                    if seen.insert(spread.name.value).inserted,
                        let fragment = fragments[spread.name.value]
                    {
                        pending.append(fragment.selectionSet)
                    }
                }
            }
        }
        return found
    }
}
