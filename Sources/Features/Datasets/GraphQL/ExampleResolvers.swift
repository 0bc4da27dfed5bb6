import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// `DatasetExample`, its revisions, and what spans tell of examples.
struct ExampleResolvers: Sendable {
    let store: DatasetStore

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("DatasetExample", of: NodeValue<DatasetExample>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("externalId") { .string($0.externalID) }
            fields.row("createdAt") { .timestamp($0.createdAt) }
            fields.field("dataset") { parent, _, context in
                let id = try parent.required().datasetID
                let dataset = try await DatasetLoaders(store, context).datasets.load(id)
                return .object(
                    dataset.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
            }
            fields.field("span") { parent, _, context in
                guard let id = parent.row?.span?.id else { return .null }
                let loaders = TracingLoaders(store.tracing, context.request)
                return .object(optional: try await loaders.spans.load(id).map { NodeValue($0) })
            }
            fields.batch("revision") { parents, arguments, _ in
                guard let version: DatasetVersion.ID = try arguments.optionalID("datasetVersionId")
                else { return parents.map(Self.revision) }
                let examples = try await store.examples(parents.storedIDs(), at: version)
                return parents.map { parent in
                    guard let example = examples[parent.id] else {
                        return .failure(GraphQLFault.notFound("Could not find revision."))
                    }
                    return .object(example.revision)
                }
            }
            fields.field("datasetSplits") { parent, _, context in
                let splits = try await DatasetLoaders(store, context).splitsOfExamples.load(
                    parent.id)
                return .objects((splits ?? []).map { NodeValue(id: $0.id, row: $0) })
            }
        }
        table.addConnection("DatasetExample")
        table.object("DatasetExampleRevision", of: DatasetExample.Revision.self) { fields in
            fields.property("input") { .json(try JSON.parse($0.input)) }
            fields.property("output") { .json(try JSON.parse($0.output)) }
            fields.property("metadata") { .json(try JSON.parse($0.metadata)) }
            fields.property("revisionKind") { .string($0.kind.rawValue) }
            fields.property("createdAt") { .timestamp($0.createdAt) }
        }
        table.object("Span", of: NodeValue<Span>.self) { fields in
            fields.batch("containedInDataset") { parents, _, _ in
                let spans = try await store.spansWithExamples(parents.storedIDs())
                return parents.map { .bool(spans.contains($0.id)) }
            }
        }
    }

    private static func revision(_ parent: NodeValue<DatasetExample>) -> ResolvedValue {
        do {
            return .object(try parent.required().revision)
        } catch {
            return .failure(error)
        }
    }
}
