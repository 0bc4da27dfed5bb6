import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations that create, change and delete annotations by their ids.
struct AnnotationMutations: Sendable {
    let store: AnnotationStore

    private typealias Fields = ResolverTable.Fields<GraphQLRoot>

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            for subject in [Annotation.Subject.span, .trace, .document] {
                addCreation(MutationWords(subject: subject), to: &fields)
                addPatch(MutationWords(subject: subject), to: &fields)
                addDeletion(MutationWords(subject: subject), to: &fields)
            }
            addSessions(to: &fields)
        }
        for subject in [Annotation.Subject.span, .trace, .document] {
            let name = MutationWords(subject: subject).typeName
            table.object("\(name)AnnotationMutationPayload", of: AnnotationsPayload.self) {
                fields in
                fields.property("\(subject.rawValue)Annotations") { $0.annotations.resolved }
                fields.property("query") { _ in .object(GraphQLRoot()) }
            }
        }
        table.object("ProjectSessionAnnotationMutationPayload", of: AnnotationsPayload.self) {
            fields in
            fields.property("projectSessionAnnotation") {
                $0.annotations.first.map { AnnotationValue($0).resolved } ?? .null
            }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
        table.object("ProjectSessionAnnotationsMutationPayload", of: AnnotationsPayload.self) {
            fields in
            fields.property("projectSessionAnnotations") { $0.annotations.resolved }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
    }

    private static func inputs(_ arguments: FieldArguments) -> [JSONObject] {
        (arguments.array("input") ?? []).compactMap(\.objectValue)
    }

    // MARK: Creating

    private func addCreation(_ words: MutationWords, to fields: inout Fields) {
        let store = store
        fields.field("create\(words.typeName)Annotations") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.annotate, storesData: true)
            let inputs = Self.inputs(arguments)
            guard !inputs.isEmpty else {
                throw GraphQLFault.badRequest("No \(words.owner) annotations provided.")
            }
            var texts: [Int64: String] = [:]
            var drafts: [AnnotationStore.RowDraft] = []
            for (index, input) in inputs.enumerated() {
                let draft = try Self.draft(input, at: index, words)
                let text = input[words.targetMember]?.stringValue ?? ""
                let row = try words.targetRow(
                    text,
                    fault: .badRequest(
                        "Invalid \(words.target) ID for annotation at index \(index): "
                            + "\(text.prefix(200))"))
                texts[row] = text
                drafts.append(
                    .init(target: row, source: Annotation.Source(input) ?? .app, draft: draft))
            }
            do {
                if words.subject == .document { try await Self.requireDocuments(drafts, store) }
                let written = try await store.write(
                    drafts, about: words.subject, now: context.now)
                return context.changed(written, "\(words.typeName)AnnotationMutationPayload")
            } catch let error as MissingRows {
                guard words.subject == .document else {
                    throw words.targetsNotFound(error.rows.sorted().compactMap { texts[$0] })
                }
                let listed = error.rows.sorted().map(String.init).joined(separator: ", ")
                throw GraphQLFault.notFound("Spans with row IDs {\(listed)} do not exist.")
            }
        }
    }

    private static func draft(
        _ input: JSONObject, at index: Int, _ words: MutationWords
    ) throws(GraphQLFault) -> AnnotationDraft {
        var draft = AnnotationDraft(graphQL: input)
        guard words.subject == .document else {
            if draft.name == Annotation.noteName { throw words.noteIsCreatedElsewhere }
            return draft
        }
        guard input["metadata"]?.objectValue != nil else {
            throw .badRequest("metadata must be a dict for annotation at index \(index)")
        }
        draft.name = draft.name.trimmed
        draft.identifier = draft.identifier.trimmed
        draft.label = draft.label.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        draft.explanation = draft.explanation.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
        guard !draft.name.isEmpty else {
            throw .badRequest("name cannot be empty for annotation at index \(index)")
        }
        return draft
    }

    private static func requireDocuments(
        _ drafts: [AnnotationStore.RowDraft], _ store: AnnotationStore
    ) async throws {
        let counts = try await store.documentCounts(of: drafts.map(\.target))
        let missing = Set(drafts.map(\.target).filter { counts[$0] == nil })
        guard missing.isEmpty else { throw MissingRows(rows: missing) }
        for (index, draft) in drafts.enumerated() {
            let (count, position) = (
                counts[draft.target] ?? 0, draft.draft.documentPosition ?? 0
            )
            guard !(0..<count).contains(position) else { continue }
            throw GraphQLFault.badRequest(
                "Document position \(position) is out of bounds for span at index \(index) "
                    + "(num_documents: \(count))")
        }
    }

    // MARK: Changing

    private func addPatch(_ words: MutationWords, to fields: inout Fields) {
        let store = store
        fields.field("patch\(words.typeName)Annotations") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.annotate, storesData: true)
            let inputs = Self.inputs(arguments)
            guard !inputs.isEmpty else {
                throw GraphQLFault.badRequest("No \(words.owner) annotations provided.")
            }
            let ids = try words.annotationIDs(
                inputs.map { $0["annotationId"]?.stringValue ?? "" },
                repeated: { "Duplicate patch for \(words.owner) annotation ID: \($0.value)" })
            let patches = try inputs.map { try Self.patch($0, words) }
            do {
                let changed = try await store.patch(
                    zip(ids, patches).map { ($0, $1) }, about: words.subject,
                    form: words.subject == .document ? .any : .plain, now: context.now)
                return context.changed(changed, "\(words.typeName)AnnotationMutationPayload")
            } catch let error as MissingRows {
                throw words.annotationsNotFound(error.rows)
            } catch is NotOfThisForm {
                throw words.noteIsCreatedElsewhere
            }
        }
    }

    private static func patch(
        _ input: JSONObject, _ words: MutationWords
    ) throws(GraphQLFault) -> AnnotationPatch {
        var patch = AnnotationPatch()
        if let name = input["name"]?.stringValue, !name.isEmpty {
            if name == Annotation.noteName, words.subject != .document {
                throw words.noteIsCreatedElsewhere
            }
            patch.name = name
        }
        patch.identifier = input["identifier"]?.stringValue
        patch.annotatorKind = Annotation.AnnotatorKind(input)
        patch.source = Annotation.Source(input)
        if let label = input["label"] { patch.label = .some(label.stringValue) }
        if let score = input["score"] { patch.score = .some(score.doubleValue) }
        if let explanation = input["explanation"] {
            patch.explanation = .some(explanation.stringValue)
        }
        if let metadata = input["metadata"] {
            guard let stored = AnnotationDraft.metadata(metadata) else {
                throw .badRequest("metadata must be a dict")
            }
            patch.metadata = stored
        }
        return patch
    }

    // MARK: Deleting

    private func addDeletion(_ words: MutationWords, to fields: inout Fields) {
        let store = store
        fields.field("delete\(words.typeName)Annotations") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.deleteAnnotations)
            let texts = (arguments.object("input")?["annotationIds"]?.arrayValue ?? [])
                .compactMap(\.stringValue)
            guard !texts.isEmpty else {
                throw GraphQLFault.badRequest("No \(words.owner) annotation IDs provided.")
            }
            let ids = try words.annotationIDs(
                texts, repeated: { "Duplicate \(words.owner) annotation ID: \($0.value)" })
            do {
                let deleted = try await store.delete(
                    ids, about: words.subject, form: words.subject == .document ? .any : .plain)
                return context.changed(deleted, "\(words.typeName)AnnotationMutationPayload")
            } catch let error as MissingRows {
                throw words.annotationsNotFound(error.rows)
            } catch is NotOfThisForm {
                throw words.noteIsDeletedElsewhere
            }
        }
    }

    // MARK: Sessions

    private static func requireContent(_ draft: AnnotationDraft) throws(GraphQLFault) {
        let texts = [draft.label, draft.explanation].compactMap { $0?.trimmed }
        guard draft.score != nil || texts.contains(where: { !$0.isEmpty }) else {
            throw .badRequest(
                "At least one of score, label, or explanation must be not null/empty.")
        }
    }

    private func addSessions(to fields: inout Fields) {
        let store = store
        let words = MutationWords(subject: .session)
        let payload = "ProjectSessionAnnotationMutationPayload"
        fields.field("createProjectSessionAnnotations") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.annotate, storesData: true)
            let input = arguments.object("input") ?? [:]
            let draft = AnnotationDraft(graphQL: input)
            try Self.requireContent(draft)
            if draft.name == Annotation.noteName { throw words.noteIsCreatedElsewhere }
            let text = input["projectSessionId"]?.stringValue ?? ""
            let row = try words.targetRow(
                text, fault: .badRequest("Invalid session ID: \(text.prefix(200))"))
            do {
                let written = try await store.write(
                    [.init(target: row, source: Annotation.Source(input) ?? .app, draft: draft)],
                    about: .session, replaces: false, now: context.now)
                return context.changed(written, payload)
            } catch is MissingRows {
                throw GraphQLFault.conflict(
                    "Error creating annotation: There is no session with the ID "
                        + "\(text.prefix(200)).")
            } catch let error as AnnotationError where error.code == .conflict {
                throw GraphQLFault.conflict("Error creating annotation: \(error.message)")
            }
        }
        fields.field("updateProjectSessionAnnotations") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.annotate, storesData: true)
            let input = arguments.object("input") ?? [:]
            let draft = AnnotationDraft(graphQL: input)
            let text = input["id"]?.stringValue ?? ""
            guard NodeID(text) != nil else { return try Self.invalid(text) }
            try Self.requireContent(draft)
            if draft.name == Annotation.noteName { throw words.noteIsCreatedElsewhere }
            let id = try words.annotationID(text)
            let patch = Self.patch(draft, source: Annotation.Source(input))
            do {
                let changed = try await store.patch(
                    [(id, patch)], about: .session, form: .plain, now: context.now)
                return context.changed(changed, payload)
            } catch is MissingRows {
                throw Self.sessionAnnotationNotFound(text)
            } catch is NotOfThisForm {
                throw words.noteIsCreatedElsewhere
            } catch let error as AnnotationError where error.code == .conflict {
                throw GraphQLFault.conflict("Error updating annotation: \(error.message)")
            }
        }
        fields.field("deleteProjectSessionAnnotation") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.deleteAnnotations)
            let text = arguments.string("id") ?? ""
            do {
                let deleted = try await store.delete(
                    [words.annotationID(text)], about: .session, form: .plain)
                return context.changed(deleted, payload)
            } catch is MissingRows {
                throw Self.sessionAnnotationNotFound(text)
            } catch is NotOfThisForm {
                throw words.noteIsDeletedElsewhere
            }
        }
    }

    private static func invalid(_ text: String) throws -> ResolvedValue {
        throw GraphQLFault.badRequest("Invalid node id: \(text.prefix(200))")
    }

    private static func sessionAnnotationNotFound(_ text: String) -> GraphQLFault {
        .notFound("Could not find session annotation with ID: \(text.prefix(200))")
    }

    /// Everything that a draft says, save the identifier.
    private static func patch(
        _ draft: AnnotationDraft, source: Annotation.Source?
    ) -> AnnotationPatch {
        var patch = AnnotationPatch()
        patch.name = draft.name
        patch.annotatorKind = draft.annotatorKind
        patch.label = .some(draft.label)
        patch.score = .some(draft.score)
        patch.explanation = .some(draft.explanation)
        patch.metadata = draft.metadata
        patch.source = source
        return patch
    }
}

/// What a mutation of annotations answers.
struct AnnotationsPayload: Sendable {
    var annotations: [StoredAnnotation]
}

extension ResolverContext {
    /// The answer of a mutation after which the request reads everything anew.
    func changed(_ annotations: [StoredAnnotation], _ payload: String) -> ResolvedValue {
        request.forgetLoaded()
        return .typed(AnnotationsPayload(annotations: annotations), type: payload)
    }
}
