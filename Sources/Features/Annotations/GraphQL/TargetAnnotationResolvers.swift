import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The fields of spans, traces and sessions that are about their annotations.
struct TargetAnnotationResolvers: Sendable {
    let store: AnnotationStore

    func add(to table: inout ResolverTable) {
        table.object("Span", of: NodeValue<Span>.self) { fields in
            annotations("spanAnnotations", .span, &fields) { annotations, arguments in
                let sort = Sort(arguments) ?? Sort(column: .name, isDescending: false)
                return sort.stably(annotations)
            }
            annotations("spanNotes", .span, &fields) { annotations, _ in
                annotations.filter(\.isNote)
            }
            summaries("spanAnnotationSummaries", .span, &fields)
            annotations("documentEvaluations", .document, &fields) { annotations, _ in annotations }
            addRankings(to: &fields)
        }
        table.object("Trace", of: NodeValue<Trace>.self) { fields in
            annotations("traceAnnotations", .trace, &fields) { annotations, arguments in
                let sort = Sort(arguments) ?? Sort(column: .createdAt, isDescending: true)
                return sort.totally(annotations)
            }
            summaries("traceAnnotationSummaries", .trace, &fields)
        }
        table.object("ProjectSession", of: NodeValue<Session>.self) { fields in
            annotations("sessionAnnotations", .session, &fields) { annotations, _ in annotations }
            summaries("sessionAnnotationSummaries", .session, &fields)
        }
    }

    /// `SpanAnnotationSort` and `TraceAnnotationSort`.
    private struct Sort {
        enum Column: String {
            case createdAt, name
        }

        var column: Column
        var isDescending: Bool

        init(column: Column, isDescending: Bool) {
            self.column = column
            self.isDescending = isDescending
        }

        init?(_ arguments: FieldArguments) {
            guard let sort = arguments.object("sort"),
                let column = sort["col"]?.stringValue.flatMap(Column.init)
            else { return nil }
            self.init(column: column, isDescending: sort["dir"]?.stringValue == "desc")
        }

        private func precedes(_ left: Annotation, _ right: Annotation) -> Bool {
            switch column {
            case .createdAt: left.createdAt < right.createdAt
            case .name: left.name.comesBefore(right.name)
            }
        }

        /// Equals stay in the order of their row ids, whatever the direction.
        func stably(_ annotations: [StoredAnnotation]) -> [StoredAnnotation] {
            annotations.enumerated().sorted { left, right in
                let (first, second) = (left.element.annotation, right.element.annotation)
                if isDescending ? precedes(second, first) : precedes(first, second) { return true }
                if isDescending ? precedes(first, second) : precedes(second, first) { return false }
                return left.offset < right.offset
            }.map(\.element)
        }

        /// Equals are sorted by their row ids in the same direction.
        func totally(_ annotations: [StoredAnnotation]) -> [StoredAnnotation] {
            let ascending = Sort(column: column, isDescending: false).stably(annotations)
            return isDescending ? ascending.reversed() : ascending
        }
    }

    private func annotations<Noun>(
        _ name: String, _ subject: Annotation.Subject,
        _ fields: inout ResolverTable.Fields<NodeValue<Noun>>,
        _ arrange:
            @escaping @Sendable ([StoredAnnotation], FieldArguments) -> [StoredAnnotation]
    ) {
        let store = store
        fields.batch(name) { parents, arguments, context in
            let filter = try AnnotationFilterInput(arguments)
            let found = try await AnnotationLoaders(store, context).annotations(about: subject)
                .load(parents.map(\.id.value))
            return found.map { annotations in
                let kept = (annotations ?? []).filter { filter?.admits($0.annotation) ?? true }
                return arrange(kept, arguments).resolved
            }
        }
    }

    private func summaries<Noun>(
        _ name: String, _ subject: Annotation.Subject,
        _ fields: inout ResolverTable.Fields<NodeValue<Noun>>
    ) {
        let store = store
        fields.batch(name) { parents, arguments, context in
            let filter = try AnnotationFilterInput(arguments)
            let found = try await AnnotationLoaders(store, context).annotations(about: subject)
                .load(parents.map(\.id.value))
            return found.map { annotations in
                let kept = (annotations ?? []).map(\.annotation).filter {
                    filter?.admits($0) ?? true
                }
                return .objects(AnnotationSummary.pooled(kept))
            }
        }
    }

    private func addRankings(to fields: inout ResolverTable.Fields<NodeValue<Span>>) {
        let store = store
        fields.batch("documentRetrievalMetrics") { parents, arguments, context in
            let name = arguments.string("evaluationName") ?? ""
            let found = try await AnnotationLoaders(store, context).rankings
                .load(parents.map(\.id.value))
            return found.map { rankings in
                .objects(
                    (rankings ?? []).filter { name.isEmpty || $0.name == name }
                        .map { NamedRanking(name: $0.name, metrics: $0.metrics) })
            }
        }
    }
}
