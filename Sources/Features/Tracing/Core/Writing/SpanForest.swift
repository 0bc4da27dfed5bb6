import PhoenixModel

/// The part of the stored span trees that one batch touches, for keeping cumulative counts.
///
/// Spans are inserted in the order of arrival. Each takes over the counts of its children that are
/// there already and adds its own to every ancestor that is, so that the totals come out the same for
/// any order. A span whose parent has not arrived counts nothing upward until it does.
struct SpanForest {
    /// A span id within its trace.
    struct Key: Hashable {
        var trace: Int64
        var span: OTelID
    }

    private struct Node {
        var key: Key
        var parent: OTelID?
        var counts: CumulativeCounts
        /// The row id of a span that was stored before this batch; nil for one that it brings.
        var storedRow: Int64?
        /// What this batch added to a stored span.
        var added = CumulativeCounts()
    }

    private var nodes: [Node] = []
    private var indexes: [Key: Int] = [:]
    private var children: [Key: [Int]] = [:]

    mutating func reserve(_ count: Int) {
        nodes.reserveCapacity(count)
        indexes.reserveCapacity(count)
        children.reserveCapacity(count)
    }

    /// Makes a span known that was stored before. Twice is as good as once.
    mutating func addStored(row: Int64, _ key: Key, parent: OTelID?, counts: CumulativeCounts) {
        guard indexes[key] == nil else { return }
        append(Node(key: key, parent: parent, counts: counts, storedRow: row))
    }

    func contains(_ key: Key) -> Bool { indexes[key] != nil }

    /// Inserts a span of this batch.
    ///
    /// - Returns: Its position, for ``counts(at:)``.
    mutating func insert(_ key: Key, parent: OTelID?, own: CumulativeCounts) -> Int {
        var counts = own
        for child in children[key] ?? [] { counts += nodes[child].counts }
        let index = append(Node(key: key, parent: parent, counts: counts, storedRow: nil))
        if !counts.isZero { add(counts, above: index) }
        return index
    }

    /// The counts of the span at a position, as they stand after all insertions so far.
    func counts(at index: Int) -> CumulativeCounts { nodes[index].counts }

    /// The stored spans whose counts grew, and by how much.
    var growth: [(row: Int64, added: CumulativeCounts)] {
        nodes.compactMap { node in
            guard let row = node.storedRow, !node.added.isZero else { return nil }
            return (row, node.added)
        }
    }

    @discardableResult
    private mutating func append(_ node: Node) -> Int {
        let index = nodes.count
        nodes.append(node)
        indexes[node.key] = index
        if let parent = node.parent {
            children[Key(trace: node.key.trace, span: parent), default: []].append(index)
        }
        return index
    }

    private mutating func add(_ counts: CumulativeCounts, above index: Int) {
        var current = index
        var steps = 0
        // A cycle of parents ends where it began, and cannot be longer than the forest.
        while let parent = nodes[current].parent, steps < nodes.count,
            let next = indexes[Key(trace: nodes[current].key.trace, span: parent)], next != index
        {
            nodes[next].counts += counts
            if nodes[next].storedRow != nil { nodes[next].added += counts }
            current = next
            steps += 1
        }
    }
}
