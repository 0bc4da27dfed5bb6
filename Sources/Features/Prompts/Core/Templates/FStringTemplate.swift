import JSON

/// A text with fields as Python's `str.format` has them: `{name}`, `{a.b}`, `{a[0]}`, `{a[key]}`, `{a!r}`,
/// `{a:>5}`; a doubled brace stands for itself.
struct FStringTemplate: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case field(Field)
    }

    struct Field: Sendable {
        enum Step: Sendable {
            case attribute(String)
            case element(String)
        }

        var root: String
        var steps: [Step]
        var conversion: Character?
        var format: [Node]
    }

    private let nodes: [Node]

    init(_ text: String) throws(TemplateError) {
        var parser = FStringParser(text)
        nodes = try parser.parse()
    }

    var variables: Set<String> { Self.variables(of: nodes) }

    private static func variables(of nodes: [Node]) -> Set<String> {
        var names: Set<String> = []
        for case .field(let field) in nodes {
            names.insert(field.root)
            names.formUnion(variables(of: field.format))
        }
        return names
    }

    func filled(
        with variables: JSONObject, within budget: inout TemplateBudget
    ) throws(TemplateError) -> String {
        try Self.filled(nodes, variables, &budget)
    }

    private static func filled(
        _ nodes: [Node], _ variables: JSONObject, _ budget: inout TemplateBudget
    ) throws(TemplateError) -> String {
        var result = ""
        for node in nodes {
            try budget.take()
            switch node {
            case .text(let text): try budget.append(text, to: &result)
            case .field(let field):
                var value = variables[field.root] ?? .null
                for step in field.steps {
                    try budget.take(readingThrough: value.stringValue ?? "")
                    value = try part(step, of: value, in: field.root)
                }
                value = converted(value, field.conversion)
                if !field.format.isEmpty {
                    // It may show little of a long text.
                    try budget.take(readingThrough: value.stringValue ?? "")
                }
                let format = try filled(field.format, variables, &budget)
                try budget.append(try shown(value, format, field.root), to: &result)
            }
        }
        return result
    }

    private static func part(
        _ step: Field.Step, of value: JSONValue, in root: String
    ) throws(TemplateError) -> JSONValue {
        switch step {
        case .attribute(let name):
            guard !name.hasPrefix("_") else {
                throw TemplateError("Access to attribute '\(name)' is not permitted in templates")
            }
            // A number is its own real part, as in Python.
            if name == "real", value.doubleValue != nil { return value }
            if let member = value[name] { return member }
        case .element(let key):
            if let member = value[key] { return member }
            if let index = Int(key), let element = element(index, of: value) { return element }
        }
        throw TemplateError(
            "The variable '\(root)' does not have the part that the template names.")
    }

    /// The element of a list, or the character of a text; from the end when the index is negative.
    private static func element(_ index: Int, of value: JSONValue) -> JSONValue? {
        func found<Part>(in parts: some BidirectionalCollection<Part>) -> Part? {
            let (start, end) =
                index < 0 ? (parts.endIndex, parts.startIndex) : (parts.startIndex, parts.endIndex)
            guard let position = parts.index(start, offsetBy: index, limitedBy: end),
                position < parts.endIndex
            else { return nil }
            return parts[position]
        }
        return switch value {
        case .array(let elements): found(in: elements)
        case .string(let text):
            found(in: text.unicodeScalars).map { .string(String(Character($0))) }
        default: nil
        }
    }

    /// The text that a conversion makes of a value. `!s` leaves lists and objects what they are.
    private static func converted(_ value: JSONValue, _ conversion: Character?) -> JSONValue {
        switch (conversion, value) {
        case (nil, _), ("s", .array), ("s", .object): value
        case ("s", _): .string(PythonText.shown(value))
        default: .string(PythonText.inspected(value))
        }
    }

    private static func shown(
        _ value: JSONValue, _ format: String, _ root: String
    ) throws(TemplateError) -> String {
        switch value {
        case .array, .object:
            guard format.isEmpty else {
                throw TemplateError(
                    "The variable '\(root)' is a list or an object, which no format applies to.")
            }
            return PythonText.json(value)
        default:
            if format.isEmpty { return PythonText.shown(value) }
            return try FormatSpecification(format).shown(value)
        }
    }
}

/// Reads a template from its start to its end.
private struct FStringParser {
    private let characters: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { characters = Array(text.unicodeScalars) }

    private var current: Unicode.Scalar? {
        index < characters.count ? characters[index] : nil
    }

    /// - Parameter isFormat: Whether this is the format of a field, which its `}` ends and in which
    ///   braces are not doubled.
    mutating func parse(isFormat: Bool = false) throws(TemplateError) -> [FStringTemplate.Node] {
        var nodes: [FStringTemplate.Node] = []
        var literal = ""
        while let character = current {
            if isFormat, character == "}" { break }
            index += 1
            guard character == "{" || character == "}" else {
                literal.unicodeScalars.append(character)
                continue
            }
            if !isFormat, current == character {
                literal.unicodeScalars.append(character)
                index += 1
                continue
            }
            guard character == "{" else {
                throw TemplateError(
                    "Single '}' at position \(index). Write }} for a brace that is text.")
            }
            if !literal.isEmpty { nodes.append(.text(literal)) }
            literal = ""
            nodes.append(.field(try field(isInFormat: isFormat)))
        }
        if !literal.isEmpty { nodes.append(.text(literal)) }
        return nodes
    }

    private mutating func field(isInFormat: Bool) throws(TemplateError) -> FStringTemplate.Field {
        let start = index
        var name: [Unicode.Scalar] = []
        var isInBrackets = false
        while let character = current, isInBrackets || !["!", ":", "}"].contains(character) {
            guard character != "{" else { throw unreadable(start) }
            if character == "[" { isInBrackets = true }
            if character == "]" { isInBrackets = false }
            name.append(character)
            index += 1
        }
        guard var field = Self.field(named: name) else { throw unreadable(start) }
        if current == "!" {
            index += 1
            guard let conversion = current, ["r", "s", "a"].contains(conversion) else {
                throw unreadable(start)
            }
            field.conversion = Character(conversion)
            index += 1
        }
        if current == ":" {
            guard !isInFormat else {
                throw TemplateError("Fields are nested too deep at position \(start).")
            }
            index += 1
            field.format = try parse(isFormat: true)
        }
        guard current == "}" else { throw unreadable(start) }
        index += 1
        return field
    }

    private func unreadable(_ start: Int) -> TemplateError {
        TemplateError(
            "The field that starts at position \(start) cannot be read. Write {{ for a brace that is "
                + "text.")
    }

    /// Splits `a.b[c]`. Nil when it is not of that form.
    private static func field(named name: [Unicode.Scalar]) -> FStringTemplate.Field? {
        let text = String(String.UnicodeScalarView(name))
        let root = text.prefix { $0 != "." && $0 != "[" }
        guard !root.isEmpty else { return nil }
        var rest = text.dropFirst(root.count)
        var steps: [FStringTemplate.Field.Step] = []
        while let first = rest.first {
            rest = rest.dropFirst()
            if first == "." {
                let attribute = rest.prefix { $0 != "." && $0 != "[" }
                if !attribute.isEmpty { steps.append(.attribute(String(attribute))) }
                rest = rest.dropFirst(attribute.count)
            } else if first == "[" {
                let key = rest.prefix { $0 != "]" }
                guard !key.isEmpty, key.endIndex < rest.endIndex else { return nil }
                steps.append(.element(String(key)))
                rest = rest[key.endIndex...].dropFirst()
            } else {
                return nil
            }
        }
        return FStringTemplate.Field(root: String(root), steps: steps, conversion: nil, format: [])
    }
}
