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
        var found: [DatasetExample.ID: Set<DatasetSplit.ID>] = [:]
        let pairs = try connection.integers(
            """
            SELECT a.dataset_example_id, a.dataset_split_id
            FROM dataset_examples e
            JOIN dataset_splits_dataset_examples a ON a.dataset_example_id = e.id
            WHERE e.dataset_id = \(dataset)
            """)
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
