import OpenInference
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct OpenAPIContractTests {
    private static let contract = OpenAPIContract(
        fixture: "openapi-20.26.1.json",
        routes: TracingRoutes(
            store: TracingStore(NoDatabase()), ingesting: NoIngesting(),
            now: { Timestamp(microseconds: 0) }
        ).routes)

    @Test func `the document has the contract's title and operations`() {
        #expect(Self.contract.outlineDifferences == [])
    }

    @Test(arguments: contract.operations)
    func `an operation is as the contract has it`(path: String, method: String) {
        // The contract answers 409 to a name that is taken, and does not document it.
        let besides = (path, method) == ("/v1/projects", "post") ? ["409"] : []
        #expect(Self.contract.differences(path: path, method: method, besides: besides) == [])
    }

    @Test(arguments: contract.shapes)
    func `a shape is as the contract has it`(name: String) {
        #expect(Self.contract.differences(shape: name) == [])
    }
}

private struct NoIngesting: SpanIngesting {
    func ingest(
        _ spans: [SpanMapper.DirectSpan]
    ) async throws -> [(index: Int, reason: String)] { [] }
}
