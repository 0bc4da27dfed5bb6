import FilterLanguage
import SQLCore

/// Conditions on columns that follow from a condition on attributes.
///
/// Model, session and user are attributes with a column beside them. A look at the column is far
/// cheaper than one into the payload, so it goes first; the attribute still decides.
enum ColumnConditions {
    /// What the spans table called `s` must fulfil where a term is true; nil when nothing follows.
    static func necessary(for term: FilterTerm) -> SQL? {
        switch term {
        case .all(let terms):
            let known = terms.compactMap(necessary(for:))
            return known.isEmpty ? nil : "(\(known, separator: " AND "))"
        case .any(let terms):
            let known = terms.compactMap(necessary(for:))
            return known.count < terms.count ? nil : "(\(known, separator: " OR "))"
        case .comparison(let attribute, .equal, .text(let text)),
            .comparison(.text(let text), .equal, let attribute):
            return condition(attribute, isAnyOf: [text])
        case .membership(let attribute, let items):
            let texts = items.compactMap { item in
                if case .text(let text) = item { text } else { nil }
            }
            return texts.count == items.count ? condition(attribute, isAnyOf: texts) : nil
        default: return nil
        }
    }

    private static func condition(_ attribute: FilterTerm, isAnyOf texts: [String]) -> SQL? {
        guard case .attribute(let path, as: .text) = attribute,
            let column = columns[path], texts.allSatisfy(isPlain)
        else { return nil }
        return "s.\(column) IN (\(list: texts))"
    }

    /// The columns that hold an attribute as it is, where it is plain text.
    static let columns: [[FilterPathStep]: SQL] = [
        [.key("llm"), .key("model_name")]: "model_name",
        [.key("session"), .key("id")]: "session_id",
        [.key("user"), .key("id")]: "user_id",
    ]

    /// Whether only a string attribute can read like that, which the column holds as it is.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            !first.properties.isWhitespace, !last.properties.isWhitespace
        else { return false }
        return Double(text) == nil && first != "[" && first != "{"
            && !["true", "false", "null"].contains(text.lowercased())
    }
}
