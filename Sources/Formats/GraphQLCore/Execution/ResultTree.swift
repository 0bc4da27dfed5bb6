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
    /// Set when the node is no longer part of the response.
    private(set) var isCut = false

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

    /// Whether the node is still part of the response.
    var isAttached: Bool {
        var node: ResultNode? = self
        while let current = node {
            if current.isCut { return false }
            node = current.parent
        }
        return true
    }

    func cut() { isCut = true }

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
