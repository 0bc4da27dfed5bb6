import PhoenixModel
import SQLCore

/// Stores annotations of one subject inside a transaction of its caller.
///
/// An annotation with the name, target and identifier of a stored one takes its place and keeps its
/// id and the time of its creation.
struct AnnotationWriter {
    /// A draft whose target is stored.
    struct Item {
        var draft: AnnotationDraft
        /// The row id of the target.
        var target: Int64
        /// When the draft was received.
        var time: Timestamp
        var source: Annotation.Source
    }

    let connection: any SQLConnection
    let subject: Annotation.Subject
    /// Leaves stored annotations alone that were written after a draft was received.
    var keepsNewer = false

    private struct Key: Hashable, Comparable {
        var target: Int64
        var position: Int64
        var name: String
        var identifier: String

        static func < (left: Key, right: Key) -> Bool {
            (left.target, left.position, left.name, left.identifier)
                < (right.target, right.position, right.name, right.identifier)
        }
    }

    private struct Stored {
        var id: Int64
        var updatedAt: Int64
    }

    /// Writes drafts; of several with one key the last counts.
    ///
    /// - Returns: The row ids of their annotations, in the order of the drafts.
    @discardableResult
    func write(_ items: [Item]) throws -> [Annotation.ID] {
        guard !items.isEmpty else { return [] }
        let keys = items.map { item in
            Key(
                target: item.target, position: item.draft.documentPosition ?? 0,
                name: item.draft.name, identifier: item.draft.identifier)
        }
        var latest: [Key: Item] = [:]
        for (key, item) in zip(keys, items) { latest[key] = item }
        // All writers have this order, so that they cannot wait for each other in a circle.
        let ordered = latest.keys.sorted()
        let stored = try self.stored(ordered)
        var ids = stored.mapValues(\.id)
        let new = ordered.filter { stored[$0] == nil }
        // Ids grow in the order of the drafts, since lists are sorted by them.
        var unnumbered = Set(new)
        let appearing = keys.filter { unnumbered.remove($0) != nil }
        let changed = ordered.filter { key in
            guard let found = stored[key], let item = latest[key] else { return false }
            return !keepsNewer || found.updatedAt <= item.time.microseconds
        }
        for (key, id) in zip(appearing, try connection.allocateIDs(new.count, for: subject.table)) {
            ids[key] = id
        }
        try update(changed.compactMap { key in latest[key].map { (ids[key] ?? 0, $0) } })
        try insert(new.compactMap { key in latest[key].map { (ids[key] ?? 0, $0) } })
        return keys.compactMap { ids[$0].map { Annotation.ID($0) } }
    }

    /// Finds stored annotations and keeps others from changing them before the transaction ends.
    private func stored(_ keys: [Key]) throws -> [Key: Stored] {
        var found: [Key: Stored] = [:]
        let position: SQL = subject == .document ? "a.document_position" : "0"
        let lock = SQL.dialect(sqlite: "", postgres: "FOR UPDATE OF a")
        for chunk in keys.chunked() {
            // The order of a cross join is the order in which SQLite nests its loops.
            let rows = try connection.query(
                """
                SELECT a.id, a.updated_at, a.\(unsafe: subject.targetColumn), \(position), a.name,
                    a.identifier
                FROM (VALUES \(rows: chunk.map {
                    [.integer($0.target), .text($0.name), .text($0.identifier), .integer($0.position)]
                })) AS k
                CROSS JOIN \(unsafe: subject.table) a
                WHERE a.\(unsafe: subject.targetColumn) = k.column1 AND a.name = k.column2
                    AND a.identifier = k.column3 AND \(position) = k.column4
                ORDER BY a.id
                \(lock)
                """)
            for row in rows {
                let key = Key(
                    target: row.integer(2), position: row.integer(3), name: row.text(4),
                    identifier: row.text(5))
                found[key] = Stored(id: row.integer(0), updatedAt: row.integer(1))
            }
        }
        return found
    }

    private func update(_ items: [(id: Int64, item: Item)]) throws {
        for chunk in items.chunked() {
            let rows = chunk.map { id, item in
                [
                    .integer(id), item.draft.label.sqlValue, item.draft.score.sqlValue,
                    item.draft.explanation.sqlValue, .json(item.draft.metadata),
                    .text(item.draft.annotatorKind.rawValue), .text(item.source.rawValue),
                    item.time.sqlValue,
                ] as [SQLValue]
            }
            try connection.execute(
                """
                UPDATE \(unsafe: subject.table) AS a
                SET label = v.column2, score = CAST(v.column3 AS DOUBLE PRECISION),
                    explanation = v.column4, metadata = v.column5, annotator_kind = v.column6,
                    source = v.column7, updated_at = v.column8
                FROM (VALUES \(rows: rows)) AS v
                WHERE a.id = v.column1
                """)
        }
    }

    private func insert(_ items: [(id: Int64, item: Item)]) throws {
        guard !items.isEmpty else { return }
        let position: [BulkRows.Column] =
            subject == .document ? [.init("document_position", .bigint)] : []
        var rows = BulkRows(
            [.init("id", .bigint), .init(subject.targetColumn, .bigint)] + position + [
                .init("name", .text), .init("identifier", .text), .init("label", .text),
                .init("score", .double), .init("explanation", .text), .init("metadata", .json),
                .init("annotator_kind", .text), .init("source", .text),
                .init("created_at", .bigint), .init("updated_at", .bigint),
            ])
        for (id, item) in items {
            rows.append(id)
            rows.append(item.target)
            if subject == .document { rows.append(item.draft.documentPosition ?? 0) }
            rows.append(item.draft.name)
            rows.append(item.draft.identifier)
            rows.append(item.draft.label)
            rows.append(item.draft.score)
            rows.append(item.draft.explanation)
            rows.append(item.draft.metadata)
            rows.append(item.draft.annotatorKind.rawValue)
            rows.append(item.source.rawValue)
            rows.append(item.time.microseconds)
            rows.append(item.time.microseconds)
        }
        try connection.insert(rows, into: subject.table)
    }
}
