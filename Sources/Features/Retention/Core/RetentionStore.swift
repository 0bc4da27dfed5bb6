import JSON
import PhoenixModel
import SQLCore
import Tracing

/// A retention policy as somebody sends it.
package struct RetentionPolicyDraft: Hashable, Sendable {
    package var name: String
    package var cron: CronExpression
    package var rule: StoredRetentionPolicy.Rule

    package init(name: String, cron: CronExpression, rule: StoredRetentionPolicy.Rule) {
        self.name = name
        self.cron = cron
        self.rule = rule
    }
}

/// What to change of a retention policy; what is nil stays.
package struct RetentionPolicyPatch: Hashable, Sendable {
    package var name: String?
    package var cron: CronExpression?
    package var rule: StoredRetentionPolicy.Rule?
    package var addedProjects: [Project.ID] = []
    package var removedProjects: [Project.ID] = []

    package init() {}
}

/// Retention policies in the database, and which projects have them.
package struct RetentionStore: Sendable {
    let tracing: TracingStore
    private var database: any SQLDatabase { tracing.database }

    package init(_ tracing: TracingStore) { self.tracing = tracing }

    /// How many policies a list has at most.
    private static let listedMax = 10_000

    /// All policies, in the order of their row ids: the default one first.
    package func policies() async throws -> [StoredRetentionPolicy] {
        let ids = try await database.read { connection in
            try connection.query(
                """
                SELECT r.id
                FROM project_trace_retention_policies r
                ORDER BY r.id
                LIMIT \(Self.listedMax)
                """
            ).map { TraceRetentionPolicy.ID($0.integer(0)) }
        }
        let found = try await tracing.retentionPolicies(ids)
        return ids.compactMap { found[$0] }
    }

    private static func json(_ rule: StoredRetentionPolicy.Rule) -> SQLValue {
        let json: JSONValue =
            switch rule {
            case .maxDays(let days): ["type": "max_days", "max_days": .double(days)]
            case .maxCount(let count): ["type": "max_count", "max_count": .integer(count)]
            case .maxDaysOrCount(let days, let count):
                [
                    "type": "max_days_or_count", "max_days": .double(days),
                    "max_count": .integer(count),
                ]
            }
        return .json(json.serialized())
    }

    /// Lets projects have a policy; those that do not exist are passed over.
    private static func assign(
        _ policy: TraceRetentionPolicy.ID, to projects: [Project.ID],
        on connection: any SQLConnection
    ) throws {
        // Projects without a policy have the default one.
        let value: SQL = policy == TraceRetentionPolicy.defaultID ? "NULL" : "\(policy)"
        for chunk in Set(projects).sorted().chunked() {
            try connection.execute(
                """
                UPDATE projects
                SET trace_retention_policy_id = \(value)
                WHERE id IN (\(list: chunk))
                """)
        }
    }

    /// - Parameter projects: The projects that have the policy from now on.
    package func create(
        _ draft: RetentionPolicyDraft, for projects: [Project.ID]
    ) async throws -> StoredRetentionPolicy {
        try await database.write { connection in
            let row = try connection.allocateIDs(1, for: "project_trace_retention_policies")[0]
            let id = TraceRetentionPolicy.ID(row)
            try connection.execute(
                """
                INSERT INTO project_trace_retention_policies (id, name, cron_expression, rule)
                VALUES (\(id), \(draft.name), \(draft.cron.text), \(Self.json(draft.rule)))
                """)
            try Self.assign(id, to: projects, on: connection)
            return StoredRetentionPolicy(
                id: id, name: draft.name, cronExpression: draft.cron.text, rule: draft.rule)
        }
    }

    /// Changes a policy and which projects have it. Projects that lose it have the default one.
    ///
    /// - Returns: The policy; nil when there is none.
    package func update(
        _ id: TraceRetentionPolicy.ID, with patch: RetentionPolicyPatch
    ) async throws -> StoredRetentionPolicy? {
        var changes: [SQL] = []
        if let name = patch.name { changes.append("name = \(name)") }
        if let cron = patch.cron { changes.append("cron_expression = \(cron.text)") }
        if let rule = patch.rule { changes.append("rule = \(Self.json(rule))") }
        if changes.isEmpty { changes.append("name = name") }
        let statement: SQL = """
            UPDATE project_trace_retention_policies
            SET \(changes, separator: ", ")
            WHERE id = \(id)
            """
        let isThere = try await database.write { connection in
            guard try connection.execute(statement) > 0 else { return false }
            try Self.assign(id, to: patch.addedProjects, on: connection)
            for chunk in Set(patch.removedProjects).sorted().chunked() {
                try connection.execute(
                    """
                    UPDATE projects
                    SET trace_retention_policy_id = NULL
                    WHERE id IN (\(list: chunk)) AND trace_retention_policy_id = \(id)
                    """)
            }
            return true
        }
        return isThere ? try await tracing.retentionPolicies([id])[id] : nil
    }

    /// Deletes a policy; its projects have the default one from then on.
    ///
    /// - Returns: What it was; nil when there is none.
    package func delete(_ id: TraceRetentionPolicy.ID) async throws -> StoredRetentionPolicy? {
        precondition(id != TraceRetentionPolicy.defaultID, "The default policy stays.")
        guard let policy = try await tracing.retentionPolicies([id])[id] else { return nil }
        let count = try await database.write { connection in
            try connection.execute(
                "DELETE FROM project_trace_retention_policies WHERE id = \(id)")
        }
        return count > 0 ? policy : nil
    }
}
