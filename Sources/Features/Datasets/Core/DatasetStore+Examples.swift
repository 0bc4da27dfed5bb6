import APISupport
import PhoenixModel
import SQLCore

extension DatasetStore {
    /// The end of a `SELECT` over the examples of a dataset at a version, as `e`, with the revisions
    /// that hold there, as `r`. Deleted examples are left out.
    ///
    /// - Parameters:
    ///   - version: The latest when nil.
    ///   - splits: Keeps the examples that are in one of them; all when empty. Splits have no
    ///     versions.
    package static func examples(
        of dataset: Dataset.ID, at version: DatasetVersion.ID? = nil,
        in splits: [DatasetSplit.ID] = []
    ) -> SQL {
        let isInSplit: SQL =
            if splits.isEmpty { "1 = 1" } else {
                """
                EXISTS (
                    SELECT 1
                    FROM dataset_splits_dataset_examples s
                    WHERE s.dataset_example_id = e.id AND s.dataset_split_id IN (\(list: splits)))
                """
            }
        return """
            FROM dataset_examples e
            JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
            WHERE e.dataset_id = \(dataset)
                AND \(isLatest(at: version)) AND r.revision_kind <> 'DELETE' AND \(isInSplit)
            """
    }

    /// Whether the revision `r` is the one of its example that holds at a version.
    static func isLatest(at version: DatasetVersion.ID?) -> SQL {
        let bound: SQL =
            if let version { "AND l.dataset_version_id <= \(version)" } else { "" }
        return """
            r.dataset_version_id = (
                SELECT MAX(l.dataset_version_id)
                FROM dataset_example_revisions l
                WHERE l.dataset_example_id = r.dataset_example_id \(bound))
            """
    }

    /// Which columns ``example(_:)`` reads, of `e`, `r` and `p`, the span.
    static let exampleColumns: SQL = """
        e.id, e.dataset_id, e.external_id, e.created_at, p.id, p.span_id, r.id,
        r.dataset_version_id, r.revision_kind, r.input, r.output, r.metadata, r.created_at
        """

    static func example(_ row: SQLRow) -> DatasetExample {
        let span: DatasetExample.SpanSource? = row.optionalInteger(4).map {
            DatasetExample.SpanSource(id: Span.ID($0), otelID: OTelID(row.blob(5)))
        }
        return DatasetExample(
            id: DatasetExample.ID(row.integer(0)), datasetID: Dataset.ID(row.integer(1)),
            externalID: row.optionalText(2), span: span,
            createdAt: Timestamp(microseconds: row.integer(3)),
            revision: DatasetExample.Revision(
                id: DatasetExample.Revision.ID(row.integer(6)),
                versionID: DatasetVersion.ID(row.integer(7)),
                kind: DatasetExample.Revision.Kind(rawValue: row.text(8)) ?? .create,
                input: row.blob(9), output: row.blob(10), metadata: row.blob(11),
                createdAt: Timestamp(microseconds: row.integer(12))))
    }

    /// Examples of a dataset at a version, in the order of their ids.
    ///
    /// - Parameters:
    ///   - version: The latest when nil.
    ///   - splits: Keeps the examples that are in one of them; all when empty.
    ///   - last: The example to begin behind.
    package func examples(
        of dataset: Dataset.ID, at version: DatasetVersion.ID? = nil,
        in splits: [DatasetSplit.ID] = [], after last: DatasetExample.ID? = nil, limit: Int = .max
    ) async throws -> Page<DatasetExample> {
        let isBehind: SQL = if let last { "e.id > \(last)" } else { "1 = 1" }
        return try await database.read { connection in
            Page(
                try connection.query(
                    """
                    SELECT \(Self.exampleColumns)
                    FROM (
                        SELECT e.id, r.id AS revision_id
                        \(Self.examples(of: dataset, at: version, in: splits)) AND \(isBehind)
                        ORDER BY e.id
                        LIMIT \(Page<DatasetExample>.rowsToQuery(limit: limit))) x
                    JOIN dataset_examples e ON e.id = x.id
                    JOIN dataset_example_revisions r ON r.id = x.revision_id
                    LEFT JOIN spans p ON p.id = e.span_rowid
                    ORDER BY e.id
                    """
                ).map(Self.example), limit: limit)
        }
    }

    /// How many examples a dataset has at a version.
    package func exampleCount(
        of dataset: Dataset.ID, at version: DatasetVersion.ID? = nil,
        in splits: [DatasetSplit.ID] = []
    ) async throws -> Int {
        try await database.read { connection in
            let row = try connection.first(
                "SELECT COUNT(*) \(Self.examples(of: dataset, at: version, in: splits))")
            return Int(row?.integer(0) ?? 0)
        }
    }

    /// Examples as they are at a version, deleted ones too. Those that did not exist then, or do not
    /// exist at all, are absent.
    package static func examples(
        _ ids: [DatasetExample.ID], at version: DatasetVersion.ID? = nil,
        on connection: any SQLConnection
    ) throws -> [DatasetExample.ID: DatasetExample] {
        var found: [DatasetExample.ID: DatasetExample] = [:]
        for chunk in ids.chunked() {
            let rows = try connection.query(
                """
                SELECT \(exampleColumns)
                FROM dataset_examples e
                JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
                LEFT JOIN spans p ON p.id = e.span_rowid
                WHERE e.id IN (\(list: chunk)) AND \(isLatest(at: version))
                """)
            for row in rows {
                let example = example(row)
                found[example.id] = example
            }
        }
        return found
    }

    package func examples(
        _ ids: [DatasetExample.ID], at version: DatasetVersion.ID? = nil
    ) async throws -> [DatasetExample.ID: DatasetExample] {
        try await database.read { try Self.examples(ids, at: version, on: $0) }
    }

    /// The example that a client calls so, as it is now, also when it is deleted.
    package func example(
        called externalID: String, of dataset: Dataset.ID
    ) async throws -> DatasetExample? {
        try await database.read { connection in
            try connection.first(
                """
                SELECT \(Self.exampleColumns)
                FROM dataset_examples e
                JOIN dataset_example_revisions r ON r.dataset_example_id = e.id
                LEFT JOIN spans p ON p.id = e.span_rowid
                WHERE e.dataset_id = \(dataset) AND e.external_id = \(externalID)
                    AND \(Self.isLatest(at: nil))
                """
            ).map(Self.example)
        }
    }
}
