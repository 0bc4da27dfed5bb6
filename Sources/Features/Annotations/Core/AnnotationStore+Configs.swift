import APISupport
import JSON
import PhoenixModel
import SQLCore
import Tracing

extension AnnotationStore {
    static let configColumns: SQL = "c.id, c.name, c.config"

    static func config(_ row: SQLRow) throws -> AnnotationConfig {
        AnnotationConfig(
            id: AnnotationConfig.ID(row.integer(0)), name: row.text(1),
            shape: AnnotationConfig.Shape(try JSON.parse(row.blob(2))))
    }

    static func configs(
        where condition: SQL, limit: Int = .max, on connection: any SQLConnection
    ) throws -> [AnnotationConfig] {
        try connection.query(
            """
            SELECT \(configColumns)
            FROM annotation_configs c
            WHERE \(condition)
            ORDER BY c.id DESC
            LIMIT \(limit)
            """
        ).map(config)
    }

    /// Finds a config by its global id or its name.
    ///
    /// - Throws: ``AnnotationError`` when there is none.
    private static func config(
        _ text: String, on connection: any SQLConnection
    ) throws -> AnnotationConfig {
        let condition: SQL =
            if let id = AnnotationConfig.ID(configNodeID: text) { "c.id = \(id)" } else {
                "c.name = \(text)"
            }
        guard let config = try configs(where: condition, on: connection).first else {
            throw AnnotationError.configNotFound
        }
        return config
    }

    // MARK: Configs

    /// Configs, the newest first.
    ///
    /// - Parameters:
    ///   - project: Keeps the configs of this project.
    ///   - first: The config to begin with; it need not exist any more.
    package func configs(
        of project: Project.ID? = nil, from first: AnnotationConfig.ID? = nil, limit: Int
    ) async throws -> Page<AnnotationConfig> {
        var conditions: [SQL] = ["1 = 1"]
        if let project { conditions.append(Self.isOf(project)) }
        if let first { conditions.append("c.id <= \(first)") }
        let condition: SQL = "\(conditions, separator: " AND ")"
        return try await database.read { connection in
            Page(
                try Self.configs(
                    where: condition, limit: Page<AnnotationConfig>.rowsToQuery(limit: limit),
                    on: connection), limit: limit)
        }
    }

    /// - Parameter text: A global id or a name.
    /// - Throws: ``AnnotationError`` when there is none.
    package func config(_ text: String) async throws -> AnnotationConfig {
        try await database.read { try Self.config(text, on: $0) }
    }

    /// - Throws: ``AnnotationError`` when the draft is not right or its name is taken.
    package func create(_ draft: AnnotationConfigDraft) async throws -> AnnotationConfig {
        try draft.validate()
        let json = SQLValue.json(draft.shape.json.serialized())
        return try await Self.named {
            try await database.write { connection in
                let id = try connection.allocateIDs(1, for: "annotation_configs")[0]
                try connection.execute(
                    """
                    INSERT INTO annotation_configs (id, name, config)
                    VALUES (\(id), \(draft.name), \(json))
                    """)
                return AnnotationConfig(
                    id: AnnotationConfig.ID(id), name: draft.name, shape: draft.shape)
            }
        }
    }

    /// Replaces a config; its kind may change.
    ///
    /// - Throws: ``AnnotationError`` when there is none, the draft is not right or its name is taken.
    package func update(
        _ id: AnnotationConfig.ID, to draft: AnnotationConfigDraft
    ) async throws -> AnnotationConfig {
        try draft.validate()
        let json = SQLValue.json(draft.shape.json.serialized())
        return try await Self.named {
            try await database.write { connection in
                let count = try connection.execute(
                    """
                    UPDATE annotation_configs
                    SET name = \(draft.name), config = \(json)
                    WHERE id = \(id)
                    """)
                guard count > 0 else { throw AnnotationError.configNotFound }
                return AnnotationConfig(id: id, name: draft.name, shape: draft.shape)
            }
        }
    }

    /// Deletes a config, also from the projects that it was assigned to. Annotations stay.
    ///
    /// - Throws: ``AnnotationError`` when there is none.
    package func delete(_ id: AnnotationConfig.ID) async throws -> AnnotationConfig {
        try await database.write { connection in
            guard let config = try Self.configs(where: "c.id = \(id)", on: connection).first
            else { throw AnnotationError.configNotFound }
            try connection.execute("DELETE FROM annotation_configs WHERE id = \(id)")
            return config
        }
    }

    /// Says in words that a name is taken.
    private static func named<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw AnnotationError.configNameTaken
        }
    }

    // MARK: Projects

    private static func isOf(_ project: Project.ID) -> SQL {
        """
        EXISTS (
            SELECT 1
            FROM project_annotation_configs p
            WHERE p.annotation_config_id = c.id AND p.project_id = \(project))
        """
    }

    /// Assigns a config to a project; again changes nothing.
    ///
    /// - Parameter text: A global id or a name.
    package func assign(_ text: String, to project: Project.ID) async throws -> AnnotationConfig {
        try await racing {
            try await database.write { connection in
                let config = try Self.config(text, on: connection)
                try Self.insert([[project.sqlValue, config.id.sqlValue]], on: connection)
                return config
            }
        }
    }

    /// - Parameter text: A global id or a name.
    package func unassign(_ text: String, from project: Project.ID) async throws {
        try await database.write { connection in
            let config = try Self.config(text, on: connection)
            try connection.execute(
                """
                DELETE FROM project_annotation_configs
                WHERE project_id = \(project) AND annotation_config_id = \(config.id)
                """)
        }
    }

    /// Makes these the configs of a project, and no others.
    ///
    /// - Returns: The configs, the newest first.
    package func setConfigs(
        _ ids: Set<AnnotationConfig.ID>, of project: Project.ID
    ) async throws -> [AnnotationConfig] {
        try await racing {
            try await database.write { connection in
                // Whoever sets them at the same moment waits, and then sees these.
                _ = try connection.query(
                    "SELECT id FROM projects WHERE id = \(project) \(SQL.forNoKeyUpdate)")
                let configs = try Self.configs(
                    where: "c.id IN (\(list: ids.sorted()))", on: connection)
                guard configs.count == ids.count else {
                    throw AnnotationError(
                        .invalid, "One or more annotation configurations were not found")
                }
                let assigned = try connection.query(
                    """
                    SELECT p.annotation_config_id
                    FROM project_annotation_configs p
                    WHERE p.project_id = \(project)
                    """
                ).map { AnnotationConfig.ID($0.integer(0)) }
                try connection.execute(
                    """
                    DELETE FROM project_annotation_configs
                    WHERE project_id = \(project)
                        AND annotation_config_id IN (\(list: assigned.filter { !ids.contains($0) }))
                    """)
                let added = ids.subtracting(assigned).sorted()
                try Self.insert(
                    added.map { [project.sqlValue, $0.sqlValue] }, on: connection)
                return configs
            }
        }
    }

    /// - Parameter rows: Values of `project_id` and `annotation_config_id`. A pair that is there
    ///   stays as it is.
    static func insert(_ rows: [[SQLValue]], on connection: any SQLConnection) throws {
        let ids = try connection.allocateIDs(rows.count, for: "project_annotation_configs")
        for chunk in Array(zip(ids, rows)).chunked() {
            try connection.execute(
                """
                INSERT INTO project_annotation_configs (id, project_id, annotation_config_id)
                VALUES \(rows: chunk.map { [.integer($0)] + $1 }, padded: false)
                ON CONFLICT DO NOTHING
                """)
        }
    }
}
