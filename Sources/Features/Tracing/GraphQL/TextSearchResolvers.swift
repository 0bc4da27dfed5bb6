import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// `Project.searchSpans` and what it answers.
struct TextSearchResolvers {
    let store: TracingStore
    /// Begins the time that one search may take.
    let budget: @Sendable () -> SearchBudget

    func addField(to fields: inout ProjectResolvers.Fields) {
        let (store, budget) = (store, budget)
        fields.field("searchSpans") { parent, arguments, _ in
            let page = try KeysetPage(arguments)
            var search = try SpanSearch(for: arguments.string("query") ?? "")
            let range = arguments.timeRange
            search.startTime = range.start
            search.endTime = range.end
            let position = try page.after.map { cursor in
                guard let id = KeysetCursor(cursor)?.rowID else { throw page.invalidCursor }
                return Span.ID(id)
            }
            let found = try await store.searchSpans(
                of: parent.id, for: search, below: position, limit: page.first, budget: budget())
            return .object(found)
        }
    }

    private static func cursor(_ id: Span.ID) -> String {
        KeysetCursor(rowID: id.value).description
    }

    static func addTypes(to table: inout ResolverTable) {
        table.object("SpanSearchConnection", of: SpanSearchPage.self) { fields in
            fields.property("edges") { .objects($0.matches) }
            fields.property("pageInfo") { page in
                let edges = page.matches.map { Edge(node: .null, cursor: Self.cursor($0.span.id)) }
                var info = Connection(edges: edges, hasNextPage: page.following != nil).pageInfo
                if let following = page.following { info.endCursor = Self.cursor(following) }
                return .object(info)
            }
            fields.property("isComplete") { .bool($0.isComplete) }
        }
        table.object("SpanSearchEdge", of: SpanSearchMatch.self) { fields in
            fields.property("node") { .object(NodeValue($0.span)) }
            fields.property("cursor") { .string(Self.cursor($0.span.id)) }
            fields.property("field") { .string($0.match.field) }
            fields.property("snippet") { .string($0.match.snippet.text) }
            fields.property("matchOffset") { .integer(Int64($0.match.snippet.matchOffset)) }
            fields.property("matchLength") { .integer(Int64($0.match.snippet.matchLength)) }
        }
    }
}
