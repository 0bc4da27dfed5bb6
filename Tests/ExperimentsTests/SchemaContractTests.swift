import GraphQLCore
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct SchemaContractTests {
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

    @Test func `the types of experiments are those of the contract`() throws {
        let types = [
            "ExperimentConnection", "ExperimentEdge", "ExperimentAnnotationSummary",
            "DatasetExperimentAnnotationSummary", "ExperimentRun", "ExperimentRunConnection",
            "ExperimentRunEdge", "ExperimentRunAnnotation", "ExperimentRunAnnotationConnection",
            "ExperimentRunAnnotationEdge", "ExperimentRunAnnotatorKind",
            "ExperimentRepeatedRunGroup", "ExperimentRepeatedRunGroupAnnotationSummary",
            "ExperimentComparison", "ExperimentComparisonConnection", "ExperimentComparisonEdge",
            "ExperimentRunMetricComparison", "ExperimentRunMetricComparisons", "ExperimentTag",
            "ExperimentColumn", "ExperimentRunMetric", "ExperimentSort", "ExperimentRunColumn",
            "ExperimentRunSort", "PatchExperimentInput", "DeleteExperimentsInput",
            "DismissExperimentPayload", "ReinstateExperimentPayload", "PatchExperimentPayload",
            "ExperimentMutationPayload", "SetExperimentBaselinePayload",
        ]
        let differences = SchemaComparison.differences(
            of: try ExperimentsGraphQLService.schema(), from: try Self.contract(), types: types)
        #expect(differences == [])
    }

    @Test func `fields that are there are as the contract has them`() throws {
        let differences = SchemaComparison.differences(
            of: try ExperimentsGraphQLService.schema(), from: try Self.contract(),
            types: ["Query", "Mutation", "Experiment", "Dataset", "DatasetExample"]
        ).filter { $0.contains("xperiment") && !$0.hasSuffix(" is missing.") }
        #expect(differences == [])
    }

    @Test func `of an experiment all but its job is there`() throws {
        let differences = SchemaComparison.differences(
            of: try ExperimentsGraphQLService.schema(), from: try Self.contract(),
            types: ["Experiment"])
        #expect(differences.count == 1)
        #expect(differences.first?.contains("job") == true)
    }
}
