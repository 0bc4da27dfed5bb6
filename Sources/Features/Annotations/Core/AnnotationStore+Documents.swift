import PhoenixModel
import SQLCore
import Tracing

/// What evaluations by models say of retrieved documents.
extension AnnotationStore {
    /// The names of such evaluations in a project, sorted.
    ///
    /// - Parameter span: Keeps those of one span.
    package func evaluationNames(
        of project: Project.ID, span: OTelID? = nil
    ) async throws -> [String] {
        let condition: SQL = span.map { "s.span_id = \($0)" } ?? "1 = 1"
        return try await database.read { connection in
            try connection.query(
                """
                SELECT DISTINCT a.name
                FROM document_annotations a
                JOIN spans s ON s.id = a.span_rowid
                WHERE s.project_rowid = \(project) AND a.annotator_kind = 'LLM' AND \(condition)
                """
            ).map { $0.text(0) }.sorted { $0.comesBefore($1) }
        }
    }

    /// Rankings of the documents of spans, by the row id of the span and sorted by name.
    package func rankings(
        ofSpans spans: [Int64]
    ) async throws -> [Int64: [(name: String, metrics: RetrievalMetrics)]] {
        let annotations = try await annotations(about: .document, ofTargets: spans)
        let counts = try await documentCounts(of: annotations.keys)
        return annotations.mapValues { annotations in
            let scored = annotations.map(\.annotation).filter {
                $0.annotatorKind == .model && $0.score != nil
            }
            let count = annotations.first.flatMap { counts[$0.target] } ?? 0
            return Dictionary(grouping: scored, by: \.name).map { name, annotations in
                let scores = annotations.map { ($0.documentPosition ?? 0, $0.score ?? .nan) }
                return (name, RetrievalMetrics(Self.scores(scores, count: count)))
            }.sorted { $0.name.comesBefore($1.name) }
        }
    }

    /// The scores of documents in their order; what has none is NaN.
    private static func scores(
        _ scores: [(position: Int64, score: Double)], count: Int64
    ) -> [Double] {
        // Somebody may have written the annotations before the documents were counted.
        let last = min(scores.map(\.position).max() ?? -1, 10_000)
        var all = [Double](repeating: .nan, count: Int(max(count, last + 1)))
        for (position, score) in scores where all.indices.contains(Int(position)) {
            all[Int(position)] = score
        }
        return all
    }

    /// How many evaluations are read by one statement.
    private static let evaluationsAtOnce = 20_000

    /// The rankings of all spans of a selection by one evaluation; nil when there are none.
    package func retrievalSummary(
        named name: String, of project: Project.ID, in selection: ProjectSelection
    ) async throws -> RetrievalSummary? {
        let conditions = selection.spanConditions(of: [project], tracing.payloads)
        var summary = RetrievalSummary(name: name, rankings: [])
        var last: Int64 = 0
        while true {
            let start = last
            var rows = try await database.read { connection in
                try connection.query(
                    """
                    SELECT a.span_rowid, a.document_position, a.score
                    FROM document_annotations a
                    JOIN spans s ON s.id = a.span_rowid
                    WHERE a.name = \(name) AND a.span_rowid > \(start)
                        AND a.annotator_kind = 'LLM' AND a.score IS NOT NULL
                        AND \(conditions, separator: " AND ")
                    ORDER BY a.span_rowid, a.id
                    LIMIT \(Self.evaluationsAtOnce)
                    """)
            }
            guard let end = rows.last?.integer(0) else { break }
            let isLast = rows.count < Self.evaluationsAtOnce
            // The last span may go on behind the limit.
            if !isLast, rows[0].integer(0) != end { rows.removeAll { $0.integer(0) == end } }
            last = rows.last?.integer(0) ?? end
            let groups = Dictionary(grouping: rows) { $0.integer(0) }
            let counts = try await documentCounts(of: groups.keys)
            for (span, rows) in groups.sorted(by: { $0.key < $1.key }) {
                let scores = rows.map { ($0.integer(1), $0.double(2)) }
                summary.rankings.append(
                    RetrievalMetrics(Self.scores(scores, count: counts[span] ?? 0)))
            }
            if isLast { break }
        }
        return summary.rankings.isEmpty ? nil : summary
    }
}

extension RetrievalMetrics {
    fileprivate init(_ scores: [Double]) { self.init(scores: scores) }
}
