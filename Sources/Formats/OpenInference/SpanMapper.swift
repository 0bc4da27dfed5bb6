import BinaryText
import JSON
import OTLP

/// Turns OTLP spans into what the store keeps, by the contract's data model, sections 2, 2.1 and 3.
///
/// One mapper serves many requests, one after the other, and keeps its buffers. Each span is mapped
/// by itself: none can spoil another, and every span with both ids can be mapped.
package struct SpanMapper {
    var trie = AttributeTrie()
    let arena = KeyArena()
    private var span = OTLPSpan()
    var writer = JSONWriter(reserving: 4096)

    package init() {}

    /// Maps all spans of a request, in its order.
    ///
    /// - Parameter projectName: The project that replaces the one that the resources name.
    package mutating func map(
        _ request: TraceExportRequest, projectName: String? = nil
    ) -> MappedTraces {
        var traces = MappedTraces()
        traces.spans.reserveCapacity(request.spanCount)
        var index = 0
        request.forEachScope { scope in
            guard !scope.spans.isEmpty else { return }
            var origin = origin(of: scope)
            if let projectName, !projectName.isEmpty { origin.projectName = projectName }
            for message in scope.spans {
                span.read(message)
                if span.traceID.isEmpty {
                    traces.refusals.append(SpanRefusal(index: index, reason: .noTraceID))
                } else if span.spanID.isEmpty {
                    traces.refusals.append(SpanRefusal(index: index, reason: .noSpanID))
                } else {
                    var mapped = mapSpan()
                    mapped.projectName = origin.projectName
                    mapped.originIndex = traces.origins.count
                    traces.spans.append(mapped)
                }
                index += 1
            }
            traces.origins.append(origin)
        }
        return traces
    }

    // MARK: Resource and scope

    private mutating func origin(of scope: OTLPScope) -> MappedOrigin {
        var projectName = MappedSpan.defaultProjectName
        // Of a repeated attribute the first name counts here, as the contract has it.
        let project = scope.resource.attributes.first {
            $0.key.equals("openinference.project.name") && $0.value.kind == .string
                && !$0.value.content.isEmpty
        }
        if let project { projectName = UTF8Scan.shownText(project.value.content) }
        writer.reset()
        writer.beginObject()
        writer.key("resource")
        write(scope.resource)
        writer.key("scope")
        write(scope.scope)
        writer.endObject()
        return MappedOrigin(projectName: projectName, json: writer.bytes)
    }

    private mutating func write(_ origin: OTLPOrigin) {
        writer.beginObject()
        writeText("name", origin.name)
        writeText("version", origin.version)
        if !origin.attributes.isEmpty {
            writer.key("attributes")
            writer.otlp(origin.attributes, dropsUnset: true)
        }
        writeCount("dropped_attributes_count", origin.droppedAttributesCount)
        writeText("schema_url", origin.schemaURL)
        writer.endObject()
    }

    private mutating func writeText(_ name: String, _ text: UnsafeRawBufferPointer) {
        guard !text.isEmpty else { return }
        writer.key(name)
        writer.string(utf8: text)
    }

    private mutating func writeCount(_ name: String, _ count: UInt32) {
        guard count != 0 else { return }
        writer.key(name)
        writer.unsigned(UInt64(count))
    }

    // MARK: One span

    private mutating func mapSpan() -> MappedSpan {
        var mapped = MappedSpan()
        mapped.traceID = Array(span.traceID)
        mapped.spanID = Array(span.spanID)
        mapped.parentSpanID = span.parentSpanID.isEmpty ? nil : Array(span.parentSpanID)
        mapped.name = UTF8Scan.shownText(span.name)
        mapped.statusCode = SpanStatusCode(otlp: span.statusCode)
        mapped.statusMessage = UTF8Scan.shownText(span.statusMessage)
        mapped.startTimeUs = UnixTime.microseconds(fromNanoseconds: span.startTimeUnixNano)
        mapped.endTimeUs = UnixTime.microseconds(fromNanoseconds: span.endTimeUnixNano)
        mapEvents(&mapped)
        mapExtras(&mapped)
        insertAttributes()
        finishAttributes(&mapped)
        return mapped
    }

    private mutating func insertAttributes() {
        var hasGenAI = false
        for attribute in span.attributes {
            if attribute.key.starts(with: "gen_ai.") { hasGenAI = true }
            insert(attribute.key, attribute.value)
        }
        if hasGenAI { insertConversion() }
        rewriteInput()
    }

    /// Adds the OpenInference attributes that follow from the `gen_ai.` ones, where absent.
    private mutating func insertConversion() {
        var vocabulary = GenAIConversion(attributeCount: span.attributes.count)
        for attribute in span.attributes where attribute.value.kind != .unset {
            let key = UTF8Scan.shownText(attribute.key)
            if attribute.key.starts(with: "gen_ai.") {
                vocabulary.add(key, JSONValue(attribute.value))
            } else {
                vocabulary.add(existing: key)
            }
        }
        for (key, value) in vocabulary.converted() { insert(key, value) }
    }

    /// Adds one attribute: JSON text under some keys is parsed, token counts become integers, and a
    /// value that is unset, or the JSON text null, adds nothing.
    private mutating func insert(_ key: UnsafeRawBufferPointer, _ value: OTLPValue) {
        if value.kind == .string, Self.holdsJSON(key) {
            switch Self.parsed(value.content) {
            case .some(.null): break
            case .some(let tree): trie.insert(key, tree)
            case .none: trie.insert(key, value)
            }
        } else if Self.isTokenCount(key), let count = PythonText.integer(JSONValue(value)) {
            trie.insert(key, .integer(count))
        } else if value.kind != .unset {
            trie.insert(key, value)
        }
    }

    /// The same for an attribute that the conversion has made.
    private mutating func insert(_ name: String, _ value: JSONValue) {
        let key = arena.keep(name.utf8)
        if case .string(var text) = value, Self.holdsJSON(key) {
            switch text.withUTF8({ Self.parsed(UnsafeRawBufferPointer($0)) }) {
            case .some(.null): break
            case .some(let tree): trie.insert(key, tree)
            case .none: trie.insert(key, value)
            }
        } else {
            trie.insert(key, value)
        }
    }

    private static func holdsJSON(_ key: UnsafeRawBufferPointer) -> Bool {
        switch key.last {
        case UInt8(ascii: "a"): key.ends(with: "metadata")
        case UInt8(ascii: "s"):
            key.ends(with: "tool.parameters") || key.ends(with: "llm.prompt_template.variables")
        default: false
        }
    }

    private static func isTokenCount(_ key: UnsafeRawBufferPointer) -> Bool {
        guard key.starts(with: "llm.token_count.") else { return false }
        return key.equals("llm.token_count.prompt") || key.equals("llm.token_count.completion")
            || key.equals("llm.token_count.total")
    }

    /// The value of a text that is JSON; `nil` for other text.
    private static func parsed(_ text: UnsafeRawBufferPointer) -> JSONValue? {
        let options = JSON.ParsingOptions(
            maximumDepth: 256, acceptsNonFinite: true, showsInvalidUTF8: true)
        // Text that is not JSON is kept as text.
        return try? JSON.parse(text, options: options)
    }

    private static let inputValue = NestedPath("input", "value")

    /// Turns an `input.value` that is no string into JSON text, and says so in the MIME type. What is
    /// false to Python stays as it is, as in the contract.
    private mutating func rewriteInput() {
        guard let value = trie.value(at: Self.inputValue) else { return }
        if case .wire(let wire) = value, wire.kind == .string || wire.kind == .bytes { return }
        let tree = value.tree
        switch tree {
        case .string, .null, .bool(false), .integer(0), .double(0): return
        case .array(let elements) where elements.isEmpty: return
        case .object(let members) where members.isEmpty: return
        default: break
        }
        trie.insert(Self.bytes("input.value"), .string(PythonText.json(tree)))
        trie.insert(Self.bytes("input.mime_type"), .string("application/json"))
    }

    static func bytes(_ text: StaticString) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    // MARK: What follows from the attributes

    private static let kindPath = NestedPath("openinference", "span", "kind")
    private static let sessionPath = NestedPath("session", "id")
    private static let userPath = NestedPath("user", "id")
    private static let promptTokensPath = NestedPath("llm", "token_count", "prompt")
    private static let completionTokensPath = NestedPath("llm", "token_count", "completion")
    private static let modelPath = NestedPath("llm", "model_name")
    private static let embeddingModelPath = NestedPath("embedding", "model_name")
    private static let providerPath = NestedPath("llm", "provider")

    /// Reads the columns out of the attributes, writes the attributes, and empties the trie.
    mutating func finishAttributes(_ mapped: inout MappedSpan) {
        if let value = trie.value(at: Self.kindPath) {
            switch value {
            case .wire(let value) where value.kind == .string:
                mapped.kind = SpanKind(utf8: value.content)
            case .tree(.string(let name)): mapped.kind = SpanKind(name: name)
            default: break
            }
        }
        mapped.sessionID = identifier(at: Self.sessionPath)
        mapped.userID = identifier(at: Self.userPath)
        mapped.modelName = text(at: Self.modelPath) ?? text(at: Self.embeddingModelPath)
        mapped.provider = text(at: Self.providerPath)
        if mapped.kind == .llm {
            mapped.promptTokens = tokens(at: Self.promptTokensPath)
            mapped.completionTokens = tokens(at: Self.completionTokensPath)
        }
        writer.reset()
        trie.write(to: &writer)
        mapped.attributes = writer.bytes
        trie.removeAll()
        arena.removeAll()
    }

    private func identifier(at path: NestedPath) -> String? {
        guard let value = trie.value(at: path) else { return nil }
        let tree = value.tree
        if case .null = tree { return nil }
        let text = PythonText.trimmed(PythonText.description(tree))
        return text.isEmpty ? nil : text
    }

    private func text(at path: NestedPath) -> String? {
        guard let text = trie.value(at: path)?.text, !text.isEmpty else { return nil }
        return text
    }

    private func tokens(at path: NestedPath) -> Int64 {
        trie.value(at: path).flatMap { PythonText.integer($0.tree) } ?? 0
    }

    // MARK: Events

    private mutating func mapEvents(_ mapped: inout MappedSpan) {
        writer.reset()
        writer.beginArray()
        for event in span.events {
            let attributes = span.nestedAttributes[event.attributes]
            writer.beginObject()
            writer.key("name")
            writer.string(utf8: event.name)
            writer.key("timestamp")
            let time = UnixTime.microseconds(fromNanoseconds: event.timeUnixNano)
            UnixTime.iso8601(microseconds: time).withUnsafeBytes { writer.string(utf8: $0) }
            writer.key("attributes")
            if event.name.equals("exception") {
                let message = writeException(attributes)
                if mapped.firstErrorMessage == nil { mapped.firstErrorMessage = message }
            } else {
                writer.otlp(attributes, dropsUnset: true)
            }
            writer.endObject()
        }
        writer.endArray()
        mapped.events = writer.bytes
        mapped.eventCount = span.events.count
    }

    /// Writes the four attributes that an exception keeps, and returns its message.
    private mutating func writeException(_ attributes: ArraySlice<OTLPAttribute>) -> String? {
        func last(_ name: StaticString) -> OTLPValue? {
            let attribute = attributes.last { $0.key.equals(name) && $0.value.kind != .unset }
            return attribute?.value
        }
        let message = last("exception.message")
        writer.beginObject()
        if let type = last("exception.type") {
            writer.key("exception.type")
            writer.otlp(type)
        }
        writer.key("exception.message")
        if let message { writer.otlp(message) } else { writer.string("") }
        if let escaped = last("exception.escaped") {
            writer.key("exception.escaped")
            writer.otlp(escaped)
        }
        if let stacktrace = last("exception.stacktrace") {
            writer.key("exception.stacktrace")
            writer.otlp(stacktrace)
        }
        writer.endObject()
        guard let message, message.kind != .string || !message.content.isEmpty else { return nil }
        return PythonText.description(JSONValue(message))
    }

    // MARK: Extras

    private static let kindNames = [
        "", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER",
    ]

    private mutating func mapExtras(_ mapped: inout MappedSpan) {
        writer.reset()
        writer.beginObject()
        writer.key("start_time_unix_nano")
        writer.string(digitsOf: span.startTimeUnixNano)
        writer.key("end_time_unix_nano")
        writer.string(digitsOf: span.endTimeUnixNano)
        if Self.kindNames.indices.dropFirst().contains(Int(span.kind)) {
            writer.key("otel_kind")
            writer.string(Self.kindNames[Int(span.kind)])
        } else if span.kind != 0 {
            writer.key("otel_kind")
            writer.integer(Int64(span.kind))
        }
        writeCount("flags", span.flags)
        writeText("trace_state", span.traceState)
        if !span.links.isEmpty {
            writer.key("links")
            writer.beginArray()
            for link in span.links { write(link) }
            writer.endArray()
        }
        writeCount("dropped_attributes_count", span.droppedAttributesCount)
        writeCount("dropped_events_count", span.droppedEventsCount)
        writeCount("dropped_links_count", span.droppedLinksCount)
        writer.endObject()
        mapped.extras = writer.bytes
    }

    private mutating func write(_ link: OTLPSpan.Link) {
        writer.beginObject()
        writer.key("trace_id")
        writer.string(Hexadecimal.encode(link.traceID))
        writer.key("span_id")
        writer.string(Hexadecimal.encode(link.spanID))
        writeText("trace_state", link.traceState)
        writeCount("flags", link.flags)
        if !link.attributes.isEmpty {
            writer.key("attributes")
            writer.otlp(span.nestedAttributes[link.attributes], dropsUnset: true)
        }
        writeCount("dropped_attributes_count", link.droppedAttributesCount)
        writer.endObject()
    }
}
