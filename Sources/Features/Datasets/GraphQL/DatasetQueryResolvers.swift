import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The lists of datasets, splits and labels.
struct DatasetQueryResolvers: Sendable {
    let store: DatasetStore

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("datasetCount") { _, _, _ in
                .integer(try await store.datasetCount())
            }
            fields.field("datasetsLastUpdatedAt") { _, _, _ in
                .timestamp(try await store.lastUpdate())
            }
            fields.field("datasets") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                let ids = try await store.datasetIDs(try Self.selection(arguments))
                let window = page.window(count: ids.count)
                let shown = Array(ids[window.range])
                let datasets = try await store.datasets(shown)
                return .connection(
                    page.connection(of: window, elements: shown) { id in
                        .object(
                            datasets[id].map { NodeValue(id: id, row: $0) }
                                ?? NodeValue(missing: id))
                    })
            }
            fields.field("datasetLabels") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                var labels = try await store.labels().rows.sorted { $0.name < $1.name }
                if let names = arguments.strings("names") {
                    labels.removeAll { !names.contains($0.name) }
                }
                return .connection(
                    page.connection(labels) { .object(NodeValue(id: $0.id, row: $0)) })
            }
            fields.field("datasetSplits") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                var splits = Array(try await store.allSplits().reversed())
                if let names = arguments.strings("names") {
                    splits.removeAll { !names.contains($0.name) }
                }
                return .connection(
                    page.connection(splits) { .object(NodeValue(id: $0.id, row: $0)) })
            }
            fields.field("getDatasetExampleByExternalId") { _, arguments, _ in
                let dataset = try rowID(arguments.string("datasetId") ?? "", as: Dataset.self)
                let name = arguments.string("externalId") ?? ""
                let example = try await store.example(called: name, of: dataset)
                return .object(optional: example.map { NodeValue(id: $0.id, row: $0) })
            }
        }
        table.addConnection("Dataset")
        table.addConnection("DatasetLabel")
        table.addConnection("DatasetSplit")
    }

    private static func selection(
        _ arguments: FieldArguments
    ) throws(GraphQLFault) -> DatasetSelection {
        var selection = DatasetSelection()
        if let sort = arguments.object("sort") {
            let isDescending = sort["dir"]?.stringValue == "desc"
            selection.order =
                sort["col"]?.stringValue == "name"
                ? .name(isDescending: isDescending) : .createdAt(isDescending: isDescending)
        }
        guard let filter = arguments.object("filter") else { return selection }
        if filter["col"]?.stringValue == "name" {
            selection.namePart = filter["value"]?.stringValue
        }
        for label in filter["filterLabels"]?.arrayValue ?? [] {
            selection.labels.append(
                try rowID(label.stringValue ?? "", as: DatasetLabel.self))
        }
        return selection
    }
}
