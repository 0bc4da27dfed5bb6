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

    /// Runs a transaction again when a concurrent one was faster.
    static func racing<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        var attempt = 0
        while true {
            do {
                return try await body()
            } catch let error as DatabaseError where isRace(error) && attempt < attemptsMax {
                attempt += 1
            }
        }
    }

    private static let attemptsMax = 8

    private static func isRace(_ error: DatabaseError) -> Bool {
        switch error.code {
        case .uniqueViolation, .foreignKeyViolation, .conflict: true
        default: false
        }
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
        var seen = Set<String>()
        let values = texts.compactMap { seen.insert($0).inserted ? subject.targetValue($0) : nil }
        let key: SQL = "t.\(unsafe: subject.targetKey)"
        let condition: SQL =
            if let project {
                "t.\(unsafe: subject.targetProject) = \(project)"
            } else { "1 = 1" }
        let lock = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")
        var found: [String: Int64] = [:]
        for chunk in values.chunked() {
            let rows = try connection.query(
                """
                SELECT t.id, \(key)
                FROM \(unsafe: subject.targetTable) t
                WHERE \(key) IN (\(list: chunk)) AND \(condition)
                ORDER BY t.id
                \(locking ? lock : "")
                """)
            for row in rows { found[subject.target(row, 1)] = row.integer(0) }
        }
        return found
    }
}
