/// A parsed document. Nodes are immutable; offsets count bytes of ``source``.
package final class Document: Sendable {
    package let source: Source
    package let definitions: [Definition]

    init(source: Source, definitions: [Definition]) {
        self.source = source
        self.definitions = definitions
    }
}

package enum Definition: Sendable {
    case operation(OperationDefinition)
    case fragment(FragmentDefinition)
    case typeSystem(TypeSystemDefinition)
}

package enum OperationKind: String, Sendable, Hashable, CaseIterable {
    case query, mutation, subscription
}

/// The text above a definition.
package struct DescriptionNode: Sendable, Hashable {
    package var value: String
    package var isBlock: Bool
}

package struct Name: Sendable, Hashable {
    package var value: String
    package var start: Int
}

package final class OperationDefinition: Sendable {
    package let description: DescriptionNode?
    package let kind: OperationKind
    package let name: Name?
    package let variables: [VariableDefinition]
    package let directives: [DirectiveNode]
    package let selectionSet: SelectionSet
    package let start: Int
    let isShorthand: Bool

    init(
        description: DescriptionNode?, kind: OperationKind, name: Name?,
        variables: [VariableDefinition],
        directives: [DirectiveNode], selectionSet: SelectionSet, start: Int, isShorthand: Bool
    ) {
        self.description = description
        self.kind = kind
        self.name = name
        self.variables = variables
        self.directives = directives
        self.selectionSet = selectionSet
        self.start = start
        self.isShorthand = isShorthand
    }
}

package final class FragmentDefinition: Sendable {
    package let description: DescriptionNode?
    package let name: Name
    package let typeCondition: Name
    package let directives: [DirectiveNode]
    package let selectionSet: SelectionSet
    package let start: Int

    init(
        description: DescriptionNode?, name: Name, typeCondition: Name, directives: [DirectiveNode],
        selectionSet: SelectionSet, start: Int
    ) {
        self.description = description
        self.name = name
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.start = start
    }
}

package struct VariableDefinition: Sendable {
    package var description: DescriptionNode?
    package var name: Name
    package var type: TypeNode
    package var defaultValue: ValueNode?
    package var directives: [DirectiveNode]
    /// The offset of the description or else of the `$`.
    package var start: Int
}

package final class SelectionSet: Sendable {
    package let selections: [Selection]
    package let start: Int

    init(selections: [Selection], start: Int) {
        self.selections = selections
        self.start = start
    }
}

package enum Selection: Sendable {
    case field(FieldNode)
    case spread(FragmentSpread)
    case inline(InlineFragment)

    var start: Int {
        switch self {
        case .field(let field): field.start
        case .spread(let spread): spread.start
        case .inline(let inline): inline.start
        }
    }

    var directives: [DirectiveNode] {
        switch self {
        case .field(let field): field.directives
        case .spread(let spread): spread.directives
        case .inline(let inline): inline.directives
        }
    }
}

package final class FieldNode: Sendable {
    package let alias: Name?
    package let name: Name
    package let arguments: [ArgumentNode]
    package let directives: [DirectiveNode]
    package let selectionSet: SelectionSet?

    package var start: Int { alias?.start ?? name.start }
    /// The alias or else the name.
    package var responseName: String { alias?.value ?? name.value }

    init(
        alias: Name?, name: Name, arguments: [ArgumentNode], directives: [DirectiveNode],
        selectionSet: SelectionSet?
    ) {
        self.alias = alias
        self.name = name
        self.arguments = arguments
        self.directives = directives
        self.selectionSet = selectionSet
    }
}

package final class FragmentSpread: Sendable {
    package let name: Name
    package let directives: [DirectiveNode]
    package let start: Int

    init(name: Name, directives: [DirectiveNode], start: Int) {
        self.name = name
        self.directives = directives
        self.start = start
    }
}

package final class InlineFragment: Sendable {
    package let typeCondition: Name?
    package let directives: [DirectiveNode]
    package let selectionSet: SelectionSet
    package let start: Int

    init(
        typeCondition: Name?, directives: [DirectiveNode], selectionSet: SelectionSet, start: Int
    ) {
        self.typeCondition = typeCondition
        self.directives = directives
        self.selectionSet = selectionSet
        self.start = start
    }
}

package struct ArgumentNode: Sendable {
    package var name: Name
    package var value: ValueNode
    package var start: Int { name.start }
}

package struct DirectiveNode: Sendable {
    package var name: Name
    package var arguments: [ArgumentNode]
    /// The offset of the `@`.
    package var start: Int
}

/// A value literal or a variable.
package struct ValueNode: Sendable {
    package indirect enum Kind: Sendable {
        case variable(String)
        case integer(String)
        case float(String)
        case string(String, isBlock: Bool)
        case boolean(Bool)
        case null
        case enumeration(String)
        case list([ValueNode])
        case object([ArgumentNode])
    }

    package var kind: Kind
    package var start: Int

    var isNull: Bool {
        if case .null = kind { true } else { false }
    }

    /// The name without the dollar when this is a variable.
    var variableName: String? {
        if case .variable(let name) = kind { name } else { nil }
    }
}

/// A reference to a type. Two are equal when they print the same.
package indirect enum TypeNode: Sendable {
    case named(Name)
    case list(TypeNode, start: Int)
    case nonNull(TypeNode)

    var start: Int {
        switch self {
        case .named(let name): name.start
        case .list(_, let start): start
        case .nonNull(let type): type.start
        }
    }

    var name: Name {
        switch self {
        case .named(let name): name
        case .list(let type, _), .nonNull(let type): type.name
        }
    }
}

/// A definition or an extension of the type system.
package struct TypeSystemDefinition: Sendable {
    package enum Kind: String, Sendable {
        case schema, scalar, object, interface, union, enumeration, inputObject, directive
    }

    package var kind: Kind
    package var isExtension = false
    package var description: DescriptionNode?
    /// Empty for `schema`.
    package var name = Name(value: "", start: 0)
    package var directives: [DirectiveNode] = []
    package var interfaces: [Name] = []
    package var fields: [FieldDefinitionNode] = []
    package var members: [Name] = []
    package var values: [EnumValueNode] = []
    /// The fields of an input object or the arguments of a directive.
    package var inputs: [InputValueNode] = []
    package var operations: [(kind: OperationKind, type: Name, start: Int)] = []
    package var isRepeatable = false
    package var locations: [Name] = []
    package var start: Int
}

package struct FieldDefinitionNode: Sendable {
    package var description: DescriptionNode?
    package var name: Name
    package var arguments: [InputValueNode]
    package var type: TypeNode
    package var directives: [DirectiveNode]
    package var start: Int
}

package struct InputValueNode: Sendable {
    package var description: DescriptionNode?
    package var name: Name
    package var type: TypeNode
    package var defaultValue: ValueNode?
    package var directives: [DirectiveNode]
    package var start: Int
}

package struct EnumValueNode: Sendable {
    package var description: DescriptionNode?
    package var name: Name
    package var directives: [DirectiveNode]
    package var start: Int
}
