import HTTPMessages
import PhoenixModel

/// A request for something of this feature that cannot be had. The wording is the contract's.
package struct TracingError: APIErrorConvertible, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, conflict, forbidden, invalid, malformed
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
            case .forbidden: .forbidden
            case .invalid: .unprocessableContent
            case .malformed: .badRequest
            }
        return .text(status, message)
    }

    static func projectNotFound(_ identifier: Identifier<Project>) -> TracingError {
        let way = identifier.rowID == nil ? "name" : "ID"
        return TracingError(.notFound, "Project with \(way) \(identifier.text) not found")
    }

    static func spanNotFound(_ identifier: Identifier<Span>) -> TracingError {
        let way = identifier.rowID == nil ? "span_id" : "relay ID"
        return TracingError(.notFound, "Span with \(way) '\(identifier.text)' not found")
    }

    static func traceNotFound(_ identifier: Identifier<Trace>) -> TracingError {
        let way = identifier.rowID == nil ? "trace_id" : "relay ID"
        return TracingError(.notFound, "Trace with \(way) '\(identifier.text)' not found")
    }

    /// - Parameter mark: What surrounds the identifier, which the contract does differently when
    ///   deleting.
    static func sessionNotFound(
        _ identifier: Identifier<Session>, mark: String = ""
    ) -> TracingError {
        let way = identifier.rowID == nil ? "session_id" : "ID"
        return TracingError(
            .notFound, "Session with \(way) \(mark)\(identifier.text)\(mark) not found")
    }
}
