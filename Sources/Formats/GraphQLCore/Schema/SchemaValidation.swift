/// The checks of section 3 of the specification on a merged schema.
struct SchemaValidation {
    private let schema: Schema

    init(_ schema: Schema) {
        self.schema = schema
    }

    /// Everything that is wrong, in the words of graphql-core.
    func messages() -> [String] {
        var messages: [String] = []
        checkRoots(&messages)
        for directive in schema.directives {
            checkName(directive.name, &messages)
            if directive.locations.isEmpty {
                messages.append("Directive @\(directive.name) must include 1 or more locations.")
            }
            checkArguments(directive.arguments, of: "@\(directive.name)", &messages)
        }
        for name in schema.typeNames where !name.hasPrefix("__") || !isIntrospection(name) {
            guard let type = schema.types[name] else { continue }
            checkName(name, &messages)
            checkDirectives(type.directives, &messages)
            switch type.kind {
            case .object, .interface:
                checkFields(type, &messages)
                checkInterfaces(type, &messages)
            case .union: checkMembers(type, &messages)
            case .enumeration:
                if type.values.isEmpty {
                    messages.append("Enum type \(name) must define one or more values.")
                }
                for value in type.values { checkName(value.name, &messages) }
            case .inputObject: checkInputFields(type, &messages)
            case .scalar: break
            }
        }
        checkInputCycles(&messages)
        return messages
    }

    private func isIntrospection(_ name: String) -> Bool { Introspection.typeNames.contains(name) }

    private func checkRoots(_ messages: inout [String]) {
        if schema.queryType == nil { messages.append("Query root type must be provided.") }
        var seen: [String: OperationKind] = [:]
        for kind in OperationKind.allCases {
            guard let name = schema.rootType(kind) else { continue }
            if let type = schema.types[name] {
                if type.kind != .object {
                    let title = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
                    messages.append(
                        "\(title) root type must be Object type"
                            + (kind == .query ? "" : " if provided") + ", it cannot be \(name).")
                }
            } else {
                messages.append("Unknown type '\(name)'.")
            }
            if seen[name] != nil {
                messages.append(
                    "All root types must be different, '\(name)' type is used twice.")
            }
            seen[name] = kind
        }
    }

    private func checkName(_ name: String, _ messages: inout [String]) {
        if name.hasPrefix("__") {
            messages.append(
                "Name '\(name)' must not begin with '__', which is reserved by GraphQL"
                    + " introspection.")
        }
    }

    private func checkDirectives(_ nodes: [DirectiveNode], _ messages: inout [String]) {
        for node in nodes {
            guard let definition = schema.directives[node.name.value] else {
                messages.append("Unknown directive '@\(node.name.value)'.")
                continue
            }
            for argument in node.arguments where definition.arguments[argument.name.value] == nil {
                messages.append(
                    "Unknown argument '\(argument.name.value)' on directive '@\(node.name.value)'.")
            }
        }
    }

    private func checkFields(_ type: NamedType, _ messages: inout [String]) {
        if type.fields.isEmpty {
            messages.append("Type \(type.name) must define one or more fields.")
        }
        for field in type.fields {
            checkName(field.name, &messages)
            checkDirectives(field.directives, &messages)
            if let fieldType = schema.type(field.type) {
                if !fieldType.isOutput {
                    messages.append(
                        "The type of \(type.name).\(field.name) must be Output Type"
                            + " but got: \(field.type).")
                }
            } else {
                messages.append("Unknown type '\(field.type.name)'.")
            }
            checkArguments(field.arguments, of: "\(type.name).\(field.name)", &messages)
        }
    }

    private func checkArguments(
        _ arguments: Members<InputValueDefinition>, of owner: String, _ messages: inout [String]
    ) {
        for argument in arguments {
            let place = "\(owner)(\(argument.name):)"
            checkName(argument.name, &messages)
            checkInput(argument, place, &messages)
            if argument.isRequired, argument.deprecationReason != nil {
                messages.append("Required argument \(place) cannot be deprecated.")
            }
        }
    }

    private func checkInput(
        _ input: InputValueDefinition, _ place: String, _ messages: inout [String]
    ) {
        guard let type = schema.type(input.type) else {
            messages.append("Unknown type '\(input.type.name)'.")
            return
        }
        guard type.isInput else {
            messages.append("The type of \(place) must be Input Type but got: \(input.type).")
            return
        }
        checkDirectives(input.directives, &messages)
        if let value = input.defaultValue {
            var faults: [LiteralFault] = []
            LiteralValidation(schema: schema).check(value, input.type, &faults)
            for fault in faults {
                messages.append("\(place) has invalid default value: \(fault.message)")
            }
        }
    }

    private func checkInputFields(_ type: NamedType, _ messages: inout [String]) {
        if type.inputFields.isEmpty {
            messages.append("Input Object type \(type.name) must define one or more fields.")
        }
        for field in type.inputFields {
            let place = "\(type.name).\(field.name)"
            checkName(field.name, &messages)
            checkInput(field, place, &messages)
            if field.isRequired, field.deprecationReason != nil {
                messages.append("Required input field \(place) cannot be deprecated.")
            }
            guard type.isOneOf else { continue }
            if field.type.isNonNull {
                messages.append("OneOf input field \(place) must be nullable.")
            }
            if field.defaultValue != nil {
                messages.append("OneOf input field \(place) cannot have a default value.")
            }
        }
    }

    private func checkMembers(_ type: NamedType, _ messages: inout [String]) {
        if type.members.isEmpty {
            messages.append("Union type \(type.name) must define one or more member types.")
        }
        var seen: Set<String> = []
        for member in type.members {
            if !seen.insert(member).inserted {
                messages.append("Union type \(type.name) can only include type \(member) once.")
            } else if schema.types[member] == nil {
                messages.append("Unknown type '\(member)'.")
            } else if schema.types[member]?.kind != .object {
                messages.append(
                    "Union type \(type.name) can only include Object types, it cannot include"
                        + " \(member).")
            }
        }
    }

    private func checkInterfaces(_ type: NamedType, _ messages: inout [String]) {
        var seen: Set<String> = []
        for name in type.interfaces {
            guard let interface = schema.types[name] else {
                messages.append("Unknown type '\(name)'.")
                continue
            }
            if interface.kind != .interface {
                messages.append(
                    "Type \(type.name) must only implement Interface types,"
                        + " it cannot implement \(name).")
            } else if name == type.name {
                messages.append(
                    "Type \(name) cannot implement itself because it would create a circular"
                        + " reference.")
            } else if !seen.insert(name).inserted {
                messages.append("Type \(type.name) can only implement \(name) once.")
            } else {
                for ancestor in interface.interfaces where !type.interfaces.contains(ancestor) {
                    messages.append(
                        ancestor == type.name
                            ? "Type \(type.name) cannot implement \(name) because it would create"
                                + " a circular reference."
                            : "Type \(type.name) must implement \(ancestor) because it is"
                                + " implemented by \(name).")
                }
                for field in interface.fields {
                    checkImplementation(of: field, of: interface, by: type, &messages)
                }
            }
        }
    }

    private func checkImplementation(
        of expected: FieldDefinition, of interface: NamedType, by type: NamedType,
        _ messages: inout [String]
    ) {
        let place = "\(interface.name).\(expected.name)"
        let own = "\(type.name).\(expected.name)"
        guard let field = type.fields[expected.name] else {
            messages.append(
                "Interface field \(place) expected but \(type.name) does not provide it.")
            return
        }
        if !schema.isSubtype(field.type, of: expected.type) {
            messages.append(
                "Interface field \(place) expects type \(expected.type) but \(own) is type"
                    + " \(field.type).")
        }
        for argument in expected.arguments {
            guard let given = field.arguments[argument.name] else {
                messages.append(
                    "Interface field argument \(place)(\(argument.name):) expected but \(own)"
                        + " does not provide it.")
                continue
            }
            if given.type != argument.type {
                messages.append(
                    "Interface field argument \(place)(\(argument.name):) expects type"
                        + " \(argument.type) but \(own)(\(argument.name):) is type \(given.type).")
            }
        }
        for argument in field.arguments
        where expected.arguments[argument.name] == nil && argument.isRequired {
            messages.append(
                "Argument '\(own)(\(argument.name):)' must not be required type"
                    + " '\(argument.type)' if not provided by the Interface field '\(place)'.")
        }
    }

    /// Finds input objects that need themselves, which no finite value can satisfy.
    private func checkInputCycles(_ messages: inout [String]) {
        var finished: Set<String> = []
        var path: [(type: String, field: String)] = []

        func visit(_ name: String) {
            if finished.contains(name) { return }
            if let index = path.firstIndex(where: { $0.type == name }) {
                let fields = path[index...].map { "\($0.type).\($0.field)" }
                messages.append(
                    "Input Object \(name) cannot be provided a finite value because it references"
                        + " itself through fields: \(fields.joined(separator: ", ")).")
                return
            }
            guard let type = schema.types[name], type.kind == .inputObject else { return }
            for field in type.inputFields {
                guard case .nonNull(.named(let next)) = field.type, field.defaultValue == nil
                else { continue }
                path.append((name, field.name))
                visit(next)
                path.removeLast()
            }
            finished.insert(name)
        }
        for name in schema.typeNames { visit(name) }
    }
}
