/// A type of a schema, of any kind.
package struct NamedType: Sendable {
    package enum Kind: String, Sendable, Hashable {
        case scalar = "SCALAR"
        case object = "OBJECT"
        case interface = "INTERFACE"
        case union = "UNION"
        case enumeration = "ENUM"
        case inputObject = "INPUT_OBJECT"
    }

    package var name: String
    package var kind: Kind
    package var description: String?
    /// The fields of an object or an interface, in the order of the definition.
    package var fields = Members<FieldDefinition>()
    package var interfaces: [String] = []
    /// The members of a union.
    package var members: [String] = []
    package var values = Members<EnumValueDefinition>()
    package var inputFields = Members<InputValueDefinition>()
    package var isOneOf = false
    package var specifiedByURL: String?
    /// The directives applied to the type, extensions included.
    package var directives: [DirectiveNode] = []

    init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    package var isLeaf: Bool { kind == .scalar || kind == .enumeration }
    package var isAbstract: Bool { kind == .interface || kind == .union }
    package var isComposite: Bool { kind == .object || isAbstract }
    package var isInput: Bool { isLeaf || kind == .inputObject }
    package var isOutput: Bool { kind != .inputObject }
}

/// What ``Members`` can hold.
package protocol SchemaMember: Sendable {
    var name: String { get }
}

/// Named members in order, found by name in constant time.
package struct Members<Element: SchemaMember>: Sendable, Sequence {
    private(set) var elements: [Element] = []
    private var positions: [String: Int] = [:]

    init(_ elements: [Element] = []) {
        for element in elements { append(element) }
    }

    mutating func append(_ element: Element) {
        if let position = positions[element.name] {
            elements[position] = element
        } else {
            positions[element.name] = elements.count
            elements.append(element)
        }
    }

    package subscript(name: String) -> Element? { positions[name].map { elements[$0] } }
    package var names: [String] { elements.map(\.name) }
    package var isEmpty: Bool { elements.isEmpty }
    package var count: Int { elements.count }
    package func makeIterator() -> IndexingIterator<[Element]> { elements.makeIterator() }
    package var underestimatedCount: Int { elements.count }
}

package struct FieldDefinition: SchemaMember {
    package var name: String
    package var description: String?
    package var arguments: Members<InputValueDefinition>
    package var type: TypeReference
    package var deprecationReason: String?
    package var directives: [DirectiveNode]
}

/// An argument or a field of an input object.
package struct InputValueDefinition: SchemaMember {
    package var name: String
    package var description: String?
    package var type: TypeReference
    package var defaultValue: ValueNode?
    package var deprecationReason: String?
    package var directives: [DirectiveNode]

    package var isRequired: Bool { type.isNonNull && defaultValue == nil }
}

package struct EnumValueDefinition: SchemaMember {
    package var name: String
    package var description: String?
    package var deprecationReason: String?
    package var directives: [DirectiveNode]
}

package struct DirectiveDefinition: SchemaMember {
    package var name: String
    package var description: String?
    package var arguments: Members<InputValueDefinition>
    package var isRepeatable: Bool
    package var locations: [DirectiveLocation]
}
