import PhoenixModel

/// An annotation as somebody sends it. What it is about may not have arrived.
package struct AnnotationDraft: Hashable, Sendable {
    /// The OpenTelemetry id of a span or trace in hexadecimal, or a session id.
    package var target: String
    /// For documents alone, counted from 0.
    package var documentPosition: Int64?
    package var name: String
    package var annotatorKind: Annotation.AnnotatorKind
    package var label: String?
    /// A score that is not a number counts as none.
    package var score: Double?
    package var explanation: String?
    /// A JSON object.
    package var metadata: [UInt8]
    package var identifier: String

    package init(
        target: String, documentPosition: Int64? = nil, name: String,
        annotatorKind: Annotation.AnnotatorKind, label: String? = nil, score: Double? = nil,
        explanation: String? = nil, metadata: [UInt8] = Array("{}".utf8), identifier: String = ""
    ) {
        self.target = target
        self.documentPosition = documentPosition
        self.name = name
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score.flatMap { $0.isNaN ? nil : $0 }
        self.explanation = explanation
        self.metadata = metadata
        self.identifier = identifier
    }

    /// A note: text under a reserved name.
    package static func note(_ text: String, on target: String, identifier: String) -> Self {
        AnnotationDraft(
            target: target, name: Annotation.noteName, annotatorKind: .human, explanation: text,
            identifier: identifier)
    }
}
