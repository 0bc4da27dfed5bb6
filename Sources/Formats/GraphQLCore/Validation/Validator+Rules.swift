/// The rules that look at one node.
extension Validator {
    mutating func checkOperation(_ operation: OperationDefinition) throws(Aborted) {
        if schema.rootType(operation.kind) == nil {
            try report(
                "The \(operation.kind.rawValue) operation is not supported by the schema.",
                at: operation.start)
        }
        if let name = operation.name {
            if let first = seenOperationNames[name.value] {
                try report(
                    "There can be only one operation named '\(name.value)'.",
                    at: [first.start, name.start])
            } else {
                seenOperationNames[name.value] = name
            }
        } else if operationCount > 1 {
            try report(
                "This anonymous operation must be the only defined operation.",
                at: operation.start)
        }
        if operation.kind == .subscription { try checkSubscription(operation) }
        var names: [String] = []
        var places: [String: [Int]] = [:]
        for variable in operation.variables {
            let name = variable.name.value
            if places[name] == nil { names.append(name) }
            places[name, default: []].append(variable.name.start)
        }
        for name in names {
            if let places = places[name], places.count > 1 {
                try report("There can be only one variable named '$\(name)'.", at: places)
            }
        }
    }

    func isTooDeepIntrospection(_ field: FieldNode) -> Bool {
        var visited: Set<String> = []

        func check(_ selection: Selection, _ depth: Int) -> Bool {
            switch selection {
            case .field(let field):
                let isList = ["fields", "interfaces", "possibleTypes", "inputFields"]
                    .contains(field.name.value)
                let depth = isList ? depth + 1 : depth
                if isList, depth >= 3 { return true }
                return field.selectionSet?.selections.contains { check($0, depth) } ?? false
            case .inline(let inline):
                return inline.selectionSet.selections.contains { check($0, depth) }
            case .spread(let spread):
                guard !visited.contains(spread.name.value),
                    let fragment = fragments[spread.name.value]
                else { return false }
                visited.insert(spread.name.value)
                defer { visited.remove(spread.name.value) }
                return fragment.selectionSet.selections.contains { check($0, depth) }
            }
        }
        return check(.field(field), 0)
    }

    mutating func checkTypeName(_ name: Name) throws(Aborted) {
        guard schema.types[name.value] == nil else { return }
        let similar = Suggestions.similar(to: name.value, in: schema.typeNames)
        try report("Unknown type '\(name.value)'." + Suggestions.sentence(similar), at: name.start)
    }

    mutating func checkSelection(
        _ field: FieldNode, _ definition: FieldDefinition, _ type: NamedType
    ) throws(Aborted) {
        if type.isLeaf {
            if let set = field.selectionSet {
                try report(
                    "Field '\(field.name.value)' must not have a selection since type"
                        + " '\(definition.type)' has no subfields.", at: set.start)
            }
        } else if field.selectionSet?.selections.isEmpty == true {
            try report(
                "Field '\(field.name.value)' of type '\(definition.type)' must have at least one"
                    + " field selected.", at: field.start)
        } else if field.selectionSet == nil {
            try report(
                "Field '\(field.name.value)' of type '\(definition.type)' must have a selection of"
                    + " subfields. Did you mean '\(field.name.value) { ... }'?", at: field.start)
        }
    }

    mutating func reportUnknown(_ field: FieldNode, in type: NamedType) throws(Aborted) {
        let name = field.name.value
        var suggestion = Suggestions.sentence(
            types(within: type, having: name), "to use an inline fragment on")
        if suggestion.isEmpty, type.kind != .union {
            suggestion = Suggestions.sentence(
                Suggestions.similar(to: name, in: type.fields.names))
        }
        try report(
            "Cannot query field '\(name)' on type '\(type.name)'.\(suggestion)", at: field.start)
    }

    /// The types of an abstract type that have a field, those that are met most often first.
    private func types(within type: NamedType, having field: String) -> [String] {
        guard type.isAbstract else { return [] }
        var counts: [String: Int] = [:]
        var names: [String] = []
        for name in schema.possibleTypes(of: type.name) {
            guard let possible = schema.types[name], possible.fields[field] != nil else { continue }
            if counts[name] == nil { names.append(name) }
            counts[name] = 1
            for interface in possible.interfaces {
                guard schema.types[interface]?.fields[field] != nil else { continue }
                if counts[interface] == nil { names.append(interface) }
                counts[interface, default: 0] += 1
            }
        }
        return names.sorted { first, second in
            let (a, b) = (counts[first] ?? 0, counts[second] ?? 0)
            if a != b { return a > b }
            if schema.types[first]?.kind == .interface, schema.isSubtype(second, of: first) {
                return true
            }
            if schema.types[second]?.kind == .interface, schema.isSubtype(first, of: second) {
                return false
            }
            return NaturalOrder.precedes(first, second)
        }
    }

    mutating func checkUniqueness(of arguments: [ArgumentNode]) throws(Aborted) {
        guard arguments.count > 1 else { return }
        var names: [String] = []
        var places: [String: [Int]] = [:]
        for argument in arguments {
            if places[argument.name.value] == nil { names.append(argument.name.value) }
            places[argument.name.value, default: []].append(argument.name.start)
        }
        for name in names {
            if let places = places[name], places.count > 1 {
                try report("There can be only one argument named '\(name)'.", at: places)
            }
        }
    }

    private mutating func checkSubscription(_ operation: OperationDefinition) throws(Aborted) {
        guard let root = schema.subscriptionType else { return }
        let owner = operation.name.map { "Subscription '\($0.value)'" } ?? "Anonymous Subscription"
        var names: [String] = []
        var nodes: [String: [FieldNode]] = [:]
        var forbidden: [Int] = []
        var visited: Set<String> = []

        func collect(_ set: SelectionSet) {
            for selection in set.selections {
                forbidden += selection.directives
                    .filter { $0.name.value == "skip" || $0.name.value == "include" }
                    .map(\.start)
                switch selection {
                case .field(let field):
                    if nodes[field.responseName] == nil { names.append(field.responseName) }
                    nodes[field.responseName, default: []].append(field)
                case .inline(let inline):
                    let condition = inline.typeCondition?.value
                    if condition.map({ schema.isPossible(root, for: $0) }) ?? true {
                        collect(inline.selectionSet)
                    }
                case .spread(let spread):
                    guard visited.insert(spread.name.value).inserted,
                        let fragment = fragments[spread.name.value],
                        schema.isPossible(root, for: fragment.typeCondition.value)
                    else { continue }
                    collect(fragment.selectionSet)
                }
            }
        }
        collect(operation.selectionSet)
        if !forbidden.isEmpty {
            try report(
                "\(owner) must not use `@skip` or `@include` directives in the top level"
                    + " selection.", at: forbidden)
            return
        }
        if names.isEmpty {
            try report(
                "\(owner) must select one top level field.", at: operation.selectionSet.start)
        } else if names.count > 1 {
            try report(
                "\(owner) must select only one top level field.",
                at: names.dropFirst().flatMap { (nodes[$0] ?? []).map(\.start) })
        }
        for name in names {
            guard let fields = nodes[name], fields[0].name.value.hasPrefix("__") else { continue }
            try report(
                "\(owner) must not select an introspection top level field.",
                at: fields.map(\.start))
        }
    }
}
