import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The types of annotations and of what they say together.
struct AnnotationResolvers: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore

    private typealias Fields = ResolverTable.Fields<AnnotationValue>

    func add(to table: inout ResolverTable) {
        for subject in Annotation.Subject.allCases {
            table.object(subject.nodeTypeName, of: AnnotationValue.self) { fields in
                addColumns(to: &fields)
                addTargets(of: subject, to: &fields)
            }
        }
        addSummaries(to: &table)
        addMetrics(to: &table)
    }

    private func addColumns(to fields: inout Fields) {
        func column(
            _ name: String, _ value: @escaping @Sendable (Annotation) throws -> ResolvedValue
        ) {
            fields.property(name) { try value($0.required().annotation) }
        }
        fields.property("id") { .id($0.nodeID) }
        column("name") { .string($0.name) }
        column("annotatorKind") { .string($0.annotatorKind.rawValue) }
        column("label") { .string($0.label) }
        column("score") { .double($0.score) }
        column("explanation") { .string($0.explanation) }
        column("metadata") { .json(try JSON.parse($0.metadata)) }
        column("source") { .string($0.source.rawValue) }
        column("identifier") { .string($0.identifier) }
        column("createdAt") { .timestamp($0.createdAt) }
        column("updatedAt") { .timestamp($0.updatedAt) }
        fields.property("user") { _ in .null }
    }

    private func addTargets(of subject: Annotation.Subject, to fields: inout Fields) {
        let tracing = tracing
        switch subject {
        case .span:
            fields.property("spanId") { .id(Span.ID(try $0.required().target)) }
            addSpan(to: &fields)
        case .document:
            fields.property("documentPosition") {
                .integer(try $0.required().annotation.documentPosition)
            }
            addSpan(to: &fields)
        case .trace:
            fields.field("trace") { annotation, _, context in
                let id = Trace.ID(try annotation.required().target)
                let trace = try await TracingLoaders(tracing, context.request).traces.load(id)
                return .object(trace.map { NodeValue($0) } ?? NodeValue(missing: id))
            }
        case .session:
            fields.property("projectSessionId") { .id(Session.ID(try $0.required().target)) }
            fields.field("projectSession") { annotation, _, context in
                let id = Session.ID(try annotation.required().target)
                let session = try await TracingLoaders(tracing, context.request).sessions.load(id)
                return .object(session.map { NodeValue($0) } ?? NodeValue(missing: id))
            }
        }
    }

    private func addSpan(to fields: inout Fields) {
        let tracing = tracing
        fields.field("span") { annotation, _, context in
            let id = Span.ID(try annotation.required().target)
            let span = try await TracingLoaders(tracing, context.request).spans.load(id)
            return .object(span.map { NodeValue($0) } ?? NodeValue(missing: id))
        }
    }

    private func addSummaries(to table: inout ResolverTable) {
        table.object("AnnotationSummary", of: AnnotationSummary.self) { fields in
            fields.property("name") { .string($0.name) }
            fields.property("count") { .integer($0.count) }
            fields.property("scoreCount") { .integer($0.scoreCount) }
            fields.property("labelCount") { .integer($0.labelCount) }
            fields.property("meanScore") { .double($0.meanScore) }
            fields.property("labels") { .strings($0.labelFractions.map(\.label)) }
            fields.property("labelFractions") { .objects($0.labelFractions) }
        }
        table.object("LabelFraction", of: LabelFraction.self) { fields in
            fields.property("label") { .string($0.label) }
            fields.property("fraction") { .double($0.fraction) }
        }
    }

    private func addMetrics(to table: inout ResolverTable) {
        table.object("DocumentRetrievalMetrics", of: NamedRanking.self) { fields in
            fields.property("evaluationName") { .string($0.name) }
            fields.computed("ndcg") { ranking, arguments, _ in
                .metric(ranking.metrics.ndcg(arguments.integer("k")))
            }
            fields.computed("precision") { ranking, arguments, _ in
                .metric(ranking.metrics.precision(arguments.integer("k")))
            }
            fields.property("reciprocalRank") { .metric($0.metrics.reciprocalRank) }
            fields.property("hit") { .metric($0.metrics.hit) }
        }
        table.object("DocumentEvaluationSummary", of: RetrievalSummary.self) { fields in
            fields.property("evaluationName") { .string($0.name) }
            fields.computed("averageNdcg") { summary, arguments, _ in
                .double(summary.ndcg(arguments.integer("k")).mean)
            }
            fields.computed("countNdcg") { summary, arguments, _ in
                .integer(summary.ndcg(arguments.integer("k")).count)
            }
            fields.computed("averagePrecision") { summary, arguments, _ in
                .double(summary.precision(arguments.integer("k")).mean)
            }
            fields.computed("countPrecision") { summary, arguments, _ in
                .integer(summary.precision(arguments.integer("k")).count)
            }
            fields.property("meanReciprocalRank") { .double($0.reciprocalRank.mean) }
            fields.property("countReciprocalRank") { .integer($0.reciprocalRank.count) }
            fields.property("hitRate") { .double($0.hit.mean) }
            fields.property("countHit") { .integer($0.hit.count) }
        }
    }
}

/// The metrics of one evaluation of the documents of a span.
struct NamedRanking: Sendable {
    var name: String
    var metrics: RetrievalMetrics
}

extension ResolvedValue {
    /// What is no number is null.
    fileprivate static func metric(_ value: Double) -> ResolvedValue {
        .double(value.isFinite ? value : nil)
    }
}
