import JSON

/// A path to one value in a JSON document, in the part of JSONPath (RFC 9535) that names one:
/// `$.a.b`, `a[0]`, `a['b']`.
package enum TemplatePath {
    package enum Step: Hashable, Sendable {
        case member(String)
        /// From the end when it is negative.
        case element(Int)
    }

    package struct Fault: Error, Hashable {
        package let reason: String
    }

    private static let syntax = Fault(
        reason: "Invalid JSONPath syntax: write names with dots, and indices in brackets.")
    private static let wildcard = Fault(reason: "JSONPath feature 'Wildcard' is not supported")

    package static func parse(_ text: String) throws(Fault) -> [Step] {
        var steps: [Step] = []
        var rest = text[...]
        let hasRoot = rest.first == "$"
        if hasRoot { rest = rest.dropFirst() }
        var isFirst = !hasRoot
        while !rest.isEmpty {
            if rest.first == "[" {
                steps.append(try bracketed(&rest))
            } else {
                if !isFirst {
                    guard rest.first == "." else { throw syntax }
                    rest = rest.dropFirst()
                }
                let name = rest.prefix { $0 != "." && $0 != "[" }
                guard name != "*" else { throw wildcard }
                guard !name.isEmpty else { throw syntax }
                steps.append(.member(String(name)))
                rest = rest.dropFirst(name.count)
            }
            isFirst = false
        }
        guard hasRoot || !steps.isEmpty else { throw syntax }
        return steps
    }

    private static func bracketed(_ rest: inout Substring) throws(Fault) -> Step {
        rest = rest.dropFirst()
        let content: Substring
        if let quote = rest.first, quote == "'" || quote == "\"" {
            rest = rest.dropFirst()
            content = rest.prefix { $0 != quote }
            rest = rest.dropFirst(content.count + 1)
            guard rest.first == "]" else { throw syntax }
            rest = rest.dropFirst()
            return .member(String(content))
        }
        content = rest.prefix { $0 != "]" }
        guard content != "*" else { throw wildcard }
        guard let index = Int(content), rest.count > content.count else { throw syntax }
        rest = rest.dropFirst(content.count + 1)
        return .element(index)
    }

    package static func value(at steps: [Step], in document: JSONValue) -> JSONValue? {
        var value = document
        for step in steps {
            switch step {
            case .member(let name):
                guard let member = value[name] else { return nil }
                value = member
            case .element(let index):
                guard let elements = value.arrayValue else { return nil }
                let position = index < 0 ? elements.count + index : index
                guard elements.indices.contains(position) else { return nil }
                value = elements[position]
            }
        }
        return value
    }
}
