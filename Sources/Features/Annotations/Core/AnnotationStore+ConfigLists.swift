import PhoenixModel
import SQLCore

/// Configs and their assignments, many at once.
extension AnnotationStore {
    /// How many configs a list has at most.
    private static let listedMax = 10_000

    /// All configs, by name.
    package func configsByName() async throws -> [AnnotationConfig] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.configColumns)
                FROM annotation_configs c
                ORDER BY c.id
                LIMIT \(Self.listedMax)
                """
            ).map(Self.config)
        }.sorted { $0.name.comesBefore($1.name) }
    }

    /// The configs that projects were assigned, in the order of their row ids.
    ///
    /// - Parameter names: Keeps configs of these names, unless there are none.
    package func configs(
        ofProjects projects: [Project.ID], named names: [String] = []
    ) async throws -> [Project.ID: [AnnotationConfig]] {
        let condition: SQL = names.isEmpty ? "1 = 1" : "c.name IN (\(list: names))"
        return try await database.read { connection in
            var found: [Project.ID: [AnnotationConfig]] = [:]
            for chunk in projects.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.configColumns), p.project_id
                    FROM project_annotation_configs p
                    JOIN annotation_configs c ON c.id = p.annotation_config_id
                    WHERE p.project_id IN (\(list: chunk)) AND \(condition)
                    ORDER BY p.project_id, c.id
                    """)
                for row in rows {
                    found[Project.ID(row.integer(3)), default: []].append(try Self.config(row))
                }
            }
            return found
        }
    }

    /// Deletes configs, all of them or none.
    ///
    /// - Returns: The configs in the order of their row ids; nil when one is not stored.
    package func delete(_ ids: Set<AnnotationConfig.ID>) async throws -> [AnnotationConfig]? {
        try await database.write { connection in
            var configs: [AnnotationConfig] = []
            for chunk in ids.sorted().chunked() {
                configs += try Self.configs(where: "c.id IN (\(list: chunk))", on: connection)
            }
            guard configs.count == ids.count else { return nil }
            for chunk in ids.sorted().chunked() {
                try connection.execute(
                    "DELETE FROM annotation_configs WHERE id IN (\(list: chunk))")
            }
            return configs.sorted { $0.id < $1.id }
        }
    }

    package enum Assignment: Hashable, Sendable {
        case done, projectNotFound, configNotFound, assignedAlready
    }

    /// Assigns configs to projects, all of them or none. A pair may be repeated.
    package func assign(
        _ pairs: [(config: AnnotationConfig.ID, project: Project.ID)]
    ) async throws -> Assignment {
        var byProject: [Project.ID: Set<AnnotationConfig.ID>] = [:]
        for (config, project) in pairs { byProject[project, default: []].insert(config) }
        let assignments = byProject
        return try await racing {
            try await database.write { connection in
                let projects = try connection.query(
                    """
                    SELECT p.id
                    FROM projects p
                    WHERE p.id IN (\(list: assignments.keys.sorted()))
                    """)
                guard projects.count == assignments.count else { return .projectNotFound }
                let configs = assignments.values.reduce(into: Set()) { $0.formUnion($1) }
                let known = try configs.sorted().chunked().flatMap { chunk in
                    try Self.configs(where: "c.id IN (\(list: chunk))", on: connection)
                }
                guard known.count == configs.count else { return .configNotFound }
                for (project, ids) in assignments.sorted(by: { $0.key < $1.key }) {
                    let taken = try connection.query(
                        """
                        SELECT p.annotation_config_id
                        FROM project_annotation_configs p
                        WHERE p.project_id = \(project)
                        """
                    ).contains { ids.contains(AnnotationConfig.ID($0.integer(0))) }
                    // Nothing is written before this is known of every project.
                    if taken { return .assignedAlready }
                }
                for (project, ids) in assignments.sorted(by: { $0.key < $1.key }) {
                    try Self.assign(ids.sorted(), to: project, on: connection)
                }
                return .done
            }
        }
    }

    /// Takes configs from projects, all of them or none.
    ///
    /// - Returns: Whether all were assigned.
    package func unassign(
        _ pairs: [(config: AnnotationConfig.ID, project: Project.ID)]
    ) async throws -> Bool {
        let rows = Set(pairs.map { [$0.project.sqlValue, $0.config.sqlValue] })
        return try await database.write { connection in
            for chunk in Array(rows).chunked() {
                let found = try connection.query(
                    """
                    SELECT p.id
                    FROM (VALUES \(rows: Array(chunk))) AS v
                    JOIN project_annotation_configs p
                        ON p.project_id = v.column1 AND p.annotation_config_id = v.column2
                    """
                ).map { $0.integer(0) }
                let ids = Set(found)
                guard ids.count == chunk.count else { return false }
                try connection.execute(
                    """
                    DELETE FROM project_annotation_configs WHERE id IN (\(list: ids.sorted()))
                    """)
            }
            return true
        }
    }
}
