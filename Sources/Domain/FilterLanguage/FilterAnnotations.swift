extension Filter {
    /// Names of annotations of spans, each of which every selected span must have. Only known of
    /// span filters; there may be others.
    package var requiredSpanAnnotations: Set<String> {
        guard language == .span else { return [] }
        return condition?.requiredSpanAnnotations ?? []
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
