import PhoenixModel

/// The part of the stored span trees that one batch touches, for keeping cumulative counts.
///
/// Stored spans and those of the batch are put in, in any order, and ``settle()`` adds everything up:
/// a span that arrives takes over the counts of its children and counts in all of its ancestors, so
/// that the totals come out the same for any order of arrival. A span whose parent has not arrived
/// counts nothing upward until it does. A circle of parents, in which no such total exists, is cut
/// above the span that closes it.
///
/// It also finds the model calls that have another one directly below them.
struct SpanForest {
    /// A span id within its trace.
    struct Key: Hashable {
        var trace: Int64
        var span: OTelID
    }

    private struct Node {
        let key: Key
        let parent: OTelID?
        var counts: CumulativeCounts
        /// The row id of a span that was stored before this batch; nil for one that it brings.
        let storedRow: Int64?
        let isModelCall: Bool
        var wrapsModelCall = false
        /// What this batch added to a stored span.
        var added = CumulativeCounts()
    }

    private var nodes: [Node] = []
    private var indexes: [Key: Int] = [:]
    /// The stored model calls that the batch put another one below, which had none before; in no
    /// order, once the forest is settled.
    private(set) var newWrappers: [Int64] = []

    mutating func reserve(_ count: Int) {
        nodes.reserveCapacity(count)
        indexes.reserveCapacity(count)
    }

    /// Makes a span known that was stored before. Twice is as good as once.
    mutating func addStored(
        row: Int64, _ key: Key, parent: OTelID?, counts: CumulativeCounts,
        isModelCall: Bool = false, wrapsModelCall: Bool = false
    ) {
        guard indexes[key] == nil else { return }
        append(
            Node(
                key: key, parent: parent, counts: counts, storedRow: row, isModelCall: isModelCall,
                wrapsModelCall: wrapsModelCall))
    }

    /// Inserts a span of this batch, whose key must not be known yet.
    ///
    /// - Returns: Its position, for ``counts(at:)`` and ``wrapsModelCall(at:)``.
    mutating func insert(
        _ key: Key, parent: OTelID?, own: CumulativeCounts, isModelCall: Bool = false
    ) -> Int {
        append(
            Node(
                key: key, parent: parent, counts: own, storedRow: nil, isModelCall: isModelCall))
        return nodes.count - 1
    }

    private mutating func append(_ node: Node) {
        indexes[node.key] = nodes.count
        nodes.append(node)
    }

    /// The counts of the span at a position, once the forest is settled.
    func counts(at index: Int) -> CumulativeCounts { nodes[index].counts }

    /// Whether the span at a position is a model call with another one directly below it, once the
    /// forest is settled.
    func wrapsModelCall(at index: Int) -> Bool { nodes[index].wrapsModelCall }

    /// The stored spans whose counts grew and by how much, once the forest is settled.
    var growth: [(row: Int64, added: CumulativeCounts)] {
        nodes.compactMap { node in
            guard let row = node.storedRow, !node.added.isZero else { return nil }
            return (row, node.added)
        }
    }

    // MARK: Adding up

    /// Adds everything up. Call it once, after the last insertion.
    ///
    /// - Complexity: Linear in the number of spans, however deep the trees are.
    mutating func settle() {
        let parents = nodes.indices.map(parentIndex)
        findWrappers(parents)
        var climb = Climb(parents: parents)
        for leaf in climb.leaves { settle(from: leaf, &climb) }
        // What is left are circles. The last span in each is the one that closed it.
        for index in nodes.indices.reversed() where !climb.isSettled[index] {
            guard let parent = climb.cut(above: index) else { continue }
            settle(from: parent, &climb)
        }
    }

    private func parentIndex(of index: Int) -> Int? {
        let node = nodes[index]
        guard let parent = node.parent, parent != node.key.span else { return nil }
        return indexes[Key(trace: node.key.trace, span: parent)]
    }

    private mutating func findWrappers(_ parents: [Int?]) {
        for (index, parent) in parents.enumerated() where nodes[index].isModelCall {
            guard let parent, nodes[parent].isModelCall, !nodes[parent].wrapsModelCall
            else { continue }
            nodes[parent].wrapsModelCall = true
            if let row = nodes[parent].storedRow { newWrappers.append(row) }
        }
    }

    private mutating func settle(from start: Int, _ climb: inout Climb) {
        var current = start
        while let parent = climb.leave(current) {
            pass(from: current, to: parent)
            guard climb.isReady(parent) else { return }
            current = parent
        }
    }

    /// Lets a span count in its parent. Of a stored span with a stored parent only the growth is new.
    private mutating func pass(from child: Int, to parent: Int) {
        let isParentStored = nodes[parent].storedRow != nil
        let isCounted = isParentStored && nodes[child].storedRow != nil
        let counts = isCounted ? nodes[child].added : nodes[child].counts
        nodes[parent].counts += counts
        if isParentStored { nodes[parent].added += counts }
    }

    /// The way from the leaves to the roots, on which a span is left when all below it are.
    private struct Climb {
        private var parents: [Int?]
        private var openChildren: [Int]
        private(set) var isSettled: [Bool]

        init(parents: [Int?]) {
            self.parents = parents
            openChildren = Array(repeating: 0, count: parents.count)
            isSettled = Array(repeating: false, count: parents.count)
            for case let parent? in parents { openChildren[parent] += 1 }
        }

        var leaves: [Int] { parents.indices.filter(isReady) }

        func isReady(_ index: Int) -> Bool { openChildren[index] == 0 }

        /// Marks a span as settled and returns its parent.
        mutating func leave(_ index: Int) -> Int? {
            isSettled[index] = true
            guard let parent = parents[index] else { return nil }
            openChildren[parent] -= 1
            return parent
        }

        /// Makes a span a root and returns what was its parent, which is then ready.
        mutating func cut(above index: Int) -> Int? {
            guard let parent = parents[index] else { return nil }
            parents[index] = nil
            openChildren[parent] -= 1
            return parent
        }
    }
}
