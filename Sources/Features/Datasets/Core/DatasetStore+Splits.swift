import APISupport
import PhoenixModel
import SQLCore
import Tracing

extension DatasetStore {
    /// The color of splits that an upload makes.
    package static let defaultSplitColor = "#808080"

    static let splitColumns: SQL = """
        s.id, s.name, s.description, s.color, s.metadata, s.created_at, s.updated_at
        """

    static func split(_ row: SQLRow) -> DatasetSplit {
        DatasetSplit(
            id: DatasetSplit.ID(row.integer(0)), name: row.text(1),
            description: row.optionalText(2), color: row.text(3), metadata: row.blob(4),
            createdAt: Timestamp(microseconds: row.integer(5)),
            updatedAt: Timestamp(microseconds: row.integer(6)))
    }

    /// The splits of these names, which are made where there are none.
    static func splitIDs(
        _ names: Set<String>, now: Timestamp, on connection: any SQLConnection
    ) throws -> [String: DatasetSplit.ID] {
        var found: [String: DatasetSplit.ID] = [:]
        for chunk in names.sorted().chunked() {
            func read() throws {
                let rows = try connection.query(
                    "SELECT s.id, s.name FROM dataset_splits s WHERE s.name IN (\(list: chunk))")
                for row in rows { found[row.text(1)] = DatasetSplit.ID(row.integer(0)) }
            }
            try read()
            let missing = chunk.filter { found[$0] == nil }
            guard !missing.isEmpty else { continue }
            let ids = try connection.allocateIDs(missing.count, for: "dataset_splits")
            let values = zip(ids, missing).map { id, name -> SQL in
                """
                (\(id), \(name), NULL, \(defaultSplitColor), \(SQL.document(emptyObject)), \(now),
                    \(now))
                """
            }
            try connection.execute(
                """
                INSERT INTO dataset_splits
                    (id, name, description, color, metadata, created_at, updated_at)
                VALUES \(values, separator: ", ")
                ON CONFLICT DO NOTHING
                """)
            try read()
        }
        return found
    }

    /// The splits of all examples of a dataset that have one.
    package static func splitIDs(
        of dataset: Dataset.ID, on connection: any SQLConnection
    ) throws -> [DatasetExample.ID: Set<DatasetSplit.ID>] {
        try splitIDs(
            pairs: connection.integers(
                """
                SELECT a.dataset_example_id, a.dataset_split_id
                FROM dataset_examples e
                JOIN dataset_splits_dataset_examples a ON a.dataset_example_id = e.id
                WHERE e.dataset_id = \(dataset)
                """))
    }

    /// The splits of those examples that have one.
    static func splitIDs(
        of examples: [DatasetExample.ID], on connection: any SQLConnection
    ) throws -> [DatasetExample.ID: Set<DatasetSplit.ID>] {
        let pairs = try examples.chunked().flatMap { chunk in
            try connection.integers(
                """
                SELECT a.dataset_example_id, a.dataset_split_id
                FROM dataset_splits_dataset_examples a
                WHERE a.dataset_example_id IN (\(list: chunk))
                """)
        }
        return splitIDs(pairs: pairs)
    }

    private static func splitIDs(pairs: [Int64]) -> [DatasetExample.ID: Set<DatasetSplit.ID>] {
        var found: [DatasetExample.ID: Set<DatasetSplit.ID>] = [:]
        for index in stride(from: 0, to: pairs.count, by: 2) {
            found[DatasetExample.ID(pairs[index]), default: []].insert(
                DatasetSplit.ID(pairs[index + 1]))
        }
        return found
    }

    /// Makes these the splits of each example, and no others.
    static func setSplits(
        _ splits: [DatasetExample.ID: Set<DatasetSplit.ID>], on connection: any SQLConnection
    ) throws {
        for chunk in splits.keys.sorted().chunked() {
            // Whoever sets those of the same examples is waited for; the next statement sees them.
            _ = try connection.integers(
                """
                SELECT e.id
                FROM dataset_examples e
                WHERE e.id IN (\(list: chunk))
                ORDER BY e.id
                \(SQL.forNoKeyUpdate)
                """)
            try connection.execute(
                """
                DELETE FROM dataset_splits_dataset_examples
                WHERE dataset_example_id IN (\(list: chunk))
                """)
        }
        var rows = BulkRows([
            .init("dataset_split_id", .bigint), .init("dataset_example_id", .bigint),
        ])
        for (example, splits) in splits.sorted(by: { $0.key < $1.key }) {
            for split in splits.sorted() {
                rows.append(split.value)
                rows.append(example.value)
            }
        }
        try connection.insert(rows, into: "dataset_splits_dataset_examples")
    }
}

// MARK: - Reading

extension DatasetStore {
    package func splits(_ ids: [DatasetSplit.ID]) async throws -> [DatasetSplit.ID: DatasetSplit] {
        try await database.read { connection in
            var found: [DatasetSplit.ID: DatasetSplit] = [:]
            for chunk in ids.chunked() {
                for split in try Self.splits(where: "s.id IN (\(list: chunk))", on: connection) {
                    found[split.id] = split
                }
            }
            return found
        }
    }

    package func splits(named names: [String]) async throws -> [DatasetSplit] {
        try await database.read { connection in
            try names.chunked().flatMap {
                try Self.splits(where: "s.name IN (\(list: $0))", on: connection)
            }
        }
    }

    static func splits(
        where condition: SQL, on connection: any SQLConnection, locking: Bool = false
    ) throws -> [DatasetSplit] {
        try connection.query(
            """
            SELECT \(splitColumns)
            FROM dataset_splits s
            WHERE \(condition)
            ORDER BY s.id DESC
            \(locking ? .forNoKeyUpdate : "")
            """
        ).map(split)
    }

    /// All splits, the newest first.
    package func allSplits() async throws -> [DatasetSplit] {
        try await database.read { try Self.splits(where: "1 = 1", on: $0) }
    }

    /// The splits that have examples of a dataset, the newest first, and how many.
    ///
    /// - Parameter first: The split to begin with; it need not exist any more.
    package func splits(
        of dataset: Dataset.ID, from first: DatasetSplit.ID? = nil, limit: Int = .max
    ) async throws -> Page<DatasetSplit> {
        let condition: SQL = if let first { "s.id <= \(first)" } else { "1 = 1" }
        return try await database.read { connection in
            Page(
                try connection.query(
                    """
                    SELECT \(Self.splitColumns)
                    FROM dataset_splits s
                    WHERE \(condition) AND EXISTS (
                        SELECT 1
                        FROM dataset_splits_dataset_examples a
                        JOIN dataset_examples e ON e.id = a.dataset_example_id
                        WHERE a.dataset_split_id = s.id AND e.dataset_id = \(dataset))
                    ORDER BY s.id DESC
                    LIMIT \(Page<DatasetSplit>.rowsToQuery(limit: limit))
                    """
                ).map(Self.split), limit: limit)
        }
    }

    /// How many examples of a dataset are in splits. Splits without any are absent.
    package func exampleCounts(
        ofSplits ids: [DatasetSplit.ID], in dataset: Dataset.ID
    ) async throws -> [DatasetSplit.ID: Int] {
        try await database.read { connection in
            var counts: [DatasetSplit.ID: Int] = [:]
            for chunk in ids.chunked() {
                let pairs = try connection.integers(
                    """
                    SELECT a.dataset_split_id, COUNT(*)
                    FROM dataset_splits_dataset_examples a
                    JOIN dataset_examples e ON e.id = a.dataset_example_id
                    WHERE e.dataset_id = \(dataset) AND a.dataset_split_id IN (\(list: chunk))
                    GROUP BY a.dataset_split_id
                    """)
                for index in stride(from: 0, to: pairs.count, by: 2) {
                    counts[DatasetSplit.ID(pairs[index])] = Int(pairs[index + 1])
                }
            }
            return counts
        }
    }

    /// The splits of examples, by their names.
    package func splits(
        of examples: [DatasetExample.ID]
    ) async throws -> [DatasetExample.ID: [DatasetSplit]] {
        try await database.read { connection in
            var found: [DatasetExample.ID: [DatasetSplit]] = [:]
            for chunk in examples.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.splitColumns), a.dataset_example_id
                    FROM dataset_splits_dataset_examples a
                    JOIN dataset_splits s ON s.id = a.dataset_split_id
                    WHERE a.dataset_example_id IN (\(list: chunk))
                    ORDER BY s.name, s.id
                    """)
                for row in rows {
                    found[DatasetExample.ID(row.integer(7)), default: []].append(Self.split(row))
                }
            }
            return found
        }
    }

    /// The names of the splits of all examples of a dataset, in order.
    package func splitNames(
        of dataset: Dataset.ID
    ) async throws -> [DatasetExample.ID: [String]] {
        try await database.read { connection in
            let rows = try connection.query(
                """
                SELECT a.dataset_example_id, s.name
                FROM dataset_examples e
                JOIN dataset_splits_dataset_examples a ON a.dataset_example_id = e.id
                JOIN dataset_splits s ON s.id = a.dataset_split_id
                WHERE e.dataset_id = \(dataset)
                ORDER BY s.name, s.id
                """)
            var found: [DatasetExample.ID: [String]] = [:]
            for row in rows {
                found[DatasetExample.ID(row.integer(0)), default: []].append(row.text(1))
            }
            return found
        }
    }
}

// MARK: - Writing

/// What is to become of a split; nil leaves a part as it is.
package struct SplitChange: Sendable {
    package var name: String?
    package var description: String??
    package var color: String?
    package var metadata: [UInt8]?

    package init(
        name: String? = nil, description: String?? = nil, color: String? = nil,
        metadata: [UInt8]? = nil
    ) {
        self.name = name
        self.description = description
        self.color = color
        self.metadata = metadata
    }
}

extension DatasetStore {
    /// Makes a split.
    ///
    /// - Parameter examples: The examples that it begins with.
    /// - Throws: ``DatasetError`` when the name is taken.
    package func createSplit(
        named name: String, description: String?, color: String, metadata: [UInt8],
        examples: [DatasetExample.ID] = [], now: Timestamp
    ) async throws -> DatasetSplit {
        try await Self.named(.splitNameTaken(name)) {
            try await database.write { connection in
                let id = DatasetSplit.ID(
                    try connection.allocateIDs(1, for: "dataset_splits")[0])
                try connection.execute(
                    """
                    INSERT INTO dataset_splits
                        (id, name, description, color, metadata, created_at, updated_at)
                    VALUES (
                        \(id), \(name), \(description.sqlValue), \(color),
                        \(SQL.document(metadata)), \(now), \(now))
                    """)
                try Self.add(examples, to: id, on: connection)
                return DatasetSplit(
                    id: id, name: name, description: description, color: color,
                    metadata: metadata, createdAt: now, updatedAt: now)
            }
        }
    }

    /// Changes a split, and which examples are in it; adding comes before removing.
    ///
    /// - Returns: Nil when there is none.
    /// - Throws: ``DatasetError`` when the name is taken.
    package func updateSplit(
        _ id: DatasetSplit.ID, _ change: SplitChange, adding: [DatasetExample.ID] = [],
        removing: [DatasetExample.ID] = [], now: Timestamp
    ) async throws -> DatasetSplit? {
        let taken = DatasetError(.conflict, "A dataset split with this name already exists")
        return try await Self.named(taken) {
            try await Self.racing {
                try await database.write { connection in
                    let found = try Self.splits(
                        where: "s.id = \(id)", on: connection, locking: true)
                    guard let before = found.first else { return nil }
                    let split = try Self.change(before, change, now: now, on: connection)
                    try Self.add(adding, to: id, on: connection)
                    for chunk in removing.chunked() {
                        try connection.execute(
                            """
                            DELETE FROM dataset_splits_dataset_examples
                            WHERE dataset_split_id = \(id)
                                AND dataset_example_id IN (\(list: chunk))
                            """)
                    }
                    return split
                }
            }
        }
    }

    private static func change(
        _ before: DatasetSplit, _ change: SplitChange, now: Timestamp,
        on connection: any SQLConnection
    ) throws -> DatasetSplit {
        var split = before
        if let name = change.name { split.name = name }
        if let description = change.description { split.description = description }
        if let color = change.color { split.color = color }
        if let metadata = change.metadata { split.metadata = metadata }
        guard split != before else { return split }
        split.updatedAt = now
        try connection.execute(
            """
            UPDATE dataset_splits
            SET name = \(split.name), description = \(split.description.sqlValue),
                color = \(split.color), metadata = \(SQL.document(split.metadata)),
                updated_at = \(now)
            WHERE id = \(split.id)
            """)
        return split
    }

    private static func add(
        _ examples: [DatasetExample.ID], to split: DatasetSplit.ID,
        on connection: any SQLConnection
    ) throws {
        for chunk in Array(Set(examples)).sorted().chunked() {
            try connection.execute(
                """
                INSERT INTO dataset_splits_dataset_examples (dataset_split_id, dataset_example_id)
                VALUES \(rows: chunk.map { [split.sqlValue, $0.sqlValue] })
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Deletes splits, all of them or none. Examples stay.
    ///
    /// - Returns: The deleted splits; nil when one is not there.
    package func deleteSplits(_ ids: Set<DatasetSplit.ID>) async throws -> [DatasetSplit]? {
        try await database.write { connection in
            var splits: [DatasetSplit] = []
            for chunk in ids.sorted(by: >).chunked() {
                splits += try Self.splits(where: "s.id IN (\(list: chunk))", on: connection)
            }
            guard splits.count == ids.count else { return nil }
            for chunk in ids.sorted().chunked() {
                try connection.execute("DELETE FROM dataset_splits WHERE id IN (\(list: chunk))")
            }
            return splits
        }
    }

    /// Makes these the splits of all of the examples, and no others.
    package func setSplits(
        _ splits: Set<DatasetSplit.ID>, of examples: [DatasetExample.ID]
    ) async throws {
        try await Self.racing {
            try await database.write { connection in
                try Self.setSplits(
                    Dictionary(examples.map { ($0, splits) }, uniquingKeysWith: { $1 }),
                    on: connection)
            }
        }
    }

    /// The examples of a dataset that texts name, by global id or external id; nil for those that
    /// are none, or are deleted.
    package func exampleIDs(
        named texts: [String], of dataset: Dataset.ID
    ) async throws -> [DatasetExample.ID?] {
        let rowIDs = texts.map { DatasetExample.ID(nodeID: $0) }
        return try await database.read { connection in
            var live: Set<DatasetExample.ID> = []
            var external: [String: DatasetExample.ID] = [:]
            let latest: SQL = "\(Self.isLatest(at: nil)) AND r.revision_kind <> 'DELETE'"
            for chunk in rowIDs.compactMap({ $0 }).chunked() {
                let ids = try connection.integers(
                    """
                    SELECT e.id
                    FROM dataset_examples e
                    JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
                    WHERE e.dataset_id = \(dataset) AND e.id IN (\(list: chunk)) AND \(latest)
                    """)
                live.formUnion(ids.map { DatasetExample.ID($0) })
            }
            let others = zip(texts, rowIDs).filter { $1 == nil }.map(\.0)
            for chunk in others.chunked() {
                let rows = try connection.query(
                    """
                    SELECT e.id, e.external_id
                    FROM dataset_examples e
                    JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
                    WHERE e.dataset_id = \(dataset) AND e.external_id IN (\(list: chunk))
                        AND \(latest)
                    """)
                for row in rows { external[row.text(1)] = DatasetExample.ID(row.integer(0)) }
            }
            return zip(texts, rowIDs).map { text, id in
                if let id { live.contains(id) ? id : nil } else { external[text] }
            }
        }
    }
}
