import APISupport
import PhoenixModel
import SQLCore
import Tracing

/// Datasets with their versions and examples, splits and labels, in the database.
package struct DatasetStore: Sendable {
    package let database: any SQLDatabase
    package let tracing: TracingStore

    package init(_ tracing: TracingStore) {
        self.tracing = tracing
        database = tracing.database
    }

    /// Runs a transaction again when a concurrent one was faster; what it names may be gone then.
    static func racing<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await SQLCore.racing(body)
        } catch let error as DatabaseError where error.code == .foreignKeyViolation {
            throw deletedMeanwhile
        }
    }

    private static let deletedMeanwhile = DatasetError(
        .notFound, "Something that the request names was deleted meanwhile.")

    static let emptyObject = Array("{}".utf8)

    /// Says in words of the contract that a name is taken.
    static func named<Value: Sendable>(
        _ error: DatasetError, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let failure as DatabaseError where failure.code == .uniqueViolation {
            throw error
        } catch let failure as DatabaseError where failure.code == .foreignKeyViolation {
            throw deletedMeanwhile
        }
    }

    // MARK: Datasets

    static let datasetColumns: SQL = """
        d.id, d.name, d.description, d.metadata, d.created_at, d.updated_at
        """

    static func dataset(_ row: SQLRow) -> Dataset {
        Dataset(
            id: Dataset.ID(row.integer(0)), name: row.text(1), description: row.optionalText(2),
            metadata: row.blob(3), createdAt: Timestamp(microseconds: row.integer(4)),
            updatedAt: Timestamp(microseconds: row.integer(5)))
    }

    /// Datasets, the newest first.
    ///
    /// - Parameters:
    ///   - name: Keeps the one of exactly this name.
    ///   - first: The dataset to begin with; it need not exist any more.
    package func datasets(
        named name: String? = nil, from first: Dataset.ID? = nil, limit: Int
    ) async throws -> Page<Dataset> {
        var conditions: [SQL] = ["1 = 1"]
        if let name { conditions.append("d.name = \(name)") }
        if let first { conditions.append("d.id <= \(first)") }
        let condition: SQL = "\(conditions, separator: " AND ")"
        return try await database.read { connection in
            Page(
                try connection.query(
                    """
                    SELECT \(Self.datasetColumns)
                    FROM datasets d
                    WHERE \(condition)
                    ORDER BY d.id DESC
                    LIMIT \(Page<Dataset>.rowsToQuery(limit: limit))
                    """
                ).map(Self.dataset), limit: limit)
        }
    }

    package func datasets(_ ids: [Dataset.ID]) async throws -> [Dataset.ID: Dataset] {
        try await database.read { connection in
            var found: [Dataset.ID: Dataset] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.datasetColumns)
                    FROM datasets d
                    WHERE d.id IN (\(list: chunk))
                    """)
                for row in rows { found[Dataset.ID(row.integer(0))] = Self.dataset(row) }
            }
            return found
        }
    }

    package func dataset(_ id: Dataset.ID) async throws -> Dataset? {
        try await datasets([id])[id]
    }

    /// The dataset that a request names by its global id or its name.
    package func dataset(_ identifier: Identifier<Dataset>) async throws -> Dataset? {
        if let id = identifier.rowID { return try await dataset(id) }
        return try await datasets(named: identifier.text, limit: 1).rows.first
    }

    static func dataset(
        _ id: Dataset.ID, on connection: any SQLConnection, locking: Bool = false
    ) throws -> Dataset? {
        try connection.first(
            """
            SELECT \(datasetColumns)
            FROM datasets d
            WHERE d.id = \(id)
            \(locking ? .forUpdate : "")
            """
        ).map(dataset)
    }

    /// How many examples datasets have now. Those that do not exist are absent, as are empty ones.
    package func exampleCounts(of ids: [Dataset.ID]) async throws -> [Dataset.ID: Int] {
        try await database.read { connection in
            var counts: [Dataset.ID: Int] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT v.dataset_id, SUM(
                        CASE r.revision_kind WHEN 'CREATE' THEN 1 WHEN 'DELETE' THEN -1 ELSE 0 END)
                    FROM dataset_versions v
                    JOIN dataset_example_revisions r ON r.dataset_version_id = v.id
                    WHERE v.dataset_id IN (\(list: chunk))
                    GROUP BY v.dataset_id
                    """)
                for row in rows {
                    counts[Dataset.ID(row.integer(0))] = Int(row.integer(1))
                }
            }
            return counts
        }
    }

    /// How many examples one transaction deletes with their dataset.
    private static let examplesASlice = 500

    /// Deletes a dataset with all that belongs to it. False when there is none.
    ///
    /// Its examples go first, in slices between which others write. When the process ends meanwhile
    /// the rest is still there, to be deleted again.
    package func delete(_ id: Dataset.ID) async throws -> Bool {
        let slice: SQL = """
            DELETE FROM dataset_examples
            WHERE id IN (
                SELECT e.id
                FROM dataset_examples e
                WHERE e.dataset_id = \(id)
                ORDER BY e.id
                LIMIT \(Self.examplesASlice))
            """
        var hasMore = true
        while hasMore {
            hasMore = try await Self.racing {
                try await database.write { try $0.execute(slice) == Self.examplesASlice }
            }
        }
        return try await Self.racing {
            try await database.write { connection in
                try connection.execute("DELETE FROM datasets WHERE id = \(id)") > 0
            }
        }
    }

    // MARK: Versions

    static let versionColumns: SQL = """
        v.id, v.dataset_id, v.description, v.metadata, v.created_at
        """

    static func version(_ row: SQLRow) -> DatasetVersion {
        DatasetVersion(
            id: DatasetVersion.ID(row.integer(0)), datasetID: Dataset.ID(row.integer(1)),
            description: row.optionalText(2), metadata: row.blob(3),
            createdAt: Timestamp(microseconds: row.integer(4)))
    }

    /// The versions of a dataset, the newest first.
    ///
    /// - Parameter first: The version to begin with; it need not exist any more.
    package func versions(
        of dataset: Dataset.ID, from first: DatasetVersion.ID? = nil, limit: Int
    ) async throws -> Page<DatasetVersion> {
        let condition: SQL = if let first { "v.id <= \(first)" } else { "1 = 1" }
        return try await database.read { connection in
            Page(
                try connection.query(
                    """
                    SELECT \(Self.versionColumns)
                    FROM dataset_versions v
                    WHERE v.dataset_id = \(dataset) AND \(condition)
                    ORDER BY v.id DESC
                    LIMIT \(Page<DatasetVersion>.rowsToQuery(limit: limit))
                    """
                ).map(Self.version), limit: limit)
        }
    }

    package func versions(
        _ ids: [DatasetVersion.ID]
    ) async throws -> [DatasetVersion.ID: DatasetVersion] {
        try await database.read { connection in
            var found: [DatasetVersion.ID: DatasetVersion] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.versionColumns)
                    FROM dataset_versions v
                    WHERE v.id IN (\(list: chunk))
                    """)
                for row in rows { found[DatasetVersion.ID(row.integer(0))] = Self.version(row) }
            }
            return found
        }
    }

    /// The latest version of a dataset; nil when it has none.
    package static func latestVersion(
        of dataset: Dataset.ID, on connection: any SQLConnection
    ) throws -> DatasetVersion? {
        try connection.first(
            """
            SELECT \(versionColumns)
            FROM dataset_versions v
            WHERE v.dataset_id = \(dataset)
            ORDER BY v.id DESC
            LIMIT 1
            """
        ).map(version)
    }

    package func latestVersion(of dataset: Dataset.ID) async throws -> DatasetVersion? {
        try await database.read { try Self.latestVersion(of: dataset, on: $0) }
    }

    /// A version, when it is of the dataset.
    package func version(
        _ id: DatasetVersion.ID, of dataset: Dataset.ID
    ) async throws -> DatasetVersion? {
        let version = try await versions([id])[id]
        return version?.datasetID == dataset ? version : nil
    }

    static func addVersion(
        to dataset: Dataset.ID, description: String? = nil, metadata: [UInt8] = emptyObject,
        now: Timestamp, on connection: any SQLConnection
    ) throws -> DatasetVersion.ID {
        let id = DatasetVersion.ID(try connection.allocateIDs(1, for: "dataset_versions")[0])
        try connection.execute(
            """
            INSERT INTO dataset_versions (id, dataset_id, description, metadata, created_at)
            VALUES (\(id), \(dataset), \(description.sqlValue), \(SQL.document(metadata)), \(now))
            """)
        return id
    }

    static func addDataset(
        named name: String, description: String?, metadata: [UInt8] = emptyObject, now: Timestamp,
        on connection: any SQLConnection
    ) throws -> Dataset.ID {
        let id = Dataset.ID(try connection.allocateIDs(1, for: "datasets")[0])
        try connection.execute(
            """
            INSERT INTO datasets (id, name, description, metadata, created_at, updated_at)
            VALUES (
                \(id), \(name), \(description.sqlValue), \(SQL.document(metadata)), \(now), \(now))
            """)
        return id
    }
}
