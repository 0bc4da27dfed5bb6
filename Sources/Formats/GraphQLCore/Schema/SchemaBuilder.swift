/// Merges definitions and extensions into types. Faults that make merging impossible are collected
/// as ``messages``; the rest is for ``SchemaValidation``.
struct SchemaBuilder {
    private(set) var types: [String: NamedType] = [:]
    private(set) var order: [String] = []
    private(set) var directives = Members<DirectiveDefinition>()
    private(set) var operations: [OperationKind: String] = [:]
    private(set) var description: String?
    private(set) var messages: [String] = []
    private var hasSchemaDefinition = false

    mutating func add(_ definitions: [TypeSystemDefinition]) {
        for definition in definitions where !definition.isExtension { define(definition) }
        for definition in definitions where definition.isExtension { extend(definition) }
        addBuiltIns()
        if !hasSchemaDefinition {
            for kind in OperationKind.allCases where operations[kind] == nil {
                let name = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
                if types[name]?.kind == .object { operations[kind] = name }
            }
        }
    }

    private mutating func define(_ definition: TypeSystemDefinition) {
        let name = definition.name.value
        switch definition.kind {
        case .schema:
            if hasSchemaDefinition { messages.append("Must provide only one schema definition.") }
            hasSchemaDefinition = true
            description = definition.description?.value
            addOperations(definition)
        case .directive:
            if directives[name] != nil {
                messages.append("There can be only one directive named '@\(name)'.")
            }
            directives.append(
                DirectiveDefinition(
                    name: name, description: definition.description?.value,
                    arguments: inputs(definition.inputs, of: "@\(name)"),
                    isRepeatable: definition.isRepeatable,
                    locations: definition.locations.compactMap {
                        DirectiveLocation(rawValue: $0.value)
                    }))
        default:
            guard let kind = Self.kind(definition.kind) else { return }
            if types[name] != nil {
                messages.append("There can be only one type named '\(name)'.")
                return
            }
            var type = NamedType(name: name, kind: kind)
            type.description = definition.description?.value
            merge(definition, into: &type)
            types[name] = type
            order.append(name)
        }
    }

    private mutating func extend(_ definition: TypeSystemDefinition) {
        if definition.kind == .schema {
            addOperations(definition)
            return
        }
        let name = definition.name.value
        guard var type = types[name] else {
            messages.append("Cannot extend type '\(name)' because it is not defined.")
            return
        }
        guard type.kind == Self.kind(definition.kind) else {
            messages.append("Cannot extend non-\(definition.kind.rawValue) type '\(name)'.")
            return
        }
        merge(definition, into: &type)
        types[name] = type
    }

    private mutating func addOperations(_ definition: TypeSystemDefinition) {
        for operation in definition.operations {
            if operations[operation.kind] != nil {
                messages.append("There can be only one \(operation.kind.rawValue) type in schema.")
            }
            operations[operation.kind] = operation.type.value
        }
    }

    private mutating func merge(_ definition: TypeSystemDefinition, into type: inout NamedType) {
        type.directives += definition.directives
        type.interfaces += definition.interfaces.map(\.value)
        type.members += definition.members.map(\.value)
        for field in definition.fields {
            let name = field.name.value
            if type.fields[name] != nil {
                messages.append("Field '\(type.name).\(name)' can only be defined once.")
            }
            type.fields.append(
                FieldDefinition(
                    name: name, description: field.description?.value,
                    arguments: inputs(field.arguments, of: "\(type.name).\(name)"),
                    type: TypeReference(field.type),
                    deprecationReason: deprecation(field.directives),
                    directives: field.directives))
        }
        for value in definition.values {
            if type.values[value.name.value] != nil {
                messages.append(
                    "Enum value '\(type.name).\(value.name.value)' can only be defined once.")
            }
            type.values.append(
                EnumValueDefinition(
                    name: value.name.value, description: value.description?.value,
                    deprecationReason: deprecation(value.directives), directives: value.directives)
            )
        }
        if definition.kind == .inputObject {
            for input in definition.inputs {
                if type.inputFields[input.name.value] != nil {
                    messages.append(
                        "Field '\(type.name).\(input.name.value)' can only be defined once.")
                }
                type.inputFields.append(self.input(input))
            }
        }
        for directive in definition.directives {
            if directive.name.value == "oneOf" { type.isOneOf = true }
            if directive.name.value == "specifiedBy",
                case .string(let url, _)? = directive.arguments.first?.value.kind
            {
                type.specifiedByURL = url
            }
        }
    }

    private mutating func inputs(
        _ nodes: [InputValueNode], of owner: String
    ) -> Members<InputValueDefinition> {
        var members = Members<InputValueDefinition>()
        for node in nodes {
            if members[node.name.value] != nil {
                messages.append(
                    "Argument '\(owner)(\(node.name.value):)' can only be defined once.")
            }
            members.append(input(node))
        }
        return members
    }

    private func input(_ node: InputValueNode) -> InputValueDefinition {
        InputValueDefinition(
            name: node.name.value, description: node.description?.value,
            type: TypeReference(node.type),
            defaultValue: node.defaultValue, deprecationReason: deprecation(node.directives),
            directives: node.directives)
    }

    private func deprecation(_ directives: [DirectiveNode]) -> String? {
        guard let directive = directives.first(where: { $0.name.value == "deprecated" }) else {
            return nil
        }
        if case .string(let reason, _)? = directive.arguments.first?.value.kind { return reason }
        return "No longer supported"
    }

    private static func kind(_ kind: TypeSystemDefinition.Kind) -> NamedType.Kind? {
        switch kind {
        case .schema, .directive: nil
        case .scalar: .scalar
        case .object: .object
        case .interface: .interface
        case .union: .union
        case .enumeration: .enumeration
        case .inputObject: .inputObject
        }
    }

    /// Adds the scalars and directives that every schema has, and the types of introspection.
    private mutating func addBuiltIns() {
        var used: Set<String> = ["String", "Boolean"]
        for type in types.values {
            for field in type.fields {
                used.insert(field.type.name)
                for argument in field.arguments { used.insert(argument.type.name) }
            }
            for field in type.inputFields { used.insert(field.type.name) }
        }
        for directive in directives {
            for argument in directive.arguments { used.insert(argument.type.name) }
        }
        guard let document = try? Parser.parse(Introspection.definitions) else {
            // The text is a constant, which a test reads.
            preconditionFailure("The definitions of introspection do not parse.")
        }
        for definition in document.definitions {
            guard case .typeSystem(let definition) = definition else { continue }
            let name = definition.name.value
            switch definition.kind {
            case .directive:
                if directives[name] == nil { define(definition) }
            case .scalar:
                if used.contains(name), types[name] == nil { define(definition) }
            default: define(definition)
            }
        }
    }
}
