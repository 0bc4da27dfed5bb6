import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The part of the GraphQL schema that is about annotations and their configs.
package struct AnnotationsGraphQL {
    private let store: AnnotationStore
    private let tracing: TracingStore
    private let randomIdentifier: @Sendable () -> String

    /// - Parameter randomIdentifier: A random text for the identifier of a note that has none.
    package init(
        store: AnnotationStore, tracing: TracingStore,
        randomIdentifier: @escaping @Sendable () -> String = { NoteIdentifier.random() }
    ) {
        self.store = store
        self.tracing = tracing
        self.randomIdentifier = randomIdentifier
    }

    /// The schema texts of this feature. They extend what tracing defines.
    package static var texts: [String] {
        [PackageResources.Annotations_graphql, PackageResources.AnnotationMutations_graphql]
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// What `node(id:)` finds: as in the contract not every kind of annotation.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let store = store
        for subject in [Annotation.Subject.span, .trace] {
            nodes.register(subject.nodeTypeName) { rowID, _ in
                let id = Annotation.ID(rowID)
                let found = try await store.annotations(about: subject, [id])[id]
                return AnnotationValue(subject: subject, id: id, stored: found).resolved
            }
        }
        return nodes
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        AnnotationResolvers(store: store, tracing: tracing).add(to: &table)
        TargetAnnotationResolvers(store: store).add(to: &table)
        ProjectAnnotationResolvers(store: store, tracing: tracing).add(to: &table)
        AnnotationConfigResolvers(store: store, tracing: tracing).add(to: &table)
        AnnotationMutations(store: store).add(to: &table)
        NoteMutations(store: store, randomIdentifier: randomIdentifier).add(to: &table)
        ProjectAnnotationMutations(store: store, tracing: tracing).add(to: &table)
        AnnotationConfigMutations(store: store, tracing: tracing).add(to: &table)
        return table
    }
}

extension AnnotationError: GraphQLPresentableError {}

/// An annotation in an answer, or a row id that none has.
struct AnnotationValue: Sendable {
    let subject: Annotation.Subject
    let id: Annotation.ID
    /// Nil when there is no such row.
    let stored: StoredAnnotation?

    init(subject: Annotation.Subject, id: Annotation.ID, stored: StoredAnnotation?) {
        self.subject = subject
        self.id = id
        self.stored = stored
    }

    init(_ stored: StoredAnnotation) {
        self.init(
            subject: stored.annotation.subject, id: stored.annotation.id, stored: stored)
    }

    var nodeID: NodeID { subject.nodeID(of: id) }

    var resolved: ResolvedValue { .typed(self, type: subject.nodeTypeName) }

    func required() throws -> StoredAnnotation {
        guard let stored else {
            throw GraphQLFault.notFound(
                "There is no \(subject.nodeTypeName) with the id \(nodeID). It may have been"
                    + " deleted.")
        }
        return stored
    }
}

extension Sequence<StoredAnnotation> {
    var resolved: ResolvedValue { .list(map { AnnotationValue($0).resolved }) }
}

/// What many fields of a request ask for, loaded together.
struct AnnotationLoaders {
    let store: AnnotationStore
    let request: RequestContext

    init(_ store: AnnotationStore, _ context: ResolverContext) {
        self.store = store
        request = context.request
    }

    /// The annotations of spans, traces or sessions by row id.
    func annotations(
        about subject: Annotation.Subject
    ) -> Loader<Int64, [StoredAnnotation]> {
        request.loader("annotations.\(subject.rawValue)") { [store] in
            try await store.annotations(about: subject, ofTargets: $0)
        }
    }

    var rankings: Loader<Int64, [(name: String, metrics: RetrievalMetrics)]> {
        request.loader("annotations.rankings") { [store] in
            try await store.rankings(ofSpans: $0)
        }
    }
}
