import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

struct DatasetResource: JSONWritable {
    var dataset: Dataset
    var exampleCount: Int

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.string(dataset.id.nodeID.description)
        writer.key("name")
        writer.string(dataset.name)
        writer.key("description")
        writer.text(dataset.description)
        writer.key("metadata")
        writer.raw(dataset.metadata)
        writer.key("created_at")
        writer.string(dataset.createdAt.description)
        writer.key("updated_at")
        writer.string(dataset.updatedAt.description)
        writer.key("example_count")
        writer.integer(Int64(exampleCount))
        writer.endObject()
    }
}

struct DatasetVersionResource: JSONWritable {
    var version: DatasetVersion

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("version_id")
        writer.string(version.id.nodeID.description)
        writer.key("description")
        writer.text(version.description)
        writer.key("metadata")
        writer.raw(version.metadata)
        writer.key("created_at")
        writer.string(version.createdAt.description)
        writer.endObject()
    }
}

/// An example as REST shows it, here and in experiments.
package struct DatasetExampleResource: JSONWritable {
    package var example: DatasetExample

    package init(_ example: DatasetExample) { self.example = example }

    package func write(to writer: inout JSONWriter) {
        let nodeID = example.id.nodeID.description
        writer.beginObject()
        writer.key("id")
        writer.string(example.externalID ?? nodeID)
        writer.key("node_id")
        writer.string(nodeID)
        writer.key("input")
        writer.raw(example.revision.input)
        writer.key("output")
        writer.raw(example.revision.output)
        writer.key("metadata")
        writer.raw(example.revision.metadata)
        writer.key("updated_at")
        writer.string(example.revision.createdAt.description)
        writer.key("source")
        if let span = example.span {
            writer.beginObject()
            writer.key("span_id")
            writer.string(span.otelID.hex)
            writer.key("span_node_id")
            writer.string(span.id.nodeID.description)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}

struct ExamplesResource: JSONWritable {
    var dataset: Dataset.ID
    var version: DatasetVersion.ID
    var splits: [String]
    var examples: [DatasetExample]

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("dataset_id")
        writer.string(dataset.nodeID.description)
        writer.key("version_id")
        writer.string(version.nodeID.description)
        writer.key("filtered_splits")
        writer.beginArray()
        for split in splits { writer.string(split) }
        writer.endArray()
        writer.key("examples")
        writer.beginArray()
        for example in examples { DatasetExampleResource(example).write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

struct UploadResource: JSONWritable {
    var outcome: DatasetUpload.Outcome

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("dataset_id")
        writer.string(outcome.datasetID.nodeID.description)
        writer.key("version_id")
        writer.string(outcome.versionID.nodeID.description)
        writer.key("num_created_examples")
        writer.integer(Int64(outcome.createdCount))
        writer.key("num_updated_examples")
        writer.integer(Int64(outcome.updatedCount))
        writer.key("num_deleted_examples")
        writer.integer(Int64(outcome.deletedCount))
        writer.endObject()
    }
}

struct DatasetSplitResource: JSONWritable {
    var split: DatasetSplit
    var exampleCount: Int

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.string(split.id.nodeID.description)
        writer.key("name")
        writer.string(split.name)
        writer.key("description")
        writer.text(split.description)
        writer.key("color")
        writer.string(split.color)
        writer.key("metadata")
        writer.raw(split.metadata)
        writer.key("example_count")
        writer.integer(Int64(exampleCount))
        writer.key("created_at")
        writer.string(split.createdAt.description)
        writer.key("updated_at")
        writer.string(split.updatedAt.description)
        writer.endObject()
    }
}

struct DatasetLabelResource: JSONWritable {
    var label: DatasetLabel

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.string(label.id.nodeID.description)
        writer.key("name")
        writer.string(label.name)
        writer.key("description")
        writer.text(label.description)
        writer.key("color")
        writer.string(label.color)
        writer.endObject()
    }
}

/// Several of a kind, as one value.
struct ListResource<Item: JSONWritable>: JSONWritable {
    var items: [Item]

    func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for item in items { item.write(to: &writer) }
        writer.endArray()
    }
}

extension JSONWriter {
    fileprivate mutating func text(_ text: String?) {
        if let text { string(text) } else { null() }
    }
}

extension HTTPResponse {
    /// The answer that something was made.
    func created() -> HTTPResponse {
        var copy = self
        copy.status = .created
        return copy
    }
}
