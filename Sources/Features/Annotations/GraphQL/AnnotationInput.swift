import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// How the mutations of annotations of a subject call things.
struct MutationWords: Sendable {
    let subject: Annotation.Subject

    /// What an annotation is about.
    var target: String {
        switch subject {
        case .span, .document: "span"
        case .trace: "trace"
        case .session: "session"
        }
    }

    /// Whose annotation it is.
    var owner: String { subject.rawValue }

    var targetTypeName: String {
        switch subject {
        case .span, .document: Span.nodeTypeName
        case .trace: Trace.nodeTypeName
        case .session: Session.nodeTypeName
        }
    }

    /// The member of an input with the global id of the target.
    var targetMember: String {
        switch subject {
        case .span, .document: "spanId"
        case .trace: "traceId"
        case .session: "projectSessionId"
        }
    }

    /// The middle of the names of mutations and payloads.
    var typeName: String {
        switch subject {
        case .span: "Span"
        case .trace: "Trace"
        case .session: "ProjectSession"
        case .document: "Document"
        }
    }

    private func reserved(_ mutation: String) -> GraphQLFault {
        .badRequest("The name 'note' is reserved for notes. Use the \(mutation) mutation instead.")
    }

    var noteIsCreatedElsewhere: GraphQLFault { reserved("create\(typeName)Notes") }
    var noteIsDeletedElsewhere: GraphQLFault { reserved("delete\(typeName)Notes") }

    /// The row id that a global id of a target stands for.
    func targetRow(_ text: String, fault: @autoclosure () -> GraphQLFault) throws -> Int64 {
        guard let id = NodeID(text) else {
            throw GraphQLFault.badRequest("Invalid node id: \(text.prefix(200))")
        }
        guard id.typeName == targetTypeName else { throw fault() }
        return id.rowID
    }

    /// The row id that a global id of an annotation stands for.
    func annotationID(_ text: String) throws -> Annotation.ID {
        guard let id = NodeID(text) else {
            throw GraphQLFault.badRequest("Invalid node id: \(text.prefix(200))")
        }
        guard id.typeName == subject.nodeTypeName else {
            throw GraphQLFault.badRequest("Invalid \(owner) annotation ID: \(text.prefix(200))")
        }
        return Annotation.ID(id.rowID)
    }

    /// Row ids of annotations that a request names each once.
    func annotationIDs(
        _ texts: [String], repeated: (Annotation.ID) -> String
    ) throws -> [Annotation.ID] {
        var seen: Set<Annotation.ID> = []
        return try texts.map { text in
            let id = try annotationID(text)
            guard seen.insert(id).inserted else { throw GraphQLFault.badRequest(repeated(id)) }
            return id
        }
    }

    func annotationsNotFound(_ rows: Set<Int64>) -> GraphQLFault {
        let listed = rows.sorted().map(String.init).joined(separator: ", ")
        return .notFound("Could not find \(owner) annotations with IDs: {\(listed)}")
    }

    /// - Parameter texts: What the client called the missing targets.
    func targetsNotFound(_ texts: [String]) -> GraphQLFault {
        let noun = subject == .session ? "project session" : target
        let listed = texts.map { "'\($0.prefix(200))'" }.joined(separator: ", ")
        return .notFound("Could not find \(noun)s with IDs: [\(listed)]")
    }
}

/// The members that inputs of annotations share.
extension AnnotationDraft {
    /// - Parameter input: `CreateSpanAnnotationInput` or one of its kin.
    init(graphQL input: JSONObject) {
        self.init(
            target: "", documentPosition: input["documentPosition"]?.integerValue,
            name: input["name"]?.stringValue ?? "",
            annotatorKind: Annotation.AnnotatorKind(input) ?? .human,
            label: input["label"]?.stringValue, score: input["score"]?.doubleValue,
            explanation: input["explanation"]?.stringValue,
            metadata: input["metadata"].flatMap(Self.metadata) ?? Array("{}".utf8),
            identifier: input["identifier"]?.stringValue ?? "")
    }

    /// A JSON object as it is stored; nil for anything else.
    static func metadata(_ value: JSONValue) -> [UInt8]? {
        value.objectValue == nil ? nil : value.serialized()
    }
}

extension Annotation.AnnotatorKind {
    init?(_ input: JSONObject) {
        guard let text = input["annotatorKind"]?.stringValue else { return nil }
        self.init(rawValue: text)
    }
}

extension Annotation.Source {
    init?(_ input: JSONObject) {
        guard let text = input["source"]?.stringValue else { return nil }
        self.init(rawValue: text)
    }
}

extension String {
    /// Without the blanks around it.
    var trimmed: String {
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        let end = start.reversed().drop { $0.properties.isWhitespace }.reversed()
        return String(String.UnicodeScalarView(end))
    }
}
