import FilterLanguage
import TextSignatures

extension SpanFilter {
    /// What the signature of a segment must have for the segment to hold a span that the filter
    /// selects; nil when signatures rule nothing out.
    var signatureQuery: SignatureQuery? {
        var queries: [SignatureQuery] = []
        if let names {
            let ofNames = names.map { SignatureQuery.text(containing: $0) }
            if let query = SignatureQuery.joined(any: ofNames) { queries.append(query) }
        }
        for attribute in attributes {
            guard case .string(let text) = attribute.value,
                let query = SignatureQuery.text(containing: text)
            else { continue }
            queries.append(query)
        }
        for expression in expressions {
            if let query = expression.necessity.flatMap(SignatureQuery.init) {
                queries.append(query)
            }
        }
        return queries.count < 2 ? queries.first : .all(queries)
    }
}

extension SignatureQuery {
    /// Nil when nothing that is necessary shows in a signature.
    init?(_ necessity: FilterNecessity) {
        let query: SignatureQuery?
        switch necessity {
        case .textContains(let text): query = .text(containing: text)
        case .valueContains(let text): query = .value(containing: text)
        case .valueEquals(let text): query = .value(equalTo: text)
        case .all(let facts):
            let known = facts.compactMap { SignatureQuery($0) }
            query = known.count < 2 ? known.first : .all(known)
        case .any(let facts): query = .joined(any: facts.map { SignatureQuery($0) })
        }
        guard let query else { return nil }
        self = query
    }

    /// Any of several queries; nil when one of them is unknown.
    static func joined(any queries: [SignatureQuery?]) -> SignatureQuery? {
        let known = queries.compactMap { $0 }
        guard known.count == queries.count, let first = known.first else { return nil }
        return known.count == 1 ? first : .any(known)
    }
}
