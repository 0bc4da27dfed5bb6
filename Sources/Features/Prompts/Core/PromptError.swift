import HTTPMessages
import PhoenixModel

/// A request about prompts that cannot be met. The wording is the contract's.
package struct PromptError: APIErrorConvertible, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, conflict, invalid
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var response: HTTPResponse {
        let status: HTTPStatus =
            switch code {
            case .notFound: .notFound
            case .conflict: .conflict
            case .invalid: .unprocessableContent
            }
        return .text(status, message)
    }

    static let promptNotFound = PromptError(.notFound, "Prompt not found")
    static let versionNotFound = PromptError(.notFound, "Prompt version not found")
    /// For what the contract does not name in its answer.
    static let somethingNotFound = PromptError(.notFound, "Not Found")

    static func nameTaken(_ name: String) -> PromptError {
        PromptError(.conflict, "A prompt named '\(name)' already exists")
    }
}
