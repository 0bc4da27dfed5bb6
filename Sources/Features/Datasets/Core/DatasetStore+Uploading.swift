import PhoenixModel
import SQLCore

extension DatasetStore {
    /// Stores an upload, all of it or nothing.
    ///
    /// Examples that are there already, with the same content, are left alone, so that the same upload
    /// twice makes one version.
    ///
    /// - Throws: ``DatasetError`` when the name is taken, an example is unknown, or an id comes twice.
    package func store(
        _ upload: DatasetUpload, now: Timestamp
    ) async throws -> DatasetUpload.Outcome {
        try await Self.racing {
            // What is stored is looked at without keeping other writers waiting.
            let draft = try await database.read { try UploadDraft(upload, on: $0) }
            return try await database.write { connection in
                let writer = UploadWriter(upload: upload, now: now, connection: connection)
                return try writer.write(draft)
            }
        }
    }
}

/// What an upload means for the dataset of its name.
private struct UploadDraft: Sendable {
    /// What the plan was made on. Examples change only with a version.
    struct Basis: Hashable {
        /// Nil when no dataset has the name.
        var dataset: Dataset.ID?
        var version: DatasetVersion.ID?

        /// Reads what there is, and locks the dataset where the transaction may write.
        init(name: String, locking: Bool, on connection: any SQLConnection) throws {
            let lock: SQL = locking ? .forUpdate : ""
            dataset = try connection.first(
                "SELECT d.id FROM datasets d WHERE d.name = \(name) \(lock)"
            ).map { Dataset.ID($0.integer(0)) }
            version = try dataset.flatMap {
                try DatasetStore.latestVersion(of: $0, on: connection)?.id
            }
        }
    }

    let basis: Basis
    let plan: UploadPlan

    /// - Throws: ``DatasetError`` when the name is taken, an example is unknown, or an id comes twice.
    init(_ upload: DatasetUpload, on connection: any SQLConnection) throws {
        let basis = try Basis(name: upload.name, locking: false, on: connection)
        try self.init(upload, onto: basis, on: connection)
    }

    init(_ upload: DatasetUpload, onto basis: Basis, on connection: any SQLConnection) throws {
        if basis.dataset != nil, upload.action == .create {
            throw DatasetError.nameTaken(upload.name)
        }
        let stored = try basis.dataset.map {
            try StoredExamples(dataset: $0, connection: connection).matching(upload)
        }
        self.basis = basis
        plan = try UploadPlan(
            upload.examples, onto: stored ?? [], deletingOthers: upload.action == .update)
    }
}

/// The examples of a dataset, as uploads compare with them.
private struct StoredExamples {
    let dataset: Dataset.ID
    let connection: any SQLConnection

    /// Those that the examples of an upload may mean, in the order of their ids; all of them for an
    /// update, which also deletes.
    func matching(_ upload: DatasetUpload) throws -> [UploadPlan.Stored] {
        guard upload.action == .append else { return try read("1 = 1") }
        var ids: Set<DatasetExample.ID> = []
        var externalIDs: Set<String> = []
        var hashes: Set<[UInt8]> = []
        for example in upload.examples {
            if let id = example.id {
                if let rowID = DatasetExample.ID(nodeID: id) {
                    ids.insert(rowID)
                } else {
                    externalIDs.insert(id)
                }
            } else {
                hashes.insert(example.content.hash)
            }
        }
        var found: [DatasetExample.ID: UploadPlan.Stored] = [:]
        func find(_ condition: SQL) throws {
            for example in try read(condition) { found[example.id] = example }
        }
        for chunk in Array(ids).chunked() { try find("e.id IN (\(list: chunk))") }
        for chunk in Array(externalIDs).chunked() {
            try find("e.external_id IN (\(list: chunk))")
        }
        for chunk in Array(hashes).chunked() {
            try find(hasRevision("h.content_hash IN (\(list: chunk))"))
        }
        if !hashes.isEmpty { try find(hasRevision("h.content_hash IS NULL")) }
        return found.values.sorted { $0.id < $1.id }
    }

    private func hasRevision(_ condition: SQL) -> SQL {
        """
        e.id IN (
            SELECT h.dataset_example_id
            FROM dataset_example_revisions h
            WHERE \(condition) AND h.revision_kind <> 'DELETE')
        """
    }

    private func read(_ condition: SQL) throws -> [UploadPlan.Stored] {
        var stored = try connection.query(
            """
            SELECT e.id, e.external_id, r.content_hash, r.revision_kind
            FROM dataset_examples e
            JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
            WHERE e.dataset_id = \(dataset) AND \(DatasetStore.isLatest(at: nil))
                AND \(condition)
            ORDER BY e.id
            """
        ).map { row in
            UploadPlan.Stored(
                id: DatasetExample.ID(row.integer(0)), externalID: row.optionalText(1),
                hash: row.optionalBlob(2) ?? [],
                isDeleted: row.text(3) == DatasetExample.Revision.Kind.delete.rawValue)
        }
        // Revisions that came from elsewhere may have no hash.
        let places = stored.indices.filter { stored[$0].hash.isEmpty && !stored[$0].isDeleted }
        for chunk in places.chunked() {
            let examples = try DatasetStore.examples(
                chunk.map { stored[$0].id }, on: connection)
            for place in chunk {
                guard let revision = examples[stored[place].id]?.revision else { continue }
                stored[place].hash =
                    try ExampleContent(
                        input: revision.input, output: revision.output,
                        metadata: revision.metadata
                    ).hash
            }
        }
        return stored
    }
}

/// Writes one upload.
private struct UploadWriter {
    let upload: DatasetUpload
    let now: Timestamp
    let connection: any SQLConnection

    func write(_ draft: UploadDraft) throws -> DatasetUpload.Outcome {
        let basis = try UploadDraft.Basis(name: upload.name, locking: true, on: connection)
        // Who was faster has changed what the draft was made on.
        let plan =
            basis == draft.basis
            ? draft.plan : try UploadDraft(upload, onto: basis, on: connection).plan
        let dataset =
            try basis.dataset
            ?? DatasetStore.addDataset(
                named: upload.name, description: upload.description, now: now, on: connection)
        let (version, ids) = try write(plan, to: dataset, latest: basis.version)
        var outcome = DatasetUpload.Outcome(datasetID: dataset, versionID: version)
        outcome.deletedCount = plan.deleted.count
        let moved = upload.hasSplits ? try assignSplits(ids, in: dataset) : []
        for (step, id) in zip(plan.steps, ids) {
            switch step {
            case .create, .revive: outcome.createdCount += 1
            case .patch: outcome.updatedCount += 1
            case .keep: if moved.contains(id) { outcome.updatedCount += 1 }
            }
        }
        return outcome
    }

    // MARK: Examples

    /// - Returns: The version that holds after this, and the example of each incoming one.
    private func write(
        _ plan: UploadPlan, to dataset: Dataset.ID, latest: DatasetVersion.ID?
    ) throws -> (DatasetVersion.ID, [DatasetExample.ID]) {
        let changes = plan.steps.count { if case .keep = $0 { false } else { true } }
        if let latest, changes == 0, plan.deleted.isEmpty {
            return (latest, plan.steps.compactMap(\.storedID))
        }
        let version = try DatasetStore.addVersion(to: dataset, now: now, on: connection)
        let spans = try spanIDs()
        var newIDs = try connection.allocateIDs(
            plan.steps.count { $0 == .create }, for: "dataset_examples"
        ).makeIterator()
        var revisionIDs = try connection.allocateIDs(changes, for: "dataset_example_revisions")
            .makeIterator()
        var rows = RevisionRows(
            dataset: dataset, version: version, now: now, connection: connection)
        var ids: [DatasetExample.ID] = []
        ids.reserveCapacity(plan.steps.count)
        for (example, step) in zip(upload.examples, plan.steps) {
            let id = step.storedID ?? newIDs.next().map { DatasetExample.ID($0) }
            guard let id else { preconditionFailure("There is an id for each new example.") }
            ids.append(id)
            if step == .create {
                let span = example.span.flatMap { spans[$0] }
                rows.addExample(id, externalID: example.id, span: span)
            }
            guard let kind = step.kind, let revisionID = revisionIDs.next() else { continue }
            try rows.addRevision(revisionID, of: id, kind, example.content)
        }
        try rows.delete(plan.deleted, fromSplits: true)
        return (version, ids)
    }

    /// The spans that the upload names and that are stored.
    private func spanIDs() throws -> [OTelID: Span.ID] {
        var found: [OTelID: Span.ID] = [:]
        for chunk in Array(Set(upload.examples.lazy.compactMap(\.span))).chunked() {
            let rows = try connection.query(
                "SELECT p.id, p.span_id FROM spans p WHERE p.span_id IN (\(list: chunk))")
            for row in rows { found[OTelID(row.blob(1))] = Span.ID(row.integer(0)) }
        }
        return found
    }

    // MARK: Splits

    /// Makes the splits of the incoming examples what they say; unless it appends, no other example
    /// keeps one.
    ///
    /// - Returns: The examples whose splits are different from before.
    private func assignSplits(
        _ ids: [DatasetExample.ID], in dataset: Dataset.ID
    ) throws -> Set<DatasetExample.ID> {
        let splits = try DatasetStore.splitIDs(
            Set(upload.examples.lazy.flatMap(\.splits)), now: now, on: connection)
        var wanted: [DatasetExample.ID: Set<DatasetSplit.ID>] = [:]
        for (id, example) in zip(ids, upload.examples) {
            wanted[id] = Set(example.splits.compactMap { splits[$0] })
        }
        let current: [DatasetExample.ID: Set<DatasetSplit.ID>]
        if upload.action == .append {
            current = try DatasetStore.splitIDs(of: ids, on: connection)
        } else {
            current = try DatasetStore.splitIDs(of: dataset, on: connection)
            for id in current.keys where wanted[id] == nil { wanted[id] = [] }
        }
        let moved = wanted.filter { current[$0.key, default: []] != $0.value }
        try DatasetStore.setSplits(moved, on: connection)
        return Set(moved.keys)
    }
}

extension UploadPlan.Step {
    /// The stored example, unless it is new.
    fileprivate var storedID: DatasetExample.ID? {
        switch self {
        case .create: nil
        case .revive(let id), .patch(let id), .keep(let id): id
        }
    }

    /// What the revision is, unless nothing changes.
    fileprivate var kind: DatasetExample.Revision.Kind? {
        switch self {
        case .create, .revive: .create
        case .patch: .patch
        case .keep: nil
        }
    }
}
