import HTTPMessages

/// What a request asks for: a path and a query, taken out of the request target.
struct RequestTarget: Equatable {
    /// Percent-encoded, with its slash; the whole target for CONNECT and `OPTIONS *`.
    let path: String
    /// What follows the first `?`; nil when there is none.
    let query: String?

    /// The answer to a request whose target cannot be read.
    static let refusal = HTTPResponse.text(
        .badRequest, "The request target is neither a path nor a URL.")

    /// Reads a target in origin form or in absolute form (RFC 9112, section 3.2). Nil when it is
    /// neither.
    init?(_ target: String, method: HTTPMethod) {
        var rest = target[...]
        if method == .connect || target == "*" && method == .options {
            path = target
            query = nil
            return
        }
        if rest.first != "/" {
            guard let scheme = ["http://", "https://"].first(where: { target.hasPrefix($0) })
            else { return nil }
            rest = rest.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
            if rest.first != "/" { rest = "/" + rest }
        }
        let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = String(rest[..<(mark ?? rest.endIndex)])
        query = mark.map { String(rest[rest.utf8.index(after: $0)...]) }
    }
}
