import JSON
import PhoenixModel
import SQLCore
import Tracing

extension AnnotationStore {
    /// Stores annotations, all of them or none.
    ///
    /// One with the name, target and identifier of a stored one takes its place; of several in
    /// `drafts` the last counts.
    ///
    /// - Returns: The row ids, in the order of the drafts.
    /// - Throws: ``AnnotationError`` when a target is not stored, or has no document at a position.
    package func write(
        _ drafts: [AnnotationDraft], about subject: Annotation.Subject,
        source: Annotation.Source = .api, now: Timestamp
    ) async throws -> [Annotation.ID] {
        guard !drafts.isEmpty else { return [] }
        if subject == .document { try await requireDocuments(drafts) }
        let (ids, projects) = try await racing {
            try await database.write { connection in
                let (targets, projects) = try Self.located(
                    drafts.lazy.map(\.target), of: subject, on: connection, locking: true)
                let missing = Set(drafts.lazy.map(\.target).filter { targets[$0] == nil })
                guard missing.isEmpty else {
                    throw AnnotationError.targetsNotFound(missing, subject)
                }
                let writer = AnnotationWriter(connection: connection, subject: subject)
                let ids = try writer.write(Self.items(drafts, targets, now, source))
                return (ids, projects)
            }
        }
        tell(projects)
        return ids
    }

    /// Stores a note.
    ///
    /// - Throws: ``AnnotationError`` when the target is not stored.
    package func writeNote(
        _ note: AnnotationDraft, about subject: Annotation.Subject,
        source: Annotation.Source = .api, now: Timestamp
    ) async throws -> Annotation.ID {
        do {
            return try await write([note], about: subject, source: source, now: now)[0]
        } catch let error as AnnotationError where error.code == .notFound {
            throw AnnotationError.noteTargetNotFound(note.target, subject)
        }
    }

    /// Stores annotations whose targets are there, and keeps the others until their targets arrive:
    /// see ``settle(now:)``. Durable when this returns.
    ///
    /// Annotations of documents that a stored span does not have are dropped, as are those of
    /// targets that cannot exist.
    ///
    /// - Throws: ``AnnotationError`` with `atCapacity` when too many wait already; then nothing is
    ///   stored.
    package func accept(
        _ drafts: [AnnotationDraft], about subject: Annotation.Subject,
        source: Annotation.Source = .api, now: Timestamp
    ) async throws {
        let possible = drafts.filter { subject.targetValue($0.target) != nil }
        guard !possible.isEmpty else { return }
        let counts = subject == .document ? try await documentCounts(of: possible) : [:]
        let projects = try await racing {
            try await database.write { connection in
                let (targets, projects) = try Self.located(
                    possible.lazy.map(\.target), of: subject, on: connection, locking: true)
                // A span that came between is counted when the drafts for it are settled.
                let ready = possible.filter { draft in
                    guard targets[draft.target] != nil else { return false }
                    guard subject == .document else { return true }
                    return counts[draft.target].map { Self.isWithin($0, draft) } ?? false
                }
                let waiting = possible.filter { draft in
                    targets[draft.target] == nil
                        || subject == .document && counts[draft.target] == nil
                }
                let writer = AnnotationWriter(connection: connection, subject: subject)
                try writer.write(Self.items(ready, targets, now, source))
                try Self.keepWaiting(
                    waiting, about: subject, source: source, now: now, on: connection)
                return projects
            }
        }
        tell(projects)
    }

    static func items(
        _ drafts: [AnnotationDraft], _ targets: [String: Int64], _ time: Timestamp,
        _ source: Annotation.Source
    ) -> [AnnotationWriter.Item] {
        drafts.compactMap { draft in
            targets[draft.target].map {
                .init(draft: draft, target: $0, time: time, source: source)
            }
        }
    }

    // MARK: Documents

    /// - Throws: ``AnnotationError`` for the first draft about a document that its span has not, after
    ///   those whose span is not stored.
    private func requireDocuments(_ drafts: [AnnotationDraft]) async throws {
        let counts = try await documentCounts(of: drafts)
        let missing = Set(drafts.lazy.map(\.target).filter { counts[$0] == nil })
        guard missing.isEmpty else { throw AnnotationError.targetsNotFound(missing, .document) }
        for draft in drafts {
            guard let count = counts[draft.target], !Self.isWithin(count, draft) else { continue }
            throw AnnotationError.positionOutOfBounds(draft, count: count)
        }
    }

    static func isWithin(_ count: Int64, _ draft: AnnotationDraft) -> Bool {
        (0..<count).contains(draft.documentPosition ?? -1)
    }

    /// How many documents stored spans have, by the id of the span.
    func documentCounts(of drafts: [AnnotationDraft]) async throws -> [String: Int64] {
        let ids = Set(drafts.map(\.target)).compactMap { OTelID(shownAs: $0) }
        let counts = try await documentCounts(ofSpansWhere: "s.span_id", areAnyOf: ids)
        return Dictionary(uniqueKeysWithValues: counts.map { ($0.id.hex, $0.count) })
    }

    /// How many documents stored spans have, by the row id of the span.
    func documentCounts(ofSpans rows: [Int64]) async throws -> [Int64: Int64] {
        let counts = try await documentCounts(ofSpansWhere: "s.id", areAnyOf: rows)
        return Dictionary(uniqueKeysWithValues: counts.map { ($0.row, $0.count) })
    }

    private func documentCounts(
        ofSpansWhere column: SQL, areAnyOf values: [some SQLConvertible & Sendable]
    ) async throws -> [(row: Int64, id: OTelID, count: Int64)] {
        guard !values.isEmpty else { return [] }
        let payloads = tracing.payloads
        return try await database.read { connection in
            var counts: [(row: Int64, id: OTelID, count: Int64)] = []
            for chunk in values.chunked(by: payloads.rowsAtOnce) {
                let rows = try connection.query(
                    """
                    SELECT s.id, s.span_id, s.span_kind, \(payloads.selection)
                    FROM spans s
                    WHERE \(column) IN (\(list: chunk))
                    ORDER BY s.id
                    """)
                let carried = try payloads.payloads(in: rows, startingAt: 3, on: connection)
                for (row, payload) in zip(rows, carried) {
                    let attributes = try SpanPayload.parsed(payload.attributes)
                    counts.append(
                        (
                            row.integer(0), OTelID(row.blob(1)),
                            Self.documentCount(kind: row.text(2), attributes)
                        ))
                }
            }
            return counts
        }
    }

    /// A reranker's documents are those that it answered, any other span's those that it retrieved.
    private static func documentCount(kind: String, _ attributes: JSONValue) -> Int64 {
        let documents =
            kind == "RERANKER"
            ? attributes["reranker"]?["output_documents"] : attributes["retrieval"]?["documents"]
        return Int64(documents?.arrayValue?.count ?? 0)
    }
}
