import PhoenixModel
import SQLCore

extension TracingStore {
    /// Deeper trees are read as a whole and cut afterwards.
    private static let countedDepthMax = 64

    /// How many spans have a span as their parent. Spans without children are absent.
    package func childCounts(ofSpans ids: [Span.ID]) async throws -> [Span.ID: Int64] {
        try await database.read { connection in
            var counts: [Span.ID: Int64] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                SELECT s.id, COUNT(*)
                FROM spans s
                JOIN spans c ON c.trace_rowid = s.trace_rowid AND c.parent_id = s.span_id
                WHERE s.id IN (\(list: $0))
                GROUP BY s.id
                """
            } _: { row in
                counts[row.id(0)] = row.integer(1)
            }
            return counts
        }
    }

    /// The spans below some spans, level by level; each level by start and row id.
    ///
    /// A circle of parents ends where it would come to a span a second time.
    ///
    /// - Parameter maximumDepth: How many levels; nil for all.
    package func descendants(
        ofSpans ids: [Span.ID], maximumDepth: Int?
    ) async throws -> [Span.ID: [Span]] {
        // Without a count of levels UNION drops what was reached before, so circles end.
        let counted = maximumDepth.flatMap { $0 <= Self.countedDepthMax ? $0 : nil }
        let depth: SQL = counted == nil ? "0" : "b.depth + 1"
        let limit: SQL = counted.map { "b.depth < \($0)" } ?? "b.depth = 0"
        var below = try await database.read { connection in
            var below: [Span.ID: [Span]] = [:]
            try Self.rows(of: ids, on: connection) {
                """
                WITH RECURSIVE below (root, id, span_id, trace_rowid, depth) AS (
                    SELECT r.id, r.id, r.span_id, r.trace_rowid, 0
                    FROM spans r
                    WHERE r.id IN (\(list: $0))
                    UNION
                    SELECT b.root, c.id, c.span_id, c.trace_rowid, \(depth)
                    FROM below b
                    JOIN spans c ON c.trace_rowid = b.trace_rowid AND c.parent_id = b.span_id
                    WHERE \(limit)
                )
                SELECT \(Self.spanColumns), x.root
                FROM (SELECT DISTINCT b.root, b.id FROM below b) x
                JOIN spans s ON s.id = x.id
                """
            } _: { row in
                below[row.id(Self.spanColumnCount), default: []].append(Self.span(row))
            }
            return below
        }
        for (root, spans) in below {
            below[root] = Self.levels(below: root, of: spans, maximumDepth: maximumDepth)
        }
        return below
    }

    private static func levels(
        below root: Span.ID, of spans: [Span], maximumDepth: Int?
    ) -> [Span] {
        var children: [OTelID: [Span]] = [:]
        for span in spans where span.id != root {
            if let parent = span.parentID { children[parent, default: []].append(span) }
        }
        var found: [Span] = []
        var level = spans.filter { $0.id == root }
        var depth = 0
        while !level.isEmpty, depth < maximumDepth ?? .max {
            level = level.flatMap { children.removeValue(forKey: $0.otelID) ?? [] }
            level.sort { ($0.startTime, $0.id) < ($1.startTime, $1.id) }
            found += level
            depth += 1
        }
        return found
    }
}
