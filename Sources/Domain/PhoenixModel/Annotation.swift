/// What somebody, or something, says about a span, a trace, a session or a document: a label, a
/// score, an explanation, under a name.
package struct Annotation: Hashable, Sendable {
    /// Row ids of annotations of different subjects do not compare.
    package typealias ID = RowID<Annotation>

    /// What kind of thing an annotation is about.
    package enum Subject: String, Hashable, Sendable, CaseIterable {
        case span, trace, session
        /// One of the documents that a span retrieved or ranked, by its position.
        case document
    }

    package enum AnnotatorKind: String, Hashable, Sendable, CaseIterable {
        case model = "LLM"
        case code = "CODE"
        case human = "HUMAN"
    }

    /// Which door the annotation came through.
    package enum Source: String, Hashable, Sendable, CaseIterable {
        case api = "API"
        case app = "APP"
    }

    /// The name of annotations that are notes: many for one target, with the text as explanation.
    package static let noteName = "note"

    package var id: ID
    package var subject: Subject
    /// The OpenTelemetry id of the span or trace in hexadecimal, or the session id.
    package var target: String
    /// For documents, counted from 0.
    package var documentPosition: Int64?
    package var name: String
    package var annotatorKind: AnnotatorKind
    package var label: String?
    package var score: Double?
    package var explanation: String?
    /// A JSON object.
    package var metadata: [UInt8]
    /// Tells annotations of one name and target apart; often empty.
    package var identifier: String
    package var source: Source
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: ID, subject: Subject, target: String, documentPosition: Int64? = nil, name: String,
        annotatorKind: AnnotatorKind, label: String?, score: Double?, explanation: String?,
        metadata: [UInt8], identifier: String, source: Source, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.subject = subject
        self.target = target
        self.documentPosition = documentPosition
        self.name = name
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score
        self.explanation = explanation
        self.metadata = metadata
        self.identifier = identifier
        self.source = source
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// The global id, as GraphQL and REST show it.
    package var nodeID: NodeID { subject.nodeID(of: id) }
}

extension Annotation.Subject {
    package var nodeTypeName: String {
        switch self {
        case .span: "SpanAnnotation"
        case .trace: "TraceAnnotation"
        case .session: "ProjectSessionAnnotation"
        case .document: "DocumentAnnotation"
        }
    }

    package func nodeID(of id: Annotation.ID) -> NodeID {
        NodeID(typeName: nodeTypeName, rowID: id.value)
    }
}
