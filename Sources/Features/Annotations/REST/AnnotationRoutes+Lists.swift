import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension AnnotationRoutes {
    /// How many ids, or identifiers, one request names at most.
    private static let namedMax = 1000

    private static let identifiers = Parameter<[String]?>.texts(
        "identifier", minLength: 1, "Keeps annotations with these identifiers.")
    private static let includedNames = Parameter<[String]?>.texts(
        "include_annotation_names", "Keeps annotations with these names.")
    private static let excludedNames = Parameter<[String]?>.texts(
        "exclude_annotation_names", "Leaves annotations with these names out.")
    private static let limit = Parameter<Int>.integer(
        "limit", default: 10, greaterThan: 0, atMost: 10_000,
        "How many annotations a page has at most.")

    private static let name = Parameter<String?>.text(
        "name", minLength: 1, "Deletes annotations of this name only.")
    private static let identifier = Parameter<String?>.text(
        "identifier", minLength: 1, "Deletes annotations with this identifier only.")
    private static let annotatorKind = Parameter<Annotation.AnnotatorKind?>.optionalChoice(
        "annotator_kind", "Deletes annotations of this kind of annotator only.")
    private static let startTime = Parameter<Timestamp?>.optionalInstant(
        "start_time", "Deletes annotations that were created at this time or later.")
    private static let endTime = Parameter<Timestamp?>.optionalInstant(
        "end_time", "Deletes annotations that were created before this time.")
    private static let deletesAll = Parameter<Bool>.flag(
        "delete_all", "Whether the time need not be bounded on both sides.")

    private static func targets(_ subject: Annotation.Subject) -> Parameter<[String]?> {
        .texts(
            "\(subject.targetMember)s", "Keeps annotations of the \(subject.tag) with these ids.")
    }

    private static func listing(_ subject: Annotation.Subject) -> Operation {
        let name = subject.capitalized
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/\(subject.rawValue)_annotations",
            id: "list\(name)AnnotationsBy\(name)Ids", tag: "annotations",
            summary: "Lists annotations of a project's \(subject.tag), the newest first.",
            description: "Name ids of \(subject.tag), identifiers of annotations, or both.",
            action: AnnotationAction.readAnnotations,
            answer: .json(AnnotationSchemas.annotations(of: subject)))
        operation.parameters = [
            projectIdentifier.declaration, targets(subject).declaration, identifiers.declaration,
            includedNames.declaration, excludedNames.declaration, cursor.declaration,
            limit.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }

    private static func deleting(_ subject: Annotation.Subject) -> Operation {
        var operation = Operation(
            .delete, "/v1/projects/{project_identifier}/\(subject.rawValue)_annotations",
            id: "delete\(subject.capitalized)Annotations", tag: "annotations",
            summary: "Deletes annotations of a project's \(subject.tag).",
            description: "Bound the time of their creation on both sides, or set delete_all.",
            action: AnnotationAction.deleteAnnotations, answer: .noContent)
        operation.parameters = [
            projectIdentifier.declaration, name.declaration, identifier.declaration,
            annotatorKind.declaration, startTime.declaration, endTime.declaration,
            deletesAll.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }

    func listRoutes(_ subject: Annotation.Subject) -> [Route] {
        [
            Route(Self.listing(subject)) { try await list($0, subject) },
            Route(Self.deleting(subject)) { try await delete($0, subject) },
        ]
    }

    private func list(
        _ request: APIRequest, _ subject: Annotation.Subject
    ) async throws -> HTTPResponse {
        let parameter = Self.targets(subject)
        let selection = AnnotationSelection(
            targets: request[parameter], identifiers: request[Self.identifiers],
            includedNames: request[Self.includedNames],
            excludedNames: request[Self.excludedNames] ?? [])
        guard selection.targets != nil || selection.identifiers != nil else {
            throw HTTPError(
                .unprocessableContent,
                "At least one of \(parameter.declaration.name) or identifier must be supplied")
        }
        for (noun, values) in [
            (parameter.declaration.name, selection.targets),
            ("identifiers", selection.identifiers),
        ] {
            guard let values, values.count > Self.namedMax else { continue }
            throw HTTPError(
                .unprocessableContent,
                "Too many \(noun) supplied: \(values.count) (max \(Self.namedMax))")
        }
        let project = try await project(request)
        var first: Annotation.ID?
        if let cursor = request[Self.cursor], !cursor.isEmpty {
            guard let id = NodeID(cursor) else {
                throw HTTPError(.unprocessableContent, "Invalid cursor value")
            }
            first = Annotation.ID(id.rowID)
        }
        let page = try await store.annotations(
            about: subject, of: project.id, where: selection, from: first,
            limit: request[Self.limit])
        guard let page else {
            // Where identifiers are named too, the contract finds nothing wrong.
            guard selection.identifiers != nil else {
                throw HTTPError(
                    .notFound,
                    "None of the supplied \(parameter.declaration.name) exist in this project")
            }
            return .page([AnnotationResource](), nextCursor: nil)
        }
        return .page(
            page.rows.lazy.map(AnnotationResource.init),
            nextCursor: page.following?.nodeID.description)
    }

    private func delete(
        _ request: APIRequest, _ subject: Annotation.Subject
    ) async throws -> HTTPResponse {
        var removal = AnnotationStore.Removal()
        removal.name = request[Self.name]
        removal.identifier = request[Self.identifier]
        removal.annotatorKind = request[Self.annotatorKind]
        removal.startTime = request[Self.startTime]
        removal.endTime = request[Self.endTime]
        if let start = removal.startTime, let end = removal.endTime {
            guard start < end else {
                throw HTTPError(
                    .unprocessableContent,
                    "`start_time` must be strictly earlier than `end_time`.")
            }
        } else if !request[Self.deletesAll] {
            throw HTTPError(
                .unprocessableContent,
                "Delete is unbounded. Set delete_all=true to acknowledge, or supply both "
                    + "start_time and end_time to bound the time range.")
        }
        let project = try await project(request)
        try await store.deleteAnnotations(about: subject, of: project.id, where: removal)
        return HTTPResponse(.noContent)
    }
}

extension AnnotationResource {
    init(_ annotation: Annotation) {
        self.init(
            id: annotation.nodeID.description, createdAt: annotation.createdAt.description,
            updatedAt: annotation.updatedAt.description, source: annotation.source.rawValue,
            userID: nil, name: annotation.name, annotatorKind: annotation.annotatorKind.rawValue,
            label: annotation.label, score: annotation.score, explanation: annotation.explanation,
            metadata: annotation.metadata, identifier: annotation.identifier,
            targetKey: annotation.subject.targetMember, target: annotation.target)
    }
}
