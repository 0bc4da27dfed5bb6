import JSON

/// A value that answers fields by name, so that they need no resolver each.
package protocol GraphQLPropertySource: Sendable {
    /// The fields that ``graphQLProperty(_:)`` answers.
    static var graphQLProperties: Set<String> { get }
    func graphQLProperty(_ name: String) -> ResolvedValue
}

/// How fields are resolved: a table from `Type.field` to a resolver, and from Swift types to object
/// types.
package struct ResolverTable: Sendable {
    typealias Immediate =
        @Sendable (any Sendable, FieldArguments, ResolverContext) throws -> ResolvedValue
    typealias Single =
        @Sendable (any Sendable, FieldArguments, ResolverContext) async throws -> ResolvedValue
    typealias Batch =
        @Sendable ([any Sendable], FieldArguments, ResolverContext) async throws -> [ResolvedValue]

    enum Resolver: Sendable {
        case immediate(Immediate)
        case single(Single)
        case batch(Batch)
        case stream(
            @Sendable (FieldArguments, ResolverContext) async throws -> AsyncThrowingStream<
                ResolvedValue, any Error
            >)
    }

    private(set) var resolvers: [String: Resolver] = [:]
    private(set) var scalars: [String: Scalar] = [:]
    private(set) var abstractTypes: [String: @Sendable (any Sendable) -> String?] = [:]
    private var objectTypes: [ObjectIdentifier: String] = [:]
    private var ambiguousTypes: Set<ObjectIdentifier> = []
    private var propertySources: [String: any GraphQLPropertySource.Type] = [:]

    package init() {}

    /// Adds resolvers of an object type, whose values are of a Swift type. May be called by several
    /// features for one type.
    package mutating func object<Parent: Sendable>(
        _ name: String, of parent: Parent.Type, _ build: (inout Fields<Parent>) -> Void = { _ in }
    ) {
        let identifier = ObjectIdentifier(parent)
        if let known = objectTypes[identifier], known != name {
            ambiguousTypes.insert(identifier)
        }
        objectTypes[identifier] = name
        if let source = parent as? any GraphQLPropertySource.Type { propertySources[name] = source }
        var fields = Fields<Parent>(type: name)
        build(&fields)
        resolvers.merge(fields.resolvers) { $1 }
    }

    /// Tells the object type of the values of an interface or a union.
    package mutating func abstract(
        _ name: String, _ typeOf: @escaping @Sendable (any Sendable) -> String?
    ) {
        abstractTypes[name] = typeOf
    }

    package mutating func scalar(_ name: String, _ scalar: Scalar) {
        scalars[name] = scalar
    }

    /// Adds a field of the subscription type: its resolver makes the stream of events, each of
    /// which is the value of the field in one response.
    package mutating func subscription(
        _ type: String, _ field: String,
        _ stream:
            @escaping @Sendable (FieldArguments, ResolverContext) async throws ->
            AsyncThrowingStream<ResolvedValue, any Error>
    ) {
        resolvers["\(type).\(field)"] = .stream(stream)
    }

    mutating func setResolver(_ key: String, _ resolver: Resolver) {
        resolvers[key] = resolver
    }

    /// Adds all that another table has; on equal keys the other wins.
    package mutating func merge(_ other: ResolverTable) {
        resolvers.merge(other.resolvers) { $1 }
        scalars.merge(other.scalars) { $1 }
        abstractTypes.merge(other.abstractTypes) { $1 }
        for (identifier, name) in other.objectTypes {
            if let known = objectTypes[identifier], known != name {
                ambiguousTypes.insert(identifier)
            }
            objectTypes[identifier] = name
        }
        ambiguousTypes.formUnion(other.ambiguousTypes)
        propertySources.merge(other.propertySources) { $1 }
    }

    /// The resolvers of one object type while they are being added.
    package struct Fields<Parent: Sendable> {
        let type: String
        fileprivate var resolvers: [String: Resolver] = [:]

        fileprivate init(type: String) {
            self.type = type
        }

        /// A field that is at hand in its parent.
        package mutating func property(
            _ name: String, _ value: @escaping @Sendable (Parent) throws -> ResolvedValue
        ) {
            let type = type
            resolvers["\(type).\(name)"] = .immediate { parent, _, _ in
                try value(ResolverTable.cast(parent, type, name))
            }
        }

        /// A field that is computed from its parent and arguments, without waiting.
        package mutating func computed(
            _ name: String,
            _ resolve:
                @escaping @Sendable (Parent, FieldArguments, ResolverContext) throws ->
                ResolvedValue
        ) {
            let type = type
            resolvers["\(type).\(name)"] = .immediate { parent, arguments, context in
                try resolve(ResolverTable.cast(parent, type, name), arguments, context)
            }
        }

        /// A field that waits. Siblings run at the same time, those of the mutation type excepted.
        package mutating func field(
            _ name: String,
            _ resolve:
                @escaping @Sendable (Parent, FieldArguments, ResolverContext) async throws ->
                ResolvedValue
        ) {
            let type = type
            resolvers["\(type).\(name)"] = .single { parent, arguments, context in
                try await resolve(ResolverTable.cast(parent, type, name), arguments, context)
            }
        }

        /// A field that is resolved for all parents of one selection by one call, which returns a
        /// value for each parent in order.
        package mutating func batch(
            _ name: String,
            _ resolve:
                @escaping @Sendable ([Parent], FieldArguments, ResolverContext) async throws
                -> [ResolvedValue]
        ) {
            let type = type
            resolvers["\(type).\(name)"] = .batch { parents, arguments, context in
                let parents = try parents.map { try ResolverTable.cast($0, type, name) as Parent }
                return try await resolve(parents, arguments, context)
            }
        }
    }

    private struct WrongParent: Error, CustomStringConvertible {
        var description: String
    }

    private static func cast<Parent: Sendable>(
        _ parent: any Sendable, _ type: String, _ field: String
    ) throws -> Parent {
        guard let typed = parent as? Parent else {
            throw WrongParent(
                description: "The resolver of \(type).\(field) expects a \(Parent.self)"
                    + " but its parent is a \(Swift.type(of: parent)).")
        }
        return typed
    }

    func resolver(of field: String, type: String) -> Resolver? {
        if let resolver = resolvers["\(type).\(field)"] { return resolver }
        guard let source = propertySources[type], source.graphQLProperties.contains(field) else {
            return nil
        }
        return .immediate { parent, _, _ in
            guard let parent = parent as? any GraphQLPropertySource else {
                throw WrongParent(
                    description: "The parent of \(type).\(field) has no properties by name.")
            }
            return parent.graphQLProperty(field)
        }
    }

    /// The object type of a value of an abstract type.
    func objectType(of value: any Sendable, as abstract: String) -> String? {
        if let name = abstractTypes[abstract]?(value) { return name }
        let identifier = ObjectIdentifier(Swift.type(of: value as Any) as Any.Type)
        return ambiguousTypes.contains(identifier) ? nil : objectTypes[identifier]
    }

    /// What is missing or superfluous for a schema, one sentence each.
    package func faults(for schema: Schema) -> [String] {
        var faults: [String] = []
        for name in schema.typeNames where !name.hasPrefix("__") {
            guard let type = schema.types[name], type.kind == .object else { continue }
            for field in type.fields where resolver(of: field.name, type: name) == nil {
                faults.append("The field \(name).\(field.name) has no resolver.")
            }
        }
        for key in resolvers.keys.sorted() {
            let parts = key.split(separator: ".").map(String.init)
            if parts.count != 2 || schema.types[parts[0]]?.fields[parts[1]] == nil {
                faults.append("The resolver \(key) belongs to no field of the schema.")
            }
        }
        for name in scalars.keys.sorted() where schema.types[name]?.kind != .scalar {
            faults.append("The scalar \(name) is not in the schema.")
        }
        return faults
    }
}
