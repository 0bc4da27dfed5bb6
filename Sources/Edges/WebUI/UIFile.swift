import HTTPMessages

/// One file of the web UI, with its body in every coding that there is.
package struct UIFile: Sendable {
    package var mediaType: String
    /// What the bytes are known by: another tag, other bytes.
    package var tag: String
    package var identity: [UInt8]
    package var brotli: [UInt8]?
    package var gzip: [UInt8]?

    package init(
        mediaType: String, tag: String, identity: [UInt8], brotli: [UInt8]? = nil,
        gzip: [UInt8]? = nil
    ) {
        self.mediaType = mediaType
        self.tag = tag
        self.identity = identity
        self.brotli = brotli
        self.gzip = gzip
    }

    /// Answers with the smallest body that the client takes, or 304 when it has that one.
    func response(to request: HTTPRequest, caching: String) -> HTTPResponse {
        var available: Set<AcceptedCodings.Coding> = [.identity]
        if brotli != nil { available.insert(.brotli) }
        if gzip != nil { available.insert(.gzip) }
        let coding = AcceptedCodings(request.headers).best(of: available)
        let (body, suffix) =
            switch coding {
            case .brotli: (brotli ?? identity, "-br")
            case .gzip: (gzip ?? identity, "-gzip")
            case .identity: (identity, "")
            }
        // Every coding is a representation of its own and has its own tag (RFC 9110, 8.8.3.3).
        let tag = "\"\(self.tag)\(suffix)\""
        var headers: HTTPHeaders = [
            "etag": tag, "cache-control": caching, "vary": "Accept-Encoding",
            "x-content-type-options": "nosniff",
        ]
        if EntityTags(request.headers).match(tag) {
            return HTTPResponse(.notModified, headers: headers)
        }
        if coding != .identity { headers.set("content-encoding", coding.rawValue) }
        return .bytes(.ok, body, contentType: mediaType, headers: headers)
    }
}
