import JSON

/// A text with tags as Mustache has them: `{{name}}`, `{{a.b}}`, sections and inverted sections,
/// comments, other delimiters. Values are not escaped, since prompts are no HTML; partials are empty.
struct MustacheTemplate: Sendable {
    indirect enum Node: Sendable {
        case text(String)
        case variable(String)
        case section(String, isInverted: Bool, [Node])
    }

    private let nodes: [Node]

    /// How deep sections may be nested.
    static let depthMax = 100
    /// How many characters a delimiter may have. Each is compared with every place of the text.
    static let delimiterMax = 16

    init(_ text: String) throws(TemplateError) {
        var parser = MustacheParser(text)
        nodes = try parser.parse()
    }

    /// The names outside of sections, up to their first dot. Inside, names may come from the section.
    var variables: Set<String> {
        var names: Set<String> = []
        for node in nodes {
            switch node {
            case .text: break
            case .variable(let name), .section(let name, _, _): names.insert(Self.root(of: name))
            }
        }
        return names
    }

    private static func root(of name: String) -> String {
        if name == "." { return name }
        return String(name.prefix { $0 != "." })
    }

    func filled(
        with variables: JSONObject, within budget: inout TemplateBudget
    ) throws(TemplateError) -> String {
        var result = ""
        try Self.write(nodes, [.object(variables)], to: &result, within: &budget)
        return result
    }

    private static func write(
        _ nodes: [Node], _ scopes: [JSONValue], to result: inout String,
        within budget: inout TemplateBudget
    ) throws(TemplateError) {
        // Also where the section is empty: elements of lists cost time by themselves.
        try budget.take(scopes.count)
        for node in nodes {
            switch node {
            case .text(let text):
                try budget.take()
                try budget.append(text, to: &result)
            case .variable(let name):
                try budget.take(scopes.count, readingThrough: name)
                if let value = value(of: name, in: scopes) {
                    try budget.append(PythonText.shown(value), to: &result)
                }
            case .section(let name, let isInverted, let inner):
                try budget.take(scopes.count, readingThrough: name)
                let value = value(of: name, in: scopes) ?? .null
                switch (isEmpty(value), isInverted, value) {
                case (true, true, _): try write(inner, scopes, to: &result, within: &budget)
                case (false, false, .array(let elements)):
                    for element in elements {
                        try write(inner, scopes + [element], to: &result, within: &budget)
                    }
                case (false, false, _):
                    try write(inner, scopes + [value], to: &result, within: &budget)
                default: break
                }
            }
        }
    }

    /// The value of a name: its first part in the innermost scope that has it, the others inside.
    private static func value(of name: String, in scopes: [JSONValue]) -> JSONValue? {
        if name == "." { return scopes.last }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first,
            var value = scopes.reversed().lazy.compactMap({ $0[first] }).first
        else { return nil }
        for part in parts.dropFirst() {
            guard let member = value[part] else { return nil }
            value = member
        }
        return value
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .integer(0): true
        case .double(let number): number == 0
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}

/// Reads a template from its start to its end; open sections are on a stack.
private struct MustacheParser {
    private struct Section {
        var name: String
        var isInverted: Bool
        /// Where the tag that opens it ends.
        var end: Int
        var nodes: [MustacheTemplate.Node] = []
    }

    private enum Kind: Character {
        case section = "#"
        case inverted = "^"
        case end = "/"
        case unescaped = "&"
        case partial = ">"
        case comment = "!"
        case delimiters = "="
        case variable = "{"
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var opening: [Unicode.Scalar] = Array("{{".unicodeScalars)
    private var closing: [Unicode.Scalar] = Array("}}".unicodeScalars)
    /// Whether the delimiters are those that every template begins with.
    private var isDefault = true
    private var hasNoClosing = false
    private var literal = ""
    private var stack = [Section(name: "", isInverted: false, end: 0)]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    mutating func parse() throws(TemplateError) -> [MustacheTemplate.Node] {
        while index < scalars.count {
            guard matches(opening, at: index), let tag = tag() else {
                literal.unicodeScalars.append(scalars[index])
                index += 1
                continue
            }
            try take(tag.kind, tag.name, endingAt: tag.end)
        }
        if stack.count > 1, let open = stack.last {
            throw TemplateError(
                "Did not find a matching tag for {{#\(open.name)}}. Its section starts at position "
                    + "\(open.end)")
        }
        flush()
        return stack[0].nodes
    }

    private func matches(_ pattern: [Unicode.Scalar], at start: Int) -> Bool {
        start + pattern.count <= scalars.count
            && scalars[start..<start + pattern.count].elementsEqual(pattern)
    }

    /// Where the next closing delimiter is.
    private mutating func closing(from start: Int) -> Int? {
        // Where there is none, none is further on, so that the text is not searched again and again.
        guard !hasNoClosing else { return nil }
        var position = start
        while position < scalars.count {
            if matches(closing, at: position) { return position }
            position += 1
        }
        hasNoClosing = true
        return nil
    }

    /// The tag at ``index``; nil when what is there is just text.
    private mutating func tag() -> (kind: Kind, name: String, end: Int)? {
        let start = index + opening.count
        if isDefault, matches(["{"], at: start), let close = closing(from: start + 2),
            matches(["}", "}", "}"], at: close)
        {
            return (.variable, Self.trimmed(scalars[start + 1..<close]), close + 3)
        }
        // A tag has one character in it at least.
        guard let close = closing(from: start + 1) else { return nil }
        let content = scalars[start..<close]
        let trimmed = Self.trimmed(content)
        guard !trimmed.isEmpty else {
            return (
                .variable, String(String.UnicodeScalarView(content)), close + closing.count
            )
        }
        if trimmed.unicodeScalars.count > 1, let first = trimmed.unicodeScalars.first,
            let kind = Kind(rawValue: Character(first)), kind != .variable
        {
            let rest = Array(trimmed.unicodeScalars.dropFirst())
            return (kind, Self.trimmed(rest[...]), close + closing.count)
        }
        return (.variable, trimmed, close + closing.count)
    }

    private static func trimmed(_ part: ArraySlice<Unicode.Scalar>) -> String {
        let start = part.drop { $0.properties.isWhitespace }
        let end = start.reversed().drop { $0.properties.isWhitespace }.reversed()
        return String(String.UnicodeScalarView(end))
    }

    private mutating func take(
        _ kind: Kind, _ name: String, endingAt end: Int
    ) throws(TemplateError) {
        switch kind {
        case .variable, .unescaped:
            flush()
            stack[stack.count - 1].nodes.append(.variable(name))
            index = end
        case .partial, .comment:
            leave(end)
        case .delimiters:
            let parts = name.split { $0.isWhitespace || $0 == "=" }
            leave(end)
            if parts.count == 2 {
                guard parts.allSatisfy({ $0.unicodeScalars.count <= MustacheTemplate.delimiterMax })
                else {
                    throw TemplateError(
                        "Delimiters have \(MustacheTemplate.delimiterMax) characters at most.")
                }
                opening = Array(parts[0].unicodeScalars)
                closing = Array(parts[1].unicodeScalars)
                isDefault = parts[0] == "{{" && parts[1] == "}}"
                hasNoClosing = false
            }
        case .section, .inverted:
            guard stack.count <= MustacheTemplate.depthMax else {
                throw TemplateError(
                    "Sections are nested too deep (\(MustacheTemplate.depthMax) at most).")
            }
            leave(end)
            flush()
            stack.append(Section(name: name, isInverted: kind == .inverted, end: end))
        case .end:
            guard stack.count > 1, stack[stack.count - 1].name == name else {
                let open = stack.count > 1 ? "/\(stack[stack.count - 1].name)" : "#\(name)"
                throw TemplateError(
                    "Section end tag mismatch at position \(end). Found {{/\(name)}}, expected "
                        + "{{\(open)}}")
            }
            leave(end)
            flush()
            let section = stack.removeLast()
            stack[stack.count - 1].nodes.append(
                .section(section.name, isInverted: section.isInverted, section.nodes))
        }
    }

    /// Goes behind a tag that shows nothing itself; when it has a line for itself, the line goes too.
    private mutating func leave(_ end: Int) {
        var start = index
        while start > 0, scalars[start - 1] == " " || scalars[start - 1] == "\t" { start -= 1 }
        var next = end
        while next < scalars.count, scalars[next] == " " || scalars[next] == "\t" { next += 1 }
        let isAtStart = start == 0 || scalars[start - 1] == "\n"
        var isAtEnd = next == scalars.count
        if !isAtEnd, scalars[next] == "\n" {
            next += 1
            isAtEnd = true
        } else if matches(["\r", "\n"], at: next) {
            next += 2
            isAtEnd = true
        }
        guard isAtStart, isAtEnd else {
            index = end
            return
        }
        // The blanks before the tag are the last of the text so far: no tag is between.
        literal.unicodeScalars.removeLast(index - start)
        index = next
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        stack[stack.count - 1].nodes.append(.text(literal))
        literal = ""
    }
}
