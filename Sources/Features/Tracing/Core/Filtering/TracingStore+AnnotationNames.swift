import FilterLanguage
import PhoenixModel
import SQLCore

extension TracingStore {
    /// How many names of annotations are looked up at most.
    static let annotationNamesMax = 1000

    /// The names of the annotations that a project's spans, traces or sessions have, sorted; of very
    /// many only the first ``annotationNamesMax``.
    package func annotationNames(
        of project: Project.ID, on subject: FilterAnnotationSubject
    ) async throws -> [String] {
        try await database.read { connection in
            try Self.annotationNames(of: project, on: subject, connection)
        }
    }

    static func annotationNames(
        of project: Project.ID, on subject: FilterAnnotationSubject,
        _ connection: any SQLConnection
    ) throws -> [String] {
        let rows: SQL =
            switch subject {
            case .span:
                """
                FROM span_annotations a
                JOIN spans t ON t.id = a.span_rowid
                WHERE t.project_rowid = \(project)
                """
            case .trace:
                """
                FROM trace_annotations a
                JOIN traces t ON t.id = a.trace_rowid
                WHERE t.project_rowid = \(project)
                """
            case .session:
                """
                FROM project_session_annotations a
                JOIN project_sessions t ON t.id = a.project_session_id
                WHERE t.project_id = \(project)
                """
            }
        return try connection.query(
            """
            SELECT DISTINCT a.name
            \(rows)
            ORDER BY a.name
            LIMIT \(annotationNamesMax)
            """
        ).map { $0.text(0) }
    }
}

extension FilterLanguage {
    /// Whose annotations a filter of this language reads by name.
    var annotationSubject: FilterAnnotationSubject {
        switch self {
        case .span: .span
        case .trace: .trace
        case .session: .session
        }
    }
}
