import HTTPMessages

/// An operation and what carries it out.
package struct Route: Sendable {
    package typealias Handler = @Sendable (APIRequest) async throws -> HTTPResponse

    package var operation: Operation
    package var handler: Handler

    package init(_ operation: Operation, handler: @escaping Handler) {
        self.operation = operation
        self.handler = handler
    }
}
