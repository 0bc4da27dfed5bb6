import GraphQLCore
import Testing

@testable import Tracing

#if canImport(Glibc)
    import Glibc
#endif

struct ContractTests {
    /// The fields of the contract that other features add.
    static let addedByOthers = Set([
        "Project.costSummary", "Project.traceTokenCountTimeSeries",
        "Project.traceTokenCostTimeSeries", "Project.topModelsByCost",
        "Project.topModelsByTokenCount", "Trace.costSummary", "Trace.costDetailSummaryEntries",
        "Span.costSummary", "Span.costDetailSummaryEntries",
        "Span.cumulativeCostDetailSummaryEntries", "ProjectSession.costSummary",
        "ProjectSession.costDetailSummaryEntries", "Span.spanAnnotations", "Span.spanNotes",
        "Span.spanAnnotationSummaries", "Span.documentEvaluations",
        "Span.documentRetrievalMetrics", "Trace.traceAnnotations",
        "Trace.traceAnnotationSummaries", "ProjectSession.sessionAnnotations",
        "ProjectSession.sessionAnnotationSummaries", "Project.documentEvaluationNames",
        "Project.documentEvaluationSummary", "Project.annotationConfigs",
    ]).union(
        ["span", "trace", "session"].flatMap { subject in
            [
                "Names", "NameCounts", "MetricNames", "Summary", "ScoreTimeSeries",
                "MetricsTimeSeries",
            ].map { "Project.\(subject)Annotation\($0)" }
        })
    /// Types that tracing declares in part, for the features that will own them.
    static let partial: Set<String> = [
        "Query", "Mutation", "User", "Dataset", "Experiment", "Prompt",
    ]

    static func contract() throws -> Schema {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let path = "/\(root)/Tests/Fixtures/contract/schema.graphql"
        let file = try #require(fopen(path, "rb"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return try Schema([String(decoding: bytes, as: UTF8.self)])
    }

    @Test func `the schema of tracing has everything that the contract has`() throws {
        let schema = try Schema(TracingSchema.texts)
        let types = schema.typeNames.filter {
            !(schema.types[$0]?.directives ?? []).contains { $0.name.value == "extension" }
                && !$0.hasPrefix("__") && !Self.partial.contains($0)
                && !["String", "Int", "Float", "Boolean", "ID"].contains($0)
        }
        // Interfaces and unions have members in features to come, which are not looked at here.
        let differences = SchemaComparison.differences(
            of: schema, from: try Self.contract(), types: types
        ).filter { sentence in
            !Self.addedByOthers.contains { sentence == "\($0) is missing." }
        }
        #expect(differences == [])
    }

    @Test(arguments: partial)
    func `what is declared of a later type is as in the contract`(type: String) throws {
        let schema = try Schema(TracingSchema.texts)
        let differences = SchemaComparison.differences(
            of: schema, from: try Self.contract(), types: [type]
        ).filter { !$0.hasSuffix(" is missing.") && !$0.hasSuffix("in the contract only.") }
        #expect(differences == [])
    }
}
