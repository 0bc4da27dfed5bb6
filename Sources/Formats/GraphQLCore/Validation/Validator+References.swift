/// The rules that follow fragments and variables through the document.
extension Validator {
    /// All spreads below a selection set, not those within the fragments spread.
    mutating func spreads(in set: SelectionSet) -> [FragmentSpread] {
        if let known = fragmentSpreads[ObjectIdentifier(set)] { return known }
        var spreads: [FragmentSpread] = []
        var pending = [set]
        while let next = pending.popLast() {
            for selection in next.selections {
                switch selection {
                case .spread(let spread): spreads.append(spread)
                case .field(let field): if let set = field.selectionSet { pending.append(set) }
                case .inline(let inline): pending.append(inline.selectionSet)
                }
            }
        }
        fragmentSpreads[ObjectIdentifier(set)] = spreads
        return spreads
    }

    /// The fragments that are reached from a selection set, each once.
    mutating func fragments(reachedFrom set: SelectionSet) -> [FragmentDefinition] {
        var found: [FragmentDefinition] = []
        var names: Set<String> = []
        var pending = [set]
        while let next = pending.popLast() {
            for spread in spreads(in: next) {
                guard names.insert(spread.name.value).inserted,
                    let fragment = fragments[spread.name.value]
                else { continue }
                found.append(fragment)
                pending.append(fragment.selectionSet)
            }
        }
        return found
    }

    mutating func checkUnusedFragments() throws(Aborted) {
        var used: Set<String> = []
        var pending: [SelectionSet] = []
        for case .operation(let operation) in document.definitions {
            pending.append(operation.selectionSet)
        }
        while let next = pending.popLast() {
            for spread in spreads(in: next) where used.insert(spread.name.value).inserted {
                if let fragment = fragments[spread.name.value] {
                    pending.append(fragment.selectionSet)
                }
            }
        }
        for case .fragment(let fragment) in document.definitions
        where !used.contains(fragment.name.value) {
            try report("Fragment '\(fragment.name.value)' is never used.", at: fragment.start)
        }
    }

    mutating func findCycles(
        from fragment: FragmentDefinition, _ path: inout [FragmentSpread],
        _ positions: inout [String: Int]
    ) throws(Aborted) {
        let name = fragment.name.value
        guard visitedFragments.insert(name).inserted else { return }
        let spreads = spreads(in: fragment.selectionSet)
        if spreads.isEmpty { return }
        positions[name] = path.count
        for spread in spreads {
            path.append(spread)
            if let position = positions[spread.name.value] {
                let cycle = path[position...]
                let via = cycle.dropLast().map { "'\($0.name.value)'" }.joined(separator: ", ")
                try report(
                    "Cannot spread fragment '\(spread.name.value)' within itself"
                        + (via.isEmpty ? "." : " via \(via)."), at: cycle.map(\.start))
            } else if let next = fragments[spread.name.value] {
                try findCycles(from: next, &path, &positions)
            }
            path.removeLast()
        }
        positions[name] = nil
    }

    mutating func checkVariables(of operation: OperationDefinition) throws(Aborted) {
        var usages = self.usages[ObjectIdentifier(operation)] ?? []
        for fragment in fragments(reachedFrom: operation.selectionSet) {
            usages += self.usages[ObjectIdentifier(fragment)] ?? []
        }
        let owner = operation.name.map { " operation '\($0.value)'" }
        let definitions = Dictionary(
            operation.variables.map { ($0.name.value, $0) }, uniquingKeysWith: { $1 })
        for usage in usages where definitions[usage.name] == nil {
            try report(
                "Variable '$\(usage.name)' is not defined" + (owner.map { " by\($0)." } ?? "."),
                at: [usage.start, operation.start])
        }
        let used = Set(usages.map(\.name))
        for variable in operation.variables where !used.contains(variable.name.value) {
            try report(
                "Variable '$\(variable.name.value)' is never used"
                    + (owner.map { " in\($0)." } ?? "."), at: variable.start)
        }
        for usage in usages {
            guard let variable = definitions[usage.name], let expected = usage.type,
                schema.types[variable.type.name.value] != nil
            else { continue }
            let type = TypeReference(variable.type)
            if !isAllowed(type, variable.defaultValue, expected, usage.hasDefault) {
                try report(
                    "Variable '$\(usage.name)' of type '\(type)' used in position expecting type"
                        + " '\(expected)'.", at: [variable.start, usage.start])
            }
            if let parent = usage.parent, parent.isOneOf, !type.isNonNull {
                try report(
                    "Variable '$\(usage.name)' is of type '\(type)' but must be non-nullable to be"
                        + " used for OneOf Input Object '\(parent.name)'.",
                    at: [variable.start, usage.start])
            }
        }
    }

    private func isAllowed(
        _ type: TypeReference, _ value: ValueNode?, _ expected: TypeReference, _ hasDefault: Bool
    ) -> Bool {
        guard expected.isNonNull, !type.isNonNull else {
            return schema.isSubtype(type, of: expected)
        }
        let hasValue = value.map { !$0.isNull } ?? false
        guard hasValue || hasDefault else { return false }
        return schema.isSubtype(type, of: expected.nullable)
    }
}
