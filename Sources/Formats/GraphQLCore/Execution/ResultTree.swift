import JSON

/// An object or a list of a response while it is being filled.
final class ResultNode {
    enum Slot {
        case pending
        case null
        case leaf(JSONValue)
        case node(ResultNode)
    }

    /// The fields for an object; `nil` for a list.
    let plan: Plan?
    /// Whether an element of the list may be null.
    private let elementIsNullable: Bool
    /// The execution keeps the root and whatever was cut off, hence every parent.
    private(set) unowned var parent: ResultNode?
    private(set) var position = 0
    var slots: [Slot]
    /// When a node was cut off: before or after fields beside what failed began to wait.
    enum Cut {
        case whileStarting, whileWaiting
    }

    /// Set when the node itself was cut off.
    private var ownCut: Cut?

    init(plan: Plan, parent: ResultNode?, position: Int) {
        self.plan = plan
        self.parent = parent
        self.position = position
        elementIsNullable = true
        slots = Array(repeating: .pending, count: plan.fields.count)
    }

    init(count: Int, elementIsNullable: Bool, parent: ResultNode, position: Int) {
        plan = nil
        self.elementIsNullable = elementIsNullable
        self.parent = parent
        self.position = position
        slots = Array(repeating: .pending, count: count)
    }

    func isNullable(_ slot: Int) -> Bool {
        plan.map { !$0.fields[slot].definition.type.isNonNull } ?? elementIsNullable
    }

    /// How the node, or what it lies in, was cut off; `nil` while it is part of the response.
    var cut: Cut? {
        var node: ResultNode? = self
        while let current = node {
            if let cut = current.ownCut { return cut }
            node = current.parent
        }
        return nil
    }

    /// Whether the node is still part of the response.
    var isAttached: Bool { cut == nil }

    /// Takes the node out of the response; how it was done first stays.
    func cutOff(_ cut: Cut) { ownCut = ownCut ?? cut }

    /// The positions from the root to a slot.
    func positions(to slot: Int) -> [Int] {
        var positions = [slot]
        var node = self
        while let parent = node.parent {
            positions.append(node.position)
            node = parent
        }
        return positions.reversed()
    }

    func path(to slot: Int) -> [GraphQLError.PathElement] {
        var path = [element(slot)]
        var node = self
        while let parent = node.parent {
            path.append(parent.element(node.position))
            node = parent
        }
        return path.reversed()
    }

    private func element(_ slot: Int) -> GraphQLError.PathElement {
        plan.map { .field($0.fields[slot].responseName) } ?? .index(slot)
    }

    func write(to writer: inout JSONWriter) {
        if plan == nil { writer.beginArray() } else { writer.beginObject() }
        for (index, slot) in slots.enumerated() {
            if let plan { writer.key(plan.fields[index].responseName) }
            switch slot {
            case .pending, .null: writer.null()
            case .leaf(let value): writer.value(value)
            case .node(let node): node.write(to: &writer)
            }
        }
        if plan == nil { writer.endArray() } else { writer.endObject() }
    }
}
