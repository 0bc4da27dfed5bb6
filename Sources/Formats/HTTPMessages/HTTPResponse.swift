/// Takes the bytes of a streamed response body.
package protocol HTTPBodyWriter: Sendable {
    /// Hands bytes to the connection; they leave without waiting for more.
    ///
    /// Suspends while the client reads more slowly than we write.
    ///
    /// - Throws: ``HTTPBodyError/clientGone`` when nobody will read them.
    func write(_ bytes: [UInt8]) async throws(HTTPBodyError)
}

package enum HTTPResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    /// Called once, in the task of the request, after the head has left. Returning ends the body;
    /// throwing breaks the connection (HTTP/1) or resets the stream (HTTP/2), so that the client
    /// does not take a part for the whole.
    case stream(@Sendable (any HTTPBodyWriter) async throws -> Void)
}

/// What a handler answers. The server adds framing headers and the date.
package struct HTTPResponse: Sendable {
    package var status: HTTPStatus
    package var headers: HTTPHeaders
    package var body: HTTPResponseBody
    /// Sent after the body on HTTP/2; left out on HTTP/1.
    package var trailers: HTTPHeaders
    /// Marks a stream without an end of its own, such as live events: when the server stops, its
    /// task is cancelled at once and the body ended in good order, instead of holding up the stop.
    package var endsWithServer: Bool

    package init(
        _ status: HTTPStatus,
        headers: HTTPHeaders = [:],
        body: HTTPResponseBody = .empty,
        trailers: HTTPHeaders = [:],
        endsWithServer: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.trailers = trailers
        self.endsWithServer = endsWithServer
    }

    /// A `text/plain; charset=utf-8` answer.
    package static func text(
        _ status: HTTPStatus, _ text: String, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        bytes(status, Array(text.utf8), contentType: "text/plain; charset=utf-8", headers: headers)
    }

    /// An `application/json` answer of text that is JSON already.
    package static func json(
        _ status: HTTPStatus, _ json: [UInt8], headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        bytes(status, json, contentType: "application/json", headers: headers)
    }

    package static func bytes(
        _ status: HTTPStatus, _ bytes: [UInt8], contentType: String,
        headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var headers = headers
        headers.set("content-type", contentType)
        return HTTPResponse(status, headers: headers, body: .bytes(bytes))
    }
}
