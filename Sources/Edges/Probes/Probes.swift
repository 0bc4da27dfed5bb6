import APISupport
import HTTPMessages

/// The routes by which a machine asks how the server is, and what answers where no other route does.
package struct Probes: Sendable {
    private let version: String
    private let checkReadiness: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - version: The version of this program.
    ///   - checkReadiness: Returns when the database answers, throws when it does not.
    package init(
        version: String, checkReadiness: @escaping @Sendable () async throws -> Void
    ) {
        self.version = version
        self.checkReadiness = checkReadiness
    }

    /// Registers the probes, and the fallback for what has no route.
    package func register(on router: inout Router) {
        router.add(.get, "/healthz") { _, _ in .text(.ok, "OK") }
        router.add(.get, "/readyz") { _, _ in
            do {
                try await checkReadiness()
                return .json(.ok, Array("{}".utf8))
            } catch {
                // The reason is in the log of the database; a probe may be asked by anybody.
                return .text(.serviceUnavailable, "database unreachable")
            }
        }
        router.add(.get, "/arize_phoenix_version") { _, _ in
            .text(
                .ok, ContractHeaders.contractVersion,
                headers: ["x-phoenix-swift-version": version])
        }
        let page = Array(Self.page.utf8)
        router.fallback = { request in
            guard request.method == .get || request.method == .head else {
                return Router.methodNotAllowed([.get])
            }
            guard request.path == "/" else { return .text(.notFound, "Not Found") }
            return .bytes(
                .ok, page, contentType: "text/html; charset=utf-8",
                headers: ["content-security-policy": DocumentationPage.policy])
        }
    }

    private static let page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Phoenix</title>
        <link rel="stylesheet" href="docs/style.css">
        </head>
        <body>
        <h1>Phoenix is running</h1>
        <p>The user interface is not part of this build yet. Traces are received all the same, and
        the REST API gives them back.</p>
        <ul>
        <li><a href="docs">Every operation of the REST API</a></li>
        <li><a href="graphql">GraphQL, to try it</a></li>
        <li><a href="openapi.json">The same for a program</a></li>
        <li><a href="v1/projects">Your projects</a></li>
        </ul>
        </body>
        </html>

        """
}
