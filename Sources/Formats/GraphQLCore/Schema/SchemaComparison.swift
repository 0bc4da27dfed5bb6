/// Compares a schema with a contract that it has to keep.
package enum SchemaComparison {
    /// What is missing, different or added without leave, one sentence each.
    ///
    /// - Parameters:
    ///   - types: The types of the contract that count.
    ///   - isExtension: Whether the directives of a definition permit it to be an addition.
    package static func differences(
        of schema: Schema, from contract: Schema, types: some Sequence<String>,
        isExtension: ([DirectiveNode]) -> Bool = { nodes in
            nodes.contains { $0.name.value == "extension" }
        }
    ) -> [String] {
        var found: [String] = []
        for name in types {
            guard let expected = contract.types[name] else {
                found.append("The contract has no type \(name).")
                continue
            }
            guard let type = schema.types[name] else {
                found.append("The type \(name) is missing.")
                continue
            }
            if type.kind != expected.kind || type.isOneOf != expected.isOneOf {
                found.append("\(name) is of another kind.")
            }
            compare(Set(type.interfaces), Set(expected.interfaces), "\(name) implements", &found)
            compare(Set(type.members), Set(expected.members), "\(name) includes", &found)
            compareFields(type, expected, isExtension, &found)
            for value in expected.values where type.values[value.name] == nil {
                found.append("\(name).\(value.name) is missing.")
            }
            for value in type.values
            where expected.values[value.name] == nil && !isExtension(value.directives) {
                found.append("\(name).\(value.name) is not in the contract.")
            }
            compareInputs(
                type.inputFields, expected.inputFields, { "\(name).\($0)" }, isExtension, &found)
        }
        return found
    }

    private static func compare(
        _ ours: Set<String>, _ expected: Set<String>, _ verb: String, _ found: inout [String]
    ) {
        for name in expected.subtracting(ours).sorted() {
            found.append("\(verb) \(name) in the contract only.")
        }
        for name in ours.subtracting(expected).sorted() {
            found.append("\(verb) \(name) here only.")
        }
    }

    private static func compareFields(
        _ type: NamedType, _ expected: NamedType, _ isExtension: ([DirectiveNode]) -> Bool,
        _ found: inout [String]
    ) {
        for field in type.fields
        where expected.fields[field.name] == nil && !isExtension(field.directives) {
            found.append("\(type.name).\(field.name) is not in the contract.")
        }
        for field in expected.fields {
            let place = "\(type.name).\(field.name)"
            guard let own = type.fields[field.name] else {
                found.append("\(place) is missing.")
                continue
            }
            if own.type != field.type {
                found.append("\(place) is \(own.type) and should be \(field.type).")
            }
            if own.deprecationReason != field.deprecationReason {
                found.append("\(place) differs in its deprecation.")
            }
            compareInputs(
                own.arguments, field.arguments, { "\(place)(\($0):)" }, isExtension, &found)
        }
    }

    private static func compareInputs(
        _ ours: Members<InputValueDefinition>, _ expected: Members<InputValueDefinition>,
        _ place: (String) -> String, _ isExtension: ([DirectiveNode]) -> Bool,
        _ found: inout [String]
    ) {
        for input in ours where expected[input.name] == nil && !isExtension(input.directives) {
            found.append("\(place(input.name)) is not in the contract.")
        }
        for input in expected {
            guard let own = ours[input.name] else {
                found.append("\(place(input.name)) is missing.")
                continue
            }
            if own.type != input.type {
                found.append("\(place(input.name)) is \(own.type) and should be \(input.type).")
            }
            if own.defaultValue.map(Printer.render) != input.defaultValue.map(Printer.render) {
                found.append("\(place(input.name)) differs in its default.")
            }
        }
    }
}
