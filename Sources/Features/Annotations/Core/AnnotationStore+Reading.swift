import APISupport
import PhoenixModel
import SQLCore
import Tracing

/// Which annotations of a project's spans, traces or sessions a list has.
package struct AnnotationSelection: Hashable, Sendable {
    /// The ids of the targets, as clients know them; nil for all.
    package var targets: [String]?
    package var identifiers: [String]?
    package var includedNames: [String]?
    package var excludedNames: [String]

    package init(
        targets: [String]? = nil, identifiers: [String]? = nil, includedNames: [String]? = nil,
        excludedNames: [String] = []
    ) {
        self.targets = targets
        self.identifiers = identifiers
        self.includedNames = includedNames
        self.excludedNames = excludedNames
    }
}

extension AnnotationStore {
    static func columns(_ subject: Annotation.Subject) -> SQL {
        let position: SQL = subject == .document ? "a.document_position" : "NULL"
        return """
            a.id, t.\(unsafe: subject.targetKey), \(position), a.name, a.annotator_kind, a.label,
            a.score, a.explanation, a.metadata, a.identifier, a.source, a.created_at, a.updated_at
            """
    }

    static func annotation(_ row: SQLRow, _ subject: Annotation.Subject) -> Annotation {
        Annotation(
            id: Annotation.ID(row.integer(0)), subject: subject, target: subject.target(row, 1),
            documentPosition: row.optionalInteger(2), name: row.text(3),
            annotatorKind: Annotation.AnnotatorKind(rawValue: row.text(4)) ?? .code,
            label: row.optionalText(5), score: row.optionalDouble(6),
            explanation: row.optionalText(7), metadata: row.blob(8), identifier: row.text(9),
            source: Annotation.Source(rawValue: row.text(10)) ?? .api,
            createdAt: Timestamp(microseconds: row.integer(11)),
            updatedAt: Timestamp(microseconds: row.integer(12)))
    }

    /// Annotations of a project, the newest first.
    ///
    /// - Parameters:
    ///   - first: The annotation to begin with; it need not exist any more.
    /// - Returns: Nil when the selection names targets and the project has none of them.
    package func annotations(
        about subject: Annotation.Subject, of project: Project.ID,
        where selection: AnnotationSelection, from first: Annotation.ID? = nil, limit: Int
    ) async throws -> Page<Annotation>? {
        try await database.read { connection -> Page<Annotation>? in
            var conditions: [SQL] = ["t.\(unsafe: subject.targetProject) = \(project)"]
            if let texts = selection.targets {
                let targets = try Self.targets(texts, of: subject, in: project, on: connection)
                if targets.isEmpty { return nil }
                conditions.append(
                    """
                    a.\(unsafe: subject.targetColumn) IN (\(list: targets.values.sorted()))
                    """)
            }
            if let identifiers = selection.identifiers {
                // The index holds no empty ones.
                conditions.append(
                    "a.identifier <> '' AND a.identifier IN (\(list: identifiers))")
            }
            if let names = selection.includedNames {
                conditions.append("a.name IN (\(list: names))")
            }
            if !selection.excludedNames.isEmpty {
                conditions.append("a.name NOT IN (\(list: selection.excludedNames))")
            }
            if let first { conditions.append("a.id <= \(first)") }
            let rows = try connection.query(
                """
                SELECT \(Self.columns(subject))
                FROM \(unsafe: subject.table) a
                JOIN \(unsafe: subject.targetTable) t ON t.id = a.\(unsafe: subject.targetColumn)
                WHERE \(conditions, separator: " AND ")
                ORDER BY a.id DESC
                LIMIT \(Page<Annotation>.rowsToQuery(limit: limit))
                """)
            return Page(rows.map { Self.annotation($0, subject) }, limit: limit)
        }
    }

    // MARK: Removing

    /// Which annotations of a project to delete.
    package struct Removal: Hashable, Sendable {
        package var name: String?
        package var identifier: String?
        package var annotatorKind: Annotation.AnnotatorKind?
        /// Those created at this time or later.
        package var startTime: Timestamp?
        /// Those created before this time.
        package var endTime: Timestamp?
        /// Those about a span, trace or session that began in this range.
        package var targetRange = TimeRange.always

        package init() {}
    }

    /// How many annotations are deleted in one transaction at most, so that spans that arrive
    /// meanwhile need not wait for long.
    private static let removalSlice = 1000

    /// Deletes annotations of a project in slices, a transaction each. When one fails, those
    /// before it stay deleted; what is written meanwhile stays too.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package func deleteAnnotations(
        about subject: Annotation.Subject, of project: Project.ID, where removal: Removal
    ) async throws -> Int {
        var conditions: [SQL] = []
        if let name = removal.name { conditions.append("a.name = \(name)") }
        if let identifier = removal.identifier {
            conditions.append("a.identifier = \(identifier)")
        }
        if let kind = removal.annotatorKind {
            conditions.append("a.annotator_kind = \(kind.rawValue)")
        }
        if let start = removal.startTime { conditions.append("a.created_at >= \(start)") }
        if let end = removal.endTime { conditions.append("a.created_at < \(end)") }
        let targets: [SQL] =
            ["t.\(unsafe: subject.targetProject) = \(project)"]
            + removal.targetRange.conditions(on: "t.start_time")
        conditions.append(
            """
            EXISTS (
                SELECT 1
                FROM \(unsafe: subject.targetTable) t
                WHERE t.id = a.\(unsafe: subject.targetColumn)
                    AND \(targets, separator: " AND "))
            """)
        let condition: SQL = "\(conditions, separator: " AND ")"
        let ids = try await database.read { connection in
            try connection.integers(
                """
                SELECT a.id
                FROM \(unsafe: subject.table) AS a
                WHERE \(condition)
                ORDER BY a.id
                """)
        }
        var count = 0
        defer { if count > 0 { tell([project]) } }
        for slice in ids.chunked(by: Self.removalSlice) {
            // What changed since is looked at again.
            count += try await database.write { connection in
                try connection.execute(
                    """
                    DELETE FROM \(unsafe: subject.table) AS a
                    WHERE a.id IN (\(list: slice)) AND \(condition)
                    """)
            }
        }
        return count
    }
}
