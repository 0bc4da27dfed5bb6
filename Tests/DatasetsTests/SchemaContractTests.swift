import Datasets
import GraphQLCore
import Testing
import Tracing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SchemaContractTests {
    private static func schema() throws -> Schema {
        try Schema(TracingSchema.texts + [DatasetsGraphQL.text])
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

    /// What later features add to these types.
    private static let later = ["xperiment", "valuator"]

    @Test func `the types of datasets are those of the contract`() throws {
        let contract = try Self.contract()
        let types = try Self.schema().types.keys.filter { name in
            (name.contains("Dataset") || name == "RevisionKind" || name == "ExampleRevision")
                && contract.types[name] != nil
        }
        #expect(types.count > 50)
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: contract, types: types.sorted()
        ).filter { difference in !Self.later.contains { difference.contains($0) } }
        #expect(differences == [])
    }

    @Test func `the fields of queries and mutations are those of the contract`() throws {
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: ["Query", "Mutation"]
        ).filter { difference in
            difference.contains("ataset") && !Self.later.contains { difference.contains($0) }
        }
        #expect(differences == [])
    }
}
