import APISupport
import HTTPMessages

/// The page at `GET /graphql` for browsers: an editor for queries, their answers and the schema.
///
/// It is one page of ours with a script and a style sheet of its own, and loads nothing from
/// elsewhere.
enum ExplorerPage {
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
        + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

    /// A browser accepts HTML; what asks for anything, such as curl, gets the page too, as in the
    /// contract.
    static func isAccepted(by request: HTTPRequest) -> Bool {
        request.headers.list("accept").contains { form in
            ["text/html", "*/*"].contains(MediaType(form)?.essence)
        }
    }

    static let response = HTTPResponse.bytes(
        .ok, PackageResources.explorer_html, contentType: "text/html; charset=utf-8",
        headers: [
            "content-security-policy": policy, "cache-control": "no-cache", "vary": "Accept",
            "referrer-policy": "no-referrer", "x-content-type-options": "nosniff",
        ])

    static func registerFiles(on router: inout Router) {
        let files = [
            ("explorer.css", PackageResources.explorer_css, "text/css; charset=utf-8"),
            ("explorer.js", PackageResources.explorer_js, "text/javascript; charset=utf-8"),
        ]
        for (name, bytes, type) in files {
            router.add(.get, "\(GraphQLRoutes.path)/\(name)") { _, _ in
                .bytes(.ok, bytes, contentType: type, headers: ["cache-control": "no-cache"])
            }
        }
    }
}
