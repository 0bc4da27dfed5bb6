import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel
import Tracing

/// The REST routes of annotations, notes and annotation configs.
package struct AnnotationRoutes: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore
    let now: @Sendable () -> Timestamp
    /// A random text for the identifier of a note that has none.
    let randomIdentifier: @Sendable () -> String

    package init(
        store: AnnotationStore, tracing: TracingStore, now: @escaping @Sendable () -> Timestamp,
        randomIdentifier: @escaping @Sendable () -> String = { NoteIdentifier.random() }
    ) {
        self.store = store
        self.tracing = tracing
        self.now = now
        self.randomIdentifier = randomIdentifier
    }

    package var routes: [Route] {
        Annotation.Subject.allCases.map(writingRoute)
            + Self.listedSubjects.map(noteRoute)
            + Self.listedSubjects.flatMap(listRoutes)
            + configRoutes + projectConfigRoutes
    }

    /// What the contract has notes of, and lists of annotations.
    static let listedSubjects: [Annotation.Subject] = [.span, .trace, .session]

    static let projectIdentifier = Parameter<String>.path(
        "project_identifier",
        "The global id or the name of a project. A slash in a name is written %2F.")

    static let cursor = Parameter<String?>.text("cursor", "The next_cursor of the page before.")

    func project(_ request: APIRequest) async throws -> Project {
        try await tracing.project(Identifier(request[Self.projectIdentifier]))
    }
}

/// Identifiers of notes.
package enum NoteIdentifier {
    /// 122 random bits in the form of a UUID of version 4 (RFC 9562, section 5.4).
    package static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return text(generator.next(), generator.next())
    }

    package static func text(_ high: UInt64, _ low: UInt64) -> String {
        let words = [high & ~0xF000 | 0x4000, low & ~(3 << 62) | (2 << 62)]
        let digits = words.map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        var result = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { result.append("-") }
            result.append(digit)
        }
        return result
    }
}

/// What the contract calls things.
extension Annotation.Subject {
    /// The member of a body that names the target.
    var targetMember: String {
        switch self {
        case .span, .document: "span_id"
        case .trace: "trace_id"
        case .session: "session_id"
        }
    }

    var capitalized: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    /// The tag of the operations that write.
    var tag: String {
        switch self {
        case .span, .document: "spans"
        case .trace: "traces"
        case .session: "sessions"
        }
    }

    /// What an annotation of the subject is called in names of shapes, such as `SpanAnnotation`.
    var shapeName: String {
        self == .document ? "SpanDocumentAnnotation" : "\(capitalized)Annotation"
    }
}
