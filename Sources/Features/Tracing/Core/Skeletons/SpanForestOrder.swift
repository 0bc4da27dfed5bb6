/// The order in which a tree shows its spans: each behind its parent, with everything below it
/// before its next sibling; siblings by their start.
///
/// Parents may be missing and may form circles: such spans become roots, and a circle is cut at the
/// earliest of its spans.
struct SpanForestOrder {
    /// Positions in the columns that came in, in the order of the tree.
    private(set) var order: [Int32] = []
    /// For each place of the order, the place of the parent; -1 for a root. Always smaller than the
    /// place itself.
    private(set) var parents: [Int32] = []
    private(set) var depths: [UInt16] = []
    /// Places whose parent is stored but would close a circle.
    private(set) var cuts: Set<Int32> = []

    /// - Parameters:
    ///   - parents: For each span the position of its parent; -1 when it has none that is stored.
    ///   - starts: When each span starts; ties are broken by the position.
    /// - Complexity: That of sorting the spans.
    init(parents given: [Int32], starts: [Int64]) {
        let count = given.count
        let sorted = (0..<Int32(count)).sorted {
            (starts[Int($0)], $0) < (starts[Int($1)], $1)
        }
        // Each parent's children as a chain, the earliest first.
        var firstChild = [Int32](repeating: -1, count: count)
        var nextSibling = [Int32](repeating: -1, count: count)
        for child in sorted.reversed() {
            let parent = given[Int(child)]
            guard parent >= 0 else { continue }
            nextSibling[Int(child)] = firstChild[Int(parent)]
            firstChild[Int(parent)] = child
        }
        order.reserveCapacity(count)
        parents.reserveCapacity(count)
        depths.reserveCapacity(count)
        var isPlaced = [Bool](repeating: false, count: count)
        for root in sorted where given[Int(root)] < 0 {
            place(root, &isPlaced, firstChild, nextSibling)
        }
        guard order.count < count else { return }
        // What no root leads to lies on a circle or below one.
        for span in sorted where !isPlaced[Int(span)] {
            let entry = Self.entry(of: span, given, isPlaced, starts)
            cuts.insert(Int32(order.count))
            place(entry, &isPlaced, firstChild, nextSibling)
        }
    }

    /// The earliest span on the circle that a span's ancestors end in.
    private static func entry(
        of span: Int32, _ parents: [Int32], _ isPlaced: [Bool], _ starts: [Int64]
    ) -> Int32 {
        // Twice as fast a walker meets the slow one on the circle.
        var slow = span
        var fast = span
        repeat {
            slow = parents[Int(slow)]
            fast = parents[Int(parents[Int(fast)])]
        } while slow != fast
        var earliest = slow
        var next = parents[Int(slow)]
        while next != slow {
            if (starts[Int(next)], next) < (starts[Int(earliest)], earliest) { earliest = next }
            next = parents[Int(next)]
        }
        return earliest
    }

    private mutating func place(
        _ root: Int32, _ isPlaced: inout [Bool], _ firstChild: [Int32], _ nextSibling: [Int32]
    ) {
        func add(_ span: Int32, below parent: Int32) {
            isPlaced[Int(span)] = true
            order.append(span)
            parents.append(parent)
            let depth = parent < 0 ? 0 : depths[Int(parent)]
            depths.append(parent < 0 || depth == .max ? depth : depth + 1)
        }
        add(root, below: -1)
        // The next child to place, and the place of its parent.
        var pending: [(child: Int32, parent: Int32)] = [(firstChild[Int(root)], 0)]
        pending[0].parent = Int32(order.count - 1)
        while let (child, parent) = pending.popLast() {
            guard child >= 0 else { continue }
            pending.append((nextSibling[Int(child)], parent))
            guard !isPlaced[Int(child)] else { continue }
            add(child, below: parent)
            pending.append((firstChild[Int(child)], Int32(order.count - 1)))
        }
    }
}
