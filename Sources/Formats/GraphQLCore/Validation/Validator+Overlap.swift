/// What the rule of overlapping fields remembers during one document.
struct OverlapState {
    struct Field {
        var parent: NamedType?
        var node: FieldNode
        var definition: FieldDefinition?
    }

    /// The fields of a selection set with its inline fragments, and the fragments it spreads.
    final class Collection {
        let names: [String]
        let fields: [String: [Field]]
        let spreads: [String]

        init(names: [String], fields: [String: [Field]], spreads: [String]) {
            self.names = names
            self.fields = fields
            self.spreads = spreads
        }
    }

    struct Conflict {
        var name: String
        var reason: String
        var first: [FieldNode]
        var second: [FieldNode]
    }

    struct CollectionKey: Hashable {
        var set: ObjectIdentifier
        var type: String?
    }

    struct FragmentPair: Hashable {
        var first: String
        var second: String
    }

    struct FieldsAndFragment: Hashable {
        var fields: ObjectIdentifier
        var fragment: String
    }

    var collections: [CollectionKey: Collection] = [:]
    /// Pairs that were compared, with whether that was as mutually exclusive.
    var comparedFragments: [FragmentPair: Bool] = [:]
    var comparedFields: [FieldsAndFragment: Bool] = [:]
    var budget = 500_000
}

/// Fields with the same response name must be the same field (October 2021, section 5.3.2).
extension Validator {
    private typealias Field = OverlapState.Field
    private typealias Collection = OverlapState.Collection
    private typealias Conflict = OverlapState.Conflict

    private mutating func spend(_ cost: Int) throws(Aborted) {
        overlap.budget -= cost
        if overlap.budget < 0 { try abort("Validation aborted.") }
    }

    mutating func checkOverlap(in set: SelectionSet, of type: NamedType?) throws(Aborted) {
        if set.selections.count == 1 {
            guard case .inline = set.selections[0] else { return }
        }
        for conflict in try conflicts(within: set, of: type) {
            try report(
                "Fields '\(Self.abbreviated(conflict.name))' conflict because \(conflict.reason)."
                    + " Use different aliases on the fields to fetch both if this was"
                    + " intentional.", at: (conflict.first + conflict.second).map(\.start))
        }
    }

    private static func abbreviated(_ text: String) -> String {
        text.unicodeScalars.count > 1000 ? String(text.unicodeScalars.prefix(1000)) + "..." : text
    }

    private mutating func collection(of set: SelectionSet, _ type: NamedType?) -> Collection {
        let key = OverlapState.CollectionKey(set: ObjectIdentifier(set), type: type?.name)
        if let known = overlap.collections[key] { return known }
        var names: [String] = []
        var fields: [String: [Field]] = [:]
        var spreads: [String] = []
        var seen: Set<String> = []

        func collect(_ set: SelectionSet, _ type: NamedType?) {
            for selection in set.selections {
                switch selection {
                case .field(let field):
                    let name = field.responseName
                    if fields[name] == nil { names.append(name) }
                    let definition = type.flatMap { $0.fields[field.name.value] }
                    fields[name, default: []].append(
                        Field(parent: type, node: field, definition: definition))
                case .spread(let spread):
                    if seen.insert(spread.name.value).inserted { spreads.append(spread.name.value) }
                case .inline(let inline):
                    collect(
                        inline.selectionSet,
                        inline.typeCondition.map { schema.types[$0.value] } ?? type)
                }
            }
        }
        collect(set, type)
        let collection = Collection(names: names, fields: fields, spreads: spreads)
        overlap.collections[key] = collection
        return collection
    }

    private mutating func collection(of fragment: FragmentDefinition) -> Collection {
        collection(of: fragment.selectionSet, schema.types[fragment.typeCondition.value])
    }

    private mutating func conflicts(
        within set: SelectionSet, of type: NamedType?
    ) throws(Aborted) -> [Conflict] {
        let collection = collection(of: set, type)
        var conflicts: [Conflict] = []
        for name in collection.names {
            guard let fields = collection.fields[name], fields.count > 1 else { continue }
            for (index, first) in fields.enumerated() {
                for second in fields[(index + 1)...] {
                    if let conflict = try conflict(name, first, second, areExclusive: false) {
                        conflicts.append(conflict)
                    }
                }
            }
        }
        for (index, spread) in collection.spreads.enumerated() {
            try compare(collection, with: spread, areExclusive: false, &conflicts)
            for other in collection.spreads[(index + 1)...] {
                try compare(fragment: spread, with: other, areExclusive: false, &conflicts)
            }
        }
        return conflicts
    }

    private mutating func compare(
        _ collection: Collection, with spread: String, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(Aborted) {
        try spend(1)
        if collection.names.isEmpty { return }
        let key = OverlapState.FieldsAndFragment(
            fields: ObjectIdentifier(collection), fragment: spread)
        if let known = overlap.comparedFields[key], !known || areExclusive { return }
        overlap.comparedFields[key] = areExclusive
        guard let fragment = fragments[spread] else { return }
        let other = self.collection(of: fragment)
        if other === collection { return }
        try compare(collection, with: other, areExclusive: areExclusive, &conflicts)
        for next in other.spreads {
            try compare(collection, with: next, areExclusive: areExclusive, &conflicts)
        }
    }

    private mutating func compare(
        fragment first: String, with second: String, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(Aborted) {
        try spend(2)
        if first == second { return }
        let key =
            first < second
            ? OverlapState.FragmentPair(first: first, second: second)
            : OverlapState.FragmentPair(first: second, second: first)
        if let known = overlap.comparedFragments[key], !known || areExclusive { return }
        overlap.comparedFragments[key] = areExclusive
        guard let one = fragments[first], let other = fragments[second] else { return }
        let left = collection(of: one)
        let right = collection(of: other)
        try compare(left, with: right, areExclusive: areExclusive, &conflicts)
        for next in right.spreads {
            try compare(fragment: first, with: next, areExclusive: areExclusive, &conflicts)
        }
        for next in left.spreads {
            try compare(fragment: next, with: second, areExclusive: areExclusive, &conflicts)
        }
    }

    private mutating func compare(
        _ left: Collection, with right: Collection, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(Aborted) {
        for name in left.names {
            try spend(1)
            guard let firsts = left.fields[name], let seconds = right.fields[name] else { continue }
            for first in firsts {
                for second in seconds {
                    if let conflict = try conflict(
                        name, first, second, areExclusive: areExclusive)
                    {
                        conflicts.append(conflict)
                    }
                }
            }
        }
    }

    private mutating func conflict(
        _ name: String, _ first: Field, _ second: Field, areExclusive: Bool
    ) throws(Aborted) -> Conflict? {
        try spend(2)
        let areExclusive =
            areExclusive
            || (first.parent?.name != second.parent?.name && first.parent?.kind == .object
                && second.parent?.kind == .object)

        func conflict(_ reason: String) -> Conflict {
            Conflict(name: name, reason: reason, first: [first.node], second: [second.node])
        }
        if !areExclusive {
            let (left, right) = (first.node.name.value, second.node.name.value)
            if left != right {
                return conflict(
                    "'\(Self.abbreviated(left))' and '\(Self.abbreviated(right))' are different"
                        + " fields")
            }
            try spend(first.node.arguments.count)
            if !Self.areSame(first.node.arguments, second.node.arguments) {
                return conflict("they have differing arguments")
            }
        }
        if let left = first.definition?.type, let right = second.definition?.type,
            conflicts(left, right)
        {
            return conflict("they return conflicting types '\(left)' and '\(right)'")
        }
        guard let left = first.node.selectionSet, let right = second.node.selectionSet else {
            return nil
        }
        let conflicts = try conflicts(
            between: left, first.definition.flatMap { schema.type($0.type) },
            right, second.definition.flatMap { schema.type($0.type) }, areExclusive: areExclusive)
        if conflicts.isEmpty { return nil }
        var reason = ""
        for conflict in conflicts {
            if !reason.isEmpty { reason += " and " }
            reason +=
                "subfields '\(Self.abbreviated(conflict.name))' conflict because"
                + " \(conflict.reason)"
            if reason.utf8.count > 4000 { break }
        }
        return Conflict(
            name: name, reason: Self.abbreviated(reason),
            first: Self.nodes(first.node, conflicts.map(\.first)),
            second: Self.nodes(second.node, conflicts.map(\.second)))
    }

    private static func nodes(_ node: FieldNode, _ fields: [[FieldNode]]) -> [FieldNode] {
        var nodes = [node]
        for fields in fields {
            nodes += fields.suffix(20 - nodes.count)
            if nodes.count == 20 { break }
        }
        return nodes
    }

    private mutating func conflicts(
        between left: SelectionSet, _ leftType: NamedType?, _ right: SelectionSet,
        _ rightType: NamedType?, areExclusive: Bool
    ) throws(Aborted) -> [Conflict] {
        var conflicts: [Conflict] = []
        let first = collection(of: left, leftType)
        let second = collection(of: right, rightType)
        try compare(first, with: second, areExclusive: areExclusive, &conflicts)
        for spread in second.spreads {
            try compare(first, with: spread, areExclusive: areExclusive, &conflicts)
        }
        for spread in first.spreads {
            try compare(second, with: spread, areExclusive: areExclusive, &conflicts)
        }
        for one in first.spreads {
            for other in second.spreads {
                try compare(fragment: one, with: other, areExclusive: areExclusive, &conflicts)
            }
        }
        return conflicts
    }

    private func conflicts(_ first: TypeReference, _ second: TypeReference) -> Bool {
        switch (first, second) {
        case (.list(let first), .list(let second)): return conflicts(first, second)
        case (.list, _), (_, .list): return true
        case (.nonNull(let first), .nonNull(let second)): return conflicts(first, second)
        case (.nonNull, _), (_, .nonNull): return true
        case (.named(let first), .named(let second)):
            let isLeaf =
                schema.types[first]?.isLeaf == true || schema.types[second]?.isLeaf == true
            return isLeaf && first != second
        }
    }

    private static func areSame(_ first: [ArgumentNode], _ second: [ArgumentNode]) -> Bool {
        guard first.count == second.count else { return false }
        if first.isEmpty { return true }
        let others = Dictionary(
            second.map { ($0.name.value, $0.value) }, uniquingKeysWith: { $1 })
        return first.allSatisfy { argument in
            others[argument.name.value].map { areSame(argument.value, $0) } ?? false
        }
    }

    private static func areSame(_ first: ValueNode, _ second: ValueNode) -> Bool {
        switch (first.kind, second.kind) {
        case (.variable(let a), .variable(let b)), (.integer(let a), .integer(let b)),
            (.float(let a), .float(let b)), (.enumeration(let a), .enumeration(let b)):
            return a == b
        case (.string(let a, let isBlockA), .string(let b, let isBlockB)):
            return a == b && isBlockA == isBlockB
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.null, .null): return true
        case (.list(let a), .list(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { areSame($0, $1) }
        case (.object(let a), .object(let b)):
            guard a.count == b.count else { return false }
            let left = a.sorted { $0.name.value < $1.name.value }
            let right = b.sorted { $0.name.value < $1.name.value }
            return zip(left, right).allSatisfy {
                $0.name.value == $1.name.value && areSame($0.value, $1.value)
            }
        default: return false
        }
    }
}
