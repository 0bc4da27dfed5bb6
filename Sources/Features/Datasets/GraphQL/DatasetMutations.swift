import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// What the mutations about a dataset answer.
struct DatasetPayload: Sendable {
    var dataset: Dataset
}

/// The mutations of datasets themselves.
struct DatasetMutations: Sendable {
    let store: DatasetStore
    let leftovers: DatasetLeftovers

    func add(to table: inout ResolverTable) {
        let store = store
        let leftovers = leftovers
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.mutation("createDataset") { input, context in
                let dataset = try await store.create(
                    named: input["name"]?.stringValue ?? "",
                    description: input["description"]?.stringValue,
                    metadata: try input.document("metadata") ?? DatasetStore.emptyObject,
                    now: context.now)
                return .object(DatasetPayload(dataset: dataset))
            }
            fields.mutation("patchDataset") { input, context in
                let id: Dataset.ID = try input.rowID("datasetId")
                let description: String?? =
                    input["description"].map { .some($0.stringValue) } ?? nil
                let dataset = try await store.update(
                    id, name: input["name"]?.stringValue, description: description,
                    metadata: try input.document("metadata"), now: context.now)
                return .object(DatasetPayload(dataset: dataset))
            }
            fields.mutation("deleteDataset", needing: .deleteDatasets) { input, _ in
                let id: Dataset.ID = try input.rowID("datasetId")
                let cleanUp = try await leftovers(id)
                guard let dataset = try await store.dataset(id), try await store.delete(id) else {
                    throw DatasetStore.unknown(id)
                }
                try await cleanUp()
                return .object(DatasetPayload(dataset: dataset))
            }
        }
        table.object("DatasetMutationPayload", of: DatasetPayload.self) { fields in
            fields.property("dataset") { .object(NodeValue(id: $0.dataset.id, row: $0.dataset)) }
        }
    }
}

/// The mutations of examples.
struct ExampleMutations: Sendable {
    let store: DatasetStore

    func add(to table: inout ResolverTable) {
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.mutation("addSpansToDataset", addSpans)
            fields.mutation("addExamplesToDataset", addExamples)
            fields.mutation("patchDatasetExamples", patchExamples)
            let store = store
            fields.mutation("deleteDatasetExamples") { input, context in
                let dataset = try await store.deleteExamples(
                    try input.rowIDs("exampleIds"), of: try input.optionalID("datasetId"),
                    note: try input.note("datasetVersion"), now: context.now)
                return .object(DatasetPayload(dataset: dataset))
            }
        }
    }

    @Sendable private func addSpans(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Dataset.ID = try input.rowID("datasetId")
        var seen: Set<Span.ID> = []
        let spanIDs: [Span.ID] = try input.rowIDs("spanIds").filter { seen.insert($0).inserted }
        guard !spanIDs.isEmpty else {
            throw GraphQLFault.badRequest("Must provide spans to add")
        }
        let spans = try await spans(spanIDs, context)
        let contents = try await TracingLoaders(store.tracing, context.request).contents.load(
            spanIDs)
        let annotations = try await store.annotations(of: spanIDs)
        var examples: [NewExample] = []
        for (id, content) in zip(spanIDs, contents) {
            guard let span = spans[id], let content else { throw Self.noSpans }
            let example = try SpanExample(kind: span.kind, content: content)
            var metadata = example.metadata
            metadata["annotations"] = .object(Self.withUsers(annotations[id] ?? [:]))
            examples.append(
                NewExample(
                    content: ExampleContent(
                        input: example.input, output: example.output, metadata: metadata),
                    span: id))
        }
        let dataset = try await store.add(
            examples, to: id, note: try input.note("datasetVersion"), now: context.now)
        return .object(DatasetPayload(dataset: dataset))
    }

    /// Annotations with the members that tell who made them.
    private static func withUsers(_ annotations: JSONObject) -> JSONObject {
        var copy = JSONObject()
        for (name, list) in annotations {
            copy[name] = .array(
                (list.arrayValue ?? []).map { annotation in
                    var annotation = annotation
                    // Nobody signs in while there are no accounts.
                    for member in ["user_id", "username", "email"] {
                        annotation[member] = .null
                    }
                    return annotation
                })
        }
        return copy
    }

    private static let noSpans = DatasetError(.notFound, "Some spans could not be found")

    private func spans(
        _ ids: [Span.ID], _ context: ResolverContext
    ) async throws -> [Span.ID: Span] {
        let found = try await TracingLoaders(store.tracing, context.request).spans.load(ids)
        var spans: [Span.ID: Span] = [:]
        for (id, span) in zip(ids, found) {
            guard let span else { throw Self.noSpans }
            spans[id] = span
        }
        return spans
    }

    @Sendable private func addExamples(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let id: Dataset.ID = try input.rowID("datasetId")
        let given = (input["examples"]?.arrayValue ?? []).map { $0.objectValue ?? [:] }
        guard !given.isEmpty else {
            throw GraphQLFault.badRequest("Must provide examples to add")
        }
        let spanIDs: [Span.ID?] = try given.map { try $0.optionalID("spanId") }
        let known = Array(Set(spanIDs.compactMap { $0 }))
        _ = try await spans(known, context)
        let annotations = try await store.annotations(of: known)
        var examples: [NewExample] = []
        for (index, (value, span)) in zip(given, spanIDs).enumerated() {
            var (content, externalID) = try value.example("examples[\(index)]")
            var latest = JSONObject()
            for (name, list) in span.flatMap({ annotations[$0] }) ?? [:] {
                latest[name] = list.arrayValue?.last
            }
            content.metadata["annotations"] = .object(latest)
            if externalID?.isEmpty == true { externalID = nil }
            examples.append(
                NewExample(
                    content: ExampleContent(
                        input: content.input, output: content.output, metadata: content.metadata),
                    externalID: externalID, span: span))
        }
        let dataset = try await store.add(
            examples, to: id, note: try input.note("datasetVersion"), now: context.now)
        return .object(DatasetPayload(dataset: dataset))
    }

    @Sendable private func patchExamples(
        _ input: JSONObject, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let given = input["operations"]?.arrayValue ?? []
        guard !given.isEmpty else {
            throw GraphQLFault.badRequest("Must provide at least one operation.")
        }
        let id: Dataset.ID = try input.rowID("datasetId")
        var operations: [ExampleOperation] = []
        for (index, operation) in given.enumerated() {
            operations.append(try Self.operation(operation, at: "operations[\(index)]"))
        }
        let dataset = try await store.edit(
            id, operations, note: try input.note("version"), now: context.now)
        return .object(DatasetPayload(dataset: dataset))
    }

    private static func operation(
        _ operation: JSONValue, at place: String
    ) throws -> ExampleOperation {
        func example(_ member: String, _ name: String) throws -> DatasetExample.ID {
            let text = operation[member]?["exampleId"]?.stringValue ?? ""
            guard let id = DatasetExample.ID(nodeID: text) else {
                throw GraphQLFault.badRequest(
                    "\(place).\(name).exampleId is not a dataset example ID.")
            }
            return id
        }
        if let value = operation["add"]?["value"]?.objectValue {
            let (content, externalID) = try value.example("\(place).add.value")
            return .add(
                NewExample(
                    content: ExampleContent(
                        input: content.input, output: content.output, metadata: content.metadata),
                    externalID: externalID.flatMap { $0.isEmpty ? nil : $0 }))
        }
        if operation["remove"]?.objectValue != nil {
            return .remove(try example("remove", "remove"))
        }
        let id = try example("replace", "replace")
        guard let value = operation["replace"]?["value"]?.objectValue,
            let part = ExampleOperation.Part(
                rawValue: operation["replace"]?["field"]?.stringValue ?? "")
        else {
            throw GraphQLFault.badRequest("\(place).replace.value must be a JSON object.")
        }
        return .replace(id, part, value)
    }
}

// MARK: - Inputs

extension ResolverTable.Fields<GraphQLRoot> {
    /// A mutation with one argument `input`.
    mutating func mutation(
        _ name: String, needing action: DatasetAction = .changeDatasets,
        _ run: @escaping @Sendable (JSONObject, ResolverContext) async throws -> ResolvedValue
    ) {
        field(name) { _, arguments, context in
            try context.caller.authorize(action, storesData: action == .changeDatasets)
            return try await run(arguments.object("input") ?? [:], context)
        }
    }
}

extension JSONObject {
    func rowID<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> RowID<Noun> {
        try GraphQLSupport.rowID(self[name]?.stringValue ?? "", as: noun)
    }

    func optionalID<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> RowID<Noun>? {
        guard let text = self[name]?.stringValue else { return nil }
        return try GraphQLSupport.rowID(text, as: noun)
    }

    func rowIDs<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> [RowID<Noun>] {
        var ids: [RowID<Noun>] = []
        for value in self[name]?.arrayValue ?? [] {
            ids.append(try GraphQLSupport.rowID(value.stringValue ?? "", as: noun))
        }
        return ids
    }

    /// A member that has to be an object, as JSON; nil when it is null or absent.
    func document(_ name: String) throws(GraphQLFault) -> [UInt8]? {
        guard let value = self[name], !value.isNull else { return nil }
        guard value.objectValue != nil else {
            throw .badRequest("The \(name) must be a JSON object.")
        }
        return value.serialized()
    }

    /// What the version that a mutation makes is said to be.
    func note(_ prefix: String) throws(GraphQLFault) -> VersionNote {
        var note = VersionNote(description: self["\(prefix)Description"]?.stringValue)
        if let metadata = self["\(prefix)Metadata"], !metadata.isNull {
            guard metadata.objectValue != nil else {
                throw .badRequest("Version metadata must be a JSON object.")
            }
            note.metadata = metadata.serialized()
        }
        return note
    }

    /// The documents of an example, and what the client calls it.
    fileprivate func example(_ place: String) throws(GraphQLFault) -> (
        content: (input: JSONObject, output: JSONObject, metadata: JSONObject), externalID: String?
    ) {
        guard let input = self["input"]?.objectValue, let output = self["output"]?.objectValue,
            let metadata = self["metadata"]?.objectValue
        else {
            throw .badRequest("\(place): input, output, and metadata must be JSON objects.")
        }
        return ((input, output, metadata), self["externalId"]?.stringValue)
    }
}
