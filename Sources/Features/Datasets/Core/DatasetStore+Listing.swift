import APISupport
import JSON
import PhoenixModel
import SQLCore

/// Which datasets a list has, and in which order.
package struct DatasetSelection: Sendable {
    package enum Order: Sendable {
        case id
        case name(isDescending: Bool)
        case createdAt(isDescending: Bool)
    }

    package var order: Order = .id
    /// Keeps the datasets whose names contain this, whatever the case of its letters.
    package var namePart: String?
    /// Keeps the datasets that have one of these labels.
    package var labels: [DatasetLabel.ID] = []

    package init() {}
}

extension DatasetStore {
    /// The ids of datasets. Lists of them are paged by place, so all are read.
    package func datasetIDs(_ selection: DatasetSelection) async throws -> [Dataset.ID] {
        var conditions: [SQL] = ["1 = 1"]
        if let part = selection.namePart, !part.isEmpty {
            conditions.append(Self.contains("d.name", part))
        }
        if !selection.labels.isEmpty {
            conditions.append(
                """
                EXISTS (
                    SELECT 1
                    FROM datasets_dataset_labels l
                    WHERE l.dataset_id = d.id AND l.dataset_label_id IN (\(list: selection.labels)))
                """)
        }
        let order: SQL =
            switch selection.order {
            case .id: "d.id"
            case .name(let isDescending): isDescending ? "d.name DESC, d.id DESC" : "d.name, d.id"
            case .createdAt(let isDescending):
                isDescending ? "d.created_at DESC, d.id DESC" : "d.created_at, d.id"
            }
        let condition: SQL = "\(conditions, separator: " AND ")"
        return try await database.read { connection in
            try connection.integers(
                "SELECT d.id FROM datasets d WHERE \(condition) ORDER BY \(order)"
            ).map { Dataset.ID($0) }
        }
    }

    /// Whether a text has a part, whatever the case of those letters of which the database knows it.
    static func contains(_ column: SQL, _ part: String) -> SQL {
        var pattern = "%"
        for character in part {
            if "%_\\".contains(character) { pattern.append("\\") }
            pattern.append(character)
        }
        return "LOWER(\(column)) LIKE LOWER(\(pattern + "%")) ESCAPE '\\'"
    }

    package func datasetCount() async throws -> Int {
        try await database.read { connection in
            Int(try connection.integers("SELECT COUNT(*) FROM datasets")[0])
        }
    }

    /// Datasets whose name or description has a text in it, the newest first.
    package func search(_ text: String, limit: Int) async throws -> [Dataset] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.datasetColumns)
                FROM datasets d
                WHERE \(Self.contains("d.name", text))
                    OR \(Self.contains("COALESCE(d.description, '')", text))
                ORDER BY d.id DESC
                LIMIT \(limit)
                """
            ).map(Self.dataset)
        }
    }

    /// The ids of the examples of a dataset at a version, in their order.
    ///
    /// - Parameters:
    ///   - part: Keeps those that have this in one of their documents, whatever the case of its
    ///     letters.
    ///   - ids: Keeps these; all when empty.
    package func exampleIDs(
        of dataset: Dataset.ID, at version: DatasetVersion.ID?, in splits: [DatasetSplit.ID],
        containing part: String?, among ids: [DatasetExample.ID]
    ) async throws -> [DatasetExample.ID] {
        var conditions: [SQL] = []
        if let part, !part.isEmpty {
            let columns: [SQL] = ["r.input", "r.output", "r.metadata"]
            // Documents hold text as JSON, so what is looked for is written so too.
            let text = String(decoding: JSONValue.string(part).serialized(), as: UTF8.self)
            let inner = String(text.dropFirst().dropLast())
            let alternatives = columns.map { Self.contains("CAST(\($0) AS TEXT)", inner) }
            conditions.append("AND (\(alternatives, separator: " OR "))")
        }
        if !ids.isEmpty { conditions.append("AND e.id IN (\(list: ids))") }
        let condition: SQL = "\(conditions, separator: " ")"
        return try await database.read { connection in
            try connection.integers(
                """
                SELECT e.id
                \(Self.examples(of: dataset, at: version, in: splits)) \(condition)
                ORDER BY e.id
                """
            ).map { DatasetExample.ID($0) }
        }
    }

    /// When datasets last had a new version, or were made; nil for those that do not exist.
    package func lastUpdates(of ids: [Dataset.ID]) async throws -> [Dataset.ID: Timestamp] {
        try await database.read { connection in
            var found: [Dataset.ID: Timestamp] = [:]
            for chunk in ids.chunked() {
                let pairs = try connection.integers(
                    """
                    SELECT d.id, \(Self.lastUpdate)
                    FROM datasets d
                    WHERE d.id IN (\(list: chunk))
                    """)
                for index in stride(from: 0, to: pairs.count, by: 2) {
                    found[Dataset.ID(pairs[index])] = Timestamp(microseconds: pairs[index + 1])
                }
            }
            return found
        }
    }

    private static let lastUpdate = SQL.greatest(
        "d.updated_at",
        """
        COALESCE(
            (SELECT v.created_at
             FROM dataset_versions v
             WHERE v.dataset_id = d.id
             ORDER BY v.id DESC
             LIMIT 1), d.updated_at)
        """)

    /// When any dataset last had a new version, or was made.
    package func lastUpdate() async throws -> Timestamp? {
        try await database.read { connection in
            try connection.first("SELECT MAX(\(Self.lastUpdate)) FROM datasets d")?
                .optionalInteger(0).map { Timestamp(microseconds: $0) }
        }
    }

    /// Which of some spans examples were made of.
    package func spansWithExamples(_ ids: [Span.ID]) async throws -> Set<Span.ID> {
        try await database.read { connection in
            var found: Set<Span.ID> = []
            for chunk in ids.chunked() {
                let rows = try connection.integers(
                    """
                    SELECT DISTINCT e.span_rowid
                    FROM dataset_examples e
                    WHERE e.span_rowid IN (\(list: chunk))
                    """)
                found.formUnion(rows.map { Span.ID($0) })
            }
            return found
        }
    }

    /// The splits that have examples of datasets, by their names.
    package func splits(
        ofDatasets ids: [Dataset.ID]
    ) async throws -> [Dataset.ID: [DatasetSplit]] {
        try await database.read { connection in
            var found: [Dataset.ID: [DatasetSplit]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.splitColumns), x.dataset_id
                    FROM (
                        SELECT DISTINCT e.dataset_id, a.dataset_split_id
                        FROM dataset_examples e
                        JOIN dataset_splits_dataset_examples a ON a.dataset_example_id = e.id
                        WHERE e.dataset_id IN (\(list: chunk))) x
                    JOIN dataset_splits s ON s.id = x.dataset_split_id
                    ORDER BY s.name, s.id
                    """)
                for row in rows {
                    found[Dataset.ID(row.integer(7)), default: []].append(Self.split(row))
                }
            }
            return found
        }
    }

    /// What was said about spans, as examples made of them keep it: lists of annotations by name.
    package func annotations(of spans: [Span.ID]) async throws -> [Span.ID: JSONObject] {
        try await database.read { connection in
            var found: [Span.ID: JSONObject] = [:]
            for chunk in spans.chunked() {
                let rows = try connection.query(
                    """
                    SELECT a.span_rowid, a.name, a.label, a.score, a.explanation, a.metadata,
                        a.annotator_kind
                    FROM span_annotations a
                    WHERE a.span_rowid IN (\(list: chunk))
                    ORDER BY a.name, a.id
                    """)
                for row in rows {
                    let annotation: JSONValue = [
                        "label": row.optionalText(2).map(JSONValue.string) ?? .null,
                        "score": row.optionalDouble(3).map(JSONValue.double) ?? .null,
                        "explanation": row.optionalText(4).map(JSONValue.string) ?? .null,
                        "metadata": try JSON.parse(row.blob(5)),
                        "annotator_kind": .string(row.text(6)),
                    ]
                    let span = Span.ID(row.integer(0))
                    let others = found[span]?[row.text(1)]?.arrayValue ?? []
                    found[span, default: [:]][row.text(1)] = .array(others + [annotation])
                }
            }
            return found
        }
    }
}
