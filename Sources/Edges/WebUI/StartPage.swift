import APISupport
import HTTPMessages

/// What stands at `/` when there is no web UI: why, and what there is instead.
package struct StartPage: Sendable {
    private let reason: String

    private init(_ reason: String) { self.reason = reason }

    /// This binary was built without the UI.
    package static let notBuilt = StartPage(
        "This binary was built without the web interface. In the source tree, run "
            + "<code>make ui</code> and build again, or <code>make serve</code>, which does both.")

    /// The server was started without the UI.
    package static let switchedOff = StartPage(
        "The web interface is switched off by <code>--no-ui</code>.")

    var response: HTTPResponse {
        .bytes(
            .ok, Array(html.utf8), contentType: "text/html; charset=utf-8",
            headers: [
                "content-security-policy": DocumentationPage.policy, "cache-control": "no-cache",
                "referrer-policy": "same-origin", "x-content-type-options": "nosniff",
            ])
    }

    private var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Phoenix</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="docs/style.css">
        </head>
        <body>
        <h1>Phoenix is running</h1>
        <p>\(reason)</p>
        <p>Traces are received, and the interfaces for programs answer:</p>
        <ul>
        <li><a href="docs">The operations of the REST API</a></li>
        <li><a href="graphql">GraphQL, to try it</a></li>
        <li><a href="openapi.json">The REST API for a program</a></li>
        <li><a href="v1/projects">Your projects</a></li>
        </ul>
        </body>
        </html>

        """
    }
}
