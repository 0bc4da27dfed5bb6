import JSON

/// What is wrong with a literal, and where.
struct LiteralFault {
    var message: String
    /// The offset of the fault; none for a list or an object that a scalar rejects.
    var starts: [Int]
    var path: [GraphQLError.PathElement]
}

/// Checks literals against input types and turns them into values.
struct LiteralValidation {
    let schema: Schema
    var scalars: [String: Scalar] = [:]
    /// The values of variables; without them variables pass, since their usage is checked apart.
    var variables: JSONObject?

    /// Appends everything that is wrong with a literal.
    func check(
        _ node: ValueNode, _ type: TypeReference, _ faults: inout [LiteralFault],
        path: [GraphQLError.PathElement] = []
    ) {
        func report(_ message: String) {
            faults.append(LiteralFault(message: message, starts: [node.start], path: path))
        }
        if let name = node.variableName {
            guard let variables, type.isNonNull, variables[name]?.isNull != false else { return }
            report(
                variables[name] == nil
                    ? "Expected variable '$\(name)' provided to type '\(type)' to provide a"
                        + " runtime value."
                    : "Expected variable '$\(name)' provided to non-null type '\(type)' not to be"
                        + " None.")
            return
        }
        if node.isNull {
            if type.isNonNull {
                report("Expected value of non-null type '\(type)' not to be None.")
            }
            return
        }
        let type = type.nullable
        if let element = type.element {
            guard case .list(let values) = node.kind else {
                return check(node, element, &faults, path: path)
            }
            for (index, value) in values.enumerated() {
                check(value, element, &faults, path: path + [.index(index)])
            }
            return
        }
        guard let named = schema.type(type) else { return }
        if named.kind == .inputObject {
            guard case .object(let fields) = node.kind else {
                report(
                    "Expected value of type '\(type)' to be an object, found:"
                        + " \(ValueText.shortened(node)).")
                return
            }
            checkObject(node, fields, named, &faults, path)
            return
        }
        do {
            _ = try leaf(node, named, variables: variables)
        } catch let error as ScalarError {
            let starts: [Int] =
                switch node.kind {
                case .list, .object: []
                default: [node.start]
                }
            faults.append(LiteralFault(message: error.message, starts: starts, path: path))
        } catch {
            report("Expected value of type '\(type)', found: \(ValueText.shortened(node)).")
        }
    }

    private func checkObject(
        _ node: ValueNode, _ fields: [ArgumentNode], _ type: NamedType,
        _ faults: inout [LiteralFault], _ path: [GraphQLError.PathElement]
    ) {
        func report(_ message: String, at start: Int, under name: String? = nil) {
            let path = name.map { path + [.field($0)] } ?? path
            faults.append(LiteralFault(message: message, starts: [start], path: path))
        }
        let given = Dictionary(fields.map { ($0.name.value, $0) }, uniquingKeysWith: { $1 })
        for field in type.inputFields {
            if let argument = given[field.name] {
                if let variables, let name = argument.value.variableName {
                    if type.isOneOf {
                        if variables[name]?.isNull != false {
                            report(
                                "Expected variable '$\(name)' provided to field '\(field.name)'"
                                    + " for OneOf Input Object type '\(type.name)' "
                                    + (variables[name] == nil
                                        ? "to provide a runtime value." : "not to be None."),
                                at: node.start)
                        }
                    } else if variables[name] == nil, !field.isRequired {
                        continue
                    }
                }
                check(argument.value, field.type, &faults, path: path + [.field(field.name)])
            } else if field.isRequired {
                report(
                    "Expected value of type '\(type.name)' to include required field"
                        + " '\(field.name)', found: \(ValueText.shortened(node)).", at: node.start)
            }
        }
        var known: [ArgumentNode] = []
        for field in fields {
            if type.inputFields[field.name.value] != nil {
                known.append(field)
                continue
            }
            let suggestion = Suggestions.sentence(
                Suggestions.similar(to: field.name.value, in: type.inputFields.names))
            report(
                "Expected value of type '\(type.name)' not to include unknown field"
                    + " '\(field.name.value)'" + (suggestion.isEmpty ? ", found" : ".")
                    + (suggestion.isEmpty ? "" : "\(suggestion) Found")
                    + ": \(ValueText.shortened(node)).", at: field.start)
        }
        guard type.isOneOf else { return }
        if known.count != 1 {
            report(Self.oneOfMessage(type), at: node.start)
        } else if known[0].value.isNull {
            report(Self.oneOfMessage(type), at: node.start, under: known[0].name.value)
        }
    }

    static func oneOfMessage(_ type: NamedType) -> String {
        "Within OneOf Input Object type '\(type.name)', exactly one field must be specified,"
            + " and the value for that field must be non-null."
    }

    /// The value of a literal of a scalar or an enumeration.
    func leaf(_ node: ValueNode, _ type: NamedType, variables: JSONObject?) throws -> JSONValue {
        if type.kind == .enumeration {
            let shown = ValueText.shortened(node)
            guard case .enumeration(let name) = node.kind else {
                throw ScalarError(
                    "Enum '\(type.name)' cannot represent non-enum value: \(shown)."
                        + Self.suggestion(shown, type))
            }
            guard type.values[name] != nil else {
                throw ScalarError(
                    "Value '\(shown)' does not exist in '\(type.name)' enum."
                        + Self.suggestion(shown, type))
            }
            return .string(name)
        }
        if let scalar = scalars[type.name] {
            return try scalar.parse(Self.untyped(node, variables))
        }
        if BuiltInScalar.names.contains(type.name) {
            return try BuiltInScalar.parse(node, as: type.name)
        }
        return Self.untyped(node, variables)
    }

    static func suggestion(_ text: String, _ type: NamedType) -> String {
        Suggestions.sentence(Suggestions.similar(to: text, in: type.values.names), "the enum value")
    }

    /// A literal as JSON, whatever its type.
    static func untyped(_ node: ValueNode, _ variables: JSONObject?) -> JSONValue {
        switch node.kind {
        case .variable(let name): return variables?[name] ?? .null
        case .integer(let text):
            return Int64(text).map { .integer($0) } ?? .number(text)
        case .float(let text): return Double(text).map { .double($0) } ?? .number(text)
        case .string(let text, _), .enumeration(let text): return .string(text)
        case .boolean(let value): return .bool(value)
        case .null: return .null
        case .list(let values): return .array(values.map { untyped($0, variables) })
        case .object(let fields):
            var object = JSONObject()
            for field in fields { object[field.name.value] = untyped(field.value, variables) }
            return .object(object)
        }
    }
}
