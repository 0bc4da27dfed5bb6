import Annotations
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct OpenAPIContractTests {
    private static let contract = OpenAPIContract(
        fixture: "openapi-20.26.1-annotations.json",
        routes: AnnotationRoutes(
            store: AnnotationStore(TracingStore(NoDatabase())),
            tracing: TracingStore(NoDatabase()), now: { Timestamp(microseconds: 0) }
        ).routes)

    /// What the contract answers too and does not document.
    private static let besides = [
        "get /v1/annotation_configs": ["400"],
        "post /v1/annotation_configs": ["400", "409"],
        "get /v1/annotation_configs/{config_identifier}": ["404"],
        "put /v1/annotation_configs/{config_id}": ["400", "404", "409"],
        "delete /v1/annotation_configs/{config_id}": ["400", "404"],
        "get /v1/projects/{project_identifier}/annotation_configs": ["400"],
    ]

    @Test func `the document has the contract's title and operations`() {
        #expect(Self.contract.outlineDifferences == [])
    }

    @Test(arguments: contract.operations)
    func `an operation is as the contract has it`(path: String, method: String) {
        let besides = Self.besides["\(method) \(path)"] ?? []
        #expect(Self.contract.differences(path: path, method: method, besides: besides) == [])
    }

    @Test(arguments: contract.shapes)
    func `a shape is as the contract has it`(name: String) {
        #expect(Self.contract.differences(shape: name) == [])
    }
}
