import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The mutations that create and delete notes.
struct NoteMutations: Sendable {
    let store: AnnotationStore
    let randomIdentifier: @Sendable () -> String

    private typealias Fields = ResolverTable.Fields<GraphQLRoot>

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            for subject in [Annotation.Subject.span, .trace, .session] {
                addCreation(MutationWords(subject: subject), to: &fields)
                addDeletion(MutationWords(subject: subject), to: &fields)
            }
        }
    }

    private static func payload(_ words: MutationWords) -> String {
        words.subject == .session
            ? "ProjectSessionAnnotationsMutationPayload"
            : "\(words.typeName)AnnotationMutationPayload"
    }

    private static func noun(_ words: MutationWords) -> String {
        words.subject == .session ? "project session" : words.owner
    }

    // MARK: Creating

    private func addCreation(_ words: MutationWords, to fields: inout Fields) {
        let store = store
        let randomIdentifier = randomIdentifier
        fields.field("create\(words.typeName)Notes") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.annotate, storesData: true)
            let inputs = (arguments.array("input") ?? []).compactMap(\.objectValue)
            guard !inputs.isEmpty else {
                throw GraphQLFault.badRequest("No \(Self.noun(words)) notes provided.")
            }
            let drafts = try inputs.map { input in
                try Self.draft(input, words, randomIdentifier)
            }
            let references = try inputs.map { try Self.reference($0, words) }
            let rows = try await store.targetRows(
                references.compactMap(\.name), of: words.subject)
            let missing = references.filter { $0.row == nil && rows[$0.name ?? ""] == nil }
            guard missing.isEmpty else { throw words.targetsNotFound(missing.map(\.text)) }
            let targets = references.map { $0.row ?? rows[$0.name ?? ""] ?? 0 }
            do {
                let written = try await store.write(
                    zip(zip(targets, inputs), drafts).map { pair, draft in
                        .init(
                            target: pair.0, source: Annotation.Source(pair.1) ?? .app,
                            draft: draft)
                    }, about: words.subject, now: context.now)
                return context.changed(written, Self.payload(words))
            } catch let error as MissingRows {
                let missing = zip(targets, references).filter { error.rows.contains($0.0) }
                throw words.targetsNotFound(missing.map(\.1.text))
            }
        }
    }

    private static func draft(
        _ input: JSONObject, _ words: MutationWords, _ randomIdentifier: () -> String
    ) throws(GraphQLFault) -> AnnotationDraft {
        let text = (input["note"]?.stringValue ?? "").trimmed
        guard !text.isEmpty else { throw .badRequest("Note cannot be empty.") }
        let identifier = (input["identifier"]?.stringValue ?? "").trimmed
        var draft = AnnotationDraft.note(
            text, on: "",
            identifier: identifier.isEmpty
                ? "px-\(words.owner)-note:\(randomIdentifier())" : identifier)
        draft.annotatorKind = Annotation.AnnotatorKind(input) ?? .human
        return draft
    }

    /// What a note is about: a row, or an id by which applications know it.
    private struct Reference {
        var text: String
        var row: Int64?
        var name: String? { row == nil ? text : nil }
    }

    private static func reference(
        _ input: JSONObject, _ words: MutationWords
    ) throws -> Reference {
        let reference = input[words.owner]?.objectValue ?? [:]
        guard let text = reference["id"]?.stringValue else {
            let member = words.subject == .session ? "sessionId" : "otelId"
            return Reference(text: reference[member]?.stringValue ?? "")
        }
        let type = words.targetTypeName
        let row = try words.targetRow(
            text,
            fault: .badRequest(
                "Invalid \(type) ID: \(text.prefix(200)). The node id must correspond to a node of "
                    + "type \(type), but instead corresponds to a node of type: "
                    + "\(NodeID(text)?.typeName.prefix(200) ?? "")"))
        return Reference(text: text, row: row)
    }

    // MARK: Deleting

    private func addDeletion(_ words: MutationWords, to fields: inout Fields) {
        let store = store
        fields.field("delete\(words.typeName)Notes") { _, arguments, context in
            try context.caller.authorize(AnnotationAction.deleteAnnotations)
            let texts = (arguments.object("input")?["annotationIds"]?.arrayValue ?? [])
                .compactMap(\.stringValue)
            guard !texts.isEmpty else {
                throw GraphQLFault.badRequest("No \(Self.noun(words)) note IDs provided.")
            }
            let ids = try words.annotationIDs(
                texts, repeated: { "Duplicate \(words.owner) annotation ID: \($0.value)" })
            do {
                let deleted = try await store.delete(ids, about: words.subject, form: .notes)
                return context.changed(deleted, Self.payload(words))
            } catch let error as MissingRows {
                throw words.annotationsNotFound(error.rows)
            } catch is NotOfThisForm {
                let mutation =
                    words.subject == .session
                    ? "deleteProjectSessionAnnotation" : "delete\(words.typeName)Annotations"
                throw GraphQLFault.badRequest(
                    "At least one \(words.owner) annotation is not a note. Use the \(mutation) "
                        + "mutation instead.")
            }
        }
    }
}
