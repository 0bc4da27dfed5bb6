import JSON
import Testing

@testable import GraphQLCore

/// Documents and values that would exhaust a careless engine end quickly, with an error.
@Suite(.timeLimit(.minutes(1))) struct HostileInputTests {
    private func messages(
        _ query: String, variables: JSONObject = JSONObject(),
        _ change: (inout GraphQLEngine.Options) -> Void = { _ in }
    ) async throws -> [String] {
        let engine = try TestWorld.engine(change)
        let response = try await engine.execute(
            GraphQLRequest(query: query, variables: variables), context: TestWorld.Counter(),
            root: TestWorld.root())
        return response.errors.map(\.message)
    }

    @Test(arguments: [
        "{ a", "{ a(b: [", "{ a(b: {c: ", "query ($v: [", "{ ...{ a ", "{ ... on A @b(c: [",
        "type A { a: [", "input A { a: B = [",
    ])
    func `nesting of 100000 levels is an error`(_ piece: String) async throws {
        let text = String(repeating: piece, count: 100_000)
        #expect(throws: GraphQLError.self) { try Parser.parse(text) }
        #expect(throws: GraphQLError.self) {
            try Parser.parse(piece + String(repeating: String(piece.suffix(1)), count: 100_000))
        }
    }

    @Test func `selections nested within the limit of the parser are executed`() async throws {
        let levels = 190
        let text =
            "{ human "
            + String(repeating: "{ ... on Human ", count: levels) + "{ id "
            + String(repeating: "}", count: levels + 2)
        #expect(try await messages(text).isEmpty)
    }

    @Test func `fragments that spread each other are an error`() async throws {
        let cycle = (0..<2000).map { "fragment F\($0) on Query { ...F\(($0 + 1) % 2000) }" }
        let found = try await messages("{ ...F0 } " + cycle.joined(separator: " "))
        #expect(found == ["Fragments are nested too deeply. Validation aborted."])
        let small = (0..<50).map { "fragment F\($0) on Query { ...F\(($0 + 1) % 50) }" }
        #expect(
            try await messages("{ ...F0 } " + small.joined(separator: " ")).contains {
                $0.hasPrefix("Cannot spread fragment")
            })
    }

    @Test func `fragments that multiply are an error`() async throws {
        let doubling = (0..<60).map {
            "fragment F\($0) on Human { a: best { ...F\($0 + 1) } b: best { ...F\($0 + 1) } }"
        }
        let text =
            "{ human { ...F0 } } " + doubling.joined(separator: " ")
            + " fragment F60 on Human { id }"
        let found = try await messages(text)
        #expect(found.count == 1)
        #expect(found[0].contains("fields found. Allowed: 20000"))
    }

    @Test func `10000 aliases are more than 50`() async throws {
        let text = "{ " + (0..<10_000).map { "a\($0): color " }.joined() + "}"
        #expect(
            try await messages(text) { $0.limits.maximumAliases = 50 }
                == ["10000 aliases found. Allowed: 50"])
    }

    @Test func `10000 equal fields are executed once or refused`() async throws {
        let text = "{ " + String(repeating: "color ", count: 10_000) + "}"
        #expect(try await messages(text) == ["Validation aborted."])
        let few = "{ " + String(repeating: "color ", count: 300) + "}"
        #expect(try await messages(few).isEmpty)
    }

    @Test func `10000 errors are reported up to the limit`() async throws {
        let text = "{ " + (0..<10_000).map { "a\($0): nope " }.joined() + "}"
        let found = try await messages(text)
        #expect(found.count == 101)
        #expect(
            found.last == "Too many validation errors, error limit reached. Validation aborted.")
        let failing = "{ " + (0..<10_000).map { "a\($0): fails " }.joined() + "}"
        let errors = try await messages(failing) { $0.maximumErrors = 20 }
        #expect(errors.count == 21)
    }

    @Test func `variables that are large, deep or full of faults end with few errors`()
        async throws
    {
        let faults = JSONObject([
            ("v", .array(Array(repeating: .string("x"), count: 100_000)))
        ])
        let found = try await messages("query ($v: [Int!]) { echo(ints: $v) }", variables: faults)
        #expect(found.count == 51)
        var deep: JSONValue = ["size": "SMALL"]
        for _ in 0..<400 { deep = ["size": "SMALL", "nested": deep] }
        #expect(
            try await messages(
                "query ($v: PetFilter) { pets(filter: $v) { __typename } }",
                variables: JSONObject([("v", deep)]))
                == ["Variable values are nested too deeply."])
    }

    @Test func `tokens, depth and cost have limits`() async throws {
        #expect(
            try await messages("{ color color color }") { $0.maximumTokens = 4 }[0]
                .contains("more than 4 tokens"))
        #expect(
            try await messages("query Q { human { best { best { id } } } }") {
                $0.limits.maximumDepth = 2
            } == ["'Q' exceeds maximum operation depth of 2"])
        #expect(
            try await messages("{ human { pets(first: 1000) { ... on Dog { id } } } }") {
                $0.maximumCost = 500
            }.count == 1)
    }
}
