import APISupport
import DomainEvents
import PhoenixModel
import SQLCore

extension TracingStore {
    static let projectColumns: SQL = """
        p.id, p.name, p.description, p.gradient_start_color, p.gradient_end_color, p.created_at,
        p.updated_at, p.trace_retention_policy_id
        """

    static func project(_ row: SQLRow) -> Project {
        Project(
            id: row.id(0), name: row.text(1), description: row.optionalText(2),
            gradientStartColor: row.text(3), gradientEndColor: row.text(4),
            createdAt: row.timestamp(5), updatedAt: row.timestamp(6),
            retentionPolicyID: row.optionalInteger(7).map(TraceRetentionPolicy.ID.init))
    }

    /// Whether no experiment sends its traces to the project `p`.
    static let isOfNoExperiment: SQL = """
        NOT EXISTS (SELECT 1 FROM experiments x WHERE x.project_name = p.name)
        """

    /// Projects, the newest first.
    ///
    /// - Parameters:
    ///   - nameContains: Keeps projects whose name contains this, whatever the case.
    ///   - includesExperiments: Whether projects that experiments send their traces to are listed.
    ///   - first: The project to begin with; it need not exist any more.
    package func projects(
        nameContains: String? = nil, includesExperiments: Bool = true,
        from first: Project.ID? = nil, limit: Int
    ) async throws -> Page<Project> {
        var conditions: [SQL] = [includesExperiments ? "1 = 1" : Self.isOfNoExperiment]
        if let first { conditions.append("p.id <= \(first)") }
        if let nameContains, !nameContains.isEmpty {
            conditions.append(
                .dialect(
                    sqlite: "INSTR(LOWER(p.name), LOWER(\(nameContains))) > 0",
                    postgres: "STRPOS(LOWER(p.name), LOWER(\(nameContains))) > 0"))
        }
        let query: SQL = """
            SELECT \(Self.projectColumns)
            FROM projects p
            WHERE \(conditions, separator: " AND ")
            ORDER BY p.id DESC
            LIMIT \(Page<Project>.rowsToQuery(limit: limit))
            """
        let rows = try await database.read { try $0.query(query) }
        return Page(rows.map(Self.project), limit: limit)
    }

    /// - Throws: ``TracingError`` when there is none.
    package func project(_ identifier: Identifier<Project>) async throws -> Project {
        try await database.read { try Self.project(identifier, on: $0) }
    }

    package func projectIfAny(named name: String) async throws -> Project? {
        try await database.read { connection in
            let query: SQL = "SELECT \(Self.projectColumns) FROM projects p WHERE p.name = \(name)"
            return try connection.first(query).map(Self.project)
        }
    }

    /// Some projects by their name. Those that do not exist are not in the answer.
    package func projects(named names: [String]) async throws -> [String: Project] {
        try await database.read { connection in
            var found: [String: Project] = [:]
            for chunk in names.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.projectColumns)
                    FROM projects p
                    WHERE p.name IN (\(list: chunk))
                    """)
                for row in rows {
                    let project = Self.project(row)
                    found[project.name] = project
                }
            }
            return found
        }
    }

    static func project(
        _ identifier: Identifier<Project>, on connection: any SQLConnection, locking: Bool = false
    ) throws -> Project {
        let condition: SQL =
            if let id = identifier.rowID { "p.id = \(id)" } else { "p.name = \(identifier.text)" }
        let query: SQL = """
            SELECT \(projectColumns)
            FROM projects p
            WHERE \(condition)
            \(locking ? SQL.forUpdate : "")
            """
        guard let row = try connection.first(query) else {
            throw TracingError.projectNotFound(identifier)
        }
        return project(row)
    }

    /// - Parameter colors: The ends of the gradient; nil chooses them by the name.
    /// - Throws: ``TracingError`` when the name is taken.
    package func createProject(
        name: String, description: String?, colors: (start: String, end: String)? = nil,
        now: Timestamp
    ) async throws -> Project {
        let colors = colors ?? ProjectGradient.pair(for: name)
        do {
            let project = try await database.write { connection in
                try Self.insertProject(
                    name: name, description: description, colors: colors, now: now,
                    on: connection)
                return try Self.project(Identifier(name: name), on: connection)
            }
            publish(.projectsChanged(ProjectsChanged(project: project.id)))
            return project
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw TracingError(
                .conflict, "A project with this name exists already. Choose another name.")
        }
    }

    private static func insertProject(
        name: String, description: String?, colors: (start: String, end: String), now: Timestamp,
        on connection: any SQLConnection
    ) throws {
        let id = try connection.allocateIDs(1, for: "projects")[0]
        try connection.execute(
            """
            INSERT INTO projects (
                id, name, description, gradient_start_color, gradient_end_color, created_at,
                updated_at)
            VALUES (
                \(id), \(name), \(description.sqlValue), \(colors.start), \(colors.end), \(now), \(now))
            """)
    }

    /// Replaces the description, unless it is nil.
    ///
    /// - Throws: ``TracingError`` when there is no such project.
    package func updateProject(
        _ identifier: Identifier<Project>, description: String?, now: Timestamp
    ) async throws -> Project {
        let project = try await database.write { connection in
            var project = try Self.project(identifier, on: connection, locking: true)
            guard let description else { return project }
            try connection.execute(
                """
                UPDATE projects
                SET description = \(description), updated_at = \(now)
                WHERE id = \(project.id)
                """)
            project.description = description
            project.updatedAt = now
            return project
        }
        publish(.projectsChanged(ProjectsChanged(project: project.id)))
        return project
    }

    /// Lets a project use a retention policy; nil is the default one.
    ///
    /// - Throws: ``TracingError`` when there is no such project or policy.
    package func setRetentionPolicy(
        _ policy: TraceRetentionPolicy.ID?, of identifier: Identifier<Project>, now: Timestamp
    ) async throws -> Project {
        let project = try await database.write { connection in
            var project = try Self.project(identifier, on: connection, locking: true)
            if let policy {
                let query: SQL =
                    "SELECT id FROM project_trace_retention_policies WHERE id = \(policy)"
                guard try connection.first(query) != nil else {
                    throw TracingError(
                        .notFound, "Retention policy with ID \(policy.nodeID) not found")
                }
            }
            try connection.execute(
                """
                UPDATE projects
                SET trace_retention_policy_id = \(policy.sqlValue), updated_at = \(now)
                WHERE id = \(project.id)
                """)
            project.retentionPolicyID = policy
            project.updatedAt = now
            return project
        }
        publish(.projectsChanged(ProjectsChanged(project: project.id)))
        return project
    }
}
