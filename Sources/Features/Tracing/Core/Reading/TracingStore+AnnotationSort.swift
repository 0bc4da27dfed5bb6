import FilterLanguage
import PhoenixModel
import SQLCore

/// A list of spans or sessions that is sorted by what annotations of one name say.
///
/// It has what is annotated, once for each such annotation. What has no value comes last in either
/// direction; ties are broken by the row id in the same direction.
package struct AnnotationSort: Sendable, Hashable {
    package enum Attribute: String, Sendable, Hashable, CaseIterable {
        case score, label
    }

    package var name: String
    package var attribute: Attribute
    package var isDescending: Bool

    package init(name: String, attribute: Attribute, isDescending: Bool) {
        self.name = name
        self.attribute = attribute
        self.isDescending = isDescending
    }

    /// The value of an annotation called `a`.
    fileprivate var key: SQL {
        switch attribute {
        case .score: "a.score"
        // By bytes, whatever the locale of the database.
        case .label: .dialect(sqlite: "a.label", postgres: "a.label COLLATE \"C\"")
        }
    }

    fileprivate func ordering(_ id: SQL) -> SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        return "\(key) \(direction) NULLS LAST, \(id) \(direction)"
    }

    fileprivate func isBehind(_ place: AnnotationPlace, _ id: SQL) -> SQL {
        let comparison: SQL = isDescending ? "<" : ">"
        guard !place.value.isNull else {
            return "(a.\(unsafe: attribute.rawValue) IS NULL AND \(id) \(comparison) \(place.row))"
        }
        return """
            ((\(key), \(id)) \(comparison) (\(place.value), \(place.row))
                OR a.\(unsafe: attribute.rawValue) IS NULL)
            """
    }
}

/// A place in a list that is sorted by annotations: a score, a label or null, and a row id.
package struct AnnotationPlace: Sendable, Hashable {
    package var value: SQLValue
    package var row: Int64

    package init(_ value: SQLValue, row: Int64) {
        self.value = value
        self.row = row
    }
}

extension TracingStore {
    /// A part of the annotated spans of a project.
    ///
    /// - Parameter place: Where the part before ended.
    package func annotatedSpans(
        of project: Project.ID, where filter: SpanFilter, by sort: AnnotationSort,
        after place: AnnotationPlace? = nil, limit: Int
    ) async throws -> [(span: Span, place: AnnotationPlace)] {
        let payloads = payloads
        return try await database.read { connection in
            var conditions = filter.conditions(in: project, path: .startTime, payloads)
            conditions.append("a.name = \(sort.name)")
            if let place { conditions.append(sort.isBehind(place, "s.id")) }
            let places = try connection.query(
                """
                SELECT s.id, a.\(unsafe: sort.attribute.rawValue)
                FROM span_annotations a
                JOIN spans s ON s.id = a.span_rowid
                WHERE \(conditions, separator: " AND ")
                ORDER BY \(sort.ordering("s.id"))
                LIMIT \(limit)
                """
            ).map { AnnotationPlace($0[1], row: $0.integer(0)) }
            var spans: [Int64: Span] = [:]
            for chunk in Set(places.map(\.row)).sorted().chunked() {
                let rows = try connection.query(
                    "SELECT \(Self.spanColumns) FROM spans s WHERE s.id IN (\(list: chunk))")
                for row in rows.map(Self.span) { spans[row.id.value] = row }
            }
            return places.compactMap { place in spans[place.row].map { ($0, place) } }
        }
    }

    /// A part of the annotated sessions of a project.
    ///
    /// - Parameters:
    ///   - selection: With an expression of the session language.
    ///   - place: Where the part before ended.
    package func annotatedSessions(
        of project: Project.ID, in selection: ProjectSelection, by sort: AnnotationSort,
        after place: AnnotationPlace? = nil, limit: Int
    ) async throws -> [(session: Session, place: AnnotationPlace)] {
        var conditions = selection.sessionConditions(of: [project], payloads)
        conditions.append("a.name = \(sort.name)")
        if let place { conditions.append(sort.isBehind(place, "ps.id")) }
        let query: SQL = """
            SELECT \(Self.sessionColumns), a.\(unsafe: sort.attribute.rawValue)
            FROM project_session_annotations a
            JOIN project_sessions ps ON ps.id = a.project_session_id
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(sort.ordering("ps.id"))
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query) }.map { row in
            let session = Self.session(row)
            return (session, AnnotationPlace(row[5], row: session.id.value))
        }
    }
}
