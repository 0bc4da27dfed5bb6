import PhoenixModel
import SQLCore

extension ExperimentStore {
    private static let tagColumns: SQL = "t.id, t.experiment_id, t.name, t.description"

    private static func tag(_ row: SQLRow) -> ExperimentTag {
        ExperimentTag(
            id: ExperimentTag.ID(row.integer(0)), experiment: Experiment.ID(row.integer(1)),
            name: row.text(2), description: row.optionalText(3))
    }

    /// The tags of an experiment, the newest first.
    ///
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func tags(of id: Experiment.ID) async throws -> [ExperimentTag] {
        try await database.read { connection in
            _ = try Self.experiment(id, on: connection)
            return try connection.query(
                """
                SELECT \(Self.tagColumns)
                FROM experiment_tags t
                WHERE t.experiment_id = \(id)
                ORDER BY t.id DESC
                """
            ).map(Self.tag)
        }
    }

    /// Some tags. Those that do not exist are not in the answer.
    package func tags(_ ids: [ExperimentTag.ID]) async throws -> [ExperimentTag.ID: ExperimentTag] {
        try await database.read { connection in
            var found: [ExperimentTag.ID: ExperimentTag] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.tagColumns)
                    FROM experiment_tags t
                    WHERE t.id IN (\(list: chunk))
                    """)
                for row in rows {
                    let tag = Self.tag(row)
                    found[tag.id] = tag
                }
            }
            return found
        }
    }

    /// Gives an experiment a tag, which it takes from whatever experiment of the dataset had it.
    ///
    /// - Throws: ``ExperimentError`` when there is no such experiment, or it is ephemeral and was to be
    ///   the baseline.
    package func setTag(
        _ name: String, description: String?, of id: Experiment.ID
    ) async throws -> ExperimentTag {
        try await racing {
            try await database.write { connection in
                let experiment = try Self.experiment(id, on: connection, locking: true)
                if experiment.isEphemeral, name == ExperimentTag.baselineName {
                    throw ExperimentError(
                        .invalid, "An ephemeral experiment cannot be the baseline.")
                }
                let fresh = try connection.allocateIDs(1, for: "experiment_tags")[0]
                let row = try connection.first(
                    """
                    INSERT INTO experiment_tags (id, experiment_id, dataset_id, name, description)
                    VALUES (\(fresh), \(id), \(experiment.dataset), \(name), \(description.sqlValue))
                    ON CONFLICT (dataset_id, name) DO UPDATE
                    SET experiment_id = excluded.experiment_id, description = excluded.description
                    RETURNING id
                    """)
                return ExperimentTag(
                    id: ExperimentTag.ID(row?.integer(0) ?? fresh), experiment: id, name: name,
                    description: description)
            }
        }
    }

    /// Takes a tag from an experiment. One that another experiment has stays where it is.
    ///
    /// - Throws: ``ExperimentError`` when there is no such experiment.
    package func deleteTag(
        _ tag: Identifier<ExperimentTag>, of id: Experiment.ID
    ) async throws {
        let condition: SQL =
            if let tagID = tag.rowID { "id = \(tagID)" } else { "name = \(tag.text)" }
        try await database.write { connection in
            _ = try Self.experiment(id, on: connection)
            try connection.execute(
                "DELETE FROM experiment_tags WHERE experiment_id = \(id) AND \(condition)")
        }
    }

    /// The experiments that bear a tag, by their dataset.
    package func experiments(
        tagged name: String, of datasets: [Dataset.ID]
    ) async throws -> [Dataset.ID: Experiment] {
        try await database.read { connection in
            var found: [Dataset.ID: Experiment] = [:]
            for chunk in datasets.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.columns)
                    FROM experiment_tags t
                    JOIN experiments e ON e.id = t.experiment_id
                    WHERE t.name = \(name) AND t.dataset_id IN (\(list: chunk))
                    """)
                for row in rows {
                    let experiment = Self.experiment(row)
                    found[experiment.dataset] = experiment
                }
            }
            return found
        }
    }
}
