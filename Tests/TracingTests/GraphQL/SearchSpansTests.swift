import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

struct SearchSpansTests {
    private static let query = """
        query ($text: String!, $first: Int, $after: String) {
            getProjectByName(name: "demo") {
                searchSpans(query: $text, first: $first, after: $after) {
                    edges { cursor field snippet matchOffset matchLength node { spanId name } }
                    pageInfo { hasNextPage endCursor }
                    isComplete
                }
            }
        }
        """

    private func answer(
        _ store: TracingStore, _ variables: JSONObject
    ) async throws -> (search: JSONValue?, errors: [String]) {
        let tracing = TracingGraphQL(store: store)
        let schema = try Schema(TracingSchema.texts)
        let engine = try GraphQLEngine(
            schema: schema, resolvers: tracing.resolvers(for: schema, nodes: tracing.nodes),
            options: .contract)
        let response = try await engine.execute(
            GraphQLRequest(query: Self.query, variables: variables),
            context: GraphQLRequestContext(now: Timestamp(microseconds: 0)))
        let data = try JSON.parse(response.body)["data"]
        return (
            data?["getProjectByName"]?["searchSpans"], response.errors.map(\.message)
        )
    }

    @Test func `a project's spans are searched page by page`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let spans = (1...9).map { number in
                IncomingSpan.stub(
                    span: number, attributes: #"{"output":{"value":"a Refund of \#(number)"}}"#)
            }
            _ = try await store.insert([spans], now: 0)
            var found: [String] = []
            var after: JSONValue = nil
            repeat {
                let (search, errors) = try await answer(
                    store, ["text": " refund ", "first": 4, "after": after])
                #expect(errors == [])
                let edges = search?["edges"]?.arrayValue ?? []
                for edge in edges {
                    #expect(edge["field"] == "output.value")
                    #expect(edge["matchOffset"] == 2)
                    #expect(edge["matchLength"] == 6)
                    found.append(edge["node"]?["spanId"]?.stringValue ?? "")
                }
                #expect(search?["isComplete"] == true)
                let hasNext = search?["pageInfo"]?["hasNextPage"]?.boolValue ?? false
                after = hasNext ? search?["pageInfo"]?["endCursor"] ?? nil : nil
            } while after != nil && found.count < 20
            #expect(found == (1...9).reversed().map { "000000000000000\($0)" })
        }
    }

    @Test(
        arguments: [
            (["text": ""], "The text to search for is empty. Write one character or more."),
            (["text": "x", "first": 0], "`first` must be a positive integer"),
            (["text": "x", "after": "?"], "The cursor \"?\" is not one of this list."),
        ] as [(JSONObject, String)])
    func `what cannot be searched for is said`(variables: JSONObject, message: String) async throws
    {
        try await TestDatabase.sqlite.withTracingStore { store in
            _ = try await store.insert([[.stub(span: 1)]], now: 0)
            #expect(try await answer(store, variables).errors == [message])
        }
    }
}
