/// A value of a span that the span query names: a field, or a path into the attributes.
///
/// The grammar is that of the span filter without operators and calls.
package struct Projection: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case field(FilterField)
        case attribute([FilterPathStep])
        /// A well-formed name that no span has a value for.
        case nothing
    }

    package let target: Target

    package init(_ target: Target) { self.target = target }

    /// - Throws: ``FilterError`` in the words of the contract.
    package init(_ text: String) throws(FilterError) {
        guard !text.isEmpty else { throw FilterError("missing expression") }
        if text.unicodeScalars.contains("\0") {
            throw FilterError("source code string cannot contain null bytes")
        }
        if let first = text.unicodeScalars.first, first == " " || first == "\t" {
            throw FilterError("unexpected indent (<unknown>, line 1)", at: 0)
        }
        let expression: PythonExpression
        do {
            expression = try Parser.expression(in: text)
        } catch {
            throw error.sentence(withLineOf: text)
        }
        try Self.check(expression)
        try Literals.check(expression)
        target = try Self.target(expression)
    }

    /// Refuses everything but names, attributes, subscripts and literals, which subscripts need.
    private static func check(_ expression: PythonExpression) throws(FilterError) {
        switch expression.kind {
        case .name, .string, .integer, .float, .bool, .none, .unsupported: break
        case .attribute(let base, _): try check(base)
        case .subscripted(let base, let key):
            try check(base)
            try check(key)
        case .list(let items), .tuple(let items):
            for item in items { try check(item) }
        default: throw invalid(expression)
        }
    }

    private static func invalid(_ expression: PythonExpression) -> FilterError {
        FilterError(
            "invalid projection: \(PythonText.short(expression))", at: expression.position)
    }

    private static func target(_ expression: PythonExpression) throws(FilterError) -> Target {
        if let names = expression.dottedName { return target(ofName: names) }
        switch expression.kind {
        case .attribute, .subscripted: break
        default: throw invalid(expression)
        }
        guard case .subscripted = expression.kind,
            let (root, path) = AttributePath.read(expression)
        else {
            throw FilterError(
                "invalid expression: \(PythonText.short(expression))", at: expression.position)
        }
        return switch root {
        case "attributes": .attribute(path)
        case "metadata": .attribute([.key("metadata")] + path)
        // Only those two can be read with keys.
        default: .nothing
        }
    }

    private static func target(ofName names: [String]) -> Target {
        switch Vocabulary(language: .span).fields[names.joined(separator: ".")] {
        // The whole documents have no form in a table.
        case .attributes?, .events?: .nothing
        case let field?: .field(field)
        case nil: .attribute(names.map(FilterPathStep.key))
        }
    }
}

extension PythonSyntaxError {
    /// The message in Python's own words for where it is.
    func sentence(withLineOf text: String) -> FilterError {
        guard !isPlain else { return FilterError(message, at: position) }
        let line = text.unicodeScalars.prefix(position).count { $0 == "\n" } + 1
        return FilterError("\(message) (<unknown>, line \(line))", at: position)
    }
}
