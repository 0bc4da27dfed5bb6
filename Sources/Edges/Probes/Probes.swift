import APISupport
import HTTPMessages

/// The routes by which a machine asks how the server is.
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
    }
}
