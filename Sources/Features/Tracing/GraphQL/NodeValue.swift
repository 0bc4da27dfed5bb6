import GraphQLCore
import PhoenixModel

/// A thing in an answer: its row, or a row id that nothing has.
///
/// The contract answers `node(id:)` for any row id, and fails only at a field that needs the row.
package struct NodeValue<Noun: Node & Sendable>: Sendable {
    package let id: RowID<Noun>
    /// Nil when there is no such row.
    package let row: Noun?

    package init(missing id: RowID<Noun>) {
        self.id = id
        row = nil
    }

    package init(id: RowID<Noun>, row: Noun) {
        self.id = id
        self.row = row
    }

    /// The row.
    ///
    /// - Throws: An error that tells the client so, when there is none.
    package func required() throws -> Noun {
        guard let row else { throw MissingRow(id: id.nodeID) }
        return row
    }
}

extension NodeValue<Project> {
    package init(_ project: Project) { self.init(id: project.id, row: project) }
}

extension NodeValue<Span> {
    package init(_ span: Span) { self.init(id: span.id, row: span) }
}

extension NodeValue<Trace> {
    package init(_ trace: Trace) { self.init(id: trace.id, row: trace) }
}

extension NodeValue<GenerativeModel> {
    package init(_ model: GenerativeModel) { self.init(id: model.id, row: model) }
}

extension NodeValue<Session> {
    package init(_ session: Session) { self.init(id: session.id, row: session) }
}

/// A field was asked of something that is not stored, or not any more.
struct MissingRow: GraphQLPresentableError {
    let id: NodeID

    var message: String {
        "There is no \(id.typeName) with the id \(id). It may have been deleted."
    }
}
