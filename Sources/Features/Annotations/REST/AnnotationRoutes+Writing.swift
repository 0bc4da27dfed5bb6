import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

extension AnnotationRoutes {
    // MARK: Annotations

    private static let isSynchronous = Parameter<Bool>.flag(
        "sync",
        "Whether everything that is annotated must be stored already, and the answer has the ids.")

    private static func writing(_ subject: Annotation.Subject) -> Operation {
        let (id, noun) =
            switch subject {
            case .span: ("annotateSpans", "spans")
            case .trace: ("annotateTraces", "traces")
            case .session: ("annotateSessions", "sessions")
            case .document: ("annotateSpanDocuments", "documents that spans retrieved")
            }
        var operation = Operation(
            .post, "/v1/\(subject.rawValue)_annotations", id: id, tag: subject.tag,
            summary: "Annotates \(noun).",
            description: "An annotation with the name, target and identifier of another one takes "
                + "its place. Unless sync is true, annotations of what has not arrived wait for "
                + "it for ten minutes.",
            action: AnnotationAction.annotate,
            answer: .json(AnnotationSchemas.insertedAnnotations(of: subject)))
        operation.parameters = [isSynchronous.declaration]
        operation.body = .json(AnnotationSchemas.newAnnotations(of: subject))
        operation.refusals = [
            .forbidden, .notFound, subject == .document ? .unprocessable : .invalid,
        ]
        operation.storesData = true
        return operation
    }

    func writingRoute(_ subject: Annotation.Subject) -> Route {
        Route(Self.writing(subject)) { request in
            let drafts = (request.body["data"].array ?? []).compactMap(\.object).map {
                AnnotationDraft($0, about: subject)
            }
            try Self.check(drafts, about: subject)
            guard request[Self.isSynchronous] else {
                try await store.accept(drafts, about: subject, now: now())
                return Self.inserted([], subject)
            }
            let ids = try await store.write(drafts, about: subject, now: now())
            return Self.inserted(ids, subject)
        }
    }

    private static func check(
        _ drafts: [AnnotationDraft], about subject: Annotation.Subject
    ) throws(HTTPError) {
        if subject == .document {
            // Blanks count as no identifier.
            let named = drafts.first { !$0.identifier.allSatisfy(\.isWhitespace) }
            guard let draft = named else { return }
            throw HTTPError(
                .unprocessableContent,
                "Non-empty identifier '\(draft.identifier)' is not supported")
        }
        guard drafts.contains(where: { $0.name == Annotation.noteName }) else { return }
        let notes = subject == .session ? "session notes" : "trace and span notes"
        throw HTTPError(
            .badRequest,
            "The name 'note' is reserved for \(notes). Use POST /v1/\(subject.rawValue)_notes "
                + "instead.")
    }

    private static func inserted(
        _ ids: [Annotation.ID], _ subject: Annotation.Subject
    ) -> HTTPResponse {
        .data(
            InsertedAnnotationsResource(
                items: ids.map { .init(id: subject.nodeID(of: $0).description) }))
    }

    // MARK: Notes

    private static func noting(_ subject: Annotation.Subject) -> Operation {
        let name = subject.capitalized
        var operation = Operation(
            .post, "/v1/\(subject.rawValue)_notes", id: "create\(name)Note", tag: subject.tag,
            summary: "Adds a note to a \(subject.rawValue).",
            description: "A note with an identifier takes the place of the one that has the same.",
            action: AnnotationAction.annotate,
            answer: .json(AnnotationSchemas.insertedNote(of: subject)))
        operation.body = .json(AnnotationSchemas.newNote(of: subject))
        operation.refusals = [.forbidden, .notFound, .invalid]
        operation.storesData = true
        return operation
    }

    func noteRoute(_ subject: Annotation.Subject) -> Route {
        Route(Self.noting(subject)) { request in
            guard let data = request.body["data"].object else {
                preconditionFailure("The body of a note is declared without data.")
            }
            let given = data.text("identifier")
            let identifier =
                given.isEmpty ? "px-\(subject.rawValue)-note:\(randomIdentifier())" : given
            let note = AnnotationDraft.note(
                data.text("note"), on: data.text(subject.targetMember), identifier: identifier)
            let id = try await store.writeNote(note, about: subject, now: now())
            return .data(CreatedResource(id: subject.nodeID(of: id).description))
        }
    }
}

extension AnnotationDraft {
    /// What the contract's shape of a new annotation admitted.
    init(_ object: DecodedObject, about subject: Annotation.Subject) {
        let result = object["result"].object
        self.init(
            target: object.text(subject.targetMember),
            documentPosition: object["document_position"].integer.map(Int64.init),
            name: object.text("name"),
            annotatorKind: Annotation.AnnotatorKind(rawValue: object.text("annotator_kind"))
                ?? .code,
            label: result?["label"].string, score: result?["score"].number,
            explanation: result?["explanation"].string,
            metadata: object["metadata"].json?.serialized() ?? Array("{}".utf8),
            identifier: object["identifier"].string ?? "")
    }
}
