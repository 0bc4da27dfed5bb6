import HTTPMessages

/// What the page of the web UI may do, told to the browser.
struct SecurityHeaders: Sendable {
    private let policy: String

    /// - Parameter framingOrigins: Origins besides our own whose pages may show ours in a frame.
    init(framingOrigins: [String]) {
        let ancestors = ["'self'"] + framingOrigins.filter(Self.isOrigin)
        policy = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'",
            "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
            "media-src 'self' data: blob:", "frame-src 'self'", "base-uri 'self'",
            "form-action 'self'", "frame-ancestors \(ancestors.joined(separator: " "))",
        ].joined(separator: "; ")
    }

    func add(to response: inout HTTPResponse) {
        response.headers.set("content-security-policy", policy)
        response.headers.set("referrer-policy", "same-origin")
        response.headers.set("x-content-type-options", "nosniff")
        response.headers.set(
            "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    }

    /// Whether the text can stand in a policy: nothing that would end its directive.
    private static func isOrigin(_ text: String) -> Bool {
        (text.hasPrefix("http://") || text.hasPrefix("https://"))
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            && !text.contains(where: { ";,'\"".contains($0) })
    }
}
