import FilterLanguage
import GraphQLCore
import GraphQLSupport
import PhoenixModel

// The feature Annotations will answer most of these fields: until then GraphQL shows no summaries and
// configs. What is wrong with the arguments is said already.
extension ProjectResolvers {
    func addAnnotations(to fields: inout Fields) {
        let store = store
        let subjects: [(String, FilterAnnotationSubject)] = [
            ("span", .span), ("trace", .trace), ("session", .session),
        ]
        for (subject, kind) in subjects {
            fields.field("\(subject)AnnotationNames") { parent, _, _ in
                .strings(try await store.annotationNames(of: parent.id, on: kind))
            }
            fields.property("\(subject)AnnotationNameCounts") { _ in .list([]) }
            fields.computed("\(subject)AnnotationMetricNames") { _, arguments, _ in
                guard arguments.timeRange.start != nil else {
                    throw GraphQLFault.badRequest("Start time is required")
                }
                return .list([])
            }
            fields.computed("\(subject)AnnotationSummary") { _, arguments, _ in
                _ = try arguments.selection()
                return .null
            }
        }
        fields.property("documentEvaluationNames") { _ in .list([]) }
        fields.computed("documentEvaluationSummary") { _, arguments, _ in
            _ = try arguments.selection()
            return .null
        }
        fields.computed("annotationConfigs") { _, arguments, _ in
            .connection(try OffsetPage(arguments).connection([Int]()) { _ in .null })
        }
    }
}
