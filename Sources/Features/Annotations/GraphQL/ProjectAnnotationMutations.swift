import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// The mutations that delete all annotations of one name in a project.
struct ProjectAnnotationMutations: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore

    private struct Payload: Sendable {
        var count: Int
    }

    func add(to table: inout ResolverTable) {
        let (store, tracing) = (store, tracing)
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            for subject in [Annotation.Subject.span, .trace, .session] {
                fields.field("deleteProject\(subject.capitalized)Annotations") {
                    _, arguments, context in
                    try context.caller.authorize(AnnotationAction.deleteByName)
                    let (project, removal) = try Self.removal(arguments)
                    guard try await tracing.projects([project])[project] != nil else {
                        throw GraphQLFault.notFound(
                            "Could not find project with ID: \(project.nodeID)")
                    }
                    let count = try await store.deleteAnnotations(
                        about: subject, of: project, where: removal)
                    context.request.forgetLoaded()
                    return .object(Payload(count: count))
                }
            }
        }
        table.object("DeleteProjectAnnotationsByNamePayload", of: Payload.self) { fields in
            fields.property("deletedAnnotationCount") { .integer($0.count) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
    }

    private static func removal(
        _ arguments: FieldArguments
    ) throws -> (Project.ID, AnnotationStore.Removal) {
        let input = arguments.object("input") ?? [:]
        let text = input["projectId"]?.stringValue ?? ""
        guard let id = NodeID(text)?.rowID(as: Project.self) else {
            throw GraphQLFault.badRequest("Invalid project ID: \(text.prefix(200))")
        }
        guard let name = input["annotationName"]?.stringValue, !name.isEmpty else {
            throw GraphQLFault.badRequest("An annotation name is required.")
        }
        var removal = AnnotationStore.Removal()
        removal.name = name
        guard let range = input["timeRange"]?.objectValue else { return (id, removal) }
        let times = TimeRange(start: range.timestamp("start"), end: range.timestamp("end"))
        guard !times.isEmpty else {
            throw GraphQLFault.badRequest("Invalid time range: start must be before end.")
        }
        if input["timeRangeField"]?.stringValue == "SOURCE_START_TIME" {
            removal.targetRange = times
        } else {
            removal.startTime = times.start
            removal.endTime = times.end
        }
        return (id, removal)
    }
}
