import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The part of the GraphQL schema that changes retention policies. Tracing has what can be read of
/// one.
package struct RetentionGraphQL {
    private let store: RetentionStore

    package init(store: RetentionStore) { self.store = store }

    /// The schema text of this feature. It extends what tracing defines.
    package static var text: String {
        String(decoding: PackageResources.RetentionPolicies_graphql, as: UTF8.self)
    }

    private struct Payload: Sendable {
        var policy: StoredRetentionPolicy
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        table.scalar("CronExpression", Self.cron)
        table.addConnection("ProjectTraceRetentionPolicy")
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("projectTraceRetentionPolicies") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                return .connection(page.connection(try await store.policies()) { .object($0) })
            }
        }
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            addCreation(to: &fields)
            addPatch(to: &fields)
            addDeletion(to: &fields)
        }
        table.object("ProjectTraceRetentionPolicyMutationPayload", of: Payload.self) { fields in
            fields.property("node") { .object($0.policy) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        return table
    }

    /// `CronExpression`: resolvers receive a text that is one.
    private static let cron = Scalar(parse: { value in
        guard case .string(let text) = value else {
            throw ScalarError("A cron expression is a text.")
        }
        do throws(CronExpression.Fault) {
            return .string(try CronExpression(text).text)
        } catch {
            throw ScalarError(error.message)
        }
    })

    // MARK: Mutations

    private func addCreation(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        fields.field("createProjectTraceRetentionPolicy") { _, arguments, context in
            try context.caller.authorize(RetentionAction.changePolicies, storesData: true)
            let input = arguments.object("input") ?? [:]
            let draft = RetentionPolicyDraft(
                name: try Self.name(input["name"]?.stringValue ?? ""),
                cron: try CronExpression(input["cronExpression"]?.stringValue ?? ""),
                rule: try Self.rule(input["rule"]) ?? .maxDays(0))
            let policy = try await store.create(
                draft, for: try Self.projects(input["addProjects"]))
            context.request.forgetLoaded()
            return .object(Payload(policy: policy))
        }
    }

    private func addPatch(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        fields.field("patchProjectTraceRetentionPolicy") { _, arguments, context in
            try context.caller.authorize(RetentionAction.changePolicies, storesData: true)
            let input = arguments.object("input") ?? [:]
            let id = try rowID(input["id"]?.stringValue ?? "", as: TraceRetentionPolicy.self)
            var patch = RetentionPolicyPatch()
            patch.name = try input["name"]?.stringValue.map(Self.name)
            patch.cron = try input["cronExpression"]?.stringValue.map { try CronExpression($0) }
            patch.rule = try Self.rule(input["rule"])
            patch.addedProjects = try Self.projects(input["addProjects"])
            patch.removedProjects = try Self.projects(input["removeProjects"])
            guard Set(patch.addedProjects).isDisjoint(with: patch.removedProjects) else {
                throw GraphQLFault.badRequest(
                    "A project cannot be in both add and remove lists")
            }
            guard id != TraceRetentionPolicy.defaultID || patch.name == nil else {
                throw GraphQLFault.badRequest(
                    "Cannot change the name of the default project trace retention policy")
            }
            guard let policy = try await store.update(id, with: patch) else {
                throw Self.notFound(id)
            }
            context.request.forgetLoaded()
            return .object(Payload(policy: policy))
        }
    }

    private func addDeletion(to fields: inout ResolverTable.Fields<GraphQLRoot>) {
        let store = store
        fields.field("deleteProjectTraceRetentionPolicy") { _, arguments, context in
            try context.caller.authorize(RetentionAction.changePolicies)
            let id = try rowID(
                arguments.object("input")?["id"]?.stringValue ?? "", as: TraceRetentionPolicy.self)
            guard id != TraceRetentionPolicy.defaultID else {
                throw GraphQLFault.badRequest(
                    "Cannot delete the default project trace retention policy.")
            }
            guard let policy = try await store.delete(id) else { throw Self.notFound(id) }
            context.request.forgetLoaded()
            return .object(Payload(policy: policy))
        }
    }

    private static func notFound(_ id: TraceRetentionPolicy.ID) -> GraphQLFault {
        .notFound("ProjectTraceRetentionPolicy with ID=\(id.nodeID) not found")
    }

    // MARK: Inputs

    private static func name(_ text: String) throws(GraphQLFault) -> String {
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw .badRequest("Name cannot be empty")
        }
        return text
    }

    /// `ProjectTraceRetentionRuleInput`; nil when it is null or was not given.
    private static func rule(
        _ input: JSONValue?
    ) throws(GraphQLFault) -> StoredRetentionPolicy.Rule? {
        func member(_ kind: String, _ name: String) throws(GraphQLFault) -> Double? {
            guard let value = input?[kind]?[name]?.doubleValue else { return nil }
            guard value >= 0 else { throw .badRequest("\(name) must not be negative.") }
            return value
        }
        if let days = try member("maxDays", "maxDays") { return .maxDays(days) }
        if let count = try member("maxCount", "maxCount") { return .maxCount(Int64(count)) }
        guard let days = try member("maxDaysOrCount", "maxDays"),
            let count = try member("maxDaysOrCount", "maxCount")
        else { return nil }
        return .maxDaysOrCount(days, Int64(count))
    }

    private static func projects(_ input: JSONValue?) throws -> [Project.ID] {
        try (input?.arrayValue ?? []).map { try rowID($0.stringValue ?? "", as: Project.self) }
    }
}

extension CronExpression.Fault: GraphQLPresentableError {}

/// What can be asked of this feature, and what it needs.
package enum RetentionAction: Action {
    case changePolicies

    package var requiredAccess: Access { .administer }
}
