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
        let projects = Set(pairs.map(\.project)).sorted()
        let configs = Set(pairs.map(\.config)).sorted()
        let rows = Self.rows(pairs)
        return try await racing {
            try await database.write { connection in
                let projectCount = try connection.integers(
                    "SELECT COUNT(*) FROM projects WHERE id IN (\(list: projects))")[0]
                guard projectCount == projects.count else { return .projectNotFound }
                let configCount = try connection.integers(
                    "SELECT COUNT(*) FROM annotation_configs WHERE id IN (\(list: configs))")[0]
                guard configCount == configs.count else { return .configNotFound }
                // Nothing is written before this is known of every pair.
                for chunk in rows.chunked() {
                    let taken = try connection.first(
                        """
                        SELECT p.id
                        FROM project_annotation_configs p
                        WHERE \(Self.isOne(of: chunk))
                        LIMIT 1
                        """)
                    if taken != nil { return .assignedAlready }
                }
                try Self.insert(rows, on: connection)
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
        struct NotAssigned: Error {}
        let rows = Self.rows(pairs)
        do {
            try await racing {
                try await database.write { connection in
                    for chunk in rows.chunked() {
                        let count = try connection.execute(
                            """
                            DELETE FROM project_annotation_configs AS p
                            WHERE \(Self.isOne(of: chunk))
                            """)
                        // Takes back what the chunks before deleted.
                        guard count == chunk.count else { throw NotAssigned() }
                    }
                }
            }
            return true
        } catch is NotAssigned {
            return false
        }
    }

    /// The values of `project_id` and `annotation_config_id`, each pair once and in one order.
    private static func rows(
        _ pairs: [(config: AnnotationConfig.ID, project: Project.ID)]
    ) -> [[SQLValue]] {
        let sorted = pairs.sorted { ($0.project, $0.config) < ($1.project, $1.config) }
        var rows: [[SQLValue]] = []
        for pair in sorted {
            let row = [pair.project.sqlValue, pair.config.sqlValue]
            if rows.last != row { rows.append(row) }
        }
        return rows
    }

    /// Whether a row of `project_annotation_configs`, called `p`, has one of some pairs.
    private static func isOne(of rows: ArraySlice<[SQLValue]>) -> SQL {
        "(p.project_id, p.annotation_config_id) IN (VALUES \(rows: Array(rows)))"
    }
}
