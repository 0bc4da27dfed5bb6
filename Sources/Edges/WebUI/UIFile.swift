import HTTPMessages

/// One file of the web UI, with its body in every coding that there is.
struct UIFile: Sendable {
    var mediaType: String
    /// What the bytes are known by: another tag, other bytes.
    var tag: String
    var identity: Body
    var brotli: Body?
    var gzip: Body?

    /// Reads the bytes of a coding.
    typealias Body = @Sendable () -> [UInt8]

    init(mediaType: String, tag: String, identity: @escaping Body) {
        self.mediaType = mediaType
        self.tag = tag
        self.identity = identity
    }

    init(_ entry: UIPack.Entry, of pack: UIPack) {
        mediaType = entry.mediaType
        tag = entry.sha256
        func body(_ place: UIPack.Body) -> Body { { pack.bytes(of: place) } }
        identity = body(entry.identity)
        brotli = entry.brotli.map(body)
        gzip = entry.gzip.map(body)
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
        return .bytes(.ok, body(), contentType: mediaType, headers: headers)
    }
}
