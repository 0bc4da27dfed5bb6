import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// What can be read of retention policies.
struct RetentionPolicyResolvers {
    private typealias Rule = StoredRetentionPolicy.Rule

    let store: TracingStore

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("ProjectTraceRetentionPolicy", of: StoredRetentionPolicy.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.property("name") { .string($0.name) }
            fields.property("cronExpression") { .string($0.cronExpression) }
            fields.property("rule") { policy in
                switch policy.rule {
                case .maxDays: .typed(policy.rule, type: "TraceRetentionRuleMaxDays")
                case .maxCount: .typed(policy.rule, type: "TraceRetentionRuleMaxCount")
                case .maxDaysOrCount:
                    .typed(policy.rule, type: "TraceRetentionRuleMaxDaysOrCount")
                }
            }
            fields.batch("projects") { parents, arguments, context in
                let page = try OffsetPage(arguments)
                let projects = try await store.projects(ofPolicies: parents.map(\.id))
                return parents.map { policy in
                    .connection(
                        page.connection(projects[policy.id] ?? []) { .object(NodeValue($0)) })
                }
            }
        }
        table.object("TraceRetentionRuleMaxDays", of: Rule.self) { fields in
            fields.property("maxDays") { .double(Self.days($0)) }
        }
        table.object("TraceRetentionRuleMaxCount", of: Rule.self) { fields in
            fields.property("maxCount") { .integer(Self.count($0)) }
        }
        table.object("TraceRetentionRuleMaxDaysOrCount", of: Rule.self) { fields in
            fields.property("maxDays") { .double(Self.days($0)) }
            fields.property("maxCount") { .integer(Self.count($0)) }
        }
    }

    private static func days(_ rule: Rule) -> Double? {
        switch rule {
        case .maxDays(let days), .maxDaysOrCount(let days, _): days
        case .maxCount: nil
        }
    }

    private static func count(_ rule: Rule) -> Int64? {
        switch rule {
        case .maxCount(let count), .maxDaysOrCount(_, let count): count
        case .maxDays: nil
        }
    }
}
