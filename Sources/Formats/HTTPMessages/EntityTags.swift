/// The tags of `If-None-Match`: the representations that a client has already (RFC 9110, section
/// 13.1.2).
package struct EntityTags: Sendable {
    private let tags: [String]

    package init(_ headers: HTTPHeaders) {
        tags = headers.list("if-none-match")
    }

    /// Whether the client has the representation of this tag, by weak comparison: `W/` makes no
    /// difference.
    package func match(_ tag: String) -> Bool {
        tags.contains { $0 == "*" || Self.strong($0) == Self.strong(tag) }
    }

    private static func strong(_ tag: String) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...]
    }
}
