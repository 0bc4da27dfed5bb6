import FilterLanguage
import GraphQLCore
import GraphQLSupport
import JSON
import Locking
import PhoenixModel
import TestSupport
import Testing

@testable import Tracing

struct SpanFacetsTests {
    private static let unlimited = SearchBudget(.seconds(3600), clock: ContinuousClock())

    private static let spans: [IncomingSpan] = [
        .stub(span: 1, name: "a", kind: "LLM", attributes: #"{"metadata":{"k":"x"}}"#),
        .stub(span: 2, name: "a", kind: "LLM", attributes: #"{"metadata":{"k":"x"}}"#),
        .stub(
            span: 3, name: "b", kind: "TOOL", status: "ERROR",
            attributes: #"{"metadata":{"k":7,"long":["u","v"]}}"#),
        .stub(span: 4, parent: 1, session: "s1", name: "c", kind: "LLM"),
        .stub(span: 5, name: "a", startTime: 10, endTime: 20),
        .stub(trace: 9, span: 6, project: "other", name: "z"),
    ]

    private static func seal(_ store: TracingStore) async throws {
        while try await store.sealSegments(limit: 100) > 0 {}
    }

    private func facets(
        _ store: TracingStore, _ fields: [String], where condition: String = "",
        from start: Int64? = nil, limit: Int = 10, budget: SearchBudget = unlimited
    ) async throws -> SpanFacets {
        let project = try await store.project(Identifier("demo"))
        var filter = SpanFilter()
        filter.expressions = [try Filter(condition, in: .span)]
        filter.startTime = start.map { Timestamp(microseconds: $0) }
        return try await store.spanFacets(
            fields.map { try FacetField($0) }, of: project.id, where: filter, limit: limit,
            budget: budget)
    }

    private func shown(_ facet: SpanFacet) -> [String] {
        facet.values.map { "\($0.value ?? "null"): \($0.count)" }
    }

    @Test(arguments: TestDatabase.available)
    func `values are counted, the most frequent first`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            for isSealed in [false, true] {
                if isSealed { try await Self.seal(store) }
                let all = try await facets(
                    store,
                    [
                        "span_kind", "status_code", "name", "session.id", "metadata['k']",
                        "metadata.long",
                    ])
                #expect(all.isComplete)
                #expect(all.spanCount == 5)
                #expect(all.countedSpans == 5)
                #expect(
                    all.facets.map(shown)
                        == [
                            ["LLM: 3", "CHAIN: 1", "TOOL: 1"], ["OK: 4", "ERROR: 1"],
                            ["a: 3", "b: 1", "c: 1"], ["null: 4", "s1: 1"],
                            ["null: 2", "x: 2", "7: 1"], ["null: 4", #"["u","v"]: 1"#],
                        ].map { Self.spaced($0, on: database) })
                #expect(all.facets[3].distinctCount == 1)
            }
        }
    }

    /// PostgreSQL writes JSON with blanks.
    private static func spaced(_ texts: [String], on database: TestDatabase) -> [String] {
        database == .sqlite
            ? texts : texts.map { $0.replacing(#"["u","v"]"#, with: #"["u", "v"]"#) }
    }

    @Test(arguments: TestDatabase.available)
    func `a filter, a time range and a limit hold`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            try await Self.seal(store)
            let llm = try await facets(store, ["name"], where: "span_kind == 'LLM'")
            #expect(llm.facets.map(shown) == [["a: 2", "c: 1"]])
            let late = try await facets(store, ["name"], from: 1000, limit: 1)
            #expect(late.facets.map(shown) == [["a: 2"]])
            #expect(late.facets[0].otherCount == 2)
            #expect(late.facets[0].distinctCount == 3)
            let roots = try await facets(store, ["name"], where: "parent_id is None")
            #expect(roots.spanCount == 4)
            let none = try await facets(store, ["name"], where: "name == 'nothing'")
            #expect(none.facets.map(shown) == [[]])
            #expect(none.isComplete)
        }
    }

    @Test func `when time is up a spread part is counted and scaled up`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let count = 128 * 32
            let spans = (1...count).map { number in
                IncomingSpan.stub(
                    trace: number / 100 + 1, span: number, name: number % 4 == 0 ? "rare" : "usual",
                    kind: number < count / 2 ? "LLM" : "TOOL")
            }
            _ = try await store.insert([spans], now: 0)
            try await Self.seal(store)
            let found = try await facets(
                store, ["name", "span_kind"],
                budget: SearchBudget(.zero, clock: ContinuousClock()))
            #expect(!found.isComplete)
            #expect(found.countedSpans < Int64(count) / 2)
            #expect(found.countedSpans > 0)
            #expect(abs(found.spanCount - Int64(count)) < Int64(count) / 8)
            for (facet, expected) in zip(found.facets, [[3, 1], [2, 2]]) {
                for (value, quarters) in zip(facet.values, expected) {
                    #expect(abs(value.count - Int64(count * quarters / 4)) < Int64(count) / 8)
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 7, 8, 100])
    func `segments are visited once each`(count: Int) {
        #expect(FacetOrder.spread(count).sorted() == Array(0..<count))
    }

    @Test(arguments: ["latency_ms", "1", "name == 'a'", "start_time", "'", ""])
    func `what cannot be counted is refused`(field: String) {
        #expect(throws: TracingError.self) { try FacetField(field) }
    }

    @Test func `facets are asked for by GraphQL`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            let tracing = TracingGraphQL(store: store)
            let schema = try Schema(TracingSchema.texts)
            let engine = try GraphQLEngine(
                schema: schema, resolvers: tracing.resolvers(for: schema, nodes: tracing.nodes),
                options: .contract)
            func answer(_ arguments: String) async throws -> (JSONValue?, [String]) {
                let response = try await engine.execute(
                    GraphQLRequest(
                        query: """
                            { getProjectByName(name: "demo") { spanFacets\(arguments) {
                                facets { field values { value count } otherCount distinctCount }
                                spanCount countedSpans sampledFraction isComplete } } }
                            """),
                    context: GraphQLRequestContext(now: Timestamp(microseconds: 0)))
                let data = try JSON.parse(response.body)["data"]
                return (
                    data?["getProjectByName"]?["spanFacets"], response.errors.map(\.message)
                )
            }
            let (usual, errors) = try await answer("")
            #expect(errors == [])
            #expect(usual?["facets"]?.arrayValue?.count == FacetField.usual.count)
            #expect(usual?["facets"]?[0]?["values"]?[0] == ["value": "LLM", "count": 3])
            #expect(usual?["isComplete"] == true)
            #expect(usual?["sampledFraction"] == 1.0)
            let (_, wrong) = try await answer(#"(fields: ["latency_ms"])"#)
            #expect(
                wrong == [
                    "The values of 'latency_ms' cannot be counted. Name a text or an attribute."
                ])
            let (_, many) = try await answer("(first: 101)")
            #expect(many == ["The argument first must be from 0 to 100."])
        }
    }
}
