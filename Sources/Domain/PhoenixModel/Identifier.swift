/// How a request names a thing: by a global id of the right type, else by its natural key, such as a
/// project's name or an OpenTelemetry id.
package struct Identifier<Noun: Node>: Hashable, Sendable {
    /// What the request says.
    package let text: String
    /// The row id, when `text` is a global id of a `Noun`.
    package let rowID: RowID<Noun>?

    package init(_ text: String) {
        self.text = text
        rowID = RowID(nodeID: text)
    }

    package init(_ rowID: RowID<Noun>) {
        text = rowID.nodeID.description
        self.rowID = rowID
    }

    /// Names a thing by its natural key, whatever that looks like.
    package init(name: String) {
        text = name
        rowID = nil
    }
}
