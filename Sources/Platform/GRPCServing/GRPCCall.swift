import HTTPMessages

/// One unary call, with its message read and decompressed.
package struct GRPCCall: Sendable {
    /// `/package.Service/Method`.
    package let path: String
    /// The client's metadata, among the headers of the transport.
    package let headers: HTTPHeaders
    /// The encoded request message.
    package let message: [UInt8]
    /// When the client stops waiting. The call's task is cancelled then.
    package let deadline: ContinuousClock.Instant?
    /// The address of the client without its port.
    package let peer: String?
    package let isSecure: Bool
    package let requestID: String

    package init(
        path: String, headers: HTTPHeaders = [:], message: [UInt8],
        deadline: ContinuousClock.Instant? = nil, peer: String? = nil, isSecure: Bool = false,
        requestID: String = ""
    ) {
        self.path = path
        self.headers = headers
        self.message = message
        self.deadline = deadline
        self.peer = peer
        self.isSecure = isSecure
        self.requestID = requestID
    }
}

/// Answers a call with an encoded message, or throws a ``GRPCError``; of other errors those that
/// are `APIErrorConvertible` keep their sense, and the rest become INTERNAL.
package typealias GRPCMethod = @Sendable (GRPCCall) async throws -> [UInt8]
