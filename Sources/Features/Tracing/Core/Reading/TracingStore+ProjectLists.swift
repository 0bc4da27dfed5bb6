import PhoenixModel
import SQLCore

/// In which order projects come.
package enum ProjectSort: Sendable, Hashable {
    case id
    case name(isDescending: Bool)
    /// By the end of the last trace. Projects without traces come last, the newest of them first.
    case endTime(isDescending: Bool)

    fileprivate var ordering: SQL {
        switch self {
        case .id: "p.id"
        case .name(let isDescending): isDescending ? "p.name DESC, p.id DESC" : "p.name, p.id"
        case .endTime(let isDescending):
            isDescending
                ? "e.last_end DESC NULLS LAST, p.id DESC"
                : "e.last_end ASC NULLS LAST, CASE WHEN e.last_end IS NULL THEN -p.id ELSE p.id END"
        }
    }
}

extension TracingStore {
    /// Projects whose name matches a pattern, `%` and `_` being wild, whatever the case.
    private static func matches(_ part: String?) -> SQL {
        guard let part, !part.isEmpty else { return "1 = 1" }
        // SQLite refuses longer patterns.
        guard part.utf8.count < 50_000 else { return "1 = 0" }
        let pattern = "%\(part)%"
        return .dialect(
            sqlite: "p.name LIKE \(pattern)", postgres: "p.name ILIKE \(pattern) ESCAPE ''")
    }

    private static func isListed(_ part: String?) -> SQL {
        "\(matches(part)) AND \(isOfNoExperiment)"
    }

    /// How many projects there are, those of experiments aside.
    package func projectCount(nameLike part: String? = nil) async throws -> Int {
        try await database.read { connection in
            try connection.first(
                "SELECT COUNT(*) FROM projects p WHERE \(Self.isListed(part))"
            ).map { Int($0.integer(0)) } ?? 0
        }
    }

    /// A part of the list of projects, in which those of experiments are not.
    ///
    /// - Parameters:
    ///   - part: Keeps projects with this in their name, whatever the case; `%` and `_` are wild.
    ///   - window: Tells which part, given how many there are.
    package func projects(
        nameLike part: String?, by sort: ProjectSort,
        window: @escaping @Sendable (_ count: Int) -> Range<Int>
    ) async throws -> (projects: [Project], count: Int) {
        try await database.read { connection in
            let count =
                try connection.first(
                    "SELECT COUNT(*) FROM projects p WHERE \(Self.isListed(part))")?.integer(0) ?? 0
            let range = window(Int(count))
            guard !range.isEmpty else { return ([], Int(count)) }
            let lastEnd: SQL = if case .endTime = sort { Self.lastTraceEnd } else { "NULL" }
            let rows = try connection.query(
                """
                SELECT \(Self.projectColumns)
                FROM projects p
                LEFT JOIN (SELECT p.id, \(lastEnd) AS last_end FROM projects p) e ON e.id = p.id
                WHERE \(Self.isListed(part))
                ORDER BY \(sort.ordering)
                LIMIT \(range.count) OFFSET \(range.lowerBound)
                """)
            return (rows.map(Self.project), Int(count))
        }
    }

    /// Projects with a text in their name or description, whatever the case, the last changed first.
    package func searchProjects(_ text: String, limit: Int) async throws -> [Project] {
        func contains(_ column: SQL) -> SQL {
            .dialect(
                sqlite: "INSTR(LOWER(\(column)), LOWER(\(text))) > 0",
                postgres: "STRPOS(LOWER(\(column)), LOWER(\(text))) > 0")
        }
        let query: SQL = """
            SELECT \(Self.projectColumns)
            FROM projects p
            WHERE (\(contains("p.name")) OR \(contains("p.description")))
                AND \(Self.isOfNoExperiment)
            ORDER BY p.updated_at / 1000000 DESC, p.id
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query) }.map(Self.project)
    }

    /// Some projects by their row id. Those that do not exist are not in the answer.
    package func projects(_ ids: [Project.ID]) async throws -> [Project.ID: Project] {
        try await database.read { connection in
            var found: [Project.ID: Project] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.projectColumns)
                    FROM projects p
                    WHERE p.id IN (\(list: chunk))
                    """)
                for row in rows { found[row.id(0)] = Self.project(row) }
            }
            return found
        }
    }
}
