import GraphQLCore
import Testing

@testable import Annotations
@testable import Tracing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SchemaContractTests {
    private static func schema() throws -> Schema {
        try Schema(TracingSchema.texts + AnnotationsGraphQL.texts)
    }

    private static func contract() throws -> Schema {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            .joined(separator: "/")
        let file = try #require(fopen("\(tests)/Fixtures/contract/schema.graphql", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return try Schema([String(decoding: bytes, as: UTF8.self)])
    }

    @Test func `the types of annotations are those of the contract`() throws {
        let schema = try Self.schema()
        let tracing = Set(try Schema(TracingSchema.texts).typeNames)
        let types = schema.typeNames.filter { !tracing.contains($0) }
        #expect(types.count > 50)
        let differences = SchemaComparison.differences(
            of: schema, from: try Self.contract(), types: types)
        #expect(differences == [])
    }

    @Test(arguments: ["Span", "Trace", "ProjectSession", "Project", "Query", "Mutation"])
    func `the fields about annotations are those of the contract`(type: String) throws {
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: [type]
        ).filter { $0.contains("nnotation") || $0.contains("Notes") || $0.contains("document") }
            // Experiments have annotations of their own.
            .filter { !$0.contains("xperiment") && !$0.contains("ataset") }
        #expect(differences == [])
    }
}
