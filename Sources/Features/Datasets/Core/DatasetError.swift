import HTTPMessages

/// A request about datasets that cannot be met. The wording is the contract's.
package struct DatasetError: APIErrorConvertible, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, conflict, invalid, malformed
        /// The upload is larger than any may be.
        case tooLarge
        /// Too many uploads are under way.
        case busy
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var response: HTTPResponse {
        switch code {
        case .notFound: .text(.notFound, message)
        case .conflict: .text(.conflict, message)
        case .invalid: .text(.unprocessableContent, message)
        case .malformed: .text(.badRequest, message)
        case .tooLarge: .text(.contentTooLarge, message)
        case .busy: .text(.tooManyRequests, message, headers: ["retry-after": "5"])
        }
    }

    static func nameTaken(_ name: String) -> DatasetError {
        DatasetError(.conflict, "A dataset named \"\(name)\" already exists.")
    }

    static func splitNameTaken(_ name: String) -> DatasetError {
        DatasetError(.conflict, "A dataset split named '\(name)' already exists.")
    }

    static func labelNameTaken(_ name: String) -> DatasetError {
        DatasetError(.conflict, "A dataset label named '\(name)' already exists")
    }
}
