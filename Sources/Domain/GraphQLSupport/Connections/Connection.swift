import GraphQLCore

/// A page of a list in the shape of Relay: edges with cursors, and what lies around the page.
package struct Connection: Sendable {
    package var edges: [Edge]
    package var pageInfo: PageInfo

    package init(edges: [Edge], hasNextPage: Bool = false, hasPreviousPage: Bool = false) {
        self.edges = edges
        pageInfo = PageInfo(
            hasNextPage: hasNextPage, hasPreviousPage: hasPreviousPage,
            startCursor: edges.first?.cursor, endCursor: edges.last?.cursor)
    }

    package static let empty = Connection(edges: [])
}

package struct Edge: Sendable {
    package var node: ResolvedValue
    package var cursor: String

    package init(node: ResolvedValue, cursor: String) {
        self.node = node
        self.cursor = cursor
    }
}

package struct PageInfo: Sendable {
    package var hasNextPage: Bool
    package var hasPreviousPage: Bool
    package var startCursor: String?
    package var endCursor: String?
}

extension ResolvedValue {
    package static func connection(_ connection: Connection) -> Self { .object(connection) }
}

extension ResolverTable {
    /// Adds the resolvers of `PageInfo`, once for all connections.
    package mutating func addPageInfo() {
        object("PageInfo", of: PageInfo.self) { fields in
            fields.property("hasNextPage") { .bool($0.hasNextPage) }
            fields.property("hasPreviousPage") { .bool($0.hasPreviousPage) }
            fields.property("startCursor") { .string($0.startCursor) }
            fields.property("endCursor") { .string($0.endCursor) }
        }
    }

    /// Adds the resolvers of `<Name>Connection` and `<Name>Edge`, whose values are a
    /// ``Connection`` and its edges.
    package mutating func addConnection(_ name: String) {
        object("\(name)Connection", of: Connection.self) { fields in
            fields.property("edges") { .objects($0.edges) }
            fields.property("pageInfo") { .object($0.pageInfo) }
        }
        object("\(name)Edge", of: Edge.self) { fields in
            fields.property("node") { $0.node }
            fields.property("cursor") { .string($0.cursor) }
        }
    }
}
