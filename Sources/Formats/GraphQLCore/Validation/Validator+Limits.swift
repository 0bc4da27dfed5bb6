/// Limits on what a document asks for.
extension Validator {
    /// Gives up on chains of fragments that are too long for the rules, which recur.
    mutating func checkFragmentDepth() throws(Aborted) {
        var visited: Set<String> = []
        for name in fragments.keys.sorted() where !visited.contains(name) {
            visited.insert(name)
            var stack: [[String]] = [names(spreadBy: name)]
            while !stack.isEmpty {
                guard let next = stack[stack.count - 1].popLast() else {
                    stack.removeLast()
                    continue
                }
                guard fragments[next] != nil, visited.insert(next).inserted else { continue }
                stack.append(names(spreadBy: next))
                if stack.count > Self.maximumFragmentDepth {
                    try abort("Fragments are nested too deeply. Validation aborted.")
                }
            }
        }
    }

    private mutating func names(spreadBy name: String) -> [String] {
        guard let fragment = fragments[name] else { return [] }
        return spreads(in: fragment.selectionSet).map(\.name.value)
    }

    /// What a fragment or an operation amounts to with its fragments spread out.
    private struct Measure {
        var depth = 0
        var aliases = 0
        var fields = 0

        mutating func add(_ other: Measure, below levels: Int = 0) {
            depth = max(depth, other.depth + levels)
            aliases = Self.sum(aliases, other.aliases)
            fields = Self.sum(fields, other.fields)
        }

        private static func sum(_ first: Int, _ second: Int) -> Int {
            min(first + second, 1 << 40)
        }
    }

    /// Measures every operation in time linear in the document, however often it spreads fragments.
    mutating func checkLimits() throws(Aborted) {
        guard
            limits.maximumDepth != nil || limits.maximumAliases != nil
                || limits.maximumFields != nil
        else { return }
        var known: [String: Measure] = [:]
        var active: Set<String> = []

        func measure(_ set: SelectionSet) -> Measure {
            var result = Measure()
            for selection in set.selections {
                switch selection {
                case .field(let field):
                    var own = Measure(depth: 0, aliases: field.alias == nil ? 0 : 1, fields: 1)
                    if let set = field.selectionSet {
                        var inner = measure(set)
                        let isMeta = field.name.value.hasPrefix("__")
                        if isMeta { inner.depth = 0 }
                        own.add(inner, below: isMeta ? 0 : 1)
                    }
                    result.add(own)
                case .inline(let inline): result.add(measure(inline.selectionSet))
                case .spread(let spread):
                    let name = spread.name.value
                    if let measure = known[name] {
                        result.add(measure)
                    } else if let fragment = fragments[name], active.insert(name).inserted {
                        let inner = measure(fragment.selectionSet)
                        active.remove(name)
                        known[name] = inner
                        result.add(inner)
                    }
                }
            }
            return result
        }
        var total = Measure()
        for case .operation(let operation) in document.definitions {
            let measure = measure(operation.selectionSet)
            if let maximum = limits.maximumDepth, measure.depth > maximum {
                try reportTooDeep(operation, maximum)
            }
            total.add(measure)
        }
        if let maximum = limits.maximumAliases, total.aliases > maximum {
            try report("\(total.aliases) aliases found. Allowed: \(maximum)", at: [])
        }
        if let maximum = limits.maximumFields, total.fields > maximum {
            try abort("\(total.fields) fields found. Allowed: \(maximum)")
        }
    }

    /// Reports the first selections that are too deep, each fragment looked at once a level.
    private mutating func reportTooDeep(
        _ operation: OperationDefinition, _ maximum: Int
    ) throws(Aborted) {
        var found: [Int] = []
        var seen: Set<String> = []

        func walk(_ set: SelectionSet, _ depth: Int) {
            for selection in set.selections {
                if depth > maximum {
                    found.append(selection.start)
                    continue
                }
                switch selection {
                case .field(let field):
                    if let set = field.selectionSet, !field.name.value.hasPrefix("__") {
                        walk(set, depth + 1)
                    }
                case .inline(let inline): walk(inline.selectionSet, depth)
                case .spread(let spread):
                    if seen.insert("\(depth) \(spread.name.value)").inserted,
                        let fragment = fragments[spread.name.value]
                    {
                        walk(fragment.selectionSet, depth)
                    }
                }
            }
        }
        walk(operation.selectionSet, 0)
        let name = operation.name?.value ?? "anonymous"
        for start in found {
            try report("'\(name)' exceeds maximum operation depth of \(maximum)", at: start)
        }
    }
}
