import PhoenixModel
import SQLCore
import Tracing

/// What experiments have outside of their tables: gathered before they are deleted, deleted after.
package struct ExperimentLeftovers: Hashable, Sendable {
    /// The names of the projects for the traces of their tasks.
    package var projects: Set<String> = []
    /// What evaluators called the traces of their evaluations.
    package var evaluationTraces: Set<String> = []

    package init() {}
}

extension ExperimentStore {
    /// What some experiments have outside of their tables.
    package func leftovers(of ids: [Experiment.ID]) async throws -> ExperimentLeftovers {
        try await database.read { connection in
            var leftovers = ExperimentLeftovers()
            for chunk in ids.chunked() {
                try Self.gather(
                    "e.id IN (\(list: chunk))", into: &leftovers, on: connection)
            }
            return leftovers
        }
    }

    /// What all experiments of a dataset have outside of their tables.
    package func leftovers(ofDataset id: Dataset.ID) async throws -> ExperimentLeftovers {
        try await database.read { connection in
            var leftovers = ExperimentLeftovers()
            try Self.gather("e.dataset_id = \(id)", into: &leftovers, on: connection)
            return leftovers
        }
    }

    private static func projects(
        _ condition: SQL, on connection: any SQLConnection
    ) throws -> Set<String> {
        let rows = try connection.query(
            """
            SELECT e.project_name
            FROM experiments e
            WHERE \(condition) AND e.project_name IS NOT NULL
            """)
        return Set(rows.map { $0.text(0) })
    }

    private static func gather(
        _ condition: SQL, into leftovers: inout ExperimentLeftovers,
        on connection: any SQLConnection
    ) throws {
        leftovers.projects.formUnion(try projects(condition, on: connection))
        let traces = try connection.query(
            """
            SELECT DISTINCT a.trace_id
            FROM experiments e
            JOIN experiment_runs r ON r.experiment_id = e.id
            JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
            WHERE \(condition) AND a.trace_id IS NOT NULL
            """)
        leftovers.evaluationTraces.formUnion(traces.map { $0.text(0) })
    }

    /// Deletes what experiments had outside of their tables. What is gone already, and projects that
    /// another experiment uses, are passed over.
    package func delete(_ leftovers: ExperimentLeftovers) async throws {
        try await deleteProjects(named: leftovers.projects)
        let ids = try await traces(called: Array(leftovers.evaluationTraces))
        let rows = try await tracing.traces(Array(ids.values))
        for traces in Dictionary(grouping: rows.values, by: \.projectID).values {
            do {
                try await tracing.deleteTraces(traces.map(\.id).sorted())
            } catch let error as TracingError where error.code == .notFound {
                // Somebody else was faster with one of them. The others go one by one.
                for trace in traces {
                    try await passingOver { try await tracing.deleteTraces([trace.id]) }
                }
            }
        }
    }

    private func deleteProjects(named names: Set<String>) async throws {
        let names = names.subtracting([Project.defaultName]).sorted()
        let used = try await database.read { connection in
            var used: Set<String> = []
            for chunk in names.chunked() {
                let rows = try connection.query(
                    """
                    SELECT DISTINCT e.project_name
                    FROM experiments e
                    WHERE e.project_name IN (\(list: chunk))
                    """)
                used.formUnion(rows.map { $0.text(0) })
            }
            return used
        }
        for name in names where !used.contains(name) {
            try await passingOver { try await tracing.deleteProject(Identifier(name: name)) }
        }
    }

    /// Deletes something that somebody else may have deleted.
    private func passingOver(_ delete: () async throws -> Void) async throws {
        do {
            try await delete()
        } catch let error as TracingError where error.code == .notFound {
            return
        }
    }

    /// Deletes the projects that experiments sent their traces to. Those that are gone already, or
    /// that another experiment uses, are passed over.
    package func deleteProjects(of experiments: [Experiment]) async throws {
        try await deleteProjects(named: Set(experiments.compactMap(\.projectName)))
    }

    // MARK: Ephemeral experiments

    /// How long an ephemeral experiment is kept after its last change, in microseconds.
    package static let ephemeralAge: Int64 = 24 * 3_600_000_000

    /// How many experiments are deleted in one transaction.
    private static let experimentsAtOnce = 50

    /// Deletes the ephemeral experiments that were last changed before a time, with their projects.
    /// The traces of their evaluations stay: nobody asked for their end.
    ///
    /// - Returns: How many there were.
    package func deleteEphemeral(changedBefore time: Timestamp) async throws -> Int {
        var count = 0
        while true {
            try Task.checkCancellation()
            let (deleted, projects) = try await deleteSomeEphemeral(changedBefore: time)
            try await deleteProjects(named: projects)
            count += deleted
            guard deleted == Self.experimentsAtOnce else { return count }
        }
    }

    private func deleteSomeEphemeral(
        changedBefore time: Timestamp
    ) async throws -> (count: Int, projects: Set<String>) {
        try await racing {
            try await database.write { connection in
                let ids = try connection.integers(
                    """
                    SELECT e.id
                    FROM experiments e
                    WHERE e.is_ephemeral = 1 AND e.updated_at < \(time)
                    ORDER BY e.id
                    LIMIT \(Self.experimentsAtOnce)
                    \(SQL.forUpdate)
                    """)
                guard !ids.isEmpty else { return (0, []) }
                let projects = try Self.projects("e.id IN (\(list: ids))", on: connection)
                try connection.execute("DELETE FROM experiments WHERE id IN (\(list: ids))")
                return (ids.count, projects)
            }
        }
    }
}
