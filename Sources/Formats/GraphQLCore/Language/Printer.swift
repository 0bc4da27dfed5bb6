/// Prints nodes as text that reads back as the same nodes, laid out as graphql-js does.
package enum Printer {
    package static func print(_ document: Document) -> String {
        document.definitions.map { definition in
            switch definition {
            case .operation(let operation): print(operation)
            case .fragment(let fragment):
                "fragment \(fragment.name.value) on \(fragment.typeCondition.value) "
                    + suffix(fragment.directives) + print(fragment.selectionSet, "")
            case .typeSystem(let definition): print(definition)
            }
        }.joined(separator: "\n\n")
    }

    private static func print(_ operation: OperationDefinition) -> String {
        let selections = print(operation.selectionSet, "")
        var head = operation.kind.rawValue
        let variables = operation.variables.map { variable in
            "$\(variable.name.value): \(print(variable.type))"
                + (variable.defaultValue.map { " = \(print($0))" } ?? "")
                + prefix(variable.directives)
        }
        if let name = operation.name { head += " \(name.value)" }
        if !variables.isEmpty {
            if operation.name == nil { head += " " }
            head += "(\(variables.joined(separator: ", ")))"
        }
        head += prefix(operation.directives)
        return head == "query" ? selections : "\(head) \(selections)"
    }

    private static func print(_ set: SelectionSet, _ indentation: String) -> String {
        let inner = indentation + "  "
        let lines = set.selections.map { selection in
            switch selection {
            case .field(let field): inner + print(field, inner)
            case .spread(let spread):
                "\(inner)...\(spread.name.value)\(prefix(spread.directives))"
            case .inline(let inline):
                "\(inner)..." + (inline.typeCondition.map { " on \($0.value)" } ?? "")
                    + prefix(inline.directives) + " " + print(inline.selectionSet, inner)
            }
        }
        return "{\n\(lines.joined(separator: "\n"))\n\(indentation)}"
    }

    private static func print(_ field: FieldNode, _ indentation: String) -> String {
        let name = (field.alias.map { "\($0.value): " } ?? "") + field.name.value
        var arguments = print(field.arguments)
        if name.unicodeScalars.count + arguments.unicodeScalars.count > 80 {
            let lines = field.arguments.map {
                "\(indentation)  \($0.name.value): \(print($0.value))"
            }
            arguments = "(\n\(lines.joined(separator: "\n"))\n\(indentation))"
        }
        return name + arguments + prefix(field.directives)
            + (field.selectionSet.map { " " + print($0, indentation) } ?? "")
    }

    private static func print(_ arguments: [ArgumentNode]) -> String {
        if arguments.isEmpty { return "" }
        let printed = arguments.map { "\($0.name.value): \(print($0.value))" }
        return "(\(printed.joined(separator: ", ")))"
    }

    static func print(_ directives: [DirectiveNode]) -> String {
        directives.map { "@\($0.name.value)\(print($0.arguments))" }.joined(separator: " ")
    }

    private static func prefix(_ directives: [DirectiveNode]) -> String {
        directives.isEmpty ? "" : " " + print(directives)
    }

    private static func suffix(_ directives: [DirectiveNode]) -> String {
        directives.isEmpty ? "" : print(directives) + " "
    }

    package static func print(_ type: TypeNode) -> String {
        switch type {
        case .named(let name): name.value
        case .list(let element, _): "[\(print(element))]"
        case .nonNull(let inner): print(inner) + "!"
        }
    }

    package static func print(_ value: ValueNode) -> String {
        switch value.kind {
        case .variable(let name): return "$\(name)"
        case .integer(let text), .float(let text), .enumeration(let text): return text
        case .string(let text, let isBlock):
            return isBlock ? BlockString.printed(text) : quoted(text)
        case .boolean(let value): return value ? "true" : "false"
        case .null: return "null"
        case .list(let values): return "[\(values.map { print($0) }.joined(separator: ", "))]"
        case .object(let fields):
            let printed = fields.map { "\($0.name.value): \(print($0.value))" }
            return "{ \(printed.joined(separator: ", ")) }"
        }
    }

    /// A string literal on one line.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5C: result += "\\\\"
            case 0x08: result += "\\b"
            case 0x09: result += "\\t"
            case 0x0A: result += "\\n"
            case 0x0C: result += "\\f"
            case 0x0D: result += "\\r"
            case 0...0x1F, 0x7F...0x9F:
                let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
                result += "\\u" + String(repeating: "0", count: 4 - hexadecimal.count)
                result += hexadecimal
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    // MARK: Type system

    private static func description(_ text: String?, _ indentation: String = "") -> String {
        guard let text else { return "" }
        let block = BlockString.printed(text)
        return block.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\n" + indentation) + "\n" + indentation
    }

    private static func block(_ lines: [String]) -> String {
        lines.isEmpty ? "" : " {\n  \(lines.joined(separator: "\n  "))\n}"
    }

    private static func print(_ input: InputValueNode, _ indentation: String) -> String {
        description(input.description, indentation) + "\(input.name.value): \(print(input.type))"
            + (input.defaultValue.map { " = \(print($0))" } ?? "") + prefix(input.directives)
    }

    private static func arguments(_ inputs: [InputValueNode], _ indentation: String) -> String {
        if inputs.isEmpty { return "" }
        if inputs.contains(where: { $0.description != nil }) {
            let inner = indentation + "  "
            let lines = inputs.map { inner + print($0, inner) }
            return "(\n\(lines.joined(separator: "\n"))\n\(indentation))"
        }
        return "(\(inputs.map { print($0, indentation) }.joined(separator: ", ")))"
    }

    package static func print(_ definition: TypeSystemDefinition) -> String {
        let name = definition.name.value
        let implements =
            definition.interfaces.isEmpty
            ? "" : " implements " + definition.interfaces.map(\.value).joined(separator: " & ")
        let directives = prefix(definition.directives)
        let fields = definition.fields.map { field in
            description(field.description, "  ") + field.name.value
                + arguments(field.arguments, "  ") + ": \(print(field.type))"
                + prefix(field.directives)
        }
        let body: String
        switch definition.kind {
        case .schema:
            let lines = definition.operations.map { "\($0.kind.rawValue): \($0.type.value)" }
            body = "schema" + directives + block(lines)
        case .scalar: body = "scalar \(name)" + directives
        case .object: body = "type \(name)" + implements + directives + block(fields)
        case .interface: body = "interface \(name)" + implements + directives + block(fields)
        case .union:
            let members = definition.members.map(\.value).joined(separator: " | ")
            body = "union \(name)" + directives + (members.isEmpty ? "" : " = \(members)")
        case .enumeration:
            let lines = definition.values.map {
                description($0.description, "  ") + $0.name.value + prefix($0.directives)
            }
            body = "enum \(name)" + directives + block(lines)
        case .inputObject:
            body = "input \(name)" + directives + block(definition.inputs.map { print($0, "  ") })
        case .directive:
            body =
                "directive @\(name)" + arguments(definition.inputs, "")
                + (definition.isRepeatable ? " repeatable" : "") + " on "
                + definition.locations.map(\.value).joined(separator: " | ")
        }
        return description(definition.description) + (definition.isExtension ? "extend " : "")
            + body
    }
}
