import PhoenixModel

/// An annotation and the row that it is about.
package struct StoredAnnotation: Hashable, Sendable {
    package var annotation: Annotation
    /// The row id of the span, trace or session.
    package var target: Int64

    package var nodeID: NodeID { annotation.nodeID }
    package var isNote: Bool { annotation.name == Annotation.noteName }
}

/// What to change of an annotation. Members without a value stay as they are.
package struct AnnotationPatch: Hashable, Sendable {
    package var name: String?
    package var identifier: String?
    package var annotatorKind: Annotation.AnnotatorKind?
    /// `.some(nil)` removes the label; so do those below.
    package var label: String??
    package var score: Double??
    package var explanation: String??
    package var metadata: [UInt8]?
    package var source: Annotation.Source?

    package init() {}

    func apply(to annotation: inout Annotation) {
        if let name { annotation.name = name }
        if let identifier { annotation.identifier = identifier }
        if let annotatorKind { annotation.annotatorKind = annotatorKind }
        if let label { annotation.label = label }
        if let score { annotation.score = score.flatMap { $0.isNaN ? nil : $0 } }
        if let explanation { annotation.explanation = explanation }
        if let metadata { annotation.metadata = metadata }
        if let source { annotation.source = source }
    }
}

/// Rows that a request names and that are not stored.
package struct MissingRows: Error, Hashable {
    package var rows: Set<Int64>
}

/// What a change asked of annotations that are notes, or of annotations that are not.
package struct NotOfThisForm: Error, Hashable {}

/// Which annotations a change may touch.
package enum AnnotationForm: Hashable, Sendable {
    case notes
    /// All but notes.
    case plain
    case any

    func admits(_ annotation: StoredAnnotation) -> Bool {
        switch self {
        case .notes: annotation.isNote
        case .plain: !annotation.isNote
        case .any: true
        }
    }
}
