import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// The mutations of traces.
struct TraceMutations: Sendable {
    let store: TracingStore

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.field("deleteTraces") { _, arguments, context in
                try context.caller.authorize(TracingAction.deleteTraces)
                let texts = arguments.strings("traceIds") ?? []
                guard !texts.isEmpty else {
                    throw GraphQLFault.badRequest("Must provide at least one trace ID to delete")
                }
                try await store.deleteTraces(try texts.map { try rowID($0) })
                return .object(GraphQLRoot())
            }
            fields.field("transferTracesToProject") { _, arguments, context in
                try context.caller.authorize(TracingAction.moveTraces)
                let texts = arguments.strings("traceIds") ?? []
                guard !texts.isEmpty else {
                    throw GraphQLFault.badRequest(
                        "Must provide at least one trace ID to transfer")
                }
                let traces: [Trace.ID] = try texts.map { try rowID($0) }
                let project: Project.ID = try arguments.rowID("projectId")
                guard try await store.projects([project])[project] != nil else {
                    throw GraphQLFault.badRequest("Destination project does not exist")
                }
                do {
                    _ = try await store.moveTraces(
                        traces.map { Identifier($0) }, to: Identifier(project))
                } catch let error as TracingError where error.code == .notFound {
                    throw GraphQLFault.badRequest("Invalid trace IDs provided")
                }
                return .object(GraphQLRoot())
            }
        }
    }
}
