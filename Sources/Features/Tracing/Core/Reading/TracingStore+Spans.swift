import APISupport
import PhoenixModel
import SQLCore

/// A span together with what it carries and the OpenTelemetry id of its trace.
package struct StoredSpan: Sendable {
    package var span: Span
    package var traceID: OTelID
    package var payload: SpanPayload
}

/// In which order a list of spans comes; ties are broken by the row id.
package struct SpanOrder: Sendable, Hashable {
    package enum Key: String, Sendable, CaseIterable {
        case id
        case startTime = "start_time"
    }

    package var key: Key
    package var isDescending: Bool

    package init(_ key: Key, isDescending: Bool) {
        self.key = key
        self.isDescending = isDescending
    }

    package static let newestFirst = SpanOrder(.id, isDescending: true)
}

/// Where a list of spans begins: the first span of the page.
package enum SpanPosition: Sendable, Hashable {
    case id(Span.ID)
    case startTime(Timestamp, Span.ID)
}

extension TracingStore {
    static let spanColumns: SQL = """
        s.id, s.span_id, s.trace_rowid, s.project_rowid, s.parent_id, s.name, s.span_kind,
        s.start_time, s.end_time, s.status_code, s.status_message, s.llm_token_count_prompt,
        s.llm_token_count_completion, s.cumulative_error_count,
        s.cumulative_llm_token_count_prompt, s.cumulative_llm_token_count_completion
        """
    static let spanColumnCount = 16

    static func span(_ row: SQLRow) -> Span {
        Span(
            id: row.id(0), otelID: row.otelID(1), traceID: row.id(2), projectID: row.id(3),
            parentID: row.optionalBlob(4).map { OTelID($0) }, name: row.text(5), kind: row.text(6),
            startTime: row.timestamp(7), endTime: row.timestamp(8), statusCode: row.text(9),
            statusMessage: row.text(10), promptTokens: row.optionalInteger(11),
            completionTokens: row.optionalInteger(12), cumulativeErrorCount: row.integer(13),
            cumulativePromptTokens: row.integer(14), cumulativeCompletionTokens: row.integer(15))
    }

    /// One page of the spans of a project, with their payloads.
    package func spans(
        of project: Project.ID, where filter: SpanFilter = SpanFilter(),
        order: SpanOrder = .newestFirst, from position: SpanPosition? = nil, limit: Int
    ) async throws -> Page<StoredSpan> {
        let sort = SpanSort(order.key == .id ? .id : .startTime, isDescending: order.isDescending)
        let start: SpanListing.Start =
            switch position {
            case nil: .beginning
            case .id(let id): .at(SpanPlace(id.sqlValue, id))
            case .startTime(let time, let id): .at(SpanPlace(time.sqlValue, id))
            }
        let payloads = payloads
        return try await database.read { connection in
            let listing = SpanListing(
                project: project, filter: filter, sort: sort, payloads: payloads,
                connection: connection)
            // The page is found before its rows are read: what is sorted is an id and not a span.
            let ids = try listing.places(
                from: start, limit: Page<StoredSpan>.rowsToQuery(limit: limit)
            ).map(\.id)
            let stored = try Self.storedSpans(ids, payloads, on: connection)
            return Page(ids.compactMap { stored[$0] }, limit: limit)
        }
    }

    /// Spans by their row ids, with their payloads. Those that do not exist are not in the answer.
    package func storedSpans(_ ids: [Span.ID]) async throws -> [Span.ID: StoredSpan] {
        let payloads = payloads
        return try await database.read { try Self.storedSpans(ids, payloads, on: $0) }
    }

    private static func storedSpans(
        _ ids: [Span.ID], _ payloads: any SpanPayloadStore, on connection: any SQLConnection
    ) throws -> [Span.ID: StoredSpan] {
        var spans: [Span.ID: StoredSpan] = [:]
        for chunk in ids.chunked() {
            let rows = try connection.query(
                """
                SELECT \(spanColumns), t.trace_id, \(payloads.selection)
                FROM spans s
                JOIN traces t ON t.id = s.trace_rowid
                WHERE s.id IN (\(list: chunk))
                """)
            let carried = try payloads.payloads(
                in: rows, startingAt: spanColumnCount + 1, on: connection)
            for (row, payload) in zip(rows, carried) {
                let span = span(row)
                spans[span.id] = StoredSpan(
                    span: span, traceID: row.otelID(spanColumnCount), payload: payload)
            }
        }
        return spans
    }

    /// The spans of some traces by the start of the spans.
    package func spans(ofTraces traces: [Trace.ID]) async throws -> [Trace.ID: [Span]] {
        try await database.read { connection in
            var spans: [Trace.ID: [Span]] = [:]
            for chunk in traces.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.spanColumns)
                    FROM spans s
                    WHERE s.trace_rowid IN (\(list: chunk))
                    ORDER BY s.start_time, s.id
                    """)
                for row in rows { spans[row.id(2), default: []].append(Self.span(row)) }
            }
            return spans
        }
    }

    /// The highest row id of all spans, nil when there are none.
    package func lastSpanID() async throws -> Span.ID? {
        try await database.read { connection in
            try connection.first("SELECT id FROM spans ORDER BY id DESC LIMIT 1")?.id(0)
        }
    }

    static func span(where condition: SQL, on connection: any SQLConnection) throws -> Span? {
        try connection.first("SELECT \(spanColumns) FROM spans s WHERE \(condition)").map(span)
    }

    /// Those of some ids that a stored span has, wherever it is.
    package func storedSpanIDs(among ids: [OTelID]) async throws -> Set<OTelID> {
        try await database.read { connection in
            var found: Set<OTelID> = []
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    "SELECT s.span_id FROM spans s WHERE s.span_id IN (\(list: chunk))")
                for row in rows { found.insert(row.otelID(0)) }
            }
            return found
        }
    }
}
