import DomainEvents
import PhoenixModel
import SQLCore

extension TracingStore {
    /// How many traces are deleted in one transaction at most, so that ingestion does not wait
    /// long for its turn: about 60 ms with ten spans a trace.
    private static let tracesASlice = 128

    /// Deletes a project with everything in it.
    ///
    /// - Throws: ``TracingError`` when there is none or it is the default one.
    package func deleteProject(_ identifier: Identifier<Project>) async throws {
        let project = try await project(identifier)
        guard project.name != Project.defaultName else {
            throw TracingError(.forbidden, "The default project cannot be deleted")
        }
        // Deleting a session deletes its traces, also those that were moved to another project.
        let condition: SQL = """
            (t.project_rowid = \(project.id) OR t.project_session_rowid IN (
                SELECT c.id FROM project_sessions c WHERE c.project_id = \(project.id)))
            """
        try await deleteTraces(where: condition)
        let payloads = payloads
        _ = try await removing { connection in
            try connection.holdSegmentsOpen()
            // Whoever adds a trace is waited for; what arrived since goes together with the project.
            _ = try connection.query(
                "SELECT p.id FROM projects p WHERE p.id = \(project.id) \(SQL.forUpdate)")
            _ = try connection.query(
                """
                SELECT c.id
                FROM project_sessions c
                WHERE c.project_id = \(project.id)
                ORDER BY c.id
                \(SQL.forUpdate)
                """)
            let rest = try connection.query("SELECT t.id FROM traces t WHERE \(condition)")
            var removal = TraceRemoval(connection: connection, payloads: payloads)
            try removal.remove(rest.map { $0.id(0) })
            try connection.execute("DELETE FROM projects WHERE id = \(project.id)")
        }
        publish(.projectsChanged(ProjectsChanged(project: project.id, isDeleted: true)))
    }

    /// Deletes the traces of a project that start in `[start, end)`, and then its sessions without
    /// traces.
    ///
    /// - Throws: ``TracingError`` when there is no such project.
    package func deleteTraces(
        of identifier: Identifier<Project>, from start: Timestamp, to end: Timestamp
    ) async throws {
        let project = try await project(identifier).id
        try await deleteTraces(
            where: """
                t.project_rowid = \(project) AND t.start_time >= \(start) AND t.start_time < \(end)
                """)
        try await removing { connection in
            try Self.deleteEmptySessions(where: "ps.project_id = \(project)", on: connection)
        }
        publishDeletion(of: [], in: project, hasMore: true)
    }

    /// Deletes those of some sessions that have no traces.
    ///
    /// - Parameter condition: Which sessions, as a condition on the table `project_sessions` called `ps`.
    static func deleteEmptySessions(
        where condition: SQL, on connection: any SQLConnection
    ) throws {
        let isEmpty: SQL = """
            NOT EXISTS (SELECT 1 FROM traces t WHERE t.project_session_rowid = ps.id)
            """
        // Whoever adds a trace to one of them is waited for, and the next statement sees that trace.
        let empty = try connection.integers(
            """
            SELECT ps.id
            FROM project_sessions ps
            WHERE \(condition) AND \(isEmpty)
            ORDER BY ps.id
            \(SQL.forUpdate)
            """)
        for chunk in empty.chunked() {
            try connection.execute(
                "DELETE FROM project_sessions AS ps WHERE ps.id IN (\(list: chunk)) AND \(isEmpty)")
        }
    }

    func publishDeletion(
        of traces: [Trace.ID], in project: Project.ID?, hasMore: Bool = false
    ) {
        publish(
            .tracesDeleted(
                TracesDeleted(project: project, traces: TraceSample(traces, hasMore: hasMore))))
    }

    /// - Throws: ``TracingError`` when there is no such trace.
    package func deleteTrace(_ identifier: Identifier<Trace>) async throws {
        let payloads = payloads
        let deleted = try await removing { connection in
            guard let trace = try Self.traceRows([identifier], on: connection)[identifier] else {
                throw TracingError.traceNotFound(identifier)
            }
            var removal = TraceRemoval(connection: connection, payloads: payloads)
            try removal.remove([trace.id])
            return trace
        }
        publishDeletion(of: [deleted.id], in: deleted.project)
    }

    /// Deletes traces, all of one project, and those of their sessions that have no other.
    ///
    /// - Throws: ``TracingError`` when a trace does not exist, or when the traces are of several
    ///   projects. Nothing is deleted then.
    package func deleteTraces(_ ids: [Trace.ID]) async throws {
        let payloads = payloads
        let project = try await removing { connection in
            let ids = Set(ids).sorted()
            var projects: Set<Int64> = []
            var sessions: Set<Session.ID> = []
            var count = 0
            try Self.rows(of: ids, on: connection) {
                """
                SELECT t.project_rowid, t.project_session_rowid
                FROM traces t
                WHERE t.id IN (\(list: $0))
                """
            } _: { row in
                count += 1
                projects.insert(row.integer(0))
                if let session = row.optionalInteger(1) { sessions.insert(Session.ID(session)) }
            }
            guard count == ids.count else {
                throw TracingError(.notFound, "Invalid trace IDs provided")
            }
            guard projects.count <= 1 else {
                throw TracingError(.invalid, "Cannot delete traces from multiple projects")
            }
            var removal = TraceRemoval(connection: connection, payloads: payloads)
            try removal.remove(ids)
            for chunk in sessions.sorted().chunked() {
                try Self.deleteEmptySessions(where: "ps.id IN (\(list: chunk))", on: connection)
            }
            return projects.first.map { Project.ID($0) }
        }
        if let project { publishDeletion(of: Set(ids).sorted(), in: project) }
    }

    /// Deletes one span and nothing below it; its trace too, when it has no other.
    ///
    /// - Throws: ``TracingError`` when there is no such span.
    package func deleteSpan(_ identifier: Identifier<Span>) async throws {
        let payloads = payloads
        try await removing { connection in
            guard let condition = Self.condition(identifier),
                let span = try Self.span(where: condition, on: connection)
            else { throw TracingError.spanNotFound(identifier) }
            var removal = TraceRemoval(connection: connection, payloads: payloads)
            try removal.remove(span)
        }
        publishDeletion(of: [], in: nil, hasMore: true)
    }

    /// Deletes a session with its traces.
    ///
    /// - Throws: ``TracingError`` when there is no such session.
    package func deleteSession(_ identifier: Identifier<Session>) async throws {
        guard try await deleteSessions([identifier]) > 0 else {
            throw TracingError.sessionNotFound(identifier, mark: "'")
        }
    }

    /// Deletes sessions with their traces. Those that do not exist are passed over.
    ///
    /// - Returns: The number of sessions deleted.
    @discardableResult
    package func deleteSessions(_ identifiers: [Identifier<Session>]) async throws -> Int {
        let found = try await database.read { connection in
            var found: Set<Session.ID> = []
            for chunk in identifiers.chunked() {
                for row in try connection.query(Self.selectIDs(of: Array(chunk))) {
                    found.insert(row.id(0))
                }
            }
            return found.sorted()
        }
        for chunk in found.chunked() {
            try await deleteTraces(where: "t.project_session_rowid IN (\(list: chunk))")
        }
        let payloads = payloads
        try await removing { connection in
            try connection.holdSegmentsOpen()
            for chunk in found.chunked() {
                // Whoever adds a trace is waited for; what arrived since goes together with the session.
                _ = try connection.query(
                    """
                    SELECT ps.id
                    FROM project_sessions ps
                    WHERE ps.id IN (\(list: chunk))
                    ORDER BY ps.id
                    \(SQL.forUpdate)
                    """)
                let rest = try connection.query(
                    "SELECT t.id FROM traces t WHERE t.project_session_rowid IN (\(list: chunk))")
                var removal = TraceRemoval(connection: connection, payloads: payloads)
                try removal.remove(rest.map { $0.id(0) })
                try connection.execute(
                    "DELETE FROM project_sessions WHERE id IN (\(list: chunk))")
            }
        }
        if !found.isEmpty { publishDeletion(of: [], in: nil, hasMore: true) }
        return found.count
    }

    /// Moves traces, all of one project, to another project.
    ///
    /// - Returns: The number of traces and where they are.
    /// - Throws: ``TracingError`` when the project or a trace does not exist, or when the traces are
    ///   of several projects. Nothing is moved then.
    package func moveTraces(
        _ identifiers: [Identifier<Trace>], to destination: Identifier<Project>
    ) async throws -> (count: Int, project: Project.ID) {
        let payloads = payloads
        let (traces, project) = try await removing { connection in
            let project = try Self.project(destination, on: connection)
            let found = try Self.traceRows(identifiers, on: connection)
            guard identifiers.allSatisfy({ found[$0] != nil }) else {
                throw TracingError(.notFound, "One or more traces not found")
            }
            guard Set(found.values.map(\.project)).count == 1 else {
                throw TracingError(.invalid, "Cannot transfer traces from multiple projects")
            }
            let traces = Set(found.values.map(\.id)).sorted()
            var removal = TraceRemoval(connection: connection, payloads: payloads)
            try removal.move(traces, to: project.id)
            return (traces, project.id)
        }
        publish(
            .tracesMoved(TracesMoved(destination: project, traces: TraceSample(traces))))
        return (traces.count, project)
    }

    /// Deletes traces in slices, a transaction each. Traces that arrive meanwhile stay.
    @discardableResult
    func deleteTraces(where condition: SQL) async throws -> Int {
        let payloads = payloads
        let last = try await database.read {
            try $0.first("SELECT MAX(t.id) FROM traces t WHERE \(condition)")?.optionalInteger(0)
        }
        guard let last else { return 0 }
        let query: SQL = """
            SELECT t.id
            FROM traces t
            WHERE \(condition) AND t.id <= \(last)
            LIMIT \(Self.tracesASlice)
            """
        var count = 0
        while true {
            let slice = try await removing { connection in
                let traces = try connection.query(query).map { $0.id(0, of: Trace.self) }
                var removal = TraceRemoval(connection: connection, payloads: payloads)
                try removal.remove(traces)
                return traces.count
            }
            guard slice > 0 else { return count }
            count += slice
        }
    }

    /// Runs a transaction that takes from the sums. In PostgreSQL one that adds to them may hold a row
    /// that this one waits for, and wait for one that this one holds: who is refused then begins anew.
    private func removing<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await racing { try await database.write(body) }
    }

    private static func condition(_ identifier: Identifier<Span>) -> SQL? {
        if let id = identifier.rowID { return "s.id = \(id)" }
        return OTelID(hex: identifier.text).map { "s.span_id = \($0)" }
    }

    /// The rows of those traces that exist.
    private static func traceRows(
        _ identifiers: [Identifier<Trace>], on connection: any SQLConnection
    ) throws -> [Identifier<Trace>: (id: Trace.ID, project: Project.ID)] {
        var byRow: [Int64: [Identifier<Trace>]] = [:]
        var byOTelID: [OTelID: [Identifier<Trace>]] = [:]
        for identifier in identifiers {
            if let id = identifier.rowID {
                byRow[id.value, default: []].append(identifier)
            } else if let id = OTelID(hex: identifier.text) {
                byOTelID[id, default: []].append(identifier)
            }
        }
        var found: [Identifier<Trace>: (id: Trace.ID, project: Project.ID)] = [:]
        func add(_ condition: SQL) throws {
            let rows = try connection.query(
                "SELECT t.id, t.trace_id, t.project_rowid FROM traces t WHERE \(condition)")
            for row in rows {
                let named = (byRow[row.integer(0)] ?? []) + (byOTelID[row.otelID(1)] ?? [])
                for identifier in named { found[identifier] = (row.id(0), row.id(2)) }
            }
        }
        for chunk in Array(byRow.keys).chunked() { try add("t.id IN (\(list: chunk))") }
        for chunk in Array(byOTelID.keys).chunked() { try add("t.trace_id IN (\(list: chunk))") }
        return found
    }
}
