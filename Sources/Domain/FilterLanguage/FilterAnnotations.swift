import SQLCore

extension Filter {
    /// Names of annotations of spans, each of which every selected span must have. Only known of
    /// span filters; there may be others.
    package var requiredSpanAnnotations: Set<String> {
        guard language == .span else { return [] }
        return condition?.requiredSpanAnnotations ?? []
    }

    /// What the filter says of one annotation alone: a condition on a table of annotations called
    /// `fa0`. Every selected span has an annotation that fulfils it.
    ///
    /// - Parameter name: One of ``requiredSpanAnnotations``.
    package func annotationCondition(
        named name: String, over columns: some FilterColumns
    ) -> SQL {
        let terms = condition.map(\.conjuncts) ?? []
        // The compiler calls the first annotation that it meets `fa0`, and there is no other.
        var compiler = FilterCompiler(columns: columns, language: language)
        var parts: [SQL] = ["fa0.name = \(name)"]
        for term in terms where term.isAbout(annotation: name) {
            parts.append(compiler.condition(term))
        }
        return "\(parts, separator: " AND ")"
    }
}

extension FilterTerm {
    /// Names of annotations without which the term is not true.
    fileprivate var requiredSpanAnnotations: Set<String> {
        switch self {
        case .all(let terms):
            return terms.reduce(into: []) { $0.formUnion($1.requiredSpanAnnotations) }
        case .any(let terms):
            guard let first = terms.first else { return [] }
            return terms.dropFirst().reduce(into: first.requiredSpanAnnotations) {
                $0.formIntersection($1.requiredSpanAnnotations)
            }
        case .annotationExists(.span, let name): return [name]
        case .not(.isNull(let value)): return value.annotationsOfValue
        // A comparison with what is missing is neither true nor false.
        case .not(let term) where term.isComparison: return term.requiredSpanAnnotations
        case .comparison(let left, _, let right):
            return left.annotationsOfValue.union(right.annotationsOfValue)
        case .membership(let value, _): return value.annotationsOfValue
        case .containment(let needle, in: let haystack):
            return needle.annotationsOfValue.union(haystack.annotationsOfValue)
        default: return []
        }
    }

    fileprivate var conjuncts: [FilterTerm] {
        if case .all(let terms) = self { terms.flatMap(\.conjuncts) } else { [self] }
    }

    /// Whether the term needs an annotation of a span, and reads nothing else of that.
    fileprivate func isAbout(annotation name: String) -> Bool {
        guard requiredSpanAnnotations == [name] else { return false }
        var isAbout = true
        visit { part in
            switch part {
            case .annotation(let subject, let other, _):
                isAbout = isAbout && subject == .span && other == name
            case .annotationExists, .field, .parentField, .attribute, .reduction, .textContains:
                isAbout = false
            default: break
            }
        }
        return isAbout
    }

    private var isComparison: Bool {
        switch self {
        case .comparison, .containment: true
        // Nothing is in an empty list, so that what is missing is not in it either.
        case .membership(_, let items): !items.isEmpty
        default: false
        }
    }

    /// Names of annotations without which the value is null.
    private var annotationsOfValue: Set<String> {
        switch self {
        case .annotation(.span, let name, _): [name]
        case .parsedNumber(let inner), .negative(let inner): inner.annotationsOfValue
        case .concatenation(let left, let right), .arithmetic(let left, _, let right):
            left.annotationsOfValue.union(right.annotationsOfValue)
        default: []
        }
    }
}
