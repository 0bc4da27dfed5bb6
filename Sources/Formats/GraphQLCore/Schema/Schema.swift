/// A valid schema, built from one or many texts of the schema definition language.
package final class Schema: Sendable {
    package let description: String?
    package let types: [String: NamedType]
    /// The names of all types: built-in scalars that are used, the definitions in their order, and
    /// the types of introspection.
    package let typeNames: [String]
    package let directives: Members<DirectiveDefinition>
    package let queryType: String?
    package let mutationType: String?
    package let subscriptionType: String?
    /// The object types of each interface and each union, in order of definition.
    private let possibleTypes: [String: [String]]
    private let possibleTypeSets: [String: Set<String>]
    private let implementingInterfaces: [String: [String]]

    /// Reads the texts, merges their extensions and checks the result.
    ///
    /// The order of the texts does not matter: one may extend what a later one defines.
    ///
    /// - Throws: ``SchemaError`` with everything that is wrong, one sentence each.
    package convenience init(_ texts: [String]) throws {
        var definitions: [TypeSystemDefinition] = []
        for text in texts {
            let document = try Parser.parse(text)
            for definition in document.definitions {
                guard case .typeSystem(let definition) = definition else {
                    throw SchemaError(["A schema text holds an operation or a fragment."])
                }
                definitions.append(definition)
            }
        }
        var builder = SchemaBuilder()
        builder.add(definitions)
        try self.init(builder)
    }

    init(_ builder: SchemaBuilder) throws {
        description = builder.description
        types = builder.types
        typeNames = builder.order
        directives = builder.directives
        queryType = builder.operations[.query]
        mutationType = builder.operations[.mutation]
        subscriptionType = builder.operations[.subscription]
        var possible: [String: [String]] = [:]
        var implementing: [String: [String]] = [:]
        for name in typeNames {
            guard let type = types[name] else { continue }
            if type.kind == .union { possible[name] = type.members }
            for interface in type.interfaces {
                if type.kind == .object {
                    possible[interface, default: []].append(name)
                } else {
                    implementing[interface, default: []].append(name)
                }
            }
        }
        possibleTypes = possible
        possibleTypeSets = possible.mapValues(Set.init)
        implementingInterfaces = implementing
        var messages = builder.messages
        if messages.isEmpty { messages = SchemaValidation(self).messages() }
        guard messages.isEmpty else { throw SchemaError(messages) }
    }

    package func rootType(_ kind: OperationKind) -> String? {
        switch kind {
        case .query: queryType
        case .mutation: mutationType
        case .subscription: subscriptionType
        }
    }

    package func type(_ reference: TypeReference) -> NamedType? { types[reference.name] }

    /// The object types that a value of a type may have: itself for an object type.
    package func possibleTypes(of name: String) -> [String] {
        guard let type = types[name] else { return [] }
        return type.isAbstract ? possibleTypes[name] ?? [] : [name]
    }

    package func isPossible(_ object: String, for name: String) -> Bool {
        object == name || possibleTypeSets[name]?.contains(object) == true
    }

    /// Whether the first is the second, or implements it, or is a member of it.
    func isSubtype(_ first: String, of second: String) -> Bool {
        first == second || possibleTypeSets[second]?.contains(first) == true
            || implementingInterfaces[second]?.contains(first) == true
    }

    func interfaces(implementing name: String) -> [String] { implementingInterfaces[name] ?? [] }

    /// Whether a value of the first type is allowed where the second is expected.
    func isSubtype(_ first: TypeReference, of second: TypeReference) -> Bool {
        switch (first, second) {
        case (.nonNull(let first), .nonNull(let second)): isSubtype(first, of: second)
        case (_, .nonNull): false
        case (.nonNull(let first), _): isSubtype(first, of: second)
        case (.list(let first), .list(let second)): isSubtype(first, of: second)
        case (.named(let first), .named(let second)): isSubtype(first, of: second)
        default: false
        }
    }

    /// Whether some object may have both types.
    func overlap(_ first: String, _ second: String) -> Bool {
        if first == second { return true }
        return possibleTypes(of: first).contains { isPossible($0, for: second) }
    }

    /// The definition of a field, the meta fields included.
    func field(_ name: String, of type: NamedType) -> FieldDefinition? {
        switch name {
        case "__typename" where type.isComposite: Introspection.typenameField
        case "__schema" where type.name == queryType: Introspection.schemaField
        case "__type" where type.name == queryType: Introspection.typeField
        default: type.fields[name]
        }
    }

    static let builtInScalars = ["String", "Int", "Float", "Boolean", "ID"]

    static func isBuiltIn(_ name: String) -> Bool {
        builtInScalars.contains(name) || name.hasPrefix("__")
    }
}

/// A schema that cannot be used.
package struct SchemaError: Error, Sendable, CustomStringConvertible {
    package var messages: [String]

    init(_ messages: [String]) {
        self.messages = messages
    }

    package var description: String { messages.joined(separator: "\n\n") }
}
