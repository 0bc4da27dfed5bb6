import JSON
import OpenInference
import PhoenixModel

/// A span as a row of a table for data analysis: the attributes that OpenInference knows have a
/// column each, the others share one for each of their first segments.
struct SpanFrameRow {
    let stored: StoredSpan
    /// By the name of the column, without `attributes.` in front.
    let attributes: JSONObject

    init(_ stored: StoredSpan) throws {
        self.stored = stored
        attributes = Self.columns(
            stored.payload.attributes.isEmpty
                ? [:] : try JSON.parse(stored.payload.attributes).objectValue ?? [:])
    }

    /// An object with the attributes that are known at this level under their whole names. Objects
    /// further in, in lists too, are treated alike: `{"message": {"role": …}}` becomes
    /// `{"message.role": …}`.
    static func columns(_ object: JSONObject) -> JSONObject {
        var columns = JSONObject()
        let rest = split(object, under: "", into: &columns)
        for (key, value) in rest { columns[key] = unfolded(value) }
        return columns
    }

    private static func unfolded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let object): .object(columns(object))
        case .array(let elements): .array(elements.map(unfolded))
        // The reader of the clients takes no integer beyond 64 bits.
        case .number(let literal): .string(literal)
        default: value
        }
    }

    /// Takes the known attributes out of an object, and returns what is left of it.
    private static func split(
        _ object: JSONObject, under prefix: String, into columns: inout JSONObject
    ) -> JSONObject {
        var rest = JSONObject()
        for (key, value) in object {
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if case .object(let inner) = value, KnownAttributes.prefixes.contains(path) {
                let left = split(inner, under: path, into: &columns)
                if !left.isEmpty { rest[key] = .object(left) }
            } else if KnownAttributes.names.contains(path) {
                columns[path] = unfolded(opened(value, at: path))
            } else {
                rest[key] = value
            }
        }
        return rest
    }

    /// Objects that came as JSON text, which spans added through REST keep as they were sent.
    private static func opened(_ value: JSONValue, at path: String) -> JSONValue {
        guard KnownAttributes.jsonText.contains(path), case .string(let text) = value,
            case .object(let object)? = try? JSON.parse(text)  // Text that is no JSON stays text.
        else { return value }
        return .object(object)
    }
}

/// The columns of a table of spans, and of which type each is.
struct SpanFrameColumns {
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        static let string = Kinds(rawValue: 1)
        static let integer = Kinds(rawValue: 2)
        static let double = Kinds(rawValue: 4)
        static let bool = Kinds(rawValue: 8)
        static let other = Kinds(rawValue: 16)
    }

    private var order: [String] = []
    private var seen: [String: (kinds: Kinds, count: Int)] = [:]
    private var rowCount = 0
    private var hasParent = false

    private static let fixed = [
        "context.span_id", "name", "span_kind", "parent_id", "start_time", "end_time",
        "status_code", "status_message", "events", "context.span_id", "context.trace_id",
    ]

    /// Takes notice of a row.
    mutating func observe(_ row: SpanFrameRow) {
        rowCount += 1
        if row.stored.span.parentID != nil { hasParent = true }
        for (name, value) in row.attributes {
            let kinds: Kinds
            switch value {
            case .null: continue
            case .string: kinds = .string
            case .integer: kinds = .integer
            case .double: kinds = .double
            case .bool: kinds = .bool
            case .number, .array, .object: kinds = .other
            }
            if seen[name] == nil { order.append(name) }
            seen[name, default: ([], 0)].kinds.formUnion(kinds)
            seen[name]!.count += 1
        }
    }

    // MARK: The form of pandas' `orient="table"`, each name led by its position

    /// Writes everything up to the first row.
    func writeHead(to writer: inout JSONWriter) {
        writer.key("schema")
        writer.beginObject()
        writer.key("fields")
        writer.beginArray()
        for (index, name) in Self.fixed.enumerated() {
            let isTime = name.hasSuffix("_time")
            let isText = name != "events" && (name != "parent_id" || hasParent)
            if rowCount == 0 {
                writeField(index, name, "string", nil, to: &writer)
            } else if isTime {
                writeField(index, name, "datetime", ("tz", "UTC"), to: &writer)
            } else {
                writeField(
                    index, name, "string", isText ? ("extDtype", "str") : nil, to: &writer)
            }
        }
        for (offset, name) in order.enumerated() {
            let type = type(of: name)
            writeField(
                Self.fixed.count + offset, "attributes.\(name)", type,
                isText(name) ? ("extDtype", "str") : nil, to: &writer)
        }
        writer.endArray()
        writer.key("primaryKey")
        writer.beginArray()
        writer.string("0_context.span_id")
        writer.endArray()
        writer.key("pandas_version")
        writer.string("1.4.0")
        writer.endObject()
    }

    private func writeField(
        _ index: Int, _ name: String, _ type: String, _ detail: (String, String)?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("name")
        writer.string("\(index)_\(name)")
        writer.key("type")
        writer.string(type)
        if let detail {
            writer.key(detail.0)
            writer.string(detail.1)
        }
        writer.endObject()
    }

    private func isText(_ name: String) -> Bool { seen[name]?.kinds == .string }

    private func type(of name: String) -> String {
        guard let (kinds, count) = seen[name] else { return "string" }
        let isComplete = count == rowCount
        if kinds == .integer, isComplete { return "integer" }
        if kinds.isSubset(of: [.integer, .double]) { return "number" }
        if kinds == .bool, isComplete { return "boolean" }
        return "string"
    }

    /// Writes a row. Columns that were not observed are left out.
    func write(_ row: SpanFrameRow, to writer: inout JSONWriter) {
        let span = row.stored.span
        writer.beginObject()
        for (index, name) in Self.fixed.enumerated() {
            writer.key("\(index)_\(name)")
            switch name {
            case "context.span_id": writer.string(span.otelID.hex)
            case "context.trace_id": writer.string(row.stored.traceID.hex)
            case "name": writer.string(span.name)
            case "span_kind": writer.string(span.kind)
            case "parent_id":
                if let parent = span.parentID { writer.string(parent.hex) } else { writer.null() }
            case "start_time": writer.string(Self.nanosecondForm(span.startTime))
            case "end_time": writer.string(Self.nanosecondForm(span.endTime))
            case "status_code": writer.string(span.statusCode)
            case "status_message": writer.string(span.statusMessage)
            default:
                let events = row.stored.payload.events
                writer.raw(events.isEmpty ? Array("[]".utf8) : events)
            }
        }
        for (offset, name) in order.enumerated() {
            writer.key("\(Self.fixed.count + offset)_attributes.\(name)")
            let value = row.attributes[name] ?? .null
            if case .integer(let number) = value, type(of: name) == "number" {
                writer.double(Double(number))
            } else {
                writer.value(value)
            }
        }
        writer.endObject()
    }

    /// `2026-11-21T07:14:37.495230000Z`.
    private static func nanosecondForm(_ timestamp: Timestamp) -> String {
        let text = timestamp.description.dropLast("+00:00".count)
        return text.contains(".") ? "\(text)000Z" : "\(text).000000000Z"
    }
}

/// The attributes that OpenInference (version 0.1.42 of its semantic conventions) gives a meaning.
private enum KnownAttributes {
    static let names: Set<String> = Set(list.split(whereSeparator: \.isWhitespace).map(String.init))

    /// What leads to a known attribute.
    static let prefixes: Set<String> = {
        var prefixes: Set<String> = []
        for name in names {
            var segments = name.split(separator: ".").dropLast()
            while !segments.isEmpty {
                prefixes.insert(segments.joined(separator: "."))
                segments = segments.dropLast()
            }
        }
        return prefixes
    }()

    static let jsonText: Set<String> = [
        "metadata", "llm.prompt_template.variables", "tool.parameters",
    ]

    private static let list = """
        agent.name annotation.annotator_kind annotation.explanation annotation.identifier
        annotation.label annotation.metadata annotation.name annotation.score annotations
        audio.mime_type audio.transcript audio.url completion.text decision.model_name
        decision.provider decision.request.model_name decision.response.model_name decision.system
        decision.token_count.input decision.token_count.output document.content document.id
        document.metadata document.mime_type document.name document.score document.url
        embedding.embeddings embedding.invocation_parameters embedding.model_name embedding.text
        embedding.vector evaluation.annotator_kind evaluation.explanation evaluation.identifier
        evaluation.label evaluation.metadata evaluation.name evaluation.score evaluations
        graph.node.id graph.node.name graph.node.parent_id image.url input.documents input.images
        input.mime_type input.value llm.choices llm.cost.completion llm.cost.completion_details
        llm.cost.completion_details.audio llm.cost.completion_details.output
        llm.cost.completion_details.reasoning llm.cost.prompt llm.cost.prompt_details
        llm.cost.prompt_details.audio llm.cost.prompt_details.cache_input
        llm.cost.prompt_details.cache_read llm.cost.prompt_details.cache_write
        llm.cost.prompt_details.input llm.cost.total llm.finish_reason llm.function_call
        llm.input_messages llm.invocation_parameters llm.model_name llm.output_messages
        llm.prompt_template.template llm.prompt_template.variables llm.prompt_template.version
        llm.prompts llm.provider llm.request.model_name llm.response.model_name llm.system
        llm.token_count.completion llm.token_count.completion_details.audio
        llm.token_count.completion_details.reasoning llm.token_count.prompt
        llm.token_count.prompt_details llm.token_count.prompt_details.audio
        llm.token_count.prompt_details.cache_input llm.token_count.prompt_details.cache_read
        llm.token_count.prompt_details.cache_write llm.token_count.total llm.tools message.content
        message.contents message.function_call_arguments_json message.function_call_name
        message.name message.role message.tool_call_id message.tool_calls message_content.audio
        message_content.data message_content.document message_content.encrypted_content
        message_content.id message_content.image message_content.signature message_content.text
        message_content.type message_content.video metadata openinference.span.kind
        output.documents output.images output.mime_type output.value prompt.id prompt.text
        prompt.url prompt.vendor reranker.input_documents reranker.model_name
        reranker.output_documents reranker.query reranker.top_k retrieval.documents
        session.annotations session.evaluations session.id tag.tags tool.description tool.id
        tool.json_schema tool.name tool.parameters tool_call.function.arguments
        tool_call.function.name tool_call.id tool_call.reasoning_signature trace.annotations
        trace.evaluations user.id video.url
        """
}
