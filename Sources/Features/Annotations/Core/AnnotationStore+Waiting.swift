import PhoenixModel
import SQLCore

/// Annotations that came before what they are about.
extension AnnotationStore {
    /// How many annotations wait at most.
    package static let waitingMax = 50_000
    /// How long an annotation waits at most, in microseconds.
    package static let patience: Int64 = 10 * 60 * 1_000_000

    /// What a look at the waiting annotations led to.
    package struct Settlement: Hashable, Sendable {
        /// Whose targets had arrived. Some may have been dropped since a later one was stored.
        package var settledCount = 0
        /// Whose time was up.
        package var expiredCount = 0

        package init() {}
    }

    private struct Waiting: Sendable {
        var id: Int64
        var subject: Annotation.Subject
        var source: Annotation.Source
        var time: Timestamp
        var draft: AnnotationDraft
    }

    static func keepWaiting(
        _ drafts: [AnnotationDraft], about subject: Annotation.Subject,
        source: Annotation.Source, now: Timestamp, on connection: any SQLConnection
    ) throws {
        guard !drafts.isEmpty else { return }
        let count = try connection.first("SELECT COUNT(*) FROM waiting_annotations")?.integer(0)
        guard Int(count ?? 0) + drafts.count <= waitingMax else {
            throw AnnotationError(
                .atCapacity,
                "\(drafts.count) annotations are about things that are not stored, and too many "
                    + "such annotations wait already. Retry later, or with sync=true.")
        }
        var rows = BulkRows([
            .init("id", .bigint), .init("subject", .text), .init("target", .text),
            .init("document_position", .bigint), .init("name", .text),
            .init("identifier", .text), .init("label", .text), .init("score", .double),
            .init("explanation", .text), .init("metadata", .json),
            .init("annotator_kind", .text), .init("source", .text), .init("received_at", .bigint),
        ])
        let ids = try connection.allocateIDs(drafts.count, for: "waiting_annotations")
        for (id, draft) in zip(ids, drafts) {
            rows.append(id)
            rows.append(subject.rawValue)
            rows.append(draft.target)
            rows.append(draft.documentPosition)
            rows.append(draft.name)
            rows.append(draft.identifier)
            rows.append(draft.label)
            rows.append(draft.score)
            rows.append(draft.explanation)
            rows.append(draft.metadata)
            rows.append(draft.annotatorKind.rawValue)
            rows.append(source.rawValue)
            rows.append(now.microseconds)
        }
        try connection.insert(rows, into: "waiting_annotations")
    }

    /// Stores the waiting annotations whose targets have arrived, and drops those that waited for
    /// longer than ``patience``. One that is older than what is stored in its place by now is
    /// dropped too.
    ///
    /// Several servers may do so at once.
    package func settle(now: Timestamp) async throws -> Settlement {
        var settlement = Settlement()
        var last: Int64 = 0
        while true {
            let (waiting, ready) = try await arrived(after: last)
            guard let end = waiting.last else { break }
            last = end.id
            if !ready.isEmpty { settlement.settledCount += try await settle(ready) }
        }
        if last > 0 {
            let deadline = now.microseconds - Self.patience
            settlement.expiredCount = try await database.write { connection in
                try connection.execute(
                    "DELETE FROM waiting_annotations WHERE received_at < \(deadline)")
            }
        }
        return settlement
    }

    private static let columns: SQL = """
        w.id, w.subject, w.source, w.received_at, w.target, w.document_position, w.name,
        w.annotator_kind, w.label, w.score, w.explanation, w.metadata, w.identifier
        """

    private static func waiting(_ row: SQLRow) -> Waiting? {
        guard let subject = Annotation.Subject(rawValue: row.text(1)),
            let source = Annotation.Source(rawValue: row.text(2)),
            let kind = Annotation.AnnotatorKind(rawValue: row.text(7))
        else { return nil }
        return Waiting(
            id: row.integer(0), subject: subject, source: source,
            time: Timestamp(microseconds: row.integer(3)),
            draft: AnnotationDraft(
                target: row.text(4), documentPosition: row.optionalInteger(5), name: row.text(6),
                annotatorKind: kind, label: row.optionalText(8), score: row.optionalDouble(9),
                explanation: row.optionalText(10), metadata: row.blob(11),
                identifier: row.text(12)))
    }

    /// The next waiting annotations, and the ids of those among them whose targets are stored.
    private func arrived(
        after last: Int64
    ) async throws -> (waiting: [Waiting], ready: [Int64]) {
        try await database.read { connection in
            let waiting = try connection.query(
                """
                SELECT \(Self.columns)
                FROM waiting_annotations w
                WHERE w.id > \(last)
                ORDER BY w.id
                LIMIT \(statementRowsMax)
                """
            ).compactMap(Self.waiting)
            var ready: [Int64] = []
            for (subject, some) in Dictionary(grouping: waiting, by: \.subject) {
                let targets = try Self.targets(
                    some.lazy.map(\.draft.target), of: subject, on: connection)
                ready += some.filter { targets[$0.draft.target] != nil }.map(\.id)
            }
            return (waiting, ready)
        }
    }

    private func settle(_ ids: [Int64]) async throws -> Int {
        let documents = try await database.read { connection in
            try Self.rows(ids, on: connection, lock: "").filter { $0.subject == .document }
        }
        let counts = try await documentCounts(of: documents.map(\.draft))
        let (count, projects) = try await racing {
            try await database.write { connection in
                var projects: Set<Project.ID> = []
                let lock = SQL.dialect(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED")
                let waiting = try Self.rows(ids, on: connection, lock: lock)
                for (subject, some) in Dictionary(grouping: waiting, by: \.subject) {
                    let (targets, touched) = try Self.located(
                        some.lazy.map(\.draft.target), of: subject, on: connection,
                        locking: true)
                    let writer = AnnotationWriter(
                        connection: connection, subject: subject, keepsNewer: true)
                    try writer.write(
                        some.compactMap { item in
                            guard let target = targets[item.draft.target],
                                subject != .document
                                    || Self.isWithin(counts[item.draft.target] ?? 0, item.draft)
                            else { return nil }
                            return .init(
                                draft: item.draft, target: target, time: item.time,
                                source: item.source)
                        })
                    projects.formUnion(touched)
                }
                try connection.execute(
                    """
                    DELETE FROM waiting_annotations WHERE id IN (\(list: waiting.map(\.id)))
                    """)
                return (waiting.count, projects)
            }
        }
        tell(projects)
        return count
    }

    private static func rows(
        _ ids: [Int64], on connection: any SQLConnection, lock: SQL
    ) throws -> [Waiting] {
        try connection.query(
            """
            SELECT \(columns)
            FROM waiting_annotations w
            WHERE w.id IN (\(list: ids))
            ORDER BY w.id
            \(lock)
            """
        ).compactMap(waiting)
    }
}
