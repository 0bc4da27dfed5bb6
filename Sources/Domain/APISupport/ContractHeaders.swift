import HTTPMessages

/// Adds the headers that the contract has on every answer.
package struct ContractHeaders: HTTPMiddleware {
    /// The version of the contract, not of this program: clients switch features on by it.
    package static let contractVersion = "20.26.1"

    package init() {}

    package func respond(to request: HTTPRequest, next: HTTPHandler) async throws -> HTTPResponse {
        var response: HTTPResponse
        do {
            response = try await next(request)
        } catch let error as any APIErrorConvertible {
            response = error.response
        }
        response.headers.set("x-phoenix-server-version", Self.contractVersion)
        response.headers.set("x-colab-notebook-cache-control", "no-cache")
        return response
    }
}
