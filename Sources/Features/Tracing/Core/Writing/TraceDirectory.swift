import PhoenixModel
import SQLCore

/// The projects, sessions and traces that one batch of spans belongs to.
///
/// ``load(for:_:)`` reads those that are stored, ``meet(_:)`` applies the contract's rules span by span
/// in memory, ``store(into:)`` writes what is new or changed.
struct TraceDirectory {
    struct TraceState {
        var row: Int64
        var id: OTelID
        var project: Int64
        var session: Int?
        var startTime: Int64
        var endTime: Int64
        var isStored: Bool
        var storedTimes: (start: Int64, end: Int64)?
        var isChanged = false
        var addedSpans: Int64 = 0
        var added = CumulativeCounts()
        /// Whether spans were stored before.
        var hasStoredSpans = false
        /// Whether spans with a cost were stored before.
        var hasStoredCosts = false
        var addedCosts = CostSums()
    }

    struct SessionState {
        var row: Int64
        var id: String
        var project: Int64
        var startTime: Int64
        var endTime: Int64
        var isStored: Bool
        var isChanged = false
    }

    private(set) var traces: [TraceState] = []
    private(set) var sessions: [SessionState] = []

    let connection: any SQLConnection
    private let now: Int64
    private var traceIndexes: [OTelID: Int] = [:]
    private var sessionIndexes: [String: Int] = [:]
    private var sessionIndexesByRow: [Int64: Int] = [:]
    private var projects: [String: Int64] = [:]
    private var newTraceRows: [Int64] = []
    private var newSessionRows: [Int64] = []
    /// The last trace met: spans of a trace tend to come together.
    private var lastMet: (id: OTelID, index: Int)?

    init(connection: any SQLConnection, now: Int64) {
        self.connection = connection
        self.now = now
    }

    /// The row of a trace that had spans before this batch.
    func storedRow(of trace: OTelID) -> Int64? {
        guard let index = traceIndexes[trace], traces[index].hasStoredSpans else { return nil }
        return traces[index].row
    }

    // MARK: Loading

    mutating func load(for spans: [IncomingSpan], _ stated: [StatedTrace]) throws {
        let traceIDs = Set(spans.map(\.traceID))
        // The sessions of stated spans are those of their traces.
        let sessionIDs = Set(spans.lazy.filter { $0.stated == nil }.compactMap(\.sessionID))
        try loadTraces(traceIDs)
        try make(stated)
        try loadSessions(sessionIDs)
        try loadProjects(ofNewTracesIn: spans)
        let unknownTraces = traceIDs.filter { traceIndexes[$0] == nil }.count
        newTraceRows = try connection.allocateIDs(unknownTraces, for: "traces").reversed()
        let unknownSessions = sessionIDs.filter { sessionIndexes[$0] == nil }.count
        newSessionRows = try connection.allocateIDs(unknownSessions, for: "project_sessions")
            .reversed()
    }

    private mutating func loadTraces(_ ids: Set<OTelID>) throws {
        var sessionRows = Set<Int64>()
        var rows: [SQLRow] = []
        // In the order of the ids, so that two servers lock the same rows in the same order.
        let sorted = ids.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
        for chunk in sorted.chunked() {
            rows += try connection.query(
                """
                SELECT id, trace_id, project_rowid, project_session_rowid, start_time, end_time,
                    cost_count, span_count
                FROM traces
                WHERE trace_id IN (\(list: chunk))
                ORDER BY id
                \(SQL.forUpdate)
                """)
        }
        for row in rows { if let session = row.optionalInteger(3) { sessionRows.insert(session) } }
        for chunk in sessionRows.sorted().chunked() {
            try loadSessions(where: "id IN (\(list: chunk))")
        }
        for row in rows {
            let id = OTelID(row.blob(1))
            traceIndexes[id] = traces.count
            traces.append(
                TraceState(
                    row: row.integer(0), id: id, project: row.integer(2),
                    session: row.optionalInteger(3).flatMap { sessionIndexesByRow[$0] },
                    startTime: row.integer(4), endTime: row.integer(5), isStored: true,
                    storedTimes: (row.integer(4), row.integer(5)),
                    hasStoredSpans: row.integer(7) > 0,
                    hasStoredCosts: row.integer(6) > 0))
        }
    }

    /// Makes those of the stated traces that are not stored.
    private mutating func make(_ stated: [StatedTrace]) throws {
        let new = stated.filter { traceIndexes[$0.id] == nil }
        for chunk in Set(new.compactMap(\.session)).sorted().chunked() {
            try loadSessions(where: "id IN (\(list: chunk))")
        }
        for trace in new {
            traceIndexes[trace.id] = traces.count
            traces.append(
                TraceState(
                    row: trace.row, id: trace.id, project: trace.project,
                    session: trace.session.flatMap { sessionIndexesByRow[$0] },
                    startTime: trace.startTime, endTime: trace.endTime, isStored: false))
        }
    }

    private mutating func loadSessions(_ ids: Set<String>) throws {
        for chunk in ids.sorted().chunked() {
            try loadSessions(where: "session_id IN (\(list: chunk))")
        }
    }

    private mutating func loadSessions(where condition: SQL) throws {
        let rows = try connection.query(
            """
            SELECT id, session_id, project_id, start_time, end_time
            FROM project_sessions
            WHERE \(condition)
            """)
        for row in rows where sessionIndexesByRow[row.integer(0)] == nil {
            sessionIndexesByRow[row.integer(0)] = sessions.count
            sessionIndexes[row.text(1)] = sessions.count
            sessions.append(
                SessionState(
                    row: row.integer(0), id: row.text(1), project: row.integer(2),
                    startTime: row.integer(3), endTime: row.integer(4), isStored: true))
        }
    }

    /// Reads, or makes, the projects of traces that are not stored: the first span of a trace tells.
    /// New ones get their ids in the order in which they are met.
    private mutating func loadProjects(ofNewTracesIn spans: [IncomingSpan]) throws {
        var seen: Set<OTelID> = []
        var names: [String] = []
        var known: Set<String> = []
        // By position: to copy the spans would take longer than the rest.
        for index in spans.indices {
            let trace = spans[index].traceID
            guard traceIndexes[trace] == nil, seen.insert(trace).inserted else { continue }
            let name = spans[index].projectName
            if known.insert(name).inserted { names.append(name) }
        }
        for chunk in names.sorted().chunked() {
            for row in try connection.query(
                "SELECT name, id FROM projects WHERE name IN (\(list: chunk))")
            { projects[row.text(0)] = row.integer(1) }
        }
        let missing = names.filter { projects[$0] == nil }
        for (name, id) in zip(missing, try connection.allocateIDs(missing.count, for: "projects")) {
            projects[name] = id
        }
        // In the order of the names, so that two servers do not wait for each other.
        for name in missing.sorted() {
            let colors = ProjectGradient.pair(for: name)
            try connection.execute(
                """
                INSERT INTO projects (
                    id, name, gradient_start_color, gradient_end_color, created_at, updated_at)
                VALUES (
                    \(projects[name]!), \(name), \(colors.start), \(colors.end), \(now), \(now))
                """)
        }
    }

    // MARK: The rules

    /// Takes notice of a span: makes or widens its trace and session.
    ///
    /// - Returns: The position of its trace in ``traces``.
    mutating func meet(_ span: IncomingSpan) -> Int {
        let index = traceIndex(for: span)
        lastMet = (span.traceID, index)
        if span.startTime < traces[index].startTime {
            traces[index].startTime = span.startTime
            traces[index].isChanged = true
        }
        if span.endTime > traces[index].endTime {
            traces[index].endTime = span.endTime
            traces[index].isChanged = true
        }
        if traces[index].session == nil, span.stated == nil, let id = span.sessionID {
            traces[index].session = sessionIndex(for: id, in: traces[index])
            traces[index].isChanged = true
        }
        if let session = traces[index].session { widen(session, to: traces[index]) }
        return index
    }

    mutating func count(_ own: CumulativeCounts, inTraceAt index: Int) {
        traces[index].added += own
        traces[index].addedSpans += 1
        traces[index].isChanged = true
    }

    mutating func count(_ cost: SpanCost, inTraceAt index: Int) {
        traces[index].addedCosts.add(cost)
    }

    private mutating func traceIndex(for span: IncomingSpan) -> Int {
        if let lastMet, lastMet.id == span.traceID { return lastMet.index }
        if let index = traceIndexes[span.traceID] { return index }
        traceIndexes[span.traceID] = traces.count
        traces.append(
            TraceState(
                row: newTraceRows.removeLast(), id: span.traceID,
                project: projects[span.projectName]!, session: nil, startTime: span.startTime,
                endTime: span.endTime, isStored: false))
        return traces.count - 1
    }

    private mutating func sessionIndex(for id: String, in trace: TraceState) -> Int {
        if let index = sessionIndexes[id] { return index }
        sessionIndexes[id] = sessions.count
        sessions.append(
            SessionState(
                row: newSessionRows.removeLast(), id: id, project: trace.project,
                startTime: trace.startTime, endTime: trace.endTime, isStored: false))
        return sessions.count - 1
    }

    private mutating func widen(_ session: Int, to trace: TraceState) {
        if trace.startTime < sessions[session].startTime {
            sessions[session].startTime = trace.startTime
            sessions[session].isChanged = true
        }
        if trace.endTime > sessions[session].endTime {
            sessions[session].endTime = trace.endTime
            sessions[session].isChanged = true
        }
    }

    // MARK: Storing

    /// Writes sessions and traces, and counts traces in the minutes of their starts and by how long
    /// they took.
    func store(into rollup: inout ProjectRollup) throws {
        try insertSessions()
        try updateSessions()
        try insertTraces()
        try updateTraces()
        try updateTraceCosts()
        for trace in traces {
            if let stored = trace.storedTimes {
                guard stored != (trace.startTime, trace.endTime) else { continue }
                rollup.countTraces(
                    -1, project: trace.project, startTime: stored.start, endTime: stored.end)
            }
            rollup.countTraces(
                1, project: trace.project, startTime: trace.startTime, endTime: trace.endTime)
        }
    }

    private func insertSessions() throws {
        var rows = BulkRows([
            .init("id", .bigint), .init("session_id", .text), .init("project_id", .bigint),
            .init("start_time", .bigint), .init("end_time", .bigint),
        ])
        for session in sessions where !session.isStored {
            rows.append(session.row)
            rows.append(session.id)
            rows.append(session.project)
            rows.append(session.startTime)
            rows.append(session.endTime)
        }
        try connection.insert(rows, into: "project_sessions")
    }

    private func updateSessions() throws {
        let changed = sessions.filter { $0.isStored && $0.isChanged }.sorted { $0.row < $1.row }
        for chunk in changed.chunked() {
            let rows = chunk.map {
                [SQLValue.integer($0.row), .integer($0.startTime), .integer($0.endTime)]
            }
            let start = SQL.least("project_sessions.start_time", "v.start_time")
            let end = SQL.greatest("project_sessions.end_time", "v.end_time")
            try connection.execute(
                """
                WITH v (id, start_time, end_time) AS (VALUES \(rows: rows))
                UPDATE project_sessions
                SET start_time = \(start), end_time = \(end)
                FROM v
                WHERE project_sessions.id = v.id
                """)
        }
    }

    private func insertTraces() throws {
        var rows = BulkRows(
            [
                .init("id", .bigint), .init("trace_id", .blob), .init("project_rowid", .bigint),
                .init("project_session_rowid", .bigint), .init("start_time", .bigint),
                .init("end_time", .bigint), .init("span_count", .bigint),
                .init("error_count", .bigint),
                .init("llm_token_count_prompt", .bigint),
                .init("llm_token_count_completion", .bigint),
            ] + CostSums.columns)
        for trace in traces where !trace.isStored {
            rows.append(trace.row)
            trace.id.withUnsafeBytes { rows.append($0) }
            rows.append(trace.project)
            rows.append(trace.session.map { sessions[$0].row })
            rows.append(trace.startTime)
            rows.append(trace.endTime)
            rows.append(trace.addedSpans)
            rows.append(trace.added.errors)
            rows.append(trace.added.promptTokens)
            rows.append(trace.added.completionTokens)
            trace.addedCosts.appendCells(to: &rows)
        }
        try connection.insert(rows, into: "traces")
    }

    private func updateTraces() throws {
        let changed = traces.filter { $0.isStored && $0.isChanged }.sorted { $0.row < $1.row }
        for chunk in changed.chunked() {
            // -1 stands for no session: a NULL among the values would have no type of its own.
            let rows = chunk.map { trace in
                [
                    SQLValue.integer(trace.row), .integer(trace.startTime), .integer(trace.endTime),
                    .integer(trace.session.map { sessions[$0].row } ?? -1),
                    .integer(trace.addedSpans), .integer(trace.added.errors),
                    .integer(trace.added.promptTokens), .integer(trace.added.completionTokens),
                ]
            }
            try connection.execute(
                """
                WITH v (id, start_time, end_time, session, spans, errors, prompt, completion)
                    AS (VALUES \(rows: rows))
                UPDATE traces
                SET start_time = v.start_time,
                    end_time = v.end_time,
                    project_session_rowid = NULLIF(v.session, -1),
                    span_count = span_count + v.spans,
                    error_count = error_count + v.errors,
                    llm_token_count_prompt = llm_token_count_prompt + v.prompt,
                    llm_token_count_completion = llm_token_count_completion + v.completion
                FROM v
                WHERE traces.id = v.id
                """)
        }
    }
}
