import BinaryText

/// A global id: `Project:2` in Base64, as GraphQL and REST show it.
package struct NodeID: Hashable, Sendable {
    package let typeName: String
    package let rowID: Int64

    package init(typeName: String, rowID: Int64) {
        self.typeName = typeName
        self.rowID = rowID
    }

    /// Reads a global id of any type. Nil when `text` is none.
    package init?(_ text: some StringProtocol) {
        guard let bytes = Base64.decode(text),
            let decoded = String(validating: bytes, as: UTF8.self),
            let colon = decoded.firstIndex(of: ":"), colon != decoded.startIndex,
            let rowID = Int64(decoded[decoded.index(after: colon)...])
        else { return nil }
        self.init(typeName: String(decoded[..<colon]), rowID: rowID)
    }

    /// The row id, when this is the id of a `Noun`.
    package func rowID<Noun: Node>(as noun: Noun.Type = Noun.self) -> RowID<Noun>? {
        typeName == Noun.nodeTypeName ? RowID(rowID) : nil
    }
}

extension NodeID: CustomStringConvertible {
    package var description: String { Base64.encode(Array("\(typeName):\(rowID)".utf8)) }
}

extension RowID where Noun: Node {
    /// Reads a global id and checks that it names a `Noun`.
    package init?(nodeID text: some StringProtocol) {
        guard let id = NodeID(text)?.rowID(as: Noun.self) else { return nil }
        self = id
    }
}
