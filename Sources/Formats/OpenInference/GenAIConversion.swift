import JSON

/// OpenInference attributes that follow from OpenTelemetry's `gen_ai.` ones.
///
/// Source: the contract's data model, section 3; OpenTelemetry semantic conventions for generative
/// AI, 1.36 to 1.38.
struct GenAIConversion {
    private var source: [String: JSONValue] = [:]
    private var existing: Set<String> = []
    private var hasInputMessages = false
    private var hasOutputMessages = false
    private var result: [(String, JSONValue)] = []

    init(attributeCount: Int) {
        existing.reserveCapacity(attributeCount)
    }

    /// Takes one of the `gen_ai.` attributes.
    mutating func add(_ key: String, _ value: JSONValue) { source[key] = value }

    /// Takes the key of another attribute of the span, which the conversion will not replace.
    mutating func add(existing key: String) {
        existing.insert(key)
        if key.hasPrefix("llm.input_messages.") { hasInputMessages = true }
        if key.hasPrefix("llm.output_messages.") { hasOutputMessages = true }
    }

    /// The attributes to add, with dotted keys.
    mutating func converted() -> [(String, JSONValue)] {
        let kind = kind()
        if let kind { emit("openinference.span.kind", .string(kind.rawValue)) }
        convertProvider()
        if let conversation = source["gen_ai.conversation.id"] {
            emit("session.id", .string(PythonText.description(conversation)))
        }
        let vocabulary = kind == .embedding ? "embedding" : "llm"
        if let model = text("gen_ai.request.model") {
            emit("\(vocabulary).model_name", .string(model))
        }
        convertParameters(vocabulary)
        convertUsage()
        convertMessages()
        convertFinishReasons()
        convertToolDefinitions()
        if kind == .tool { convertTool() }
        if kind == .retriever { convertRetrieval() }
        convertResponse()
        return result
    }

    private mutating func emit(_ key: String, _ value: JSONValue) {
        if !existing.contains(key) { result.append((key, value)) }
    }

    private func text(_ key: String) -> String? { source[key]?.stringValue }

    /// The value of a string that holds JSON.
    private func json(_ key: String) -> JSONValue? { text(key).flatMap(Self.parsed) }

    private static func parsed(_ text: String) -> JSONValue? {
        let options = JSON.ParsingOptions(maximumDepth: 256, acceptsNonFinite: true)
        // Text that is not JSON has nothing to convert.
        return try? JSON.parse(text, options: options)
    }

    // MARK: Kind and provider

    private func kind() -> SpanKind? {
        if let operation = source["gen_ai.operation.name"] {
            switch operation.stringValue {
            case "chat", "text_completion", "generate_content": return .llm
            case "embeddings": return .embedding
            case "execute_tool": return .tool
            case "retrieval": return .retriever
            case "invoke_agent", "create_agent": return .agent
            default: return nil
            }
        }
        func has(_ keys: String...) -> Bool { keys.contains { source[$0] != nil } }
        if has("gen_ai.tool.call.id", "gen_ai.tool.name") { return .tool }
        if has("gen_ai.retrieval.documents", "gen_ai.retrieval.query.text") { return .retriever }
        if has("gen_ai.embeddings.dimension.count") { return .embedding }
        if has("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.request.model") {
            return .llm
        }
        return nil
    }

    private mutating func convertProvider() {
        guard let raw = text("gen_ai.provider.name") ?? text("gen_ai.system") else { return }
        let isLegacy = source["gen_ai.provider.name"]?.stringValue == nil
        let (provider, system): (String?, String?) =
            switch isLegacy ? raw.lowercased() : raw {
            case "openai": ("openai", "openai")
            case "anthropic": ("anthropic", "anthropic")
            case "cohere": ("cohere", "cohere")
            case "mistral_ai": ("mistralai", "mistralai")
            case "deepseek": ("deepseek", nil)
            case "groq": ("groq", nil)
            case "perplexity": ("perplexity", nil)
            case "x_ai": ("xai", nil)
            case "azure.ai.openai": ("azure", "openai")
            case "azure.ai.inference": ("azure", nil)
            case "aws.bedrock": ("aws", nil)
            case "gcp.vertex_ai": ("google", "vertexai")
            case "gcp.gen_ai", "gcp.gemini": ("google", nil)
            default: (nil, raw)
            }
        if let provider { emit("llm.provider", .string(provider)) }
        if let system { emit("llm.system", .string(system)) }
    }

    // MARK: Request

    private mutating func convertParameters(_ vocabulary: String) {
        var parameters = JSONObject()
        for (name, parameter) in [
            ("temperature", "temperature"), ("top_p", "top_p"), ("top_k", "top_k"),
            ("max_tokens", "max_tokens"), ("frequency_penalty", "frequency_penalty"),
            ("presence_penalty", "presence_penalty"), ("seed", "seed"), ("stream", "stream"),
            ("choice.count", "n"), ("stop_sequences", "stop"),
        ] {
            guard let value = source["gen_ai.request.\(name)"], value != [] else { continue }
            parameters[parameter] = value
        }
        if let formats = source["gen_ai.request.encoding_formats"]?.arrayValue, !formats.isEmpty {
            if formats.count == 1 {
                parameters["encoding_format"] = formats[0]
            } else {
                parameters["encoding_formats"] = .array(formats)
            }
        }
        switch text("gen_ai.output.type") {
        case "json": parameters["response_format"] = ["type": "json_object"]
        case "text": parameters["response_format"] = ["type": "text"]
        default: break
        }
        guard !parameters.isEmpty else { return }
        let json = PythonText.json(.object(parameters))
        emit("\(vocabulary).invocation_parameters", .string(json))
    }

    private mutating func convertToolDefinitions() {
        guard let definitions = json("gen_ai.tool.definitions")?.arrayValue else { return }
        var schemas: [JSONValue] = []
        for definition in definitions {
            // One definition without a name spoils them all.
            guard let name = definition["name"]?.stringValue else { return }
            var function: JSONObject = ["name": .string(name)]
            if let description = definition["description"]?.stringValue {
                function["description"] = .string(description)
            }
            if let parameters = definition["parameters"], !parameters.isNull {
                function["parameters"] = parameters
            }
            let type = definition["type"]?.stringValue ?? "function"
            schemas.append(["type": .string(type), "function": .object(function)])
        }
        for (index, schema) in schemas.enumerated() {
            emit("llm.tools.\(index).tool.json_schema", .string(PythonText.json(schema)))
        }
    }

    // MARK: Response

    private mutating func convertUsage() {
        func count(_ name: String) -> Int64? {
            switch source["gen_ai.usage.\(name)"] {
            case .integer(let count): count
            case .double(let count): Int64(exactly: count)
            case .string(let text): PythonText.integer(.string(text))
            default: nil
            }
        }
        let prompt = count("input_tokens")
        let completion = count("output_tokens")
        if let prompt { emit("llm.token_count.prompt", .integer(prompt)) }
        if let completion { emit("llm.token_count.completion", .integer(completion)) }
        if let prompt, let completion {
            let (total, overflow) = prompt.addingReportingOverflow(completion)
            if !overflow { emit("llm.token_count.total", .integer(total)) }
        }
        if let read = count("cache_read.input_tokens") {
            emit("llm.token_count.prompt_details.cache_read", .integer(read))
        }
        if let write = count("cache_creation.input_tokens") {
            emit("llm.token_count.prompt_details.cache_write", .integer(write))
        }
    }

    private mutating func convertFinishReasons() {
        switch source["gen_ai.response.finish_reasons"] {
        case .string(let reason) where !reason.isEmpty:
            emit("llm.finish_reason", .string(reason))
        case .array(let reasons) where reasons.count == 1: emit("llm.finish_reason", reasons[0])
        case .array(let reasons) where !reasons.isEmpty:
            emit("llm.finish_reason", .array(reasons))
        default: break
        }
    }

    private mutating func convertResponse() {
        guard !result.contains(where: { $0.0 == "output.value" }) else { return }
        var response = JSONObject()
        if let id = source["gen_ai.response.id"] { response["id"] = id }
        if let model = source["gen_ai.response.model"] { response["model"] = model }
        guard !response.isEmpty else { return }
        emit("output.value", .string(PythonText.json(.object(response))))
        emit("output.mime_type", "application/json")
    }

    // MARK: Messages

    private mutating func convertMessages() {
        if !hasInputMessages {
            var messages: [GenAIMessage] = []
            if let instructions = json("gen_ai.system_instructions")?.arrayValue,
                let message = GenAIMessage(role: "system", parts: instructions)
            {
                messages.append(message)
            }
            messages += Self.messages(json("gen_ai.input.messages"), areOutput: false)
            emit(messages, below: "llm.input_messages")
        }
        if !hasOutputMessages {
            let messages = Self.messages(json("gen_ai.output.messages"), areOutput: true)
            emit(messages, below: "llm.output_messages")
        }
    }

    /// One malformed message spoils them all.
    private static func messages(_ value: JSONValue?, areOutput: Bool) -> [GenAIMessage] {
        var messages: [GenAIMessage] = []
        for element in value?.arrayValue ?? [] {
            guard let message = GenAIMessage(element, isOutput: areOutput) else { return [] }
            messages.append(message)
        }
        return messages
    }

    private mutating func emit(_ messages: [GenAIMessage], below key: String) {
        for (index, message) in messages.enumerated() {
            for (name, value) in message.attributes() {
                emit("\(key).\(index).message.\(name)", value)
            }
        }
    }

    // MARK: Tool and retriever spans

    private mutating func convertTool() {
        for (name, key) in [("name", "name"), ("description", "description"), ("call.id", "id")] {
            if let text = text("gen_ai.tool.\(name)") { emit("tool.\(key)", .string(text)) }
        }
        if let arguments = source["gen_ai.tool.call.arguments"] {
            emit("tool.parameters", .string(GenAIMessage.text(arguments)))
        }
        if let result = source["gen_ai.tool.call.result"] {
            let text = GenAIMessage.text(result)
            emit("output.value", .string(text))
            switch Self.parsed(text) {
            case .object, .array: emit("output.mime_type", "application/json")
            default: break
            }
        }
    }

    private mutating func convertRetrieval() {
        if let query = text("gen_ai.retrieval.query.text") {
            emit("input.value", .string(query))
            emit("input.mime_type", "text/plain")
        }
        let documents = json("gen_ai.retrieval.documents")?.arrayValue ?? []
        var attributes: [(String, JSONValue)] = []
        for (index, document) in documents.enumerated() {
            // One document without an id and a score spoils them all.
            guard let id = document["id"], let score = document["score"]?.doubleValue else {
                return
            }
            let key = "retrieval.documents.\(index).document"
            attributes.append(("\(key).id", .string(PythonText.description(id))))
            attributes.append(("\(key).score", .double(score)))
            for member in ["content", "metadata"] {
                if let value = document[member], !value.isNull {
                    attributes.append(("\(key).\(member)", .string(GenAIMessage.text(value))))
                }
            }
        }
        for (key, value) in attributes { emit(key, value) }
    }
}
