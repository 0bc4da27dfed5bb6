/// The row id of one kind of thing. Ids of different things do not mix: `RowID<Trace>` is no
/// `RowID<Span>`.
///
/// Row ids grow with insertion, are never given out twice, and are part of the published contract
/// inside a ``NodeID``.
package struct RowID<Noun>: Hashable, Sendable, Comparable {
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    package static func < (left: RowID, right: RowID) -> Bool { left.value < right.value }
}

extension RowID: CustomStringConvertible {
    package var description: String { String(value) }
}

/// A thing that has a row id and a name for its type in global ids.
package protocol Node {
    /// The type's name as the contract has it, such as `ProjectSession`.
    static var nodeTypeName: String { get }
}

extension RowID where Noun: Node {
    /// The global id, as GraphQL and REST show it.
    package var nodeID: NodeID { NodeID(typeName: Noun.nodeTypeName, rowID: value) }
}
