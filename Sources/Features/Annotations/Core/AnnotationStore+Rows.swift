import PhoenixModel
import SQLCore
import Tracing

/// Annotations by row ids: their own, or those of what they are about.
extension AnnotationStore {
    private static func rows(
        where condition: SQL, _ subject: Annotation.Subject, on connection: any SQLConnection,
        locking: Bool = false
    ) throws -> [StoredAnnotation] {
        let lock = SQL.dialect(sqlite: "", postgres: "FOR UPDATE OF a")
        return try connection.query(
            """
            SELECT \(columns(subject)), a.\(unsafe: subject.targetColumn)
            FROM \(unsafe: subject.table) a
            JOIN \(unsafe: subject.targetTable) t ON t.id = a.\(unsafe: subject.targetColumn)
            WHERE \(condition)
            ORDER BY a.id
            \(locking ? lock : "")
            """
        ).map { StoredAnnotation(annotation: annotation($0, subject), target: $0.integer(13)) }
    }

    private static func rows(
        _ ids: [Annotation.ID], _ subject: Annotation.Subject, on connection: any SQLConnection,
        locking: Bool = false
    ) throws -> [StoredAnnotation] {
        try ids.chunked().flatMap { chunk in
            try rows(
                where: "a.id IN (\(list: chunk))", subject, on: connection, locking: locking)
        }
    }

    // MARK: Reading

    /// The annotations of targets, by the row id of the target, in the order of their row ids.
    package func annotations(
        about subject: Annotation.Subject, ofTargets targets: [Int64]
    ) async throws -> [Int64: [StoredAnnotation]] {
        try await database.read { connection in
            var found: [Int64: [StoredAnnotation]] = [:]
            for chunk in targets.chunked() {
                let rows = try Self.rows(
                    where: "a.\(unsafe: subject.targetColumn) IN (\(list: chunk))", subject,
                    on: connection)
                for row in rows { found[row.target, default: []].append(row) }
            }
            return found
        }
    }

    /// Annotations by row id. Those that are not stored are absent.
    package func annotations(
        about subject: Annotation.Subject, _ ids: [Annotation.ID]
    ) async throws -> [Annotation.ID: StoredAnnotation] {
        let rows = try await database.read { try Self.rows(ids, subject, on: $0) }
        return Dictionary(rows.map { ($0.annotation.id, $0) }) { first, _ in first }
    }

    /// The row ids of targets, by the ids that clients know them by. Those that are not stored are
    /// absent.
    package func targetRows(
        _ texts: [String], of subject: Annotation.Subject
    ) async throws -> [String: Int64] {
        try await database.read { try Self.targets(texts, of: subject, on: $0) }
    }

    /// How many documents spans have, by row id; spans that are not stored are absent.
    package func documentCounts(
        of spans: some Sequence<Int64> & Sendable
    ) async throws -> [Int64: Int64] {
        try await documentCounts(ofSpans: Array(Set(spans)))
    }

    // MARK: Writing

    /// An annotation about a row.
    package struct RowDraft: Sendable {
        package var target: Int64
        package var source: Annotation.Source
        package var draft: AnnotationDraft

        package init(target: Int64, source: Annotation.Source, draft: AnnotationDraft) {
            self.target = target
            self.source = source
            self.draft = draft
        }
    }

    /// Stores annotations, all of them or none.
    ///
    /// - Parameter replaces: Whether one with the name, target and identifier of a stored one takes
    ///   its place; else that is an error.
    /// - Returns: The annotations, in the order of the drafts.
    /// - Throws: ``MissingRows`` when targets are not stored; ``AnnotationError`` when an annotation
    ///   is there already.
    package func write(
        _ drafts: [RowDraft], about subject: Annotation.Subject, replaces: Bool = true,
        now: Timestamp
    ) async throws -> [StoredAnnotation] {
        let (written, projects) = try await racing {
            try await database.write { connection in
                let targets = Set(drafts.lazy.map(\.target))
                try Self.requireTargets(targets, subject, on: connection)
                let writer = AnnotationWriter(connection: connection, subject: subject)
                let last = try Self.lastID(subject, on: connection)
                let ids = try writer.write(
                    drafts.map {
                        .init(draft: $0.draft, target: $0.target, time: now, source: $0.source)
                    })
                guard replaces || ids.allSatisfy({ $0.value > last }) else {
                    throw AnnotationError.annotationTaken
                }
                let rows = try Self.rows(Array(Set(ids)), subject, on: connection)
                let byID = Dictionary(rows.map { ($0.annotation.id, $0) }) { first, _ in first }
                return (
                    ids.compactMap { byID[$0] },
                    try Self.projects(of: targets, subject, on: connection)
                )
            }
        }
        tell(projects)
        return written
    }

    private static func lastID(
        _ subject: Annotation.Subject, on connection: any SQLConnection
    ) throws -> Int64 {
        try connection.first("SELECT MAX(id) FROM \(unsafe: subject.table)")?
            .optionalInteger(0) ?? 0
    }

    /// - Throws: ``MissingRows``.
    private static func requireTargets(
        _ targets: Set<Int64>, _ subject: Annotation.Subject, on connection: any SQLConnection
    ) throws {
        let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
        var missing = targets
        for chunk in targets.sorted().chunked() {
            let rows = try connection.query(
                """
                SELECT t.id
                FROM \(unsafe: subject.targetTable) t
                WHERE t.id IN (\(list: chunk))
                ORDER BY t.id
                \(lock)
                """)
            for row in rows { missing.remove(row.integer(0)) }
        }
        guard missing.isEmpty else { throw MissingRows(rows: missing) }
    }

    // MARK: Changing

    /// Changes annotations, all of them or none.
    ///
    /// - Parameter form: What the annotations must be.
    /// - Returns: The annotations, in the order of the patches.
    /// - Throws: ``MissingRows``, ``NotOfThisForm``; ``AnnotationError`` when the name and identifier
    ///   are another annotation's.
    package func patch(
        _ patches: [(id: Annotation.ID, patch: AnnotationPatch)],
        about subject: Annotation.Subject, form: AnnotationForm = .any, now: Timestamp
    ) async throws -> [StoredAnnotation] {
        let ids = patches.map(\.id)
        let (changed, projects) = try await Self.named {
            try await database.write { connection in
                var rows = try Self.required(ids, form, subject, on: connection)
                for (id, patch) in patches {
                    rows[id]?.annotation.updatedAt = now
                    if var annotation = rows[id]?.annotation {
                        patch.apply(to: &annotation)
                        rows[id]?.annotation = annotation
                    }
                }
                let changed = ids.compactMap { rows[$0] }
                try Self.update(changed.map(\.annotation), subject, on: connection)
                return (
                    changed, try Self.projects(of: changed.map(\.target), subject, on: connection)
                )
            }
        }
        tell(projects)
        return changed
    }

    private static func required(
        _ ids: [Annotation.ID], _ form: AnnotationForm, _ subject: Annotation.Subject,
        on connection: any SQLConnection
    ) throws -> [Annotation.ID: StoredAnnotation] {
        let rows = try rows(ids.sorted(), subject, on: connection, locking: true)
        let missing = Set(ids).subtracting(rows.map(\.annotation.id))
        guard missing.isEmpty else { throw MissingRows(rows: Set(missing.map(\.value))) }
        guard rows.allSatisfy(form.admits) else { throw NotOfThisForm() }
        return Dictionary(rows.map { ($0.annotation.id, $0) }) { first, _ in first }
    }

    private static func update(
        _ annotations: [Annotation], _ subject: Annotation.Subject,
        on connection: any SQLConnection
    ) throws {
        for chunk in annotations.chunked() {
            let rows = chunk.map { annotation in
                [
                    annotation.id.sqlValue, .text(annotation.name), .text(annotation.identifier),
                    annotation.label.sqlValue, annotation.score.sqlValue,
                    annotation.explanation.sqlValue, .json(annotation.metadata),
                    .text(annotation.annotatorKind.rawValue), .text(annotation.source.rawValue),
                    annotation.updatedAt.sqlValue,
                ] as [SQLValue]
            }
            try connection.execute(
                """
                UPDATE \(unsafe: subject.table) AS a
                SET name = v.column2, identifier = v.column3, label = v.column4,
                    score = CAST(v.column5 AS DOUBLE PRECISION), explanation = v.column6,
                    metadata = v.column7, annotator_kind = v.column8, source = v.column9,
                    updated_at = v.column10
                FROM (VALUES \(rows: rows)) AS v
                WHERE a.id = v.column1
                """)
        }
    }

    /// Says in words that there is such an annotation already.
    private static func named<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw AnnotationError.annotationTaken
        }
    }

    /// Deletes annotations, all of them or none.
    ///
    /// - Returns: What they were, in the order of the ids.
    /// - Throws: ``MissingRows``, ``NotOfThisForm``.
    package func delete(
        _ ids: [Annotation.ID], about subject: Annotation.Subject, form: AnnotationForm = .any
    ) async throws -> [StoredAnnotation] {
        let (deleted, projects) = try await database.write { connection in
            let rows = try Self.required(ids, form, subject, on: connection)
            for chunk in ids.chunked() {
                try connection.execute(
                    "DELETE FROM \(unsafe: subject.table) WHERE id IN (\(list: chunk))")
            }
            let deleted = ids.compactMap { rows[$0] }
            return (
                deleted, try Self.projects(of: deleted.map(\.target), subject, on: connection)
            )
        }
        tell(projects)
        return deleted
    }
}
