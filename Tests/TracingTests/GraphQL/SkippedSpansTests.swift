import FilterLanguage
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Testing

@testable import Tracing

struct SkippedSpansTests {
    private static let spans: [IncomingSpan] = (1...60).map { number in
        .stub(
            trace: number, span: number, parent: number % 3 == 0 ? 999 : nil,
            name: "\(number % 2)",
            // Several spans start at the same time.
            startTime: 1_790_000_000_000_000 + Int64(number * 7 % 20), endTime: Int64(number))
    }

    @Test(arguments: TestDatabase.available)
    func `skipping leads to the same rows as reading on`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            let project = try await store.project(Identifier("demo")).id
            for condition in ["", "parent_id is None", "name == '1'"] {
                for sort in [
                    SpanSort(.id, isDescending: false), SpanSort(.startTime, isDescending: true),
                    SpanSort(.startTime, isDescending: false),
                    SpanSort(.endTime, isDescending: true),
                ] {
                    var filter = SpanFilter()
                    filter.expressions = [try Filter(condition, in: .span)]
                    func ids(_ skipped: Int, _ limit: Int) async throws -> [Span.ID] {
                        try await store.sortedSpans(
                            of: project, where: filter, by: sort, skipping: skipped, limit: limit
                        ).rows.map(\.span.id)
                    }
                    let all = try await ids(0, 100)
                    for skipped in [1, 2, 19, all.count - 1, all.count, 1000] {
                        #expect(
                            try await ids(skipped, 5) == Array(all.dropFirst(skipped).prefix(5)))
                    }
                }
            }
        }
    }

    @Test func `what cannot be skipped is said`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            let tracing = TracingGraphQL(store: store)
            let schema = try Schema(TracingSchema.texts)
            let engine = try GraphQLEngine(
                schema: schema, resolvers: tracing.resolvers(for: schema, nodes: tracing.nodes),
                options: .contract)
            func errors(_ arguments: String) async throws -> [String] {
                try await engine.execute(
                    GraphQLRequest(
                        query: """
                            { getProjectByName(name: "demo") {
                                spans(first: 1\(arguments)) { edges { node { id } } } } }
                            """),
                    context: GraphQLRequestContext(now: Timestamp(microseconds: 0))
                ).errors.map(\.message)
            }
            #expect(try await errors(", skip: 1000000") == [])
            #expect(
                try await errors(
                    #", skip: 1000000, filterCondition: "parent_id is None", sort: {col: startTime, dir: desc}"#
                )
                    == [])
            #expect(try await errors(", skip: -1") == ["The argument skip must not be negative."])
            #expect(
                try await errors(", skip: 2001, sort: {col: endTime, dir: desc}").first?
                    .contains("2000 spans can be skipped at most") == true)
        }
    }
}
