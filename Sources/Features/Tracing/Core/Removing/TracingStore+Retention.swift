import PhoenixModel
import SQLCore

/// Deletions by age and number, in slices. Sessions stay, even without traces.
extension TracingStore {
    /// Deletes the traces of a project that began before a time.
    ///
    /// - Returns: How many there were.
    package func deleteTraces(
        of project: Project.ID, startedBefore time: Timestamp
    ) async throws -> Int {
        try await deleteOldTraces(
            of: project, where: "t.project_rowid = \(project) AND t.start_time < \(time)")
    }

    /// Deletes the traces of a project but for those that began last.
    ///
    /// - Parameter count: How many to keep.
    /// - Returns: How many were deleted.
    package func deleteTraces(
        of project: Project.ID, beyondNewest count: Int64
    ) async throws -> Int {
        let first = try await database.read { connection in
            try connection.first(
                """
                SELECT t.start_time, t.id
                FROM traces t
                WHERE t.project_rowid = \(project)
                ORDER BY t.start_time DESC, t.id DESC
                LIMIT 1 OFFSET \(count)
                """)
        }
        guard let first else { return 0 }
        let place: SQL = "(\(first.integer(0)), \(first.integer(1)))"
        return try await deleteOldTraces(
            of: project, where: "t.project_rowid = \(project) AND (t.start_time, t.id) <= \(place)")
    }

    private func deleteOldTraces(of project: Project.ID, where condition: SQL) async throws -> Int {
        let count = try await deleteTraces(where: condition)
        if count > 0 { publishDeletion(of: [], in: project, hasMore: true) }
        return count
    }

    /// How many sessions are deleted in one transaction at most.
    private static let sessionsASlice: Int64 = 1000

    /// Deletes the sessions without traces that ended before a time.
    ///
    /// - Returns: How many there were.
    package func deleteEmptySessions(endedBefore time: Timestamp) async throws -> Int {
        var (last, count) = (Int64(0), 0)
        while true {
            let start = last
            let empty = try await database.read { connection in
                try connection.integers(
                    """
                    SELECT ps.id
                    FROM project_sessions ps
                    WHERE ps.id > \(start) AND ps.end_time < \(time) AND NOT EXISTS (
                        SELECT 1 FROM traces t WHERE t.project_session_rowid = ps.id)
                    ORDER BY ps.id
                    LIMIT \(Self.sessionsASlice)
                    """)
            }
            guard let end = empty.last else { return count }
            last = end
            try await database.write { connection in
                try Self.deleteEmptySessions(where: "ps.id IN (\(list: empty))", on: connection)
            }
            count += empty.count
        }
    }
}
