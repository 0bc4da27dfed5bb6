import PhoenixModel
import SQLCore
import Tracing

/// What spans, traces and sessions cost. Each call answers many of them with one statement.
extension CostStore {
    /// Spans without a cost are absent.
    package func summaries(ofSpans ids: [Span.ID]) async throws -> [Span.ID: CostSummary] {
        try await read(ids) { ids in
            """
            SELECT c.span_rowid, c.prompt_tokens, c.completion_tokens, c.prompt_cost,
                c.completion_cost
            FROM span_costs c
            WHERE c.span_rowid IN (\(list: ids))
            """
        } _: {
            CostSummary($0, from: 1)
        }
    }

    /// Traces of which no span has a cost are absent.
    package func summaries(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: CostSummary] {
        try await read(ids) { ids in
            """
            SELECT t.id, t.prompt_cost_tokens, t.completion_cost_tokens, t.prompt_cost,
                t.completion_cost
            FROM traces t
            WHERE t.id IN (\(list: ids)) AND t.cost_count > 0
            """
        } _: {
            CostSummary($0, from: 1)
        }
    }

    /// Sessions of which no span has a cost are absent.
    package func summaries(
        ofSessions ids: [Session.ID]
    ) async throws -> [Session.ID: CostSummary] {
        try await read(ids) { ids in
            """
            SELECT t.project_session_rowid, SUM(t.prompt_cost_tokens),
                SUM(t.completion_cost_tokens), SUM(t.prompt_cost), SUM(t.completion_cost)
            FROM traces t
            WHERE t.project_session_rowid IN (\(list: ids)) AND t.cost_count > 0
            GROUP BY t.project_session_rowid
            """
        } _: {
            CostSummary($0, from: 1)
        }
    }

    /// The kinds of tokens of spans, by type.
    package func details(ofSpans ids: [Span.ID]) async throws -> [Span.ID: [CostDetail]] {
        try await readLists(ids) { ids in
            """
            SELECT e.span_rowid, e.is_prompt, e.token_type, e.tokens, e.cost
            FROM span_cost_entries e
            WHERE e.span_rowid IN (\(list: ids))
            ORDER BY e.span_rowid, e.token_type, e.is_prompt
            """
        }
    }

    /// The kinds of tokens of spans and all that is below them, by type.
    package func cumulativeDetails(
        ofSpans ids: [Span.ID]
    ) async throws -> [Span.ID: [CostDetail]] {
        // UNION, not UNION ALL: a circle of parents ends where it began.
        try await readLists(ids) { ids in
            """
            WITH RECURSIVE below (root, id, span_id, trace_rowid) AS (
                SELECT r.id, r.id, r.span_id, r.trace_rowid
                FROM spans r
                WHERE r.id IN (\(list: ids))
                UNION
                SELECT b.root, s.id, s.span_id, s.trace_rowid
                FROM below b
                JOIN spans s ON s.trace_rowid = b.trace_rowid AND s.parent_id = b.span_id
            )
            SELECT b.root, e.is_prompt, e.token_type, SUM(e.tokens), SUM(e.cost)
            FROM below b
            JOIN span_cost_entries e ON e.span_rowid = b.id
            GROUP BY b.root, e.token_type, e.is_prompt
            ORDER BY b.root, e.token_type, e.is_prompt
            """
        }
    }

    /// The kinds of tokens of traces, by type. An unknown cost counts as zero.
    package func details(ofTraces ids: [Trace.ID]) async throws -> [Trace.ID: [CostDetail]] {
        try await readLists(ids) { ids in
            """
            SELECT s.trace_rowid, e.is_prompt, e.token_type, SUM(e.tokens),
                SUM(COALESCE(e.cost, 0.0))
            FROM spans s
            JOIN span_cost_entries e ON e.span_rowid = s.id
            WHERE s.trace_rowid IN (\(list: ids))
            GROUP BY s.trace_rowid, e.token_type, e.is_prompt
            ORDER BY s.trace_rowid, e.token_type, e.is_prompt
            """
        }
    }

    /// The kinds of tokens of sessions, by type. An unknown cost counts as zero.
    package func details(ofSessions ids: [Session.ID]) async throws -> [Session.ID: [CostDetail]] {
        try await readLists(ids) { ids in
            """
            SELECT t.project_session_rowid, e.is_prompt, e.token_type, SUM(e.tokens),
                SUM(COALESCE(e.cost, 0.0))
            FROM traces t
            JOIN spans s ON s.trace_rowid = t.id
            JOIN span_cost_entries e ON e.span_rowid = s.id
            WHERE t.project_session_rowid IN (\(list: ids)) AND t.cost_count > 0
            GROUP BY t.project_session_rowid, e.token_type, e.is_prompt
            ORDER BY t.project_session_rowid, e.token_type, e.is_prompt
            """
        }
    }

    // MARK: One statement for many ids

    /// Reads one value for each id, the first column of the rows.
    func read<Noun, Value: Sendable>(
        _ ids: [RowID<Noun>], _ query: @escaping @Sendable ([Int64]) -> SQL,
        _ value: @escaping @Sendable (SQLRow) -> Value
    ) async throws -> [RowID<Noun>: Value] {
        let numbers = ids.map(\.value)
        let found = try await database.read { connection in
            var found: [Int64: Value] = [:]
            for chunk in numbers.chunked() {
                for row in try connection.query(query(Array(chunk))) {
                    found[row.integer(0)] = value(row)
                }
            }
            return found
        }
        return Dictionary(uniqueKeysWithValues: found.map { (RowID($0.key), $0.value) })
    }

    /// Reads the details of each id: the id, and the columns of a detail.
    func readLists<Noun>(
        _ ids: [RowID<Noun>], _ query: @escaping @Sendable ([Int64]) -> SQL
    ) async throws -> [RowID<Noun>: [CostDetail]] {
        let numbers = ids.map(\.value)
        let found = try await database.read { connection in
            var found: [Int64: [CostDetail]] = [:]
            for chunk in numbers.chunked() {
                for row in try connection.query(query(Array(chunk))) {
                    found[row.integer(0), default: []].append(CostDetail(row, from: 1))
                }
            }
            return found
        }
        return Dictionary(uniqueKeysWithValues: found.map { (RowID($0.key), $0.value) })
    }
}
