import APISupport
import PhoenixModel
import SQLCore

/// What is to become of a label; nil leaves a part as it is.
package struct LabelChange: Sendable {
    package var name: String?
    package var description: String??
    package var color: String?

    package init(name: String? = nil, description: String?? = nil, color: String? = nil) {
        self.name = name
        self.description = description
        self.color = color
    }
}

extension DatasetStore {
    private static let labelColumns: SQL = "l.id, l.name, l.description, l.color"

    private static func label(_ row: SQLRow) -> DatasetLabel {
        DatasetLabel(
            id: DatasetLabel.ID(row.integer(0)), name: row.text(1),
            description: row.optionalText(2), color: row.text(3))
    }

    static func labels(
        where condition: SQL, limit: Int = .max, on connection: any SQLConnection,
        locking: Bool = false
    ) throws -> [DatasetLabel] {
        try connection.query(
            """
            SELECT \(labelColumns)
            FROM dataset_labels l
            WHERE \(condition)
            ORDER BY l.id DESC
            LIMIT \(limit)
            \(locking ? .forNoKeyUpdate : "")
            """
        ).map(label)
    }

    /// Labels, the newest first.
    ///
    /// - Parameter first: The label to begin with; it need not exist any more.
    package func labels(
        from first: DatasetLabel.ID? = nil, limit: Int = .max
    ) async throws -> Page<DatasetLabel> {
        let condition: SQL = if let first { "l.id <= \(first)" } else { "1 = 1" }
        return try await database.read { connection in
            Page(
                try Self.labels(
                    where: condition, limit: Page<DatasetLabel>.rowsToQuery(limit: limit),
                    on: connection), limit: limit)
        }
    }

    package func labels(_ ids: [DatasetLabel.ID]) async throws -> [DatasetLabel.ID: DatasetLabel] {
        try await database.read { connection in
            var found: [DatasetLabel.ID: DatasetLabel] = [:]
            for chunk in ids.chunked() {
                for label in try Self.labels(where: "l.id IN (\(list: chunk))", on: connection) {
                    found[label.id] = label
                }
            }
            return found
        }
    }

    /// The labels of datasets, by their names.
    package func labels(
        of datasets: [Dataset.ID]
    ) async throws -> [Dataset.ID: [DatasetLabel]] {
        try await database.read { connection in
            var found: [Dataset.ID: [DatasetLabel]] = [:]
            for chunk in datasets.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.labelColumns), a.dataset_id
                    FROM datasets_dataset_labels a
                    JOIN dataset_labels l ON l.id = a.dataset_label_id
                    WHERE a.dataset_id IN (\(list: chunk))
                    ORDER BY l.name, l.id
                    """)
                for row in rows {
                    found[Dataset.ID(row.integer(4)), default: []].append(Self.label(row))
                }
            }
            return found
        }
    }

    /// How many datasets have labels. Labels without one are absent.
    package func datasetCounts(
        ofLabels ids: [DatasetLabel.ID]
    ) async throws -> [DatasetLabel.ID: Int] {
        try await database.read { connection in
            var counts: [DatasetLabel.ID: Int] = [:]
            for chunk in ids.chunked() {
                let pairs = try connection.integers(
                    """
                    SELECT a.dataset_label_id, COUNT(*)
                    FROM datasets_dataset_labels a
                    WHERE a.dataset_label_id IN (\(list: chunk))
                    GROUP BY a.dataset_label_id
                    """)
                for index in stride(from: 0, to: pairs.count, by: 2) {
                    counts[DatasetLabel.ID(pairs[index])] = Int(pairs[index + 1])
                }
            }
            return counts
        }
    }

    // MARK: Writing

    /// Makes a label and gives it to datasets.
    ///
    /// - Throws: ``DatasetError`` when the name is taken or a dataset is not there.
    package func createLabel(
        named name: String, description: String?, color: String, datasets: [Dataset.ID] = []
    ) async throws -> DatasetLabel {
        try await Self.named(.labelNameTaken(name)) {
            try await database.write { connection in
                for chunk in datasets.chunked() {
                    let count = try connection.integers(
                        "SELECT COUNT(*) FROM datasets d WHERE d.id IN (\(list: chunk))")[0]
                    guard count == Set(chunk).count else {
                        throw DatasetError(.notFound, "One or more datasets not found")
                    }
                }
                let id = DatasetLabel.ID(
                    try connection.allocateIDs(1, for: "dataset_labels")[0])
                try connection.execute(
                    """
                    INSERT INTO dataset_labels (id, name, description, color)
                    VALUES (\(id), \(name), \(description.sqlValue), \(color))
                    """)
                try Self.add(Set(datasets).sorted().map { ($0, id) }, on: connection)
                return DatasetLabel(id: id, name: name, description: description, color: color)
            }
        }
    }

    /// Changes a label.
    ///
    /// - Returns: Nil when there is none.
    /// - Throws: ``DatasetError`` when the name is taken.
    package func updateLabel(
        _ id: DatasetLabel.ID, _ change: LabelChange
    ) async throws -> DatasetLabel? {
        try await Self.named(.labelNameTaken(change.name ?? "")) {
            try await database.write { connection in
                let found = try Self.labels(
                    where: "l.id = \(id)", on: connection, locking: true)
                guard var label = found.first else { return nil }
                if let name = change.name { label.name = name }
                if let description = change.description { label.description = description }
                if let color = change.color { label.color = color }
                try connection.execute(
                    """
                    UPDATE dataset_labels
                    SET name = \(label.name), description = \(label.description.sqlValue),
                        color = \(label.color)
                    WHERE id = \(id)
                    """)
                return label
            }
        }
    }

    /// Deletes labels, all of them or none. Datasets stay.
    ///
    /// - Returns: The deleted labels; nil when one is not there.
    package func deleteLabels(_ ids: Set<DatasetLabel.ID>) async throws -> [DatasetLabel]? {
        try await database.write { connection in
            var labels: [DatasetLabel] = []
            for chunk in ids.sorted(by: >).chunked() {
                labels += try Self.labels(where: "l.id IN (\(list: chunk))", on: connection)
            }
            guard labels.count == ids.count else { return nil }
            for chunk in ids.sorted().chunked() {
                try connection.execute("DELETE FROM dataset_labels WHERE id IN (\(list: chunk))")
            }
            return labels
        }
    }

    /// Gives a dataset a label; again changes nothing.
    ///
    /// - Returns: Nil when there is no such label.
    package func add(
        _ label: DatasetLabel.ID, to dataset: Dataset.ID
    ) async throws -> DatasetLabel? {
        try await Self.racing {
            try await database.write { connection in
                let labels = try Self.labels(where: "l.id = \(label)", on: connection)
                if !labels.isEmpty { try Self.add([(dataset, label)], on: connection) }
                return labels.first
            }
        }
    }

    /// Takes a label from a dataset; nothing happens when it has none.
    package func remove(_ label: DatasetLabel.ID, from dataset: Dataset.ID) async throws {
        _ = try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM datasets_dataset_labels
                WHERE dataset_id = \(dataset) AND dataset_label_id = \(label)
                """)
        }
    }

    /// Makes these the labels of a dataset, and no others.
    ///
    /// - Throws: ``DatasetError`` when a label is not there.
    package func setLabels(
        _ ids: Set<DatasetLabel.ID>, of dataset: Dataset.ID
    ) async throws -> [DatasetLabel] {
        try await Self.racing {
            try await database.write { connection in
                // Whoever sets those of the same dataset is waited for; the deletion sees them.
                _ = try Self.dataset(dataset, on: connection, locking: true)
                var labels: [DatasetLabel] = []
                for chunk in ids.sorted(by: >).chunked() {
                    labels += try Self.labels(where: "l.id IN (\(list: chunk))", on: connection)
                }
                guard labels.count == ids.count else {
                    throw DatasetError(.notFound, "One or more dataset labels not found")
                }
                try connection.execute(
                    "DELETE FROM datasets_dataset_labels WHERE dataset_id = \(dataset)")
                try Self.add(ids.sorted().map { (dataset, $0) }, on: connection)
                return labels
            }
        }
    }

    private static func add(
        _ pairs: [(dataset: Dataset.ID, label: DatasetLabel.ID)],
        on connection: any SQLConnection
    ) throws {
        for chunk in pairs.chunked() {
            try connection.execute(
                """
                INSERT INTO datasets_dataset_labels (dataset_id, dataset_label_id)
                VALUES \(rows: chunk.map { [$0.dataset.sqlValue, $0.label.sqlValue] })
                ON CONFLICT DO NOTHING
                """)
        }
    }
}
