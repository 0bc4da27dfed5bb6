import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// `Dataset`, its versions, splits and labels.
struct DatasetResolvers: Sendable {
    let store: DatasetStore

    func add(to table: inout ResolverTable) {
        table.object("Dataset", of: NodeValue<Dataset>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
            fields.row("metadata") { .json(try JSON.parse($0.metadata)) }
            fields.row("createdAt") { .timestamp($0.createdAt) }
            fields.row("updatedAt") { .timestamp($0.updatedAt) }
            // Nobody signs in while there are no accounts.
            fields.property("createdBy") { _ in .null }
            fields.property("updatedBy") { _ in .null }
            addParts(to: &fields)
            addExamples(to: &fields)
        }
        table.object("DatasetVersion", of: NodeValue<DatasetVersion>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("description") { .string($0.description) }
            fields.row("metadata") { .json(try JSON.parse($0.metadata)) }
            fields.row("createdAt") { .timestamp($0.createdAt) }
        }
        table.addConnection("DatasetVersion")
        table.object("DatasetSplit", of: NodeValue<DatasetSplit>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
            fields.row("metadata") { .json(try JSON.parse($0.metadata)) }
            fields.row("color") { .string($0.color) }
            fields.row("createdAt") { .timestamp($0.createdAt) }
            fields.row("updatedAt") { .timestamp($0.updatedAt) }
        }
        let store = store
        table.object("DatasetLabel", of: NodeValue<DatasetLabel>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
            fields.row("color") { .string($0.color) }
            fields.loaded("usageCount") {
                try await store.datasetCounts(ofLabels: $0)
            } _: {
                .integer($0 ?? 0)
            }
        }
    }

    private func addParts(to fields: inout ResolverTable.Fields<NodeValue<Dataset>>) {
        let store = store
        fields.field("versions") { parent, arguments, _ in
            let page = try OffsetPage(arguments)
            var versions = try await store.versions(of: parent.id, limit: .max).rows
            // The newest come first, unless they are asked for the other way round.
            if arguments.object("sort")?["dir"]?.stringValue == "asc" { versions.reverse() }
            return .connection(
                page.connection(versions) { .object(NodeValue(id: $0.id, row: $0)) })
        }
        fields.loaded("splits") {
            try await store.splits(ofDatasets: $0)
        } _: {
            .objects(($0 ?? []).map { NodeValue(id: $0.id, row: $0) })
        }
        fields.loaded("labels") {
            try await store.labels(of: $0)
        } _: {
            .objects(($0 ?? []).map { NodeValue(id: $0.id, row: $0) })
        }
        fields.loaded("lastUpdatedAt") {
            try await store.lastUpdates(of: $0)
        } _: {
            .timestamp($0)
        }
    }

    private func addExamples(to fields: inout ResolverTable.Fields<NodeValue<Dataset>>) {
        let store = store
        fields.batch("exampleCount") { parents, arguments, _ in
            let version: DatasetVersion.ID? = try arguments.optionalID("datasetVersionId")
            let splits: [DatasetSplit.ID] = try arguments.rowIDs("splitIds")
            guard version != nil || !splits.isEmpty else {
                let counts = try await store.exampleCounts(of: parents.storedIDs())
                return parents.map { .integer(counts[$0.id] ?? 0) }
            }
            var counts: [Dataset.ID: Int] = [:]
            for id in parents.storedIDs() {
                guard try await Self.has(version, id, store) else { continue }
                counts[id] = try await store.exampleCount(of: id, at: version, in: splits)
            }
            return parents.map { .integer(counts[$0.id] ?? 0) }
        }
        fields.field("examples") { parent, arguments, _ in
            let page = try OffsetPage(arguments)
            let version: DatasetVersion.ID? = try arguments.optionalID("datasetVersionId")
            guard try await Self.has(version, parent.id, store) else {
                return .connection(.empty)
            }
            let ids = try await store.exampleIDs(
                of: parent.id, at: version, in: arguments.rowIDs("splitIds"),
                containing: arguments.string("filter"),
                among: try arguments.rowIDs("filterIds", called: "filter ID"))
            let window = page.window(count: ids.count)
            let shown = Array(ids[window.range])
            let examples = try await store.examples(shown, at: version)
            return .connection(
                page.connection(of: window, elements: shown) { id in
                    .object(
                        examples[id].map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
                })
        }
    }

    /// Whether a version is of a dataset, or none is asked for.
    private static func has(
        _ version: DatasetVersion.ID?, _ dataset: Dataset.ID, _ store: DatasetStore
    ) async throws -> Bool {
        guard let version else { return true }
        return try await store.version(version, of: dataset) != nil
    }
}
