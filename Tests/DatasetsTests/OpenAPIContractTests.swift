import Datasets
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct OpenAPIContractTests {
    private static let contract = OpenAPIContract(
        fixture: "openapi-20.26.1-datasets.json",
        routes: DatasetRoutes(
            store: DatasetStore(TracingStore(NoDatabase())), now: { Timestamp(microseconds: 0) }
        ).routes)

    @Test func `the document has the contract's title and operations`() {
        #expect(Self.contract.outlineDifferences == [])
    }

    @Test(arguments: contract.operations)
    func `an operation is as the contract has it`(path: String, method: String) {
        var differences = Self.contract.differences(path: path, method: method)
        if path == "/v1/datasets/upload" {
            // The contract leaves out that bodies may be malformed, too large or too many.
            differences.removeAll { $0.hasPrefix("responses ") }
        }
        #expect(differences == [])
    }

    @Test(arguments: contract.shapes)
    func `a shape is as the contract has it`(name: String) {
        #expect(Self.contract.differences(shape: name) == [])
    }
}
