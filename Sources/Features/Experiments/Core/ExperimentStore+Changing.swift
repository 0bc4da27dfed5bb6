import APISupport
import DomainEvents
import PhoenixModel
import SQLCore
import Tracing

extension ExperimentStore {
    // MARK: Creating

    /// Begins an experiment: its examples are those that the version of the dataset has, and stay so
    /// whatever happens to the dataset. The project for its traces is made too.
    ///
    /// - Parameter random: What names are made of.
    /// - Throws: ``ExperimentError`` when the dataset, its version or a split does not exist.
    package func create(
        _ draft: ExperimentDraft, now: Timestamp,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) }
    ) async throws -> Experiment {
        guard draft.repetitions > 0 else {
            throw ExperimentError(.invalid, "Repetitions must be positive")
        }
        let project = "Experiment-" + Self.hexadecimal(24, random)
        let suffix = Self.hexadecimal(8, random)
        let (experiment, projectID) = try await racing {
            try await database.write { connection in
                let dataset = try Self.dataset(draft.dataset, on: connection)
                let version = try Self.version(draft.version, of: draft.dataset, on: connection)
                let splits = try draft.splits.map { try Self.splits($0, on: connection) }
                let experiment = Experiment(
                    id: Experiment.ID(try connection.allocateIDs(1, for: "experiments")[0]),
                    dataset: draft.dataset, datasetVersion: version,
                    name: draft.name ?? "\(Self.stem(dataset))-\(suffix)",
                    description: draft.description, repetitions: draft.repetitions,
                    metadata: draft.metadata, isEphemeral: draft.isEphemeral,
                    projectName: project, createdAt: now, updatedAt: now)
                try Self.insert(experiment, on: connection)
                try Self.insert(splits ?? [], of: experiment.id, on: connection)
                try Self.takeSnapshot(for: experiment, splits: splits, on: connection)
                let projectID = try Self.insertProject(
                    for: experiment, named: project, now: now, on: connection)
                return (experiment, projectID)
            }
        }
        tracing.publish(.projectsChanged(ProjectsChanged(project: projectID)))
        return experiment
    }

    static func hexadecimal(_ count: Int, _ random: () -> UInt64) -> String {
        var text = ""
        while text.utf8.count < count {
            let digits = String(random(), radix: 16)
            text += String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return String(text.prefix(count))
    }

    /// What a name that nobody gave begins with.
    private static func stem(_ dataset: String) -> String {
        String(
            String.UnicodeScalarView(
                dataset.unicodeScalars.prefix(8).map { $0 == " " ? "-" : $0 }))
    }

    /// The name of a dataset, which is not deleted before the transaction ends.
    private static func dataset(
        _ id: Dataset.ID, on connection: any SQLConnection
    ) throws -> String {
        let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
        let query: SQL = "SELECT d.name FROM datasets d WHERE d.id = \(id) \(lock)"
        guard let row = try connection.first(query) else {
            throw ExperimentError.datasetNotFound(id)
        }
        return row.text(0)
    }

    private static func version(
        _ id: DatasetVersion.ID?, of dataset: Dataset.ID, on connection: any SQLConnection
    ) throws -> DatasetVersion.ID {
        let condition: SQL = if let id { "v.id = \(id)" } else { "1 = 1" }
        let query: SQL = """
            SELECT MAX(v.id)
            FROM dataset_versions v
            WHERE v.dataset_id = \(dataset) AND \(condition)
            """
        guard let found = try connection.first(query)?.optionalInteger(0) else {
            if let id { throw ExperimentError.versionNotFound(id) }
            throw ExperimentError(
                .notFound, "Dataset with ID \(dataset.nodeID) does not have any versions")
        }
        return DatasetVersion.ID(found)
    }

    /// - Parameter texts: Global ids or names.
    private static func splits(
        _ texts: [String], on connection: any SQLConnection
    ) throws -> [DatasetSplit.ID] {
        let identifiers = texts.map { Identifier<DatasetSplit>($0) }
        var found: [DatasetSplit.ID: String] = [:]
        for chunk in identifiers.chunked() {
            let rows = try connection.query(
                """
                SELECT s.id, s.name
                FROM dataset_splits s
                WHERE s.id IN (\(list: chunk.compactMap(\.rowID)))
                    OR s.name IN (\(list: chunk.filter { $0.rowID == nil }.map(\.text)))
                """)
            for row in rows { found[DatasetSplit.ID(row.integer(0))] = row.text(1) }
        }
        let names = Set(found.values)
        let missing = identifiers.filter { identifier in
            if let id = identifier.rowID { return found[id] == nil }
            return !names.contains(identifier.text)
        }
        guard missing.isEmpty else {
            throw ExperimentError(
                .notFound,
                "Dataset splits not found: \(missing.map(\.text).joined(separator: ", "))")
        }
        return found.keys.sorted()
    }

    private static func insert(
        _ experiment: Experiment, on connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO experiments (
                id, dataset_id, dataset_version_id, name, description, repetitions, metadata,
                is_ephemeral, project_name, created_at, updated_at)
            VALUES (
                \(experiment.id), \(experiment.dataset), \(experiment.datasetVersion),
                \(experiment.name), \(experiment.description.sqlValue), \(experiment.repetitions),
                \(SQL.document(experiment.metadata)), \(experiment.isEphemeral ? 1 : 0), \(experiment.projectName.sqlValue),
                \(experiment.createdAt), \(experiment.updatedAt))
            """)
    }

    private static func insert(
        _ splits: [DatasetSplit.ID], of experiment: Experiment.ID,
        on connection: any SQLConnection
    ) throws {
        for chunk in splits.chunked() {
            try connection.execute(
                """
                INSERT INTO experiments_dataset_splits (experiment_id, dataset_split_id)
                VALUES \(rows: chunk.map { [experiment.sqlValue, $0.sqlValue] }, padded: false)
                """)
        }
    }

    private static func takeSnapshot(
        for experiment: Experiment, splits: [DatasetSplit.ID]?, on connection: any SQLConnection
    ) throws {
        let isOfSplit: SQL =
            if let splits {
                """
                EXISTS (
                    SELECT 1
                    FROM dataset_splits_dataset_examples s
                    WHERE s.dataset_example_id = r.dataset_example_id
                        AND s.dataset_split_id IN (\(list: splits)))
                """
            } else { "1 = 1" }
        try connection.execute(
            """
            INSERT INTO experiments_dataset_examples (
                experiment_id, dataset_example_id, dataset_example_revision_id)
            SELECT \(experiment.id), r.dataset_example_id, r.id
            FROM (
                SELECT r.dataset_example_id, MAX(r.dataset_version_id) AS dataset_version_id
                FROM dataset_example_revisions r
                JOIN dataset_examples e ON e.id = r.dataset_example_id
                WHERE e.dataset_id = \(experiment.dataset)
                    AND r.dataset_version_id <= \(experiment.datasetVersion)
                GROUP BY r.dataset_example_id
            ) AS latest
            JOIN dataset_example_revisions r
                ON r.dataset_example_id = latest.dataset_example_id
                AND r.dataset_version_id = latest.dataset_version_id
            WHERE r.revision_kind <> 'DELETE' AND \(isOfSplit)
            ORDER BY r.dataset_example_id
            """)
    }

    private static func insertProject(
        for experiment: Experiment, named name: String, now: Timestamp,
        on connection: any SQLConnection
    ) throws -> Project.ID {
        let description = """
            dataset_id: \(experiment.dataset.nodeID)
            dataset_version_id: \(experiment.datasetVersion.nodeID)
            """
        let id = Project.ID(try connection.allocateIDs(1, for: "projects")[0])
        let colors = ProjectGradient.pair(for: name)
        try connection.execute(
            """
            INSERT INTO projects (
                id, name, description, gradient_start_color, gradient_end_color, created_at,
                updated_at)
            VALUES (
                \(id), \(name), \(description),
                \(colors.start), \(colors.end), \(now), \(now))
            """)
        return id
    }

    // MARK: Changing

    /// Changes what the patch names; an empty one changes nothing, not even the time of the last
    /// change, unless the experiment is ephemeral.
    ///
    /// - Throws: ``ExperimentError`` when there is none.
    package func update(
        _ id: Experiment.ID, with patch: ExperimentPatch, now: Timestamp
    ) async throws -> Experiment {
        try await database.write { connection in
            var experiment = try Self.experiment(id, on: connection, locking: true)
            guard !patch.isEmpty || experiment.isEphemeral else { return experiment }
            experiment.name = patch.name ?? experiment.name
            experiment.description = patch.description ?? experiment.description
            experiment.metadata = patch.metadata ?? experiment.metadata
            experiment.isEphemeral = patch.isEphemeral ?? experiment.isEphemeral
            experiment.updatedAt = now
            try connection.execute(
                """
                UPDATE experiments
                SET name = \(experiment.name), description = \(experiment.description.sqlValue),
                    metadata = \(SQL.document(experiment.metadata)),
                    is_ephemeral = \(experiment.isEphemeral ? 1 : 0), updated_at = \(experiment.updatedAt)
                WHERE id = \(id)
                """)
            return experiment
        }
    }

    /// Deletes experiments with their runs, all or none.
    ///
    /// - Returns: What was deleted, in the order of `ids`.
    /// - Throws: ``ExperimentError`` when one does not exist.
    @discardableResult
    package func delete(_ ids: [Experiment.ID]) async throws -> [Experiment] {
        try await racing {
            try await database.write { connection in
                var found: [Experiment.ID: Experiment] = [:]
                let ordered = Set(ids).sorted()
                for chunk in ordered.chunked() {
                    let rows = try connection.query(
                        """
                        SELECT \(Self.columns)
                        FROM experiments e
                        WHERE e.id IN (\(list: chunk))
                        ORDER BY e.id
                        \(SQL.forUpdate)
                        """)
                    for row in rows {
                        let experiment = Self.experiment(row)
                        found[experiment.id] = experiment
                    }
                }
                if let missing = ordered.first(where: { found[$0] == nil }) {
                    throw ExperimentError.notFound(missing)
                }
                for chunk in ordered.chunked() {
                    try connection.execute("DELETE FROM experiments WHERE id IN (\(list: chunk))")
                }
                return ids.compactMap { found[$0] }
            }
        }
    }
}
