/// A request as handlers see it, whatever protocol brought it.
package struct HTTPRequest: Sendable {
    package var method: HTTPMethod
    package var version: HTTPVersion
    /// The path as sent: percent-encoded, starting with `/`, without the query.
    package var path: String
    /// What follows the first `?`, as sent; nil when there is none.
    package var queryString: String?
    package var headers: HTTPHeaders
    package var body: HTTPBody
    /// The address of the peer without its port; of the proxy where there is one.
    package var remoteAddress: String?
    /// Whether the connection to this server is TLS.
    package var isSecure: Bool
    /// Empty until ``RequestIDMiddleware`` of the server names the request.
    package var requestID: String
    /// When the head was complete.
    package var arrival: ContinuousClock.Instant

    package init(
        method: HTTPMethod,
        path: String,
        queryString: String? = nil,
        headers: HTTPHeaders = [:],
        body: HTTPBody = .empty,
        version: HTTPVersion = .http11,
        remoteAddress: String? = nil,
        isSecure: Bool = false,
        requestID: String = "",
        arrival: ContinuousClock.Instant = .now
    ) {
        self.method = method
        self.version = version
        self.path = path
        self.queryString = queryString
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
        self.isSecure = isSecure
        self.requestID = requestID
        self.arrival = arrival
    }

    /// The query, decoded anew on every call: keep it where several items are read.
    package var query: HTTPQuery { HTTPQuery(queryString ?? "") }

    /// The media type of the body; nil when absent or malformed.
    package var contentType: MediaType? { headers["content-type"].flatMap { MediaType($0) } }
}
