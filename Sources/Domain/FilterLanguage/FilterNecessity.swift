/// Texts that every span must have which a filter selects: what an index of texts can rule out.
///
/// The filter may ask for more. A span that it selects fulfils the necessity whatever the database
/// takes for equal when it ignores case.
package indirect enum FilterNecessity: Sendable, Hashable {
    /// A string, or the name or the status message, contains this.
    case textContains(String)
    /// An attribute of any kind, as filters write it, contains this.
    case valueContains(String)
    /// An attribute of any kind, as filters write it, is this.
    case valueEquals(String)
    case all([FilterNecessity])
    case any([FilterNecessity])
}

extension Filter {
    /// What every selected span must have; nil when nothing is known. Only known of span filters.
    package var necessity: FilterNecessity? {
        guard language == .span else { return nil }
        return condition.flatMap { $0.necessity }
    }
}

extension FilterTerm {
    /// What a span must have for the term to be true. A negated term says nothing.
    package var necessity: FilterNecessity? {
        switch self {
        case .all(let terms): return .joined(all: terms.map(\.necessity))
        case .any(let terms): return .joined(any: terms.map(\.necessity))
        case .textContains(let text): return .textContains(text)
        case .comparison(let left, .equal, let right):
            return Self.equality(left, right) ?? Self.equality(right, left)
        case .membership(let value, let items):
            return .joined(any: items.map { Self.equality(value, $0) })
        case .containment(.text(let needle), in: let haystack):
            switch haystack {
            case .field(.name, of: 0), .field(.statusMessage, of: 0):
                return .textContains(needle)
            case .attribute(_, as: .text): return .valueContains(needle)
            default: return nil
            }
        default: return nil
        }
    }

    private static func equality(_ value: FilterTerm, _ literal: FilterTerm) -> FilterNecessity? {
        guard case .text(let text) = literal else { return nil }
        switch value {
        case .field(.name, of: 0), .field(.statusMessage, of: 0): return .textContains(text)
        case .attribute(_, as: .text): return .valueEquals(text)
        default: return nil
        }
    }
}

extension FilterNecessity {
    /// What follows from all of several facts, of which some may be unknown.
    fileprivate static func joined(all facts: [FilterNecessity?]) -> FilterNecessity? {
        let known = facts.compactMap { $0 }
        return known.count < 2 ? known.first : .all(known)
    }

    /// What follows from any one of several facts: nothing when one is unknown.
    fileprivate static func joined(any facts: [FilterNecessity?]) -> FilterNecessity? {
        let known = facts.compactMap { $0 }
        guard known.count == facts.count, let first = known.first else { return nil }
        return known.count == 1 ? first : .any(known)
    }
}
