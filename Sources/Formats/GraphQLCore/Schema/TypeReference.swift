/// A reference to a type by name, with its lists and non-nulls.
package indirect enum TypeReference: Sendable, Hashable {
    case named(String)
    case list(TypeReference)
    case nonNull(TypeReference)

    init(_ node: TypeNode) {
        switch node {
        case .named(let name): self = .named(name.value)
        case .list(let element, _): self = .list(TypeReference(element))
        case .nonNull(let inner): self = .nonNull(TypeReference(inner))
        }
    }

    /// The name within all lists and non-nulls.
    package var name: String {
        switch self {
        case .named(let name): name
        case .list(let inner), .nonNull(let inner): inner.name
        }
    }

    package var isNonNull: Bool {
        if case .nonNull = self { true } else { false }
    }

    /// The type without a non-null around it.
    package var nullable: TypeReference {
        if case .nonNull(let inner) = self { inner } else { self }
    }

    /// The type of the elements if this is a list, nullable or not.
    var element: TypeReference? {
        if case .list(let element) = nullable { element } else { nil }
    }
}

extension TypeReference: CustomStringConvertible {
    package var description: String {
        switch self {
        case .named(let name): name
        case .list(let inner): "[\(inner)]"
        case .nonNull(let inner): "\(inner)!"
        }
    }
}
