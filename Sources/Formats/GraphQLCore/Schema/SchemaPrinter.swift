extension Schema {
    /// The schema as text: by name when `isSorted`, else in order of definition; without built-in
    /// types, and without applied directives but those of the specification.
    package func printed(isSorted: Bool = true) -> String {
        var parts: [String] = []
        if let definition = printedDefinition() { parts.append(definition) }
        let custom = directives.filter { !Introspection.directiveNames.contains($0.name) }
        for directive in sorted(custom, isSorted, by: \.name) {
            let locations = directive.locations.map(\.rawValue)
            parts.append(
                text(directive.description) + "directive @\(directive.name)"
                    + arguments(directive.arguments, "", isSorted)
                    + (directive.isRepeatable ? " repeatable" : "") + " on "
                    + (isSorted ? locations.sorted() : locations).joined(separator: " | "))
        }
        let names = typeNames.filter { !Schema.isBuiltIn($0) }
        for name in sorted(names, isSorted, by: \.self) {
            if let type = types[name] { parts.append(printed(type, isSorted)) }
        }
        return parts.joined(separator: "\n\n")
    }

    /// One type as text, as ``printed(isSorted:)`` has it.
    package func printed(_ type: NamedType, _ isSorted: Bool = true) -> String {
        let head = text(type.description)
        let interfaces = sorted(type.interfaces, isSorted, by: \.self)
        let implements =
            interfaces.isEmpty ? "" : " implements " + interfaces.joined(separator: " & ")
        switch type.kind {
        case .scalar:
            return head + "scalar \(type.name)"
                + (type.specifiedByURL.map { " @specifiedBy(url: \(Printer.quoted($0)))" } ?? "")
        case .object, .interface:
            let fields = sorted(Array(type.fields), isSorted, by: \.name).map { field in
                (
                    field.description,
                    "\(field.name)\(arguments(field.arguments, "  ", isSorted)): \(field.type)"
                        + deprecated(field.deprecationReason)
                )
            }
            return head + (type.kind == .object ? "type " : "interface ") + type.name
                + implements + block(fields)
        case .union:
            let members = sorted(type.members, isSorted, by: \.self)
            return head + "union \(type.name) = " + members.joined(separator: " | ")
        case .enumeration:
            let values = sorted(Array(type.values), isSorted, by: \.name).map {
                ($0.description, $0.name + deprecated($0.deprecationReason))
            }
            return head + "enum \(type.name)" + block(values)
        case .inputObject:
            let fields = sorted(Array(type.inputFields), isSorted, by: \.name).map {
                ($0.description, input($0))
            }
            return head + "input \(type.name)" + (type.isOneOf ? " @oneOf" : "") + block(fields)
        }
    }

    private func printedDefinition() -> String? {
        let isUsual =
            queryType == types["Query"]?.name && mutationType == types["Mutation"]?.name
            && subscriptionType == types["Subscription"]?.name
        if description == nil, isUsual { return nil }
        let lines = OperationKind.allCases.compactMap { kind in
            rootType(kind).map { "  \(kind.rawValue): \($0)\n" }
        }
        return text(description) + "schema {\n" + lines.joined() + "}"
    }

    private func sorted<Element, Key: StringProtocol>(
        _ elements: [Element], _ isSorted: Bool, by key: (Element) -> Key
    ) -> [Element] {
        guard isSorted else { return elements }
        return elements.sorted { NaturalOrder.precedes(String(key($0)), String(key($1))) }
    }

    private func block(_ items: [(description: String?, text: String)]) -> String {
        let lines = items.enumerated().map { index, item in
            text(item.description, "  ", isFirst: index == 0) + "  " + item.text
        }
        return lines.isEmpty ? "" : " {\n\(lines.joined(separator: "\n"))\n}"
    }

    private func arguments(
        _ arguments: Members<InputValueDefinition>, _ indentation: String, _ isSorted: Bool
    ) -> String {
        if arguments.isEmpty { return "" }
        let arguments = sorted(Array(arguments), isSorted, by: \.name)
        if arguments.allSatisfy({ $0.description == nil }) {
            return "(\(arguments.map(input).joined(separator: ", ")))"
        }
        let inner = "  " + indentation
        let lines = arguments.enumerated().map { index, argument in
            text(argument.description, inner, isFirst: index == 0) + inner + input(argument)
        }
        return "(\n\(lines.joined(separator: "\n"))\n\(indentation))"
    }

    private func input(_ input: InputValueDefinition) -> String {
        "\(input.name): \(input.type)"
            + (input.defaultValue.map { " = \(Printer.render($0))" } ?? "")
            + deprecated(input.deprecationReason)
    }

    private func deprecated(_ reason: String?) -> String {
        guard let reason else { return "" }
        if reason == "No longer supported" { return " @deprecated" }
        return " @deprecated(reason: \(Printer.quoted(reason)))"
    }

    private func text(
        _ description: String?, _ indentation: String = "", isFirst: Bool = true
    ) -> String {
        guard let description else { return "" }
        let literal =
            BlockString.canPrint(description)
            ? BlockString.printed(description) : Printer.quoted(description)
        let lines = literal.split(separator: "\n", omittingEmptySubsequences: false)
        return (isFirst || indentation.isEmpty ? indentation : "\n" + indentation)
            + lines.joined(separator: "\n" + indentation) + "\n"
    }
}

/// The order of names that counts runs of digits as numbers: `a2` before `a10`.
enum NaturalOrder {
    static func precedes(_ first: String, _ second: String) -> Bool {
        let left = Array(first.utf8)
        let right = Array(second.utf8)
        var i = 0
        var j = 0
        while i < left.count, j < right.count {
            if Lexer.isDigit(left[i]), Lexer.isDigit(right[j]) {
                let a = run(left, &i)
                let b = run(right, &j)
                if a.count != b.count { return a.count < b.count }
                if a != b { return a.lexicographicallyPrecedes(b) }
            } else {
                if left[i] != right[j] { return left[i] < right[j] }
                i += 1
                j += 1
            }
        }
        return left.count - i < right.count - j
    }

    private static func run(_ bytes: [UInt8], _ index: inout Int) -> [UInt8] {
        let start = index
        while index < bytes.count, Lexer.isDigit(bytes[index]) { index += 1 }
        return Array(bytes[start..<index].drop { $0 == UInt8(ascii: "0") })
    }
}
