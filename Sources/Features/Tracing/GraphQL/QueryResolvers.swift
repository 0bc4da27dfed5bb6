import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import RegularExpressions

/// The fields of `Query` that this feature answers.
struct QueryResolvers {
    let store: TracingStore
    let settings: TracingGraphQL.Settings

    func add(to table: inout ResolverTable, nodes: NodeRegistry) {
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("node") { _, arguments, context in
                try await nodes.resolve(arguments.string("id") ?? "", context)
            }
            addProjects(to: &fields)
            addLookups(to: &fields)
            addServer(to: &fields)
        }
        table.object("DbTableStats", of: TableSize.self) { fields in
            fields.property("tableName") { .string($0.name) }
            fields.property("numBytes") { .double(Double($0.bytes)) }
        }
        table.object("ServerStatus", of: ServerStatus.self) { fields in
            fields.property("insufficientStorage") { .bool($0.insufficientStorage) }
        }
    }

    private struct ServerStatus: Sendable {
        var insufficientStorage: Bool
    }

    private func addProjects(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        let activity = settings.lastUpdatedAt
        let searches = settings.searches
        fields.field("projects") { _, arguments, _ in
            let page = try OffsetPage(arguments)
            let part = arguments.object("filter")?["value"]?.stringValue
            let (projects, count) = try await store.projects(
                nameLike: part, by: Self.sort(arguments.object("sort"))
            ) { page.window(count: $0).range }
            return .connection(
                page.connection(of: page.window(count: count), elements: projects) {
                    .object(NodeValue($0))
                })
        }
        fields.field("projectCount") { _, _, _ in .integer(try await store.projectCount()) }
        fields.computed("projectsLastUpdatedAt") { _, _, _ in .timestamp(activity(nil)) }
        fields.field("getProjectByName") { _, arguments, _ in
            let project = try await store.projectIfAny(named: arguments.string("name") ?? "")
            return .object(optional: project.map { NodeValue($0) })
        }
        fields.field("searchResources") { _, arguments, _ in
            guard let limit = arguments.integer("limitPerType"), limit > 0 else {
                throw GraphQLFault.badRequest("limitPerType must be a positive integer")
            }
            let text = Self.trimmed(arguments.string("query") ?? "")
            guard !text.isEmpty else { return .list([]) }
            let most = min(limit, Self.searchLimit)
            var found: [ResolvedValue] = try await store.searchProjects(text, limit: most)
                .map { .object(NodeValue($0)) }
            for search in searches { found += try await search(text, most) }
            return .list(found)
        }
    }

    /// A search finds at most so many things of a kind, whatever is asked for.
    private static let searchLimit = 25

    private static func sort(_ sort: JSONObject?) -> ProjectSort {
        let isDescending = sort?["dir"]?.stringValue == "desc"
        switch sort?["col"]?.stringValue {
        case "name": return .name(isDescending: isDescending)
        case "endTime": return .endTime(isDescending: isDescending)
        default: return .id
        }
    }

    private static func trimmed(_ text: String) -> String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private func addLookups(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        fields.field("getSpanByOtelId") { _, arguments, _ in
            let span = try await store.spanIfAny(otelID: arguments.string("spanId") ?? "")
            return .object(optional: span.map { NodeValue($0) })
        }
        fields.field("getTraceByOtelId") { _, arguments, _ in
            let id = Identifier<Trace>(name: arguments.string("traceId") ?? "")
            return .object(optional: try await store.traceIfAny(id).map { NodeValue($0) })
        }
        fields.field("getProjectSessionById") { _, arguments, _ in
            let session = try await store.sessionIfAny(arguments.string("sessionId") ?? "")
            return .object(optional: session.map { NodeValue($0) })
        }
    }

    private static func validate(regularExpression pattern: String) -> ValidationResult {
        do {
            _ = try RegularExpression(pattern)
            return ValidationResult()
        } catch {
            return ValidationResult(errorMessage: error.description)
        }
    }

    private func addServer(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        let settings = settings
        // Nothing of these exists before the features that make them.
        for name in ["datasetCount", "promptCount", "evaluatorCount"] {
            fields.property(name) { _ in 0 }
        }
        // Nobody signs in while there are no accounts.
        fields.property("viewer") { _ in .null }
        fields.property("dbStorageCapacityBytes") { _ in .double(settings.storageCapacityBytes) }
        fields.field("dbTableStats") { _, _, _ in .objects(try await store.tableSizes()) }
        fields.computed("serverStatus") { _, _, context in
            .object(ServerStatus(insufficientStorage: context.caller.insertionBlock() != nil))
        }
        fields.computed("validateRegularExpression") { _, arguments, _ in
            .object(Self.validate(regularExpression: arguments.string("regex") ?? ""))
        }
        fields.field("defaultProjectTraceRetentionPolicy") { _, _, context in
            let policy = try await ProjectLoaders(store, context).policies
                .load(TraceRetentionPolicy.defaultID)
            return .object(optional: policy)
        }
    }
}
