import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// `AnnotationFilter`: which annotations of a thing to show.
struct AnnotationFilterInput: Sendable, Hashable {
    private struct Condition: Sendable, Hashable {
        var names: Set<String>?
        var sources: Set<String>?
        /// Whose annotations; nil stands for those of nobody.
        var users: Set<String?>?
    }

    private var include: Condition?
    private var exclude: Condition?

    /// Reads `filter`; nil when it is null or was not given.
    ///
    /// - Throws: ``GraphQLFault`` when it filters by nothing.
    init?(_ arguments: FieldArguments) throws(GraphQLFault) {
        guard let filter = arguments.object("filter") else { return nil }
        // A null counts as a condition that is given, and one that admits everything.
        guard filter["include"] != nil || filter["exclude"] != nil else {
            throw .badRequest("include and exclude cannot both be unset")
        }
        include = try Self.condition(filter["include"])
        exclude = try Self.condition(filter["exclude"])
    }

    private static func condition(_ value: JSONValue?) throws(GraphQLFault) -> Condition? {
        guard let object = value?.objectValue else { return nil }
        var condition = Condition()
        if let names = object["names"]?.arrayValue {
            guard !names.isEmpty else { throw .badRequest("names must be a non-empty list") }
            condition.names = Set(names.compactMap(\.stringValue))
        }
        if let sources = object["sources"]?.arrayValue {
            guard !sources.isEmpty else { throw .badRequest("sources must be a non-empty list") }
            condition.sources = Set(sources.compactMap(\.stringValue))
        }
        if let users = object["userIds"]?.arrayValue {
            guard !users.isEmpty else { throw .badRequest("user ids must be a non-empty list") }
            for text in users.compactMap(\.stringValue) where NodeID(text)?.typeName != "User" {
                throw .badRequest("Invalid user ID: \(text.prefix(200))")
            }
            condition.users = Set(users.map(\.stringValue))
        }
        return condition
    }

    func admits(_ annotation: Annotation) -> Bool {
        let (name, source) = (annotation.name, annotation.source.rawValue)
        if let include {
            // Nobody has users yet, so that all annotations are nobody's.
            guard include.names?.contains(name) ?? true, include.sources?.contains(source) ?? true,
                include.users?.contains(nil) ?? true
            else { return false }
        }
        guard let exclude else { return true }
        return !(exclude.names?.contains(name) ?? false)
            && !(exclude.sources?.contains(source) ?? false)
            && !(exclude.users?.contains(nil) ?? false)
    }
}
