import GraphQLCore

/// The page of a list whose cursors are positions in its order, `SortCursor` or row ids in Base64.
/// Such lists are read forwards only.
package struct KeysetPage: Sendable, Hashable {
    package var first: Int
    /// The cursor behind which the page starts; nil for the start of the list.
    package var after: String?

    package init(first: Int, after: String? = nil) {
        self.first = first
        self.after = after
    }

    /// Reads `first` and `after`, and refuses what the contract refuses.
    ///
    /// - Parameter maximum: The largest page.
    /// - Throws: ``GraphQLFault``.
    package init(_ arguments: FieldArguments, maximum: Int = 1000) throws(GraphQLFault) {
        for name in ["last", "before"] where arguments[name] ?? .null != .null {
            throw .badRequest("Backward pagination with `\(name)` is not supported")
        }
        guard let first = arguments.integer("first"), first > 0 else {
            throw .badRequest("`first` must be a positive integer")
        }
        guard first <= maximum else {
            throw .badRequest("`first` must be less than or equal to \(maximum)")
        }
        self.first = first
        after = arguments.string("after").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// How many elements to read: one more than the page has, to see whether others follow.
    package var limit: Int { first + 1 }

    /// The page of up to ``limit`` elements that were read.
    package func connection<Element>(
        _ elements: [Element], cursor: (Element) -> String,
        node: (Element) throws -> ResolvedValue
    ) rethrows -> Connection {
        let edges = try elements.prefix(first).map {
            Edge(node: try node($0), cursor: cursor($0))
        }
        return Connection(edges: edges, hasNextPage: elements.count > first)
    }

    /// What is thrown for an `after` that is no cursor of the list.
    package var invalidCursor: GraphQLFault {
        .badRequest("The cursor \"\(shortened(after ?? ""))\" is not one of this list.")
    }
}
