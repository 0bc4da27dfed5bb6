import APISupport
import Datasets
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The routes of this feature on a database of their own, without a network.
struct DatasetsService: RouteCalling {
    /// The time of every request.
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    let tracing: TracingStore
    let store: DatasetStore
    let router: Router

    init(_ tracing: TracingStore, limits: UploadLimits = .init()) {
        self.tracing = tracing
        store = DatasetStore(tracing)
        var router = Router()
        let routes = DatasetRoutes(store: store, limits: limits, now: { Self.now })
        API(routes: routes.routes).register(on: &router)
        self.router = router
    }

    /// The examples of a dataset as text, with their external ids: `a={"q":1}>{}`.
    func shown(
        _ dataset: Dataset.ID, at version: DatasetVersion.ID? = nil
    ) async throws -> [String] {
        try await store.examples(of: dataset, at: version).rows.map { example in
            let name = example.externalID.map { "\($0)=" } ?? ""
            let input = String(decoding: example.revision.input, as: UTF8.self)
            let output = String(decoding: example.revision.output, as: UTF8.self)
            return "\(name)\(input)>\(output)"
        }
    }

    /// The names of the splits of each example, joined by commas.
    func shownSplits(_ dataset: Dataset.ID) async throws -> [String] {
        let examples = try await store.examples(of: dataset).rows
        let splits = try await store.splits(of: examples.map(\.id))
        return examples.map { splits[$0.id, default: []].map(\.name).joined(separator: ",") }
    }
}

extension TestDatabase {
    func withDatasetsService(
        limits: UploadLimits = .init(), _ body: (DatasetsService) async throws -> Void
    ) async throws {
        try await withTracingStore { try await body(DatasetsService($0, limits: limits)) }
    }
}

extension DatasetUpload.Example {
    static func stub(
        _ number: Int64, id: String? = nil, output: JSONObject = [:], splits: [String] = []
    ) -> DatasetUpload.Example {
        DatasetUpload.Example(
            content: ExampleContent(input: ["q": .integer(number)], output: output), id: id,
            splits: splits)
    }
}
