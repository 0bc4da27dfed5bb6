import JSON
import PhoenixModel
import SQLCore

/// What a new version is said to be.
package struct VersionNote: Sendable {
    package var description: String?
    /// A JSON object.
    package var metadata: [UInt8]

    package init(description: String? = nil, metadata: [UInt8] = Array("{}".utf8)) {
        self.description = description
        self.metadata = metadata
    }
}

/// An example to add.
package struct NewExample: Sendable {
    package var content: ExampleContent
    package var externalID: String?
    package var span: Span.ID?

    package init(content: ExampleContent, externalID: String? = nil, span: Span.ID? = nil) {
        self.content = content
        self.externalID = externalID
        self.span = span
    }
}

/// One of the changes that make a version.
package enum ExampleOperation: Sendable {
    package enum Part: String, Sendable {
        case input = "INPUT"
        case output = "OUTPUT"
        case metadata = "METADATA"
    }

    case add(NewExample)
    case replace(DatasetExample.ID, Part, JSONObject)
    case remove(DatasetExample.ID)
}

extension DatasetStore {
    /// Makes a dataset without a version.
    ///
    /// - Throws: ``DatasetError`` when the name is taken.
    package func create(
        named name: String, description: String?, metadata: [UInt8], now: Timestamp
    ) async throws -> Dataset {
        let taken = DatasetError(.conflict, "A dataset named '\(name)' already exists.")
        return try await Self.named(taken) {
            try await database.write { connection in
                let id = try Self.addDataset(
                    named: name, description: description, metadata: metadata, now: now,
                    on: connection)
                return Dataset(
                    id: id, name: name, description: description, metadata: metadata,
                    createdAt: now, updatedAt: now)
            }
        }
    }

    /// Changes a dataset; nil leaves a part as it is.
    ///
    /// - Throws: ``DatasetError`` when the name is taken or there is no such dataset.
    package func update(
        _ id: Dataset.ID, name: String?, description: String??, metadata: [UInt8]?, now: Timestamp
    ) async throws -> Dataset {
        let taken = DatasetError(
            .conflict, "A dataset named '\(name ?? "")' already exists.")
        return try await Self.named(taken) {
            try await database.write { connection in
                guard var dataset = try Self.dataset(id, on: connection, locking: true) else {
                    throw Self.unknown(id)
                }
                if let name { dataset.name = name }
                if let description { dataset.description = description }
                if let metadata { dataset.metadata = metadata }
                dataset.updatedAt = now
                try connection.execute(
                    """
                    UPDATE datasets
                    SET name = \(dataset.name), description = \(dataset.description.sqlValue),
                        metadata = \(SQL.document(dataset.metadata)), updated_at = \(now)
                    WHERE id = \(id)
                    """)
                return dataset
            }
        }
    }

    static func unknown(_ id: Dataset.ID) -> DatasetError {
        DatasetError(.notFound, "Unknown dataset: \(id.nodeID.description)")
    }

    // MARK: Examples

    /// Makes a version with more examples.
    ///
    /// - Throws: ``DatasetError`` when an external id is taken or there is no such dataset.
    package func add(
        _ examples: [NewExample], to dataset: Dataset.ID, note: VersionNote, now: Timestamp
    ) async throws -> Dataset {
        try await edit(dataset, examples.map(ExampleOperation.add), note: note, now: now)
    }

    /// Makes a version without some examples.
    ///
    /// - Parameter dataset: Where all of them have to be; nil when they only need to be together.
    /// - Throws: ``DatasetError`` when they are not together, not there, or deleted already.
    package func deleteExamples(
        _ ids: [DatasetExample.ID], of dataset: Dataset.ID?, note: VersionNote, now: Timestamp
    ) async throws -> Dataset {
        var seen: Set<DatasetExample.ID> = []
        let ids = ids.filter { seen.insert($0).inserted }
        guard !ids.isEmpty else {
            throw DatasetError(.malformed, "Must provide examples to delete")
        }
        let examples = try await examples(ids)
        guard examples.count == ids.count, let first = examples.first?.value else {
            throw DatasetError(.notFound, "Examples not found")
        }
        guard examples.values.allSatisfy({ $0.datasetID == first.datasetID }) else {
            throw DatasetError(.malformed, "Examples must be from the same dataset")
        }
        if let dataset, dataset != first.datasetID {
            let name = try await self.dataset(first.datasetID)?.name ?? ""
            throw DatasetError(
                .malformed,
                "The examples belong to dataset '\(name)', not the specified dataset.")
        }
        guard examples.values.allSatisfy({ $0.revision.kind != .delete }) else {
            throw DatasetError(
                .malformed,
                "Provided examples contain already deleted examples. Delete aborted.")
        }
        return try await edit(
            first.datasetID, ids.map(ExampleOperation.remove), note: note, now: now)
    }

    /// Makes one version of changes, each on what those before it made, or none.
    ///
    /// - Throws: ``DatasetError`` when one of them cannot be made.
    package func edit(
        _ dataset: Dataset.ID, _ operations: [ExampleOperation], note: VersionNote, now: Timestamp
    ) async throws -> Dataset {
        try await Self.racing {
            try await database.write { connection in
                let editor = ExampleEditor(
                    dataset: dataset, operations: operations, note: note, now: now,
                    connection: connection)
                return try editor.write()
            }
        }
    }
}

/// Writes the version that some changes make.
private struct ExampleEditor {
    let dataset: Dataset.ID
    let operations: [ExampleOperation]
    let note: VersionNote
    let now: Timestamp
    let connection: any SQLConnection

    private enum Change {
        case content(ExampleContent)
        case removal
    }

    func write() throws -> Dataset {
        guard let row = try DatasetStore.dataset(dataset, on: connection, locking: true) else {
            throw DatasetStore.unknown(dataset)
        }
        try requireFreeExternalIDs()
        let (added, changes, order) = try outcome()
        let version = try DatasetStore.addVersion(
            to: dataset, description: note.description, metadata: note.metadata, now: now,
            on: connection)
        let exampleIDs = try connection.allocateIDs(added.count, for: "dataset_examples")
        var removed: [DatasetExample.ID] = []
        var patched: [(DatasetExample.ID, ExampleContent)] = []
        for id in order {
            switch changes[id] {
            case .removal?: removed.append(id)
            case .content(let content)?: patched.append((id, content))
            case nil: break
            }
        }
        let revisionIDs = try connection.allocateIDs(
            added.count + patched.count, for: "dataset_example_revisions")
        var rows = RevisionRows(
            dataset: dataset, version: version, now: now, connection: connection)
        for (index, example) in added.enumerated() {
            let id = DatasetExample.ID(exampleIDs[index])
            rows.addExample(id, externalID: example.externalID, span: example.span)
            try rows.addRevision(revisionIDs[index], of: id, .create, example.content)
        }
        for (revisionID, change) in zip(revisionIDs.dropFirst(added.count), patched) {
            try rows.addRevision(revisionID, of: change.0, .patch, change.1)
        }
        try rows.delete(removed, fromSplits: false)
        return row
    }

    private func requireFreeExternalIDs() throws {
        var seen: Set<String> = []
        var ids: [String] = []
        for case .add(let example) in operations {
            guard let id = example.externalID else { continue }
            guard seen.insert(id).inserted else {
                throw DatasetError(
                    .malformed, "Custom ID '\(id)' appears more than once in the input.")
            }
            ids.append(id)
        }
        var taken: [String] = []
        for chunk in ids.chunked() {
            taken += try connection.query(
                """
                SELECT e.external_id
                FROM dataset_examples e
                WHERE e.dataset_id = \(dataset) AND e.external_id IN (\(list: chunk))
                ORDER BY e.external_id
                """
            ).map { $0.text(0) }
        }
        guard taken.isEmpty else {
            let list = taken.map { "'\($0)'" }.joined(separator: ", ")
            throw DatasetError(
                .conflict,
                "Custom IDs [\(list)] are already taken in this dataset. A custom ID stays taken "
                    + "even after its example is deleted.")
        }
    }

    private var targets: [DatasetExample.ID] {
        var seen: Set<DatasetExample.ID> = []
        return operations.compactMap { operation in
            switch operation {
            case .add: nil
            case .replace(let id, _, _), .remove(let id): seen.insert(id).inserted ? id : nil
            }
        }
    }

    /// What the operations come to: examples to add, and what is to become of others, in order.
    private func outcome() throws -> (
        added: [NewExample], changes: [DatasetExample.ID: Change], order: [DatasetExample.ID]
    ) {
        let order = targets
        let examples = try DatasetStore.examples(order, on: connection)
        let unreachable = order.filter { examples[$0]?.datasetID != dataset }
        guard unreachable.isEmpty else {
            throw Self.about(unreachable, .notFound, "could not be found in this dataset.")
        }
        let deleted = order.filter { examples[$0]?.revision.kind == .delete }
        guard deleted.isEmpty else {
            throw Self.about(deleted, .conflict, "have already been deleted.")
        }
        var added: [NewExample] = []
        var changes: [DatasetExample.ID: Change] = [:]
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .add(let example): added.append(example)
            case .replace(let id, let part, let value):
                guard let example = examples[id] else { continue }
                switch changes[id] {
                case .removal?:
                    throw DatasetError(
                        .malformed,
                        "operations[\(index)] replaces example \(id.nodeID.description), which an "
                            + "earlier operation removed.")
                case .content(let content)?:
                    changes[id] = .content(
                        try Self.replacing(
                            part, value, content.input, content.output, content.metadata))
                case nil:
                    let revision = example.revision
                    changes[id] = .content(
                        try Self.replacing(
                            part, value, revision.input, revision.output, revision.metadata))
                }
            case .remove(let id):
                if case .removal? = changes[id] {
                    throw DatasetError(
                        .malformed,
                        "operations[\(index)] removes example \(id.nodeID.description), which an "
                            + "earlier operation already removed.")
                }
                changes[id] = .removal
            }
        }
        return (added, changes, order)
    }

    private static func about(
        _ ids: [DatasetExample.ID], _ code: DatasetError.Code, _ rest: String
    ) -> DatasetError {
        let list = ids.map(\.nodeID.description).joined(separator: ", ")
        return DatasetError(code, "Examples \(list) \(rest)")
    }

    private static func replacing(
        _ part: ExampleOperation.Part, _ value: JSONObject, _ input: [UInt8], _ output: [UInt8],
        _ metadata: [UInt8]
    ) throws -> ExampleContent {
        let json = JSONValue.object(value).serialized()
        return try ExampleContent(
            input: part == .input ? json : input, output: part == .output ? json : output,
            metadata: part == .metadata ? json : metadata)
    }
}
