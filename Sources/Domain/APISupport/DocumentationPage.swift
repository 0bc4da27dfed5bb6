import HTTPMessages
import JSON

/// The page at `/docs`, which shows the OpenAPI document of some operations to a person.
///
/// It is made when it is asked for, runs no script and loads nothing from elsewhere.
package struct DocumentationPage: Sendable {
    /// The content security policy of pages that have this one's style sheet and nothing else.
    package static let policy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'self'"

    private let operations: [Operation]

    package init(operations: [Operation]) { self.operations = operations }

    private var html: [UInt8] {
        var page = HTML()
        page.document(OpenAPIDocument(operations: operations))
        return Array(page.text.utf8)
    }

    package func register(on router: inout Router) {
        let style = Array(Self.style.utf8)
        router.add(.get, "/docs") { _, _ in
            .bytes(
                .ok,
                html, contentType: "text/html; charset=utf-8",
                headers: [
                    "content-security-policy": Self.policy, "cache-control": "no-cache",
                    "referrer-policy": "same-origin", "x-content-type-options": "nosniff",
                ])
        }
        router.add(.get, "/docs/style.css") { _, _ in
            .bytes(
                .ok,
                style, contentType: "text/css; charset=utf-8",
                headers: ["cache-control": "public, max-age=3600"])
        }
    }

    private static let style = """
        :root {
            color-scheme: light dark;
            --text: light-dark(#1c2430, #e6eaf0); --quiet: light-dark(#5b6675, #9aa6b5);
            --page: light-dark(#fbfcfd, #11151a); --card: light-dark(#fff, #181d24);
            --line: light-dark(#dfe4ea, #2b323c); --link: light-dark(#0b5cad, #7db7ff);
            --get: light-dark(#1c7c54, #5fd0a0); --post: light-dark(#0b5cad, #7db7ff);
            --put: light-dark(#8a5a00, #e6b450); --patch: light-dark(#6b3fa0, #c9a4ff);
            --delete: light-dark(#b3261e, #ff8a80);
        }
        * { box-sizing: border-box; }
        html { font-size: 14px; }
        body { font: 13px/1.5 "Inter", system-ui, -apple-system, "Segoe UI", sans-serif;
            color: var(--text); background: var(--page); max-width: 64rem; margin: 0 auto;
            padding: 2.5rem 1rem 4rem; }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
        h2 { font-size: 1.1rem; margin: 2.25rem 0 .6rem; text-transform: capitalize; }
        h3 { font-size: .85rem; color: var(--quiet); margin: 1.1rem 0 .35rem; }
        p { max-width: 46rem; } a { color: var(--link); }
        code, .path { font-family: "JetBrains Mono", ui-monospace, monospace; font-size: .87rem; }
        nav { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; margin-top: 1rem; }
        details { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
            margin: .4rem 0; }
        details > :not(summary) { margin-left: 1rem; margin-right: 1rem; }
        details[open] { padding-bottom: .8rem; }
        summary { cursor: pointer; display: flex; flex-wrap: wrap; align-items: baseline;
            gap: .1rem .8rem; padding: .5rem 1rem; list-style: none; }
        summary::-webkit-details-marker { display: none; }
        summary:hover .path { text-decoration: underline; }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: .3rem; }
        summary b { width: 4.2rem; font-size: .78rem; letter-spacing: .03em; }
        summary .path { overflow-wrap: anywhere; }
        summary .path + span { color: var(--quiet); margin-left: auto; text-align: right; }
        .get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
        .patch { color: var(--patch); } .delete { color: var(--delete); }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0;
            text-align: left; vertical-align: top; }
        th { font-weight: 600; color: var(--quiet); font-size: .8rem; }
        em { color: var(--quiet); }
        @media (max-width: 40rem) {
            summary .path + span { margin-left: 0; text-align: left; width: 100%; }
        }
        """
}

private struct HTML {
    var text = ""

    mutating func document(_ document: OpenAPIDocument) {
        text += "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        text += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        text += "<title>\(escaped(document.title))</title>\n"
        text += "<link rel=\"icon\" href=\"data:,\">\n"
        text += "<link rel=\"stylesheet\" href=\"docs/style.css\">\n</head>\n<body>\n"
        text += "<h1>\(escaped(document.title)) \(escaped(document.version))</h1>\n"
        text += "<p>The operations of this server with their parameters, bodies and answers. "
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
        let method = operation.method.rawValue
        text += "<b class=\"\(method.lowercased())\">\(method)</b>"
        text += "<span class=\"path\">\(escaped(operation.path))</span>"
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
        case .oneOf(let schema): text += "<h3>Body</h3>\n<p>\(shown(schema))</p>\n"
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
        text += "<div class=\"wide\"><table><tr>"
        for head in heads { text += "<th>\(head)</th>" }
        text += "</tr>\n"
        rows(&self)
        text += "</table></div>\n"
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
        case .tagged(_, let objects):
            return objects.map { link($0.name) }.joined(separator: " or ")
        case .recursive(let object): return link(object().name)
        case .named(let name, _): return link(name)
        case .either(let schemas): return schemas.map { shown($0) }.joined(separator: " or ")
        case .alternatives(let shapes):
            return shapes.map { shown($0.schema) }.joined(separator: " or ")
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
