import BinaryText
import GraphQLCore

/// The page of a list whose cursors are positions: Base64 of `connection:<index>`.
///
/// As in the contract a page may be asked for from either end, a missing `first` means everything,
/// and a cursor outside of the list is as good as none.
package struct OffsetPage: Sendable, Hashable {
    package var first: Int?
    package var last: Int?
    package var after: Int?
    package var before: Int?

    package init(first: Int? = nil, last: Int? = nil, after: Int? = nil, before: Int? = nil) {
        self.first = first
        self.last = last
        self.after = after
        self.before = before
    }

    /// Reads `first`, `last`, `after` and `before`.
    ///
    /// - Throws: ``GraphQLFault`` for a negative count and for a cursor that is none.
    package init(_ arguments: FieldArguments) throws(GraphQLFault) {
        first = arguments.integer("first")
        last = arguments.integer("last")
        for (name, count) in [("first", first), ("last", last)] where count ?? 0 < 0 {
            throw .badRequest("Argument '\(name)' must be a non-negative integer.")
        }
        after = try arguments.string("after").map(Self.offset)
        before = try arguments.string("before").map(Self.offset)
    }

    private static func offset(_ cursor: String) throws(GraphQLFault) -> Int {
        guard let bytes = Base64.decode(cursor),
            let text = String(validating: bytes, as: UTF8.self),
            let offset = text.split(separator: ":", maxSplits: 1).last.flatMap({ Int($0) }),
            text.contains(":")
        else { throw .badRequest("The cursor \"\(shortened(cursor))\" is not one of this list.") }
        // No list is so long; one more is always a number, too.
        return min(offset, Int.max - 1)
    }

    package static func cursor(_ index: Int) -> String {
        Base64.encode(Array("connection:\(index)".utf8))
    }

    /// Which elements of a list the page has, and whether there are others around them.
    package func window(
        count: Int
    ) -> (range: Range<Int>, hasNextPage: Bool, hasPreviousPage: Bool) {
        var start = 0
        var end = count
        if let after, (0..<count).contains(after) { start = after + 1 }
        if let before, (0..<count).contains(before) { end = before }
        if let first { end = min(end, start + first) }
        if let last { start = max(start, end - last) }
        let lowerBound = after.map { $0 + 1 } ?? 0
        let upperBound = before ?? count
        return (
            start < end ? start..<end : start..<start,
            hasNextPage: first != nil && end < upperBound,
            hasPreviousPage: last != nil && start > lowerBound
        )
    }

    /// The page of a list that is in memory.
    package func connection<Element>(
        _ elements: [Element], node: (Element) throws -> ResolvedValue
    ) rethrows -> Connection {
        let window = window(count: elements.count)
        return try connection(of: window, elements: elements[window.range], node: node)
    }

    /// The page of a list of which only the window was read.
    package func connection<Element>(
        of window: (range: Range<Int>, hasNextPage: Bool, hasPreviousPage: Bool),
        elements: some Sequence<Element>, node: (Element) throws -> ResolvedValue
    ) rethrows -> Connection {
        var edges: [Edge] = []
        for (index, element) in zip(window.range, elements) {
            edges.append(Edge(node: try node(element), cursor: Self.cursor(index)))
        }
        return Connection(
            edges: edges, hasNextPage: window.hasNextPage,
            hasPreviousPage: window.hasPreviousPage)
    }
}
