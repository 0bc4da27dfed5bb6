import HTTPMessages
import PhoenixModel

/// A request about annotations or their configs that cannot be met. The wording is the contract's.
package struct AnnotationError: APIErrorConvertible, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, conflict, invalid, malformed
        /// Too much waits already.
        case atCapacity
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
        case .atCapacity: .text(.serviceUnavailable, message, headers: ["retry-after": "10"])
        }
    }

    static func targetsNotFound(
        _ targets: some Collection<String>, _ subject: Annotation.Subject
    ) -> AnnotationError {
        let noun =
            switch subject {
            case .span, .document: "Spans"
            case .trace: "Traces"
            case .session: "Sessions"
            }
        // As Python sorts: by code points.
        let listed = targets.sorted {
            $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
        }
        return AnnotationError(
            .notFound, "\(noun) with IDs \(listed.joined(separator: ", ")) do not exist.")
    }

    static func noteTargetNotFound(
        _ target: String, _ subject: Annotation.Subject
    ) -> AnnotationError {
        let noun =
            switch subject {
            case .span, .document: "Span with ID"
            case .trace: "Trace with ID"
            case .session: "Session with session_id"
            }
        return AnnotationError(.notFound, "\(noun) \(target) not found")
    }

    static func positionOutOfBounds(_ draft: AnnotationDraft, count: Int64) -> AnnotationError {
        AnnotationError(
            .invalid,
            "Document position \(draft.documentPosition ?? 0) is out of bounds for span "
                + "\(draft.target) (max: \(count - 1))")
    }

    static let annotationTaken = AnnotationError(
        .conflict, "There is another annotation with this name and identifier. Change that one.")

    static let configNotFound = AnnotationError(.notFound, "Annotation configuration not found")

    static let configNameTaken = AnnotationError(
        .conflict, "The name of the annotation configuration is already taken")

    static let configNameReserved = AnnotationError(
        .conflict,
        "The name 'note' is reserved for trace and span notes and cannot be used for annotation "
            + "configs.")
}
