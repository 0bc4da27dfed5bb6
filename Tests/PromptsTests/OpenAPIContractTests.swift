import PhoenixModel
import Prompts
import TestSupport
import Testing

@Suite struct OpenAPIContractTests {
    private static let contract = OpenAPIContract(
        fixture: "openapi-20.26.1-prompts.json",
        routes: PromptRoutes(
            store: PromptStore(NoDatabase()), now: { Timestamp(microseconds: 0) }
        ).routes)

    @Test func `the document has the contract's title and operations`() {
        #expect(Self.contract.outlineDifferences == [])
    }

    @Test(arguments: contract.operations)
    func `an operation is as the contract has it`(path: String, method: String) {
        #expect(Self.contract.differences(path: path, method: method) == [])
    }

    @Test(arguments: contract.shapes)
    func `a shape is as the contract has it`(name: String) {
        #expect(Self.contract.differences(shape: name) == [])
    }
}
