import HTTPMessages
import PhoenixModel
import RegularExpressions

/// A request about models that cannot be met. The wording is the contract's.
package struct ModelError: APIErrorConvertible, Hashable {
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
            case .invalid: .badRequest
            }
        return .text(status, message)
    }

    static func notFound(_ id: GenerativeModel.ID) -> ModelError {
        ModelError(.notFound, "Model \"\(id.nodeID)\" not found")
    }
}

extension ModelDraft {
    /// - Throws: ``ModelError`` when a price is missing or twice there, or the pattern is none.
    func validate() throws {
        // As in the contract the side does not matter.
        for type in ["input", "output"] {
            guard prices.contains(where: { $0.tokenType == type }) else {
                throw ModelError(.invalid, "\(type) cost is required")
            }
        }
        do throws(RegularExpressionError) {
            _ = try RegularExpression(namePattern)
        } catch {
            throw ModelError(.invalid, "Invalid regex: \(error)")
        }
        let kinds = Set(prices.map { [$0.isPrompt ? "P" : "C", $0.tokenType] })
        guard kinds.count == prices.count else {
            throw ModelError(.conflict, "Model '\(name)' conflicts with an existing model")
        }
    }
}
