import GraphQLCore
import Testing

@testable import Costs
@testable import Tracing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SchemaContractTests {
    private static func schema() throws -> Schema {
        try Schema(TracingSchema.texts + [CostsGraphQL.text])
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

    /// Whether a difference is a field that annotations add, which this schema is made without.
    private static func belongsToAnnotations(_ difference: String) -> Bool {
        difference.hasSuffix(" is missing.")
            && [
                "Annotation", "annotationConfigs", "documentEvaluation", "documentRetrieval",
                "spanNotes",
            ]
            .contains { difference.contains($0) }
    }

    @Test func `the types of models and costs are those of the contract`() throws {
        let types = [
            "Project", "Trace", "Span", "ProjectSession", "GenerativeModel",
            "GenerativeModelConnection", "GenerativeModelEdge", "GenerativeModelKind",
            "GenerativeProviderKey", "ModelInterface", "TokenPrice", "TokenKind", "TokenPriceInput",
            "CostBreakdown", "SpanCostSummary", "SpanCostDetailSummaryEntry",
            "CreateModelMutationInput", "UpdateModelMutationInput", "DeleteModelMutationInput",
            "CreateModelMutationPayload", "UpdateModelMutationPayload",
            "DeleteModelMutationPayload", "TraceTokenCountTimeSeries",
            "TraceTokenCountTimeSeriesDataPoint", "TraceTokenCountDetailsTimeSeriesEntry",
            "TraceTokenCostTimeSeries", "TraceTokenCostTimeSeriesDataPoint",
        ]
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: types
        ).filter { !Self.belongsToAnnotations($0) }
        #expect(differences == [])
    }

    @Test func `the fields of queries and mutations are those of the contract`() throws {
        let differences = SchemaComparison.differences(
            of: try Self.schema(), from: try Self.contract(), types: ["Query", "Mutation"]
        ).filter { $0.contains("odel") && !$0.hasSuffix(" is missing.") }
        #expect(differences == [])
    }
}
