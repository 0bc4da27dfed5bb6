import FilterLanguage
import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// What is computed of the annotations of a project.
struct ProjectAnnotationResolvers: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore

    private typealias Fields = ResolverTable.Fields<NodeValue<Project>>

    private struct NameCount: Sendable {
        var name: String
        var count: Int64
    }

    private struct Score: Sendable {
        var name: String
        var score: Double
    }

    private struct Point<Value: Sendable>: Sendable {
        var timestamp: Timestamp
        var values: [Value]
    }

    private struct Series<Value: Sendable>: Sendable {
        var names: [String]
        var points: [Point<Value>]

        init(_ bins: TimeBins, _ values: [[Value]], name: (Value) -> String) {
            points = zip(bins.starts, values).map { Point(timestamp: $0, values: $1) }
            names = Set(values.joined().map(name)).sorted { $0.comesBefore($1) }
        }
    }

    func add(to table: inout ResolverTable) {
        table.object("Project", of: NodeValue<Project>.self) { fields in
            for subject in [Annotation.Subject.span, .trace, .session] {
                addNames(of: subject, to: &fields)
                addSummary(of: subject, to: &fields)
                addSeries(of: subject, to: &fields)
            }
            addDocuments(to: &fields)
        }
        addTypes(to: &table)
    }

    private func addNames(of subject: Annotation.Subject, to fields: inout Fields) {
        let store = store
        let tracing = tracing
        fields.field("\(subject.rawValue)AnnotationNames") { parent, _, _ in
            let language: FilterAnnotationSubject =
                switch subject {
                case .span, .document: .span
                case .trace: .trace
                case .session: .session
                }
            let names = try await tracing.annotationNames(of: parent.id, on: language)
            return .strings(names.sorted { $0.comesBefore($1) })
        }
        fields.field("\(subject.rawValue)AnnotationNameCounts") { parent, _, _ in
            let counts = try await store.nameCounts(about: subject, of: parent.id)
            return .objects(counts.map { NameCount(name: $0.name, count: $0.count) })
        }
        fields.field("\(subject.rawValue)AnnotationMetricNames") { parent, arguments, _ in
            guard arguments.timeRange.start != nil else {
                throw GraphQLFault.badRequest("Start time is required")
            }
            return .strings(
                try await store.metricNames(
                    about: subject, of: parent.id, in: arguments.timeRange))
        }
    }

    private func addSummary(of subject: Annotation.Subject, to fields: inout Fields) {
        let store = store
        fields.field("\(subject.rawValue)AnnotationSummary") { parent, arguments, _ in
            let selection = try arguments.selection()
            return .object(
                optional: try await store.summary(
                    of: arguments.string("annotationName") ?? "", about: subject,
                    of: parent.id, in: selection))
        }
    }

    private func addSeries(of subject: Annotation.Subject, to fields: inout Fields) {
        let store = store
        fields.field("\(subject.rawValue)AnnotationScoreTimeSeries") { parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            let scores = try await store.scoreSeries(about: subject, of: parent.id, bins)
            let values = scores.map { $0.map { Score(name: $0.name, score: $0.score) } }
            return .object(Series(bins, values) { $0.name })
        }
        fields.field("\(subject.rawValue)AnnotationMetricsTimeSeries") {
            parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            let summaries = try await store.summarySeries(
                about: subject, of: parent.id, bins, named: arguments.string("annotationName"))
            return .object(Series(bins, summaries) { $0.name })
        }
    }

    private func addDocuments(to fields: inout Fields) {
        let store = store
        fields.field("documentEvaluationNames") { parent, arguments, _ in
            let text = arguments.string("spanId") ?? ""
            guard !text.isEmpty else {
                return .strings(try await store.evaluationNames(of: parent.id))
            }
            guard let span = OTelID(shownAs: text) else { return .list([]) }
            return .strings(try await store.evaluationNames(of: parent.id, span: span))
        }
        fields.field("documentEvaluationSummary") { parent, arguments, _ in
            let selection = try arguments.selection()
            return .object(
                optional: try await store.retrievalSummary(
                    named: arguments.string("evaluationName") ?? "", of: parent.id,
                    in: selection))
        }
    }

    private func addTypes(to table: inout ResolverTable) {
        table.object("AnnotationNameCount", of: NameCount.self) { fields in
            fields.property("name") { .string($0.name) }
            fields.property("count") { .integer($0.count) }
        }
        table.object("AnnotationScoreWithLabel", of: Score.self) { fields in
            fields.property("label") { .string($0.name) }
            fields.property("score") { .double($0.score) }
        }
        addSeries(
            "AnnotationScoreTimeSeries", of: Score.self, values: "scoresWithLabels", to: &table)
        addSeries(
            "AnnotationMetricsTimeSeries", of: AnnotationSummary.self,
            values: "annotationSummaries", to: &table)
    }

    private func addSeries<Value: Sendable>(
        _ type: String, of value: Value.Type, values: String, to table: inout ResolverTable
    ) {
        table.object(type, of: Series<Value>.self) { fields in
            fields.property("names") { .strings($0.names) }
            fields.property("data") { .objects($0.points) }
        }
        table.object("\(type)DataPoint", of: Point<Value>.self) { fields in
            fields.property("timestamp") { .timestamp($0.timestamp) }
            fields.property(values) { .objects($0.values) }
        }
    }
}
