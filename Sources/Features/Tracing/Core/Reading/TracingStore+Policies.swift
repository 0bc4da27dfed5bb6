import JSON
import PhoenixModel
import SQLCore

/// How long traces are kept, and when old ones are swept.
package struct StoredRetentionPolicy: Sendable, Hashable {
    package enum Rule: Sendable, Hashable {
        case maxDays(Double)
        case maxCount(Int64)
        case maxDaysOrCount(Double, Int64)
    }

    package var id: TraceRetentionPolicy.ID
    package var name: String
    package var cronExpression: String
    package var rule: Rule

    package init(
        id: TraceRetentionPolicy.ID, name: String, cronExpression: String, rule: Rule
    ) {
        self.id = id
        self.name = name
        self.cronExpression = cronExpression
        self.rule = rule
    }
}

extension TracingStore {
    /// Some retention policies by their row id. Those that do not exist are not in the answer.
    package func retentionPolicies(
        _ ids: [TraceRetentionPolicy.ID]
    ) async throws -> [TraceRetentionPolicy.ID: StoredRetentionPolicy] {
        try await database.read { connection in
            var found: [TraceRetentionPolicy.ID: StoredRetentionPolicy] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT r.id, r.name, r.cron_expression, r.rule
                    FROM project_trace_retention_policies r
                    WHERE r.id IN (\(list: chunk))
                    """)
                for row in rows {
                    found[row.id(0)] = StoredRetentionPolicy(
                        id: row.id(0), name: row.text(1), cronExpression: row.text(2),
                        rule: try Self.rule(row.text(3)))
                }
            }
            return found
        }
    }

    private static func rule(_ text: String) throws -> StoredRetentionPolicy.Rule {
        let rule = try JSON.parse(Array(text.utf8)).objectValue
        let days = rule?["max_days"]?.doubleValue ?? 0
        let count = rule?["max_count"]?.integerValue ?? 0
        switch rule?["type"]?.stringValue {
        case "max_count": return .maxCount(count)
        case "max_days_or_count": return .maxDaysOrCount(days, count)
        default: return .maxDays(days)
        }
    }

    /// The projects of each policy, by row id; the default policy (id 0) has all those that have no
    /// other.
    package func projects(
        ofPolicies ids: [TraceRetentionPolicy.ID]
    ) async throws -> [TraceRetentionPolicy.ID: [Project]] {
        try await database.read { connection in
            var found: [TraceRetentionPolicy.ID: [Project]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.projectColumns)
                    FROM projects p
                    WHERE COALESCE(p.trace_retention_policy_id, 0) IN (\(list: chunk))
                    ORDER BY p.id
                    """)
                for row in rows {
                    let project = Self.project(row)
                    found[project.retentionPolicyID ?? TraceRetentionPolicy.defaultID, default: []]
                        .append(project)
                }
            }
            return found
        }
    }
}
