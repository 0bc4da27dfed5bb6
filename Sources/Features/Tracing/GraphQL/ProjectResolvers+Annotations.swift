import GraphQLCore
import GraphQLSupport
import PhoenixModel

// The feature Annotations will answer these fields; until then nothing is annotated. What is wrong
// with the arguments is said already.
extension ProjectResolvers {
    func addAnnotations(to fields: inout Fields) {
        for subject in ["span", "trace", "session"] {
            fields.property("\(subject)AnnotationNames") { _ in .list([]) }
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
