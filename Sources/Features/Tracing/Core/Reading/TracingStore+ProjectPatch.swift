import DomainEvents
import PhoenixModel
import SQLCore

/// What to change of a project; what is nil stays as it is.
package struct ProjectPatch: Sendable, Hashable {
    /// The inner nil takes the description away.
    package var description: String??
    package var gradientStartColor: String?
    package var gradientEndColor: String?

    package init(
        description: String?? = nil, gradientStartColor: String? = nil,
        gradientEndColor: String? = nil
    ) {
        self.description = description
        self.gradientStartColor = gradientStartColor
        self.gradientEndColor = gradientEndColor
    }

    var isEmpty: Bool { self == ProjectPatch() }
}

extension TracingStore {
    /// - Throws: ``TracingError`` when there is no such project.
    package func patchProject(
        _ identifier: Identifier<Project>, with patch: ProjectPatch, now: Timestamp
    ) async throws -> Project {
        let patched = try await database.write { connection in
            var project = try Self.project(identifier, on: connection, locking: true)
            if patch.isEmpty { return project }
            if let description = patch.description { project.description = description }
            project.gradientStartColor = patch.gradientStartColor ?? project.gradientStartColor
            project.gradientEndColor = patch.gradientEndColor ?? project.gradientEndColor
            project.updatedAt = now
            try connection.execute(
                """
                UPDATE projects
                SET description = \(project.description.sqlValue),
                    gradient_start_color = \(project.gradientStartColor),
                    gradient_end_color = \(project.gradientEndColor),
                    updated_at = \(now)
                WHERE id = \(project.id)
                """)
            return project
        }
        if !patch.isEmpty { publish(.projectsChanged(ProjectsChanged(project: patched.id))) }
        return patched
    }
}
