import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// `Span` and what belongs to it. Its values are `NodeValue<Span>`.
struct SpanResolvers: Sendable {
    let store: TracingStore

    func add(to table: inout ResolverTable) {
        table.object("Span", of: NodeValue<Span>.self) { fields in
            addColumns(to: &fields)
            addRelations(to: &fields)
            addContent(to: &fields)
            fields.property("containedInDataset") { _ in false }
        }
        addParts(to: &table)
    }

    // MARK: Columns

    private func addColumns(to fields: inout ResolverTable.Fields<NodeValue<Span>>) {
        fields.property("id") { .id($0.id) }
        fields.row("name") { .string($0.name) }
        fields.row("statusCode", missing: "UNSET") { .string($0.statusCode) }
        fields.row("statusMessage") { .string($0.statusMessage) }
        fields.row("startTime") { .timestamp($0.startTime) }
        fields.row("endTime", missing: .null) { .timestamp($0.endTime) }
        fields.row("latencyMs", missing: .null) { .double($0.latencyMs) }
        fields.row("parentId", missing: .null) { .string($0.parentID?.hex) }
        fields.row("spanKind", missing: "unknown") { .string($0.kind.lowercased()) }
        fields.row("spanId") { .string($0.otelID.hex) }
        fields.row("tokenCountTotal", missing: .null) {
            .integer(($0.promptTokens ?? 0) + ($0.completionTokens ?? 0))
        }
        fields.row("tokenCountPrompt", missing: .null) { .integer($0.promptTokens) }
        fields.row("tokenCountCompletion", missing: .null) { .integer($0.completionTokens) }
        fields.row("cumulativeTokenCountTotal", missing: .null) {
            .double(Double($0.cumulativePromptTokens + $0.cumulativeCompletionTokens))
        }
        fields.row("cumulativeTokenCountPrompt", missing: .null) {
            .double(Double($0.cumulativePromptTokens))
        }
        fields.row("cumulativeTokenCountCompletion", missing: .null) {
            .double(Double($0.cumulativeCompletionTokens))
        }
        fields.row("propagatedStatusCode", missing: "OK") {
            $0.cumulativeErrorCount > 0 ? "ERROR" : "OK"
        }
    }

    // MARK: What it is related to

    private func addRelations(to fields: inout ResolverTable.Fields<NodeValue<Span>>) {
        let store = store
        fields.batch("trace") { parents, _, context in
            let traces = try await TracingLoaders(store, context.request).traces.found(
                parents.compactMap { $0.row?.traceID })
            return parents.map { parent in
                guard let id = parent.row?.traceID else {
                    return .failure(MissingRow(id: parent.id.nodeID))
                }
                return .object(traces[id].map { NodeValue($0) } ?? NodeValue(missing: id))
            }
        }
        fields.batch("context") { parents, _, context in
            let traces = try await TracingLoaders(store, context.request).traces.found(
                parents.compactMap { $0.row?.traceID })
            return parents.map { parent in
                guard let row = parent.row, let trace = traces[row.traceID] else {
                    return .failure(MissingRow(id: parent.id.nodeID))
                }
                return .object(SpanContext(traceID: trace.otelID, spanID: row.otelID))
            }
        }
        fields.project(store) { $0.projectID }
        fields.loaded("userId", store.userIDs(ofSpans:)) { .string($0) }
        fields.loaded("numChildSpans", store.childCounts(ofSpans:)) { .integer($0 ?? 0) }
        fields.batch("descendants") { parents, arguments, _ in
            let page = try OffsetPage(arguments)
            // As in the contract no number and zero stand for all levels, less than zero for one.
            let depth = arguments.integer("maxDepth").flatMap { $0 == 0 ? nil : max($0, 1) }
            let below = try await store.descendants(
                ofSpans: parents.storedIDs(), maximumDepth: depth)
            return parents.map { parent in
                .connection(page.connection(below[parent.id] ?? []) { .object(NodeValue($0)) })
            }
        }
    }

    // MARK: What it carries

    private func addContent(to fields: inout ResolverTable.Fields<NodeValue<Span>>) {
        content("attributes", &fields) { _, content in .string(try content.attributesText()) }
        content("metadata", missing: .null, &fields) { _, content in
            .string(try content.metadataText())
        }
        content("numDocuments", missing: .null, &fields) { span, content in
            .integer(try content.documentCount(ofKind: span.kind))
        }
        content("input", missing: .null, &fields) { _, content in
            .object(optional: try SpanIOValue(.input, of: content))
        }
        content("output", missing: .null, &fields) { _, content in
            .object(optional: try SpanIOValue(.output, of: content))
        }
        content("tokenPromptDetails", missing: .object(TokenDetails(values: .null)), &fields) {
            let details = try $1.attribute("llm", "token_count", "prompt_details")
            return .object(TokenDetails(values: details ?? .null))
        }
        content("events", &fields) { _, content in
            .objects(try content.events().map { SpanEvent(event: $0) })
        }
        content("asExampleRevision", &fields) { span, content in
            .object(try SpanExample(kind: span.kind, content: content))
        }
    }

    /// A field that needs the payloads. They are read for all spans of a selection at once, and
    /// once for all such fields.
    private func content(
        _ name: String, missing: ResolvedValue? = nil,
        _ fields: inout ResolverTable.Fields<NodeValue<Span>>,
        _ value: @escaping @Sendable (Span, SpanContent) throws -> ResolvedValue
    ) {
        let store = store
        fields.batch(name) { parents, _, context in
            let contents = try await TracingLoaders(store, context.request).contents.found(
                parents.storedIDs())
            return parents.map { parent in
                guard let span = parent.row, let content = contents[parent.id] else {
                    return missing ?? .failure(MissingRow(id: parent.id.nodeID))
                }
                do {
                    return try value(span, content)
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    // MARK: Parts

    private func addParts(to table: inout ResolverTable) {
        table.object("SpanContext", of: SpanContext.self) { fields in
            fields.property("traceId") { .string($0.traceID.hex) }
            fields.property("spanId") { .string($0.spanID.hex) }
        }
        table.object("SpanIOValue", of: SpanIOValue.self) { fields in
            fields.property("mimeType") { $0.isJSON ? "json" : "text" }
            fields.property("truncatedValue") { .string($0.preview) }
            fields.property("value") { .string($0.value) }
            fields.computed("lastMessage") { value, arguments, _ in
                let length = arguments.integer("maxLength") ?? 0
                guard (1...10_000).contains(length) else {
                    throw GraphQLFault.badRequest(
                        "The argument maxLength must be from 1 to 10000.")
                }
                return .string(value.lastMessage(length: length))
            }
        }
        table.object("SpanEvent", of: SpanEvent.self) { fields in
            fields.property("name") { .json($0.event["name"]) }
            fields.property("message") {
                .json($0.event.member("attributes", "exception.message") ?? "")
            }
            fields.property("timestamp") { .json($0.event["timestamp"]) }
            fields.property("attributes") { .json($0.event.member("attributes") ?? [:]) }
        }
        table.object("TokenCountPromptDetails", of: TokenDetails.self) { fields in
            fields.property("cacheRead") { .integer($0.count("cache_read")) }
            fields.property("cacheWrite") { .integer($0.count("cache_write")) }
            fields.property("audio") { .integer($0.count("audio")) }
        }
        table.object("SpanAsExampleRevision", of: SpanExample.self) { fields in
            fields.property("input") { .json(.object($0.input)) }
            fields.property("output") { .json(.object($0.output)) }
            fields.property("metadata") { .json(.object($0.metadata)) }
        }
    }

    private struct SpanContext: Sendable {
        var traceID: OTelID
        var spanID: OTelID
    }

    private struct SpanEvent: Sendable {
        var event: JSONValue
    }

    private struct TokenDetails: Sendable {
        var values: JSONValue

        func count(_ name: String) -> Int64? { values[name]?.integerValue }
    }
}
