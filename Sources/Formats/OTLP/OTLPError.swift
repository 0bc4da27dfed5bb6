/// A request that cannot be read at all. The message is safe to send to the client: it tells where
/// and what, and never quotes the request.
package struct OTLPError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
