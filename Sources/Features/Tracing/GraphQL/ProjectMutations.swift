import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// The mutations of projects.
struct ProjectMutations: Sendable {
    let store: TracingStore

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            mutation("createProject", &fields, createProject)
            mutation("patchProject", &fields, patchProject)
            mutation("clearProject", &fields, clearProject)
            fields.field("deleteProject") { [store] _, arguments, context in
                try context.caller.authorize(TracingAction.manageProject)
                let id: Project.ID = try arguments.rowID("id")
                try await store.deleteProject(Identifier(id))
                return .object(GraphQLRoot())
            }
        }
        table.object("ProjectMutationPayload", of: Payload.self) { fields in
            fields.property("project") { .object(NodeValue($0.project)) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
    }

    private struct Payload: Sendable {
        var project: Project
    }

    /// A mutation with one argument `input`.
    private func mutation(
        _ name: String, _ fields: inout ResolverTable.Fields<GraphQLRoot>,
        _ run: @escaping @Sendable (JSONObject, ResolverContext) async throws -> ResolvedValue
    ) {
        fields.field(name) { _, arguments, context in
            try context.caller.authorize(TracingAction.manageProject)
            return try await run(arguments.object("input") ?? [:], context)
        }
    }

    @Sendable private func createProject(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let name = Self.trimmed(input["name"])
        guard !name.isEmpty else { throw GraphQLFault.badRequest("Name cannot be empty") }
        let description = Self.trimmed(input["description"])
        let start = try Self.color(input["gradientStartColor"], "start")
        let end = try Self.color(input["gradientEndColor"], "end")
        do {
            let project = try await store.createProject(
                name: name, description: description.isEmpty ? nil : description,
                colors: (
                    start: start ?? ProjectGradient.plain.start,
                    end: end ?? ProjectGradient.plain.end
                ),
                now: context.now)
            return .object(Payload(project: project))
        } catch let error as TracingError where error.code == .conflict {
            throw GraphQLFault.conflict("Project with name '\(name)' already exists")
        }
    }

    @Sendable private func patchProject(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id = try rowID(input["id"]?.stringValue ?? "", as: Project.self)
        var patch = ProjectPatch()
        if let given = input["description"] {
            let description = Self.trimmed(given)
            patch.description = .some(description.isEmpty ? nil : description)
        }
        patch.gradientStartColor = try Self.color(input["gradientStartColor"], "start")
        patch.gradientEndColor = try Self.color(input["gradientEndColor"], "end")
        let project = try await store.patchProject(Identifier(id), with: patch, now: context.now)
        return .object(Payload(project: project))
    }

    @Sendable private func clearProject(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id = try rowID(input["id"]?.stringValue ?? "", as: Project.self)
        let end = input.timestamp("endTime")
        do {
            try await store.deleteTraces(
                of: Identifier(id), from: Timestamp(microseconds: .min),
                to: end ?? Timestamp(microseconds: .max))
        } catch let error as TracingError where error.code == .notFound {
            // A project that is not there has nothing to clear.
        }
        return .object(GraphQLRoot())
    }

    // MARK: Inputs

    private static func trimmed(_ value: JSONValue?) -> String {
        let text = (value?.stringValue ?? "").unicodeScalars
        let start = text.drop { $0.properties.isWhitespace }
        let end = start.reversed().drop { $0.properties.isWhitespace }.reversed()
        return String(String.UnicodeScalarView(end))
    }

    /// Six hexadecimal digits behind a `#`; nil for null and for an empty text.
    private static func color(
        _ value: JSONValue?, _ end: String
    ) throws(GraphQLFault) -> String? {
        guard let text = value?.stringValue, !text.isEmpty else { return nil }
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "#"), digits.count == 6,
            digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { throw .badRequest("Gradient \(end) color must be a valid hex color") }
        return text
    }
}
