import JSON

/// The answers of introspection.
enum IntrospectionResolvers {
    private struct SchemaValue: Sendable {}

    private struct TypeValue: Sendable {
        var reference: TypeReference
    }

    private struct FieldValue: Sendable {
        var field: FieldDefinition
    }

    private struct InputValue: Sendable {
        var input: InputValueDefinition
    }

    private struct EnumValue: Sendable {
        var value: EnumValueDefinition
    }

    private struct DirectiveValue: Sendable {
        var directive: DirectiveDefinition
    }

    static func table(for schema: Schema) -> ResolverTable {
        var table = ResolverTable()
        addRoot(schema, to: &table)
        addType(schema, to: &table)
        addParts(to: &table)
        return table
    }

    private static func type(_ name: String?) -> ResolvedValue {
        name.map { .object(TypeValue(reference: .named($0))) } ?? .null
    }

    private static func inputs(
        _ inputs: Members<InputValueDefinition>, _ arguments: FieldArguments
    ) -> ResolvedValue {
        let includesDeprecated = arguments.bool("includeDeprecated") == true
        return .objects(
            inputs.filter { includesDeprecated || $0.deprecationReason == nil }
                .map { InputValue(input: $0) })
    }

    private static func addRoot(_ schema: Schema, to table: inout ResolverTable) {
        // The parent of these is whatever the root value of the request is.
        var meta = ResolverTable()
        meta.addMeta("__schema") { _ in .object(SchemaValue()) }
        meta.addMeta("__type") { arguments in
            let name = arguments.string("name") ?? ""
            return schema.types[name] == nil ? .null : type(name)
        }
        table.merge(meta)
        table.object("__Schema", of: SchemaValue.self) { fields in
            fields.property("description") { _ in .string(schema.description) }
            fields.property("types") { _ in .list(schema.typeNames.map { type($0) }) }
            fields.property("queryType") { _ in type(schema.queryType) }
            fields.property("mutationType") { _ in type(schema.mutationType) }
            fields.property("subscriptionType") { _ in type(schema.subscriptionType) }
            fields.property("directives") { _ in
                .objects(schema.directives.map { DirectiveValue(directive: $0) })
            }
        }
    }

    private static func addType(_ schema: Schema, to table: inout ResolverTable) {
        @Sendable func named(_ value: TypeValue) -> NamedType? {
            if case .named(let name) = value.reference { schema.types[name] } else { nil }
        }
        table.object("__Type", of: TypeValue.self) { fields in
            fields.property("kind") { value in
                switch value.reference {
                case .nonNull: "NON_NULL"
                case .list: "LIST"
                case .named: .string(named(value)?.kind.rawValue)
                }
            }
            fields.property("name") { .string(named($0)?.name) }
            fields.property("description") { .string(named($0)?.description) }
            fields.property("specifiedByURL") { .string(named($0)?.specifiedByURL) }
            fields.computed("fields") { value, arguments, _ in
                guard let type = named(value), type.kind == .object || type.kind == .interface
                else { return .null }
                let includesDeprecated = arguments.bool("includeDeprecated") == true
                return .objects(
                    type.fields.filter { includesDeprecated || $0.deprecationReason == nil }
                        .map { FieldValue(field: $0) })
            }
            fields.property("interfaces") { value in
                guard let found = named(value), found.kind == .object || found.kind == .interface
                else { return .null }
                return .list(found.interfaces.map { type($0) })
            }
            fields.property("possibleTypes") { value in
                guard let found = named(value), found.isAbstract else { return .null }
                return .list(schema.possibleTypes(of: found.name).map { type($0) })
            }
            fields.computed("enumValues") { value, arguments, _ in
                guard let type = named(value), type.kind == .enumeration else { return .null }
                let includesDeprecated = arguments.bool("includeDeprecated") == true
                return .objects(
                    type.values.filter { includesDeprecated || $0.deprecationReason == nil }
                        .map { EnumValue(value: $0) })
            }
            fields.computed("inputFields") { value, arguments, _ in
                guard let type = named(value), type.kind == .inputObject else { return .null }
                return inputs(type.inputFields, arguments)
            }
            fields.property("ofType") { value in
                switch value.reference {
                case .named: .null
                case .list(let inner), .nonNull(let inner): .object(TypeValue(reference: inner))
                }
            }
            fields.property("isOneOf") { value in
                guard let type = named(value), type.kind == .inputObject else { return .null }
                return .bool(type.isOneOf)
            }
        }
    }

    private static func addParts(to table: inout ResolverTable) {
        table.object("__Field", of: FieldValue.self) { fields in
            fields.property("name") { .string($0.field.name) }
            fields.property("description") { .string($0.field.description) }
            fields.computed("args") { value, arguments, _ in
                inputs(value.field.arguments, arguments)
            }
            fields.property("type") { .object(TypeValue(reference: $0.field.type)) }
            fields.property("isDeprecated") { .bool($0.field.deprecationReason != nil) }
            fields.property("deprecationReason") { .string($0.field.deprecationReason) }
        }
        table.object("__InputValue", of: InputValue.self) { fields in
            fields.property("name") { .string($0.input.name) }
            fields.property("description") { .string($0.input.description) }
            fields.property("type") { .object(TypeValue(reference: $0.input.type)) }
            fields.property("defaultValue") { .string($0.input.defaultValue.map(Printer.render)) }
            fields.property("isDeprecated") { .bool($0.input.deprecationReason != nil) }
            fields.property("deprecationReason") { .string($0.input.deprecationReason) }
        }
        table.object("__EnumValue", of: EnumValue.self) { fields in
            fields.property("name") { .string($0.value.name) }
            fields.property("description") { .string($0.value.description) }
            fields.property("isDeprecated") { .bool($0.value.deprecationReason != nil) }
            fields.property("deprecationReason") { .string($0.value.deprecationReason) }
        }
        table.object("__Directive", of: DirectiveValue.self) { fields in
            fields.property("name") { .string($0.directive.name) }
            fields.property("description") { .string($0.directive.description) }
            fields.property("isRepeatable") { .bool($0.directive.isRepeatable) }
            fields.property("locations") { .strings($0.directive.locations.map(\.rawValue)) }
            fields.computed("args") { value, arguments, _ in
                inputs(value.directive.arguments, arguments)
            }
            fields.property("isDeprecated") { _ in false }
            fields.property("deprecationReason") { _ in .null }
        }
    }
}

extension ResolverTable {
    /// Adds a field of the query type that disregards its parent.
    fileprivate mutating func addMeta(
        _ name: String, _ resolve: @escaping @Sendable (FieldArguments) -> ResolvedValue
    ) {
        setResolver("__meta.\(name)", .immediate { _, arguments, _ in resolve(arguments) })
    }
}
