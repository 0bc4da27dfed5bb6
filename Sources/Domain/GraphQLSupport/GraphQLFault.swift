import GraphQLCore

/// An error whose message the client sees, as the contract has it for these five kinds. All other
/// errors are masked.
package struct GraphQLFault: GraphQLPresentableError, Hashable {
    package enum Kind: Sendable, Hashable {
        case badRequest, notFound, unauthorized, conflict, insufficientStorage
    }

    package let kind: Kind
    package let message: String

    package init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    package static func badRequest(_ message: String) -> Self { Self(.badRequest, message) }
    package static func notFound(_ message: String) -> Self { Self(.notFound, message) }
    package static func unauthorized(_ message: String) -> Self { Self(.unauthorized, message) }
    package static func conflict(_ message: String) -> Self { Self(.conflict, message) }
    package static func insufficientStorage(_ message: String) -> Self {
        Self(.insufficientStorage, message)
    }
}

extension GraphQLFault: CustomStringConvertible {
    package var description: String { message }
}
