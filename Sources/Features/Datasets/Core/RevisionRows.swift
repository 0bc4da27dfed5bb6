import PhoenixModel
import SQLCore

/// Collects the rows that a new version adds, and writes them with few statements.
struct RevisionRows {
    private let dataset: Dataset.ID
    private let version: DatasetVersion.ID
    private let now: Timestamp
    private let connection: any SQLConnection
    private var examples = Self.noExamples
    private var revisions = Self.noRevisions

    private static let noExamples = BulkRows([
        .init("id", .bigint), .init("dataset_id", .bigint), .init("span_rowid", .bigint),
        .init("external_id", .text), .init("created_at", .bigint),
    ])
    private static let noRevisions = BulkRows([
        .init("id", .bigint), .init("dataset_example_id", .bigint),
        .init("dataset_version_id", .bigint), .init("input", .text), .init("output", .text),
        .init("metadata", .text), .init("content_hash", .blob), .init("revision_kind", .text),
        .init("created_at", .bigint),
    ])

    /// How many rows, or bytes of documents, are kept before they are written.
    private static let (rowsMax, bytesMax) = (4096, 4 << 20)

    init(
        dataset: Dataset.ID, version: DatasetVersion.ID, now: Timestamp,
        connection: any SQLConnection
    ) {
        self.dataset = dataset
        self.version = version
        self.now = now
        self.connection = connection
    }

    mutating func addExample(_ id: DatasetExample.ID, externalID: String?, span: Span.ID?) {
        examples.append(id.value)
        examples.append(dataset.value)
        examples.append(span?.value)
        examples.append(externalID)
        examples.append(now.microseconds)
    }

    mutating func addRevision(
        _ id: Int64, of example: DatasetExample.ID, _ kind: DatasetExample.Revision.Kind,
        _ content: ExampleContent
    ) throws {
        revisions.append(id)
        revisions.append(example.value)
        revisions.append(version.value)
        revisions.append(content.input)
        revisions.append(content.output)
        revisions.append(content.metadata)
        revisions.append(content.hash)
        revisions.append(kind.rawValue)
        revisions.append(now.microseconds)
        if revisions.count >= Self.rowsMax || revisions.arena.count >= Self.bytesMax {
            try write()
        }
    }

    mutating func write() throws {
        if !examples.isEmpty { try connection.insert(examples, into: "dataset_examples") }
        if !revisions.isEmpty {
            try connection.insert(revisions, into: "dataset_example_revisions")
        }
        examples = Self.noExamples
        revisions = Self.noRevisions
    }

    /// Deletes examples: a revision each, without content.
    ///
    /// - Parameter fromSplits: Whether they leave their splits, in earlier versions too.
    mutating func delete(_ ids: [DatasetExample.ID], fromSplits: Bool) throws {
        try write()
        guard !ids.isEmpty else { return }
        let rowIDs = try connection.allocateIDs(ids.count, for: "dataset_example_revisions")
        let content = ExampleContent(input: [:])
        for (rowID, id) in zip(rowIDs, ids) { try addRevision(rowID, of: id, .delete, content) }
        try write()
        guard fromSplits else { return }
        for chunk in ids.chunked() {
            try connection.execute(
                """
                DELETE FROM dataset_splits_dataset_examples
                WHERE dataset_example_id IN (\(list: chunk))
                """)
        }
    }
}
