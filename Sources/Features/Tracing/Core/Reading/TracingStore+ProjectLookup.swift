import PhoenixModel
import SQLCore

extension TracingStore {
    package func projects(_ ids: [Project.ID]) async throws -> [Project.ID: Project] {
        try await database.read { connection in
            var projects: [Project.ID: Project] = [:]
            try Self.rows(of: ids, on: connection) {
                "SELECT \(Self.projectColumns) FROM projects p WHERE p.id IN (\(list: $0))"
            } _: { row in
                let project = Self.project(row)
                projects[project.id] = project
            }
            return projects
        }
    }
}
