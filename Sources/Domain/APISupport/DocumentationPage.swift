import HTTPMessages
import JSON

/// The page at `/docs`, which shows an OpenAPI document to a person.
///
/// It is made once on the server, runs no script and loads nothing from elsewhere.
package struct DocumentationPage: Sendable {
    /// The content security policy of pages that have this one's style sheet and nothing else.
    package static let policy = "default-src 'none'; style-src 'self'; base-uri 'none'"

    private let html: [UInt8]

    package init(document: OpenAPIDocument) {
        var page = HTML()
        page.document(document)
        html = Array(page.text.utf8)
    }

    package func register(on router: inout Router) {
        let html = html
        let style = Array(Self.style.utf8)
        router.add(.get, "/docs") { _, _ in
            .bytes(
                .ok,
                html, contentType: "text/html; charset=utf-8",
                headers: ["content-security-policy": Self.policy])
        }
        router.add(.get, "/docs/style.css") { _, _ in
            .bytes(
                .ok,
                style, contentType: "text/css; charset=utf-8",
                headers: ["cache-control": "public, max-age=3600"])
        }
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #8885; --soft: #8882; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
            padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; } h3 { margin: 1rem 0 .25rem; }
        code, .path { font-family: ui-monospace, monospace; font-size: .9em; }
        nav a { margin-right: 1rem; }
        details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0;
            padding: .4rem .8rem; }
        summary { cursor: pointer; }
        summary b { display: inline-block; min-width: 4.5rem; }
        summary span { opacity: .75; margin-left: .75rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { border-bottom: 1px solid var(--line); padding: .3rem .5rem; text-align: left;
            vertical-align: top; }
        th { background: var(--soft); font-weight: 600; }
        em { opacity: .75; }
        """
}

private struct HTML {
    var text = ""

    mutating func document(_ document: OpenAPIDocument) {
        text += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        text += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        text += "<title>\(escaped(document.title))</title>\n"
        text += "<link rel=\"stylesheet\" href=\"docs/style.css\">\n</head>\n<body>\n"
        text += "<h1>\(escaped(document.title)) \(escaped(document.version))</h1>\n"
        text += "<p>Every operation of this server with its parameters, its body and its answers. "
        text += "A program reads the same from <a href=\"openapi.json\">openapi.json</a>.</p>\n"
        var tags: [String] = []
        for operation in document.operations where !tags.contains(operation.tag) {
            tags.append(operation.tag)
        }
        text += "<nav>"
        for tag in tags { text += "<a href=\"#\(escaped(tag))\">\(escaped(tag))</a>" }
        text += "<a href=\"#shapes\">shapes</a></nav>\n<main>\n"
        for tag in tags {
            text += "<h2 id=\"\(escaped(tag))\">\(escaped(tag))</h2>\n"
            for entry in document.operations where entry.tag == tag { operation(entry) }
        }
        text += "<h2 id=\"shapes\">shapes</h2>\n"
        for (name, schema) in document.components.sorted(by: { $0.key < $1.key }) {
            component(name, schema)
        }
        text += "</main>\n</body>\n</html>\n"
    }

    private mutating func operation(_ operation: Operation) {
        text += "<details id=\"\(escaped(operation.id))\"><summary>"
        text += "<b>\(operation.method)</b> <span class=\"path\">\(escaped(operation.path))</span>"
        text += "<span>\(escaped(operation.summary))</span></summary>\n"
        if let description = operation.description { text += "<p>\(escaped(description))</p>\n" }
        if !operation.parameters.isEmpty {
            text += "<h3>Parameters</h3>\n"
            table(["name", "in", "type", "meaning"]) { html in
                for parameter in operation.parameters {
                    html.row([
                        "<code>\(escaped(parameter.name))</code>"
                            + (parameter.isRequired ? " <em>required</em>" : ""),
                        parameter.place.rawValue,
                        html.shown(parameter.schema),
                        (parameter.isDeprecated ? "<em>Deprecated.</em> " : "")
                            + escaped(parameter.schema.description ?? ""),
                    ])
                }
            }
        }
        switch operation.body {
        case .none: break
        case .raw: text += "<h3>Body</h3>\n<p>Bytes.</p>\n"
        case .json(let object): text += "<h3>Body</h3>\n<p>\(shown(.object(object)))</p>\n"
        }
        text += "<h3>Answers</h3>\n"
        table(["status", "body", "meaning"]) { html in
            let answer = operation.answer
            html.row([
                answer.status.description, answer.schema.map { html.shown($0) } ?? "",
                escaped(answer.description),
            ])
            for refusal in operation.refusals {
                html.row([
                    refusal.status.description,
                    refusal.isValidation ? html.shown(.object(.validationError)) : "a sentence",
                    escaped(refusal.description),
                ])
            }
        }
        text += "</details>\n"
    }

    private mutating func component(_ name: String, _ schema: Schema) {
        text += "<details id=\"shape-\(escaped(name))\"><summary><code>\(escaped(name))</code>"
        text += "</summary>\n"
        if case .object(let object) = schema.kind {
            if let description = object.description { text += "<p>\(escaped(description))</p>\n" }
            table(["member", "type", "meaning"]) { html in
                for field in object.fields {
                    html.row([
                        "<code>\(escaped(field.name))</code>"
                            + (field.isRequired ? " <em>required</em>" : ""),
                        html.shown(field.schema), escaped(field.schema.description ?? ""),
                    ])
                }
            }
        } else {
            text += "<p>\(shown(schema))</p>\n"
        }
        text += "</details>\n"
    }

    private mutating func table(_ heads: [String], _ rows: (inout HTML) -> Void) {
        text += "<table><tr>"
        for head in heads { text += "<th>\(head)</th>" }
        text += "</tr>\n"
        rows(&self)
        text += "</table>\n"
    }

    private mutating func row(_ cells: [String]) {
        text += "<tr>"
        for cell in cells { text += "<td>\(cell)</td>" }
        text += "</tr>\n"
    }

    /// A schema in a few words.
    private func shown(_ schema: Schema) -> String {
        var words = kind(schema)
        if schema.isNullable { words += " or null" }
        if let fallback = schema.defaultValue {
            words += ", default <code>\(escaped(fallback.text))</code>"
        }
        return words
    }

    private func kind(_ schema: Schema) -> String {
        switch schema.kind {
        case .any: return "anything"
        case .null: return "null"
        case .boolean: return "boolean"
        case .integer(let bounds): return "integer" + shown(bounds)
        case .number(let bounds): return "number" + shown(bounds)
        case .string(let lengths): return "string" + shown(lengths, "characters")
        case .timestamp: return "date and time (ISO 8601)"
        case .literal(let values):
            return values.map { "<code>\(escaped($0))</code>" }.joined(separator: " or ")
        case .array(let element, let counts):
            return "list of \(shown(element))" + shown(counts, "items")
        case .dictionary: return "object"
        case .object(let object): return link(object.name)
        case .recursive(let object): return link(object().name)
        case .named(let name, _): return link(name)
        case .either(let schemas): return schemas.map { shown($0) }.joined(separator: " or ")
        }
    }

    private func link(_ name: String) -> String {
        "<a href=\"#shape-\(escaped(name))\">\(escaped(name))</a>"
    }

    private func shown(_ bounds: Schema.Bounds) -> String {
        var words = ""
        func number(_ bound: Double) -> String {
            Int64(exactly: bound).map(String.init) ?? String(bound)
        }
        if let bound = bounds.greaterThan { words += ", above \(number(bound))" }
        if let bound = bounds.atLeast { words += ", at least \(number(bound))" }
        if let bound = bounds.atMost { words += ", at most \(number(bound))" }
        return words
    }

    private func shown(_ lengths: Schema.Lengths, _ unit: String) -> String {
        var words = ""
        if let least = lengths.atLeast { words += ", at least \(least) \(unit)" }
        if let most = lengths.atMost { words += ", at most \(most) \(unit)" }
        return words
    }
}

/// Text in a place where HTML has a meaning.
private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.append(character)
        }
    }
    return result
}
