import Testing

@testable import GraphQLCore

/// Of fields that may not be null and fail beside each other, one error is told: always the same one.
@Suite struct ErrorOrderTests {
    private struct Pair: Sendable {}

    private struct Shown: GraphQLPresentableError {
        var message: String
    }

    private static func engine() throws -> GraphQLEngine {
        let schema = """
            type Query { pair: Pair pairs: [Pair]! }
            type Pair { slow: Int! quick: Int! many: Int! atOnce: Int! maybe: Int below: Pair! }
            """
        var table = ResolverTable()
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.property("pair") { _ in .object(Pair()) }
            fields.property("pairs") { _ in .objects([Pair(), Pair()]) }
        }
        table.object("Pair", of: Pair.self) { fields in
            fields.field("slow") { _, _, _ in
                try await Task.sleep(for: .milliseconds(20))
                throw Shown(message: "slow")
            }
            fields.field("quick") { _, _, _ in throw Shown(message: "quick") }
            fields.field("maybe") { _, _, _ in
                try await Task.sleep(for: .milliseconds(10))
                throw Shown(message: "maybe")
            }
            fields.batch("many") { pairs, _, _ in
                try await Task.sleep(for: .milliseconds(10))
                return pairs.map { _ in .failure(Shown(message: "many")) }
            }
            fields.property("atOnce") { _ in .failure(Shown(message: "at once")) }
            fields.property("below") { _ in .object(Pair()) }
        }
        return try GraphQLEngine(schema: try Schema([schema]), resolvers: table, options: .init())
    }

    @Test(arguments: [
        ("{ pair { slow quick } }", ["slow"]), ("{ pair { quick slow } }", ["quick"]),
        ("{ pair { many quick } }", ["many"]), ("{ pair { quick many } }", ["quick"]),
        ("{ pair { slow many } }", ["slow"]), ("{ pair { below { slow } quick } }", ["slow"]),
        ("{ pair { quick below { slow } } }", ["quick"]),
        ("{ pair { maybe quick } }", ["maybe", "quick"]), ("{ pair { quick maybe } }", ["quick"]),
        ("{ pairs { slow quick } }", ["slow", "slow"]),
        // What fails at once is told alone, wherever it stands.
        ("{ pair { slow atOnce } }", ["at once"]), ("{ pair { atOnce quick } }", ["at once"]),
    ])
    func `the error that comes first in the response is told`(
        query: String, messages: [String]
    ) async throws {
        let response = try await Self.engine().execute(
            GraphQLRequest(query: query), context: Shown(message: ""))
        #expect(response.errors.map(\.message) == messages)
    }
}
