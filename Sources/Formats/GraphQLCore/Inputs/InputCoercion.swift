import JSON

/// Turns variables, literals and defaults into the values that resolvers receive
/// (October 2021, sections 6.1.2 and 6.4.1).
struct InputCoercion {
    let schema: Schema
    let scalars: [String: Scalar]
    /// How many faults of variables are reported at most.
    var maximumErrors = 50
    /// How deep the values of variables may be nested.
    static let maximumNesting = 200

    /// Why a value cannot be coerced; the details are found by checking it again.
    private struct Invalid: Error {}

    // MARK: Variables

    /// Coerces the values of a request to the declared variables.
    ///
    /// - Throws: ``InputErrors`` with one error for each fault.
    func variables(
        _ definitions: [VariableDefinition], _ values: JSONObject, in source: Source
    ) throws(InputErrors) -> JSONObject {
        var errors: [GraphQLError] = []
        var coerced = JSONObject()
        for definition in definitions {
            let name = definition.name.value
            let type = TypeReference(definition.type)
            guard let named = schema.type(type), named.isInput else {
                errors.append(
                    GraphQLError(
                        "Variable '$\(name)' expected value of type '\(type)'"
                            + " which cannot be used as an input type.",
                        at: [definition.type.start], in: source))
                continue
            }
            guard let value = values[name] else {
                if let literal = definition.defaultValue {
                    // The default was checked with the document, so nothing is lost.
                    if let value = try? literalValue(literal, type, nil) { coerced[name] = value }
                } else if type.isNonNull {
                    errors.append(
                        GraphQLError(
                            "Variable '$\(name)' has invalid value: Expected a value of non-null"
                                + " type '\(type)' to be provided.",
                            at: [definition.start], in: source))
                }
                continue
            }
            do {
                coerced[name] = try coerce(value, type, depth: 0)
            } catch {
                var faults: [(message: String, path: [GraphQLError.PathElement])] = []
                check(value, type, [], &faults)
                if faults.isEmpty {
                    throw InputErrors([GraphQLError("Variable values are nested too deeply.")])
                }
                for fault in faults {
                    if errors.count >= maximumErrors {
                        errors.append(
                            GraphQLError(
                                "Too many errors processing variables, error limit reached."
                                    + " Execution aborted."))
                        throw InputErrors(errors)
                    }
                    errors.append(
                        GraphQLError(
                            "Variable '$\(name)' has invalid value\(Self.place(fault.path)):"
                                + " \(fault.message)",
                            at: [definition.start], in: source))
                }
            }
        }
        if !errors.isEmpty { throw InputErrors(errors) }
        return coerced
    }

    static func place(_ path: [GraphQLError.PathElement]) -> String {
        if path.isEmpty { return "" }
        let parts = path.map { element in
            switch element {
            case .field(let name): ".\(name)"
            case .index(let index): "[\(index)]"
            }
        }
        return " at \(parts.joined())"
    }

    private func coerce(
        _ value: JSONValue, _ type: TypeReference, depth: Int
    ) throws -> JSONValue {
        if depth > Self.maximumNesting { throw Invalid() }
        if case .null = value {
            if type.isNonNull { throw Invalid() }
            return .null
        }
        if let element = type.element {
            guard case .array(let values) = value else {
                return .array([try coerce(value, element, depth: depth + 1)])
            }
            return .array(try values.map { try coerce($0, element, depth: depth + 1) })
        }
        guard let named = schema.type(type) else { throw Invalid() }
        guard named.kind == .inputObject else { return try leaf(value, named) }
        guard case .object(let given) = value else { throw Invalid() }
        for name in given.keys where named.inputFields[name] == nil { throw Invalid() }
        var object = JSONObject()
        for field in named.inputFields {
            if let value = given[field.name] {
                object[field.name] = try coerce(value, field.type, depth: depth + 1)
            } else if let literal = field.defaultValue {
                object[field.name] = try literalValue(literal, field.type, nil)
            } else if field.type.isNonNull {
                throw Invalid()
            }
        }
        if named.isOneOf, given.count != 1 || object.values.first?.isNull != false {
            throw Invalid()
        }
        return .object(object)
    }

    private func leaf(_ value: JSONValue, _ type: NamedType) throws -> JSONValue {
        if type.kind == .enumeration {
            guard case .string(let name) = value else {
                let shown = ValueText.inspect(value)
                throw ScalarError(
                    "Enum '\(type.name)' cannot represent non-string value: \(shown)."
                        + LiteralValidation.suggestion(shown, type))
            }
            guard type.values[name] != nil else {
                let shown = String(name.unicodeScalars.prefix(240))
                throw ScalarError(
                    "Value '\(shown)' does not exist in '\(type.name)' enum."
                        + LiteralValidation.suggestion(shown, type))
            }
            return value
        }
        if let scalar = scalars[type.name] { return try scalar.parse(value) }
        if BuiltInScalar.names.contains(type.name) {
            return try BuiltInScalar.parse(value, as: type.name)
        }
        return value
    }

    private func check(
        _ value: JSONValue, _ type: TypeReference, _ path: [GraphQLError.PathElement],
        _ faults: inout [(message: String, path: [GraphQLError.PathElement])]
    ) {
        if path.count > Self.maximumNesting || faults.count > maximumErrors { return }
        if case .null = value {
            if type.isNonNull {
                faults.append(
                    ("Expected value of non-null type '\(type)' not to be None.", path))
            }
            return
        }
        let type = type.nullable
        if let element = type.element {
            guard case .array(let values) = value else {
                return check(value, element, path, &faults)
            }
            for (index, value) in values.enumerated() {
                check(value, element, path + [.index(index)], &faults)
            }
            return
        }
        guard let named = schema.type(type) else { return }
        guard named.kind == .inputObject else {
            do {
                _ = try leaf(value, named)
            } catch let error as ScalarError {
                faults.append((error.message, path))
            } catch {
                faults.append(
                    ("Expected value of type '\(type)', found: \(ValueText.inspect(value)).", path))
            }
            return
        }
        guard case .object(let given) = value else {
            faults.append(
                (
                    "Expected value of type '\(type)' to be an object, found:"
                        + " \(ValueText.inspect(value)).", path
                ))
            return
        }
        checkObject(given, named, path, &faults)
    }

    private func checkObject(
        _ given: JSONObject, _ type: NamedType, _ path: [GraphQLError.PathElement],
        _ faults: inout [(message: String, path: [GraphQLError.PathElement])]
    ) {
        for field in type.inputFields {
            if let value = given[field.name] {
                check(value, field.type, path + [.field(field.name)], &faults)
            } else if field.isRequired {
                faults.append(
                    (
                        "Expected value of type '\(type.name)' to include required field"
                            + " '\(field.name)', found: \(ValueText.inspect(.object(given))).",
                        path
                    ))
            }
        }
        var known: [String] = []
        for name in given.keys {
            if type.inputFields[name] != nil {
                known.append(name)
                continue
            }
            if faults.count > maximumErrors { return }
            let suggestion = Suggestions.sentence(
                Suggestions.similar(to: name, in: type.inputFields.names))
            let shown = String(name.unicodeScalars.prefix(240))
            faults.append(
                (
                    "Expected value of type '\(type.name)' not to include unknown field '\(shown)'"
                        + (suggestion.isEmpty ? ", found" : ".\(suggestion) Found")
                        + ": \(ValueText.inspect(.object(given))).", path
                ))
        }
        guard type.isOneOf else { return }
        if known.count != 1 { faults.append((LiteralValidation.oneOfMessage(type), path)) }
        if let first = known.first, given[first] == .null {
            faults.append((LiteralValidation.oneOfMessage(type), path + [.field(first)]))
        }
    }

    // MARK: Literals and arguments

    /// The value of a literal; a variable in it that has no value makes its field absent.
    func literalValue(
        _ node: ValueNode, _ type: TypeReference, _ variables: JSONObject?
    ) throws -> JSONValue {
        if let name = node.variableName {
            let value = variables?[name] ?? .null
            if value.isNull, type.isNonNull { throw Invalid() }
            return value
        }
        if node.isNull {
            if type.isNonNull { throw Invalid() }
            return .null
        }
        if let element = type.element {
            guard case .list(let values) = node.kind else {
                return .array([try literalValue(node, element, variables)])
            }
            return .array(try values.map { try literalValue($0, element, variables) })
        }
        guard let named = schema.type(type) else { throw Invalid() }
        guard named.kind == .inputObject else {
            return try LiteralValidation(schema: schema, scalars: scalars)
                .leaf(node, named, variables: variables)
        }
        guard case .object(let fields) = node.kind else { throw Invalid() }
        let given = Dictionary(fields.map { ($0.name.value, $0.value) }, uniquingKeysWith: { $1 })
        for name in given.keys where named.inputFields[name] == nil { throw Invalid() }
        var object = JSONObject()
        for field in named.inputFields {
            if let node = given[field.name], !isMissing(node, variables) {
                object[field.name] = try literalValue(node, field.type, variables)
            } else if let literal = field.defaultValue {
                object[field.name] = try literalValue(literal, field.type, nil)
            } else if field.type.isNonNull {
                throw Invalid()
            }
        }
        if named.isOneOf, given.count != 1 || object.values.first?.isNull != false {
            throw Invalid()
        }
        return .object(object)
    }

    private func isMissing(_ node: ValueNode, _ variables: JSONObject?) -> Bool {
        node.variableName.map { variables?[$0] == nil } ?? false
    }

    /// The values of the arguments of a field or a directive; absent ones without a default are
    /// absent in the result too.
    func arguments(
        _ definitions: Members<InputValueDefinition>, _ nodes: [ArgumentNode], at start: Int,
        _ variables: JSONObject, in source: Source
    ) throws(GraphQLError) -> JSONObject {
        var values = JSONObject()
        for definition in definitions {
            let name = definition.name
            let node = nodes.first { $0.name.value == name }
            if node == nil, definition.isRequired {
                throw GraphQLError(
                    "Argument '\(name)' of required type '\(definition.type)' was not provided.",
                    at: [start], in: source)
            }
            guard let node, !(isMissing(node.value, variables) && !definition.isRequired) else {
                if let literal = definition.defaultValue,
                    // The schema was checked, so a default is valid.
                    let value = try? literalValue(literal, definition.type, nil)
                {
                    values[name] = value
                }
                continue
            }
            do {
                values[name] = try literalValue(node.value, definition.type, variables)
            } catch {
                throw argumentError(definition, node, variables, source)
            }
        }
        return values
    }

    private func argumentError(
        _ definition: InputValueDefinition, _ node: ArgumentNode, _ variables: JSONObject,
        _ source: Source
    ) -> GraphQLError {
        let prefix = "Argument '\(definition.name)' has invalid value"
        var faults: [LiteralFault] = []
        LiteralValidation(schema: schema, scalars: scalars, variables: variables)
            .check(node.value, definition.type, &faults)
        guard let fault = faults.first else {
            return GraphQLError("\(prefix).", at: [node.value.start], in: source)
        }
        return GraphQLError(
            "\(prefix)\(Self.place(fault.path)): \(fault.message)", at: fault.starts, in: source)
    }
}

/// What is wrong with the variables of a request.
struct InputErrors: Error {
    var errors: [GraphQLError]

    init(_ errors: [GraphQLError]) {
        self.errors = errors
    }
}
