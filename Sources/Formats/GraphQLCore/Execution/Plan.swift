import JSON

/// A field of a selection for one object type: fields with the same response name are one, and its
/// arguments are coerced, since they are the same for all parents.
final class PlannedField: Sendable {
    let responseName: String
    let nodes: [FieldNode]
    let definition: FieldDefinition
    let parentType: String
    let resolver: ResolverTable.Resolver
    let arguments: Result<FieldArguments, GraphQLError>
    /// The type of the value within lists and non-nulls.
    let type: NamedType
    /// How a value of the type is written; `nil` when the type is not a scalar or enumeration.
    let leaf: Leaf?

    enum Leaf: Sendable {
        case text
        case builtIn(String)
        case custom(Scalar)
        case enumeration
        case any
    }

    init(
        responseName: String, nodes: [FieldNode], definition: FieldDefinition, parentType: String,
        resolver: ResolverTable.Resolver, arguments: Result<FieldArguments, GraphQLError>,
        type: NamedType, leaf: Leaf?
    ) {
        self.responseName = responseName
        self.nodes = nodes
        self.definition = definition
        self.parentType = parentType
        self.resolver = resolver
        self.arguments = arguments
        self.type = type
        self.leaf = leaf
    }
}

/// The fields of a selection for one object type, in the order of the response.
final class Plan {
    let type: String
    let fields: [PlannedField]

    init(type: String, fields: [PlannedField]) {
        self.type = type
        self.fields = fields
    }
}

/// Makes the plans of one operation.
struct Planner {
    struct Key: Hashable {
        var field: ObjectIdentifier
        var type: String
    }

    let schema: Schema
    let table: ResolverTable
    let introspection: ResolverTable
    let document: Document
    let fragments: [String: FragmentDefinition]
    let coercion: InputCoercion
    let variables: JSONObject
    private var plans: [Key: Plan] = [:]

    init(
        schema: Schema, table: ResolverTable, introspection: ResolverTable, document: Document,
        fragments: [String: FragmentDefinition], variables: JSONObject
    ) {
        self.schema = schema
        self.table = table
        self.introspection = introspection
        self.document = document
        self.fragments = fragments
        self.variables = variables
        coercion = InputCoercion(schema: schema, scalars: table.scalars)
    }

    /// The plan of the fields below a field for an object type.
    mutating func plan(below field: PlannedField, for type: NamedType) -> Plan {
        let key = Key(field: ObjectIdentifier(field), type: type.name)
        if let known = plans[key] { return known }
        let plan = plan(field.nodes.compactMap(\.selectionSet), for: type)
        plans[key] = plan
        return plan
    }

    func plan(_ sets: [SelectionSet], for type: NamedType) -> Plan {
        var names: [String] = []
        var nodes: [String: [FieldNode]] = [:]
        var visited: Set<String> = []
        for set in sets { collect(set, type, &names, &nodes, &visited) }
        var fields: [PlannedField] = []
        fields.reserveCapacity(names.count)
        for name in names {
            if let nodes = nodes[name], let field = planned(name, nodes, type) {
                fields.append(field)
            }
        }
        return Plan(type: type.name, fields: fields)
    }

    private func collect(
        _ set: SelectionSet, _ type: NamedType, _ names: inout [String],
        _ nodes: inout [String: [FieldNode]], _ visited: inout Set<String>
    ) {
        for selection in set.selections where isIncluded(selection.directives) {
            switch selection {
            case .field(let field):
                let name = field.responseName
                if nodes[name] == nil { names.append(name) }
                nodes[name, default: []].append(field)
            case .inline(let inline):
                if inline.typeCondition.map({ schema.isPossible(type.name, for: $0.value) })
                    ?? true
                {
                    collect(inline.selectionSet, type, &names, &nodes, &visited)
                }
            case .spread(let spread):
                guard visited.insert(spread.name.value).inserted,
                    let fragment = fragments[spread.name.value],
                    schema.isPossible(type.name, for: fragment.typeCondition.value)
                else { continue }
                collect(fragment.selectionSet, type, &names, &nodes, &visited)
            }
        }
    }

    private func isIncluded(_ directives: [DirectiveNode]) -> Bool {
        for directive in directives {
            guard directive.name.value == "skip" || directive.name.value == "include",
                let argument = directive.arguments.first(where: { $0.name.value == "if" })
            else { continue }
            let condition: Bool? =
                switch argument.value.kind {
                case .boolean(let value): value
                case .variable(let name): variables[name]?.boolValue
                default: nil
                }
            if let condition, condition == (directive.name.value == "skip") { return false }
        }
        return true
    }

    private func planned(
        _ name: String, _ nodes: [FieldNode], _ type: NamedType
    ) -> PlannedField? {
        let node = nodes[0]
        guard let definition = schema.field(node.name.value, of: type),
            let fieldType = schema.type(definition.type)
        else { return nil }
        let isMeta = definition.name.hasPrefix("__") || type.name.hasPrefix("__")
        let owner = definition.name == "__typename" ? "__meta" : isMeta ? metaOwner(type) : ""
        let resolver =
            isMeta
            ? introspection.resolver(of: definition.name, type: owner)
            : table.resolver(of: definition.name, type: type.name)
        let arguments: Result<FieldArguments, GraphQLError>
        if definition.arguments.isEmpty {
            arguments = .success(FieldArguments(JSONObject()))
        } else {
            do {
                arguments = .success(
                    FieldArguments(
                        try coercion.arguments(
                            definition.arguments, node.arguments, at: node.start, variables,
                            in: document.source)))
            } catch {
                arguments = .failure(error)
            }
        }
        let typeName = type.name
        return PlannedField(
            responseName: name, nodes: nodes, definition: definition, parentType: typeName,
            resolver: definition.name == "__typename"
                ? .immediate { _, _, _ in .string(typeName) }
                : resolver ?? .immediate { _, _, _ in .null },
            arguments: arguments, type: fieldType, leaf: leaf(fieldType))
    }

    private func leaf(_ type: NamedType) -> PlannedField.Leaf? {
        if type.kind == .enumeration { return .enumeration }
        guard type.kind == .scalar else { return nil }
        if let scalar = table.scalars[type.name] { return .custom(scalar) }
        switch type.name {
        case "String", "ID": return .text
        case _ where BuiltInScalar.names.contains(type.name): return .builtIn(type.name)
        default: return .any
        }
    }

    private func metaOwner(_ type: NamedType) -> String {
        type.name.hasPrefix("__") ? type.name : "__meta"
    }

    /// What an operation costs: each field one, times the sizes of the lists that it is within, as
    /// far as `first`, `last` or `limit` tell them.
    func cost(
        of set: SelectionSet, on type: NamedType, upTo maximum: Int, listMax: Int
    ) -> Int {
        var total = 0

        func add(_ set: SelectionSet, _ type: NamedType, _ factor: Int) {
            for selection in set.selections where isIncluded(selection.directives) {
                if total > maximum { return }
                switch selection {
                case .field(let node):
                    total += min(factor, maximum)
                    guard let inner = node.selectionSet,
                        let definition = schema.field(node.name.value, of: type),
                        let next = schema.type(definition.type)
                    else { continue }
                    var factor = factor
                    for argument in node.arguments
                    where ["first", "last", "limit"].contains(argument.name.value) {
                        let size = LiteralValidation.untyped(argument.value, variables)
                        let count = min(Int(clamping: size.integerValue ?? 1), listMax)
                        factor = min(
                            factor.multipliedReportingOverflow(by: max(1, count)).0, 1 << 40)
                        factor = max(factor, 1)
                    }
                    add(inner, next, factor)
                case .inline(let inline):
                    let next = inline.typeCondition.flatMap { schema.types[$0.value] } ?? type
                    add(inline.selectionSet, next, factor)
                case .spread(let spread):
                    guard let fragment = fragments[spread.name.value],
                        let next = schema.types[fragment.typeCondition.value]
                    else { continue }
                    add(fragment.selectionSet, next, factor)
                }
            }
        }
        add(set, type, 1)
        return total
    }
}
