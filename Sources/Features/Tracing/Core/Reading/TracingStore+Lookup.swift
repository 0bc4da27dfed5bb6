import PhoenixModel
import SQLCore

/// Rows of many ids by one statement. Ids that nothing has are absent from the answers.
extension TracingStore {
    /// Runs a query for each slice of many ids and reads its rows.
    static func rows<Noun>(
        of ids: [RowID<Noun>], on connection: any SQLConnection,
        _ query: (ArraySlice<RowID<Noun>>) -> SQL, _ read: (SQLRow) throws -> Void
    ) throws {
        for chunk in ids.chunked() {
            for row in try connection.query(query(chunk)) { try read(row) }
        }
    }

    package func spans(_ ids: [Span.ID]) async throws -> [Span.ID: Span] {
        try await database.read { connection in
            var spans: [Span.ID: Span] = [:]
            try Self.rows(of: ids, on: connection) {
                "SELECT \(Self.spanColumns) FROM spans s WHERE s.id IN (\(list: $0))"
            } _: { row in
                let span = Self.span(row)
                spans[span.id] = span
            }
            return spans
        }
    }

    package func traces(_ ids: [Trace.ID]) async throws -> [Trace.ID: Trace] {
        try await database.read { connection in
            var traces: [Trace.ID: Trace] = [:]
            try Self.rows(of: ids, on: connection) {
                "SELECT \(Self.traceColumns) FROM traces t WHERE t.id IN (\(list: $0))"
            } _: { row in
                let trace = Self.trace(row)
                traces[trace.id] = trace
            }
            return traces
        }
    }

    package func sessions(_ ids: [Session.ID]) async throws -> [Session.ID: Session] {
        try await database.read { connection in
            var sessions: [Session.ID: Session] = [:]
            try Self.rows(of: ids, on: connection) {
                "SELECT \(Self.sessionColumns) FROM project_sessions ps WHERE ps.id IN (\(list: $0))"
            } _: { row in
                let session = Self.session(row)
                sessions[session.id] = session
            }
            return sessions
        }
    }

    /// What spans carry beyond their columns.
    package func payloads(ofSpans ids: [Span.ID]) async throws -> [Span.ID: SpanPayload] {
        let payloads = payloads
        return try await database.read { connection in
            var found: [Span.ID: SpanPayload] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    "SELECT s.id, \(payloads.selection) FROM spans s WHERE s.id IN (\(list: chunk))"
                )
                let carried = try payloads.payloads(in: rows, startingAt: 1, on: connection)
                for (row, payload) in zip(rows, carried) { found[row.id(0)] = payload }
            }
            return found
        }
    }
}
