import DomainEvents
import PhoenixModel
import SQLCore
import Tracing

/// Annotations, and the configs that say what they look like, in the database.
package struct AnnotationStore: Sendable {
    package let database: any SQLDatabase
    let tracing: TracingStore

    package init(_ tracing: TracingStore) {
        self.tracing = tracing
        database = tracing.database
    }

    // MARK: Targets

    /// The row ids of targets, by the ids that clients know them by. Those that are not stored are
    /// absent.
    ///
    /// - Parameters:
    ///   - project: Keeps the targets of this project.
    ///   - locking: Whether the targets must not be deleted before the transaction ends.
    static func targets(
        _ texts: some Sequence<String>, of subject: Annotation.Subject,
        in project: Project.ID? = nil, on connection: any SQLConnection, locking: Bool = false
    ) throws -> [String: Int64] {
        try located(texts, of: subject, in: project, on: connection, locking: locking).rows
    }

    /// The same, and the projects that the targets are in.
    static func located(
        _ texts: some Sequence<String>, of subject: Annotation.Subject,
        in project: Project.ID? = nil, on connection: any SQLConnection, locking: Bool = false
    ) throws -> (rows: [String: Int64], projects: Set<Project.ID>) {
        var seen = Set<String>()
        let values = texts.compactMap { seen.insert($0).inserted ? subject.targetValue($0) : nil }
        let key: SQL = "t.\(unsafe: subject.targetKey)"
        let condition: SQL =
            if let project {
                "t.\(unsafe: subject.targetProject) = \(project)"
            } else { "1 = 1" }
        let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
        var found: [String: Int64] = [:]
        var projects: Set<Project.ID> = []
        for chunk in values.chunked() {
            let rows = try connection.query(
                """
                SELECT t.id, \(key), t.\(unsafe: subject.targetProject)
                FROM \(unsafe: subject.targetTable) t
                WHERE \(key) IN (\(list: chunk)) AND \(condition)
                ORDER BY t.id
                \(locking ? lock : "")
                """)
            for row in rows {
                found[subject.target(row, 1)] = row.integer(0)
                projects.insert(Project.ID(row.integer(2)))
            }
        }
        return (found, projects)
    }

    /// The projects of targets.
    static func projects(
        of targets: some Sequence<Int64>, _ subject: Annotation.Subject,
        on connection: any SQLConnection
    ) throws -> Set<Project.ID> {
        var projects: Set<Project.ID> = []
        for chunk in Set(targets).sorted().chunked() {
            let ids = try connection.query(
                """
                SELECT DISTINCT t.\(unsafe: subject.targetProject)
                FROM \(unsafe: subject.targetTable) t
                WHERE t.id IN (\(list: chunk))
                """)
            projects.formUnion(ids.map { Project.ID($0.integer(0)) })
        }
        return projects
    }

    /// Tells that annotations of these projects are other ones now.
    func tell(_ projects: some Sequence<Project.ID>) {
        for project in projects {
            tracing.publish(.annotationsChanged(AnnotationsChanged(project: project)))
        }
    }
}
