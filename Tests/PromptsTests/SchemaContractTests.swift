import FoundationEssentials
import GraphQLCore
import Testing

@testable import Prompts
@testable import Tracing

@Suite struct SchemaContractTests {
    private static func schema() throws -> Schema { try Schema(PromptsGraphQLService.texts) }

    private static func contract() throws -> Schema {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            .joined(separator: "/")
        let file = FileManager.default.contents(
            atPath: "\(tests)/Fixtures/contract/schema.graphql")
        return try Schema([String(decoding: try #require(file), as: UTF8.self)])
    }

    /// Types that this feature refers to and others own.
    private static let others: Set = ["GenerativeModelCustomProvider"]

    @Test func `the types of prompts are those of the contract`() throws {
        let own = try Schema(PromptsGraphQLService.texts).typeNames
        let before = Set(
            try Schema(Array(PromptsGraphQLService.texts.dropLast(2))).typeNames
        ).subtracting(["Prompt"])
        let types = own.filter { !before.contains($0) && !Self.others.contains($0) }
        #expect(types.count > 70)
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: types)
        #expect(differences == [])
    }

    @Test func `the fields of queries and mutations are those of the contract`() throws {
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: ["Query", "Mutation"]
        ).filter { $0.contains("rompt") }
        #expect(
            differences.filter { !$0.hasSuffix(" is missing.") } == [])
        #expect(differences.filter { $0.hasPrefix("The field Mutation.") } == [])
    }
}
