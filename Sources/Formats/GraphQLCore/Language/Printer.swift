/// Prints nodes as text that reads back as the same nodes, laid out as graphql-js does.
package enum Printer {
    package static func render(_ document: Document) -> String {
        document.definitions.map { definition in
            switch definition {
            case .operation(let operation): render(operation)
            case .fragment(let fragment):
                description(fragment.description)
                    + "fragment \(fragment.name.value) on \(fragment.typeCondition.value) "
                    + suffix(fragment.directives) + render(fragment.selectionSet, "")
            case .typeSystem(let definition): render(definition)
            }
        }.joined(separator: "\n\n")
    }

    private static func render(_ operation: OperationDefinition) -> String {
        let selections = render(operation.selectionSet, "")
        var head = operation.kind.rawValue
        let variables = operation.variables.map { variable in
            description(variable.description) + "$\(variable.name.value): \(render(variable.type))"
                + (variable.defaultValue.map { " = \(render($0))" } ?? "")
                + prefix(variable.directives)
        }
        if let name = operation.name { head += " \(name.value)" }
        if !variables.isEmpty {
            if operation.name == nil { head += " " }
            let isTall = operation.variables.contains { $0.description != nil }
            head += isTall ? "(\n" : "("
            head += variables.joined(separator: isTall ? "\n" : ", ")
            head += isTall ? "\n)" : ")"
        }
        head += prefix(operation.directives)
        if let text = operation.description {
            return "\(description(text))\(head) \(selections)"
        }
        return head == "query" ? selections : "\(head) \(selections)"
    }

    private static func render(_ set: SelectionSet, _ indentation: String) -> String {
        if set.selections.isEmpty { return "{}" }
        let inner = indentation + "  "
        let lines = set.selections.map { selection in
            switch selection {
            case .field(let field): inner + render(field, inner)
            case .spread(let spread):
                "\(inner)...\(spread.name.value)" + indented(prefix(spread.directives), inner)
            case .inline(let inline):
                "\(inner)..." + (inline.typeCondition.map { " on \($0.value)" } ?? "")
                    + indented(prefix(inline.directives), inner) + " "
                    + render(inline.selectionSet, inner)
            }
        }
        return "{\n\(lines.joined(separator: "\n"))\n\(indentation)}"
    }

    private static func render(_ field: FieldNode, _ indentation: String) -> String {
        let name = (field.alias.map { "\($0.value): " } ?? "") + field.name.value
        var arguments = render(field.arguments)
        if !field.arguments.isEmpty,
            name.unicodeScalars.count + arguments.unicodeScalars.count > 80
        {
            let lines = field.arguments.map {
                indented("  \($0.name.value): \(render($0.value))", "  ")
            }
            arguments = "(\n\(lines.joined(separator: "\n"))\n)"
        }
        return name + indented(arguments + prefix(field.directives), indentation)
            + (field.selectionSet.map { " " + render($0, indentation) } ?? "")
    }

    private static func render(_ arguments: [ArgumentNode]) -> String {
        if arguments.isEmpty { return "" }
        let printed = arguments.map { "\($0.name.value): \(render($0.value))" }
        return "(\(printed.joined(separator: ", ")))"
    }

    static func render(_ directives: [DirectiveNode]) -> String {
        directives.map { "@\($0.name.value)\(render($0.arguments))" }.joined(separator: " ")
    }

    private static func prefix(_ directives: [DirectiveNode]) -> String {
        directives.isEmpty ? "" : " " + render(directives)
    }

    private static func suffix(_ directives: [DirectiveNode]) -> String {
        directives.isEmpty ? "" : render(directives) + " "
    }

    package static func render(_ type: TypeNode) -> String {
        switch type {
        case .named(let name): name.value
        case .list(let element, _): "[\(render(element))]"
        case .nonNull(let inner): render(inner) + "!"
        }
    }

    package static func render(_ value: ValueNode) -> String {
        switch value.kind {
        case .variable(let name): return "$\(name)"
        case .integer(let text), .float(let text), .enumeration(let text): return text
        case .string(let text, let isBlock):
            return isBlock ? BlockString.printed(text) : quoted(text)
        case .boolean(let value): return value ? "true" : "false"
        case .null: return "null"
        case .list(let values):
            let parts = values.map { render($0) }
            return wraps(parts, 2)
                ? "[\n\(indented(parts))\n]" : "[\(parts.joined(separator: ", "))]"
        case .object(let fields):
            let parts = fields.map { "\($0.name.value): \(render($0.value))" }
            return wraps(parts, 4)
                ? "{\n\(indented(parts))\n}" : "{ \(parts.joined(separator: ", ")) }"
        }
    }

    /// Whether parts are too long for one line, with brackets of so many characters.
    private static func wraps(_ parts: [String], _ brackets: Int) -> Bool {
        let length = parts.reduce(brackets) { $0 + $1.unicodeScalars.count }
        return length + 2 * max(0, parts.count - 1) > 80
    }

    private static func indented(_ parts: [String]) -> String {
        parts.map { "  " + indented($0, "  ") }.joined(separator: "\n")
    }

    /// Indents all lines but the first.
    private static func indented(_ text: String, _ indentation: String) -> String {
        guard text.utf8.contains(0x0A) else { return text }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.joined(separator: "\n" + indentation)
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

    private static func description(_ node: DescriptionNode?, _ indentation: String = "") -> String
    {
        guard let node else { return "" }
        let text = node.isBlock ? BlockString.printed(node.value) : quoted(node.value)
        return indented(text, indentation) + "\n" + indentation
    }

    private static func block(_ lines: [String]) -> String {
        lines.isEmpty ? "" : " {\n  \(lines.joined(separator: "\n  "))\n}"
    }

    private static func render(_ input: InputValueNode, _ indentation: String) -> String {
        description(input.description, indentation) + "\(input.name.value): \(render(input.type))"
            + (input.defaultValue.map { " = \(render($0))" } ?? "") + prefix(input.directives)
    }

    private static func arguments(_ inputs: [InputValueNode], _ indentation: String) -> String {
        if inputs.isEmpty { return "" }
        if inputs.contains(where: { $0.description != nil }) {
            let inner = indentation + "  "
            let lines = inputs.map { inner + render($0, inner) }
            return "(\n\(lines.joined(separator: "\n"))\n\(indentation))"
        }
        return "(\(inputs.map { render($0, indentation) }.joined(separator: ", ")))"
    }

    package static func render(_ definition: TypeSystemDefinition) -> String {
        let name = definition.name.value
        let implements =
            definition.interfaces.isEmpty
            ? "" : " implements " + definition.interfaces.map(\.value).joined(separator: " & ")
        let directives = prefix(definition.directives)
        let fields = definition.fields.map { field in
            description(field.description, "  ") + field.name.value
                + arguments(field.arguments, "  ") + ": \(render(field.type))"
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
            body = "input \(name)" + directives + block(definition.inputs.map { render($0, "  ") })
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
