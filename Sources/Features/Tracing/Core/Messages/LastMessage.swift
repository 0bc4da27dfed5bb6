import JSON

/// The words that a person looks for in the input or the output of a span: of a list of messages the
/// last one, of a model's answer its text or its tool calls. It knows the shapes of the common
/// libraries and guesses at none.
struct LastMessage {
    private static let depthMax = 12

    /// Nil when the value has no known shape.
    static func text(of value: JSONValue) -> String? {
        guard let found = read(value, 0) else { return nil }
        let text = trimmed(found)
        return text.isEmpty ? nil : text
    }

    private static func trimmed(_ text: String) -> String {
        var rest = Substring(text)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    private static func read(_ value: JSONValue?, _ depth: Int) -> String? {
        guard depth <= depthMax else { return nil }
        switch value {
        case .string(let text)?: return text.isEmpty ? nil : text
        case .array(let list)?: return readList(list, depth + 1)
        case .object(let object)?: return readObject(object, depth + 1)
        default: return nil
        }
    }

    // MARK: Objects

    /// Where a wrapper keeps its messages, its answers, anything, and texts; the most telling first.
    private static let lists = [
        "messages", "contents", "msg_history", "chat_history", "conversation", "history",
    ]
    private static let answers = ["choices", "generations", "candidates", "replies", "completions"]
    private static let wrapped = [
        "output", "outputs", "input", "inputs", "response", "result", "value", "data", "kwargs",
        "message", "query_bundle", "return_values",
    ]
    private static let texts = [
        "content", "page_content", "text", "output_text", "query_str", "query", "question",
        "prompt", "input", "output", "answer", "response", "completion", "result", "message",
        "generated_text", "q",
    ]

    private static func readObject(_ object: JSONObject, _ depth: Int) -> String? {
        if let message = readMessage(object, depth) { return message }
        for key in lists {
            if let list = object[key]?.arrayValue, let found = read(.array(list), depth) {
                return found
            }
        }
        for key in answers {
            guard let list = object[key]?.arrayValue else { continue }
            if let found = read(list.first, depth) ?? read(.array(list), depth) { return found }
        }
        for key in texts {
            if let text = object[key]?.stringValue, !text.isEmpty, isMain(key, of: object) {
                return text
            }
        }
        for key in wrapped {
            switch object[key] {
            case .object?, .array?:
                if let found = read(object[key], depth) { return found }
            default: break
            }
        }
        return nil
    }

    /// Texts that stand beside the main one without being its equals.
    private static let settings: Set = [
        "model", "prompt_args", "metadata", "stream", "temperature", "instructions", "k", "kwargs",
        "image_path", "metadata_str", "text_chunks", "type", "context", "level", "context_str",
        "tools",
    ]

    /// Whether a text is what an object is about: it is alone or beside settings, and not one of
    /// several arguments.
    private static func isMain(_ key: String, of object: JSONObject) -> Bool {
        if key == "content" || key == "page_content" { return true }
        return object.allSatisfy { other, value in
            other == key || value.stringValue == nil || settings.contains(other)
        }
    }

    // MARK: Lists

    /// Of messages the last one that says something; of the parts of one message all.
    private static func readList(_ list: [JSONValue], _ depth: Int) -> String? {
        if !list.isEmpty, list.allSatisfy(isPart) { return joined(list, depth) }
        for item in list.reversed() {
            switch item {
            case .string(let text):
                if list.count == 1, !text.isEmpty { return text }
            default:
                if let found = read(item, depth) { return found }
            }
        }
        return nil
    }

    private static let partKeys = [
        "text", "toolUse", "toolResult", "function_call", "functionCall", "functionResponse",
        "function_response", "inline_data", "inlineData", "block_type",
    ]
    private static let typedPartKeys = [
        "image_url", "source", "input", "content", "image", "thinking", "toolName", "input_audio",
    ]

    private static func isPart(_ value: JSONValue) -> Bool {
        guard let object = value.objectValue else { return false }
        func has(_ key: String) -> Bool { object[key] != nil }
        guard !["role", "kwargs", "message"].contains(where: has) else { return false }
        return partKeys.contains(where: has) || has("type") && typedPartKeys.contains(where: has)
    }

    private static func joined(_ parts: [JSONValue], _ depth: Int) -> String? {
        let texts = parts.compactMap { readPart($0, depth + 1) }.filter { !$0.isEmpty }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }

    private static func readPart(_ part: JSONValue, _ depth: Int) -> String? {
        if let text = part.stringValue { return text }
        guard let object = part.objectValue, depth <= depthMax else { return nil }
        if let call = readCall(object) { return call }
        if let text = object["text"]?.stringValue { return text }
        let type = (present(object, ["type", "block_type"]) ?? "").stringValue ?? ""
        if type.contains("image") || object["image_url"] != nil || object["inline_data"] != nil
            || object["inlineData"] != nil
        {
            return "[image]"
        }
        if type.contains("audio") { return "[audio]" }
        if type == "file" || type == "document" { return "[file]" }
        let result =
            ["toolResult", "function_response", "functionResponse"]
            .lazy.compactMap { object[$0]?.objectValue }.first ?? object
        guard
            let content = present(
                result, ["content", "response", "output", "result", "json", "thinking"])
        else { return nil }
        return read(content, depth) ?? content.text
    }

    // MARK: Messages

    /// One chat message in any of the known dialects; nil when the object is none.
    private static func readMessage(_ object: JSONObject, _ depth: Int) -> String? {
        if let flat = object["message.content"]?.stringValue, !flat.isEmpty { return flat }
        if object["type"] == "function_call_output" { return read(object["output"], depth) }
        if object["kwargs"]?.objectValue != nil, object["lc"] != nil || object["id"] != nil {
            return read(object["kwargs"], depth)
        }
        if object["data"]?.objectValue?["content"] != nil { return read(object["data"], depth) }
        let isMessage =
            ["role", "tool_calls", "parts", "blocks"].contains { object[$0] != nil }
            || object["content"] != nil && object["page_content"] == nil
        guard isMessage else {
            if object["message"]?.objectValue != nil { return read(object["message"], depth) }
            return readCall(object)
        }
        let text: String? =
            switch present(object, ["content", "parts", "blocks", "contents"]) {
            case .string(let text)?: text
            case .array(let parts)?: joined(parts, depth)
            case .object(let content)?: read(.object(content), depth)
            default: nil
            }
        let calls =
            present(object, ["tool_calls", "toolCalls"])
            ?? object["additional_kwargs"]?.objectValue?["tool_calls"]
        var texts = [text]
        if let calls = calls?.arrayValue {
            texts += calls.map { $0.objectValue.flatMap(readCall) }
        } else if let call = object["function_call"]?.objectValue {
            texts.append(readCall(call))
        }
        let said = texts.compactMap { $0 }.filter { !$0.isEmpty }
        return said.isEmpty ? nil : said.joined(separator: " ")
    }

    /// A call of a tool as `name(arguments)`.
    private static func readCall(_ object: JSONObject) -> String? {
        let inner =
            ["function", "function_call", "functionCall", "toolUse"]
            .lazy.compactMap { object[$0]?.objectValue }.first ?? object
        let takesInput =
            object["type"] == "tool_use" || object["toolUse"] != nil || inner["toolName"] != nil
        let keys = ["arguments", "args"] + (takesInput ? ["input"] : [])
        guard let name = present(inner, ["name", "toolName"])?.stringValue,
            let given = present(inner, keys)
        else { return nil }
        return "\(name)(\(arguments(given)))"
    }

    private static func arguments(_ given: JSONValue) -> String {
        var value = given
        if let text = given.stringValue {
            // Text that is no JSON stands for itself.
            guard let parsed = try? JSON.parse(text) else { return text }
            value = parsed
        }
        guard let object = value.objectValue else { return value.text }
        return object.map { "\($0): \($1.text)" }.joined(separator: ", ")
    }

    /// The first of some members that is there and not null.
    private static func present(_ object: JSONObject, _ keys: [String]) -> JSONValue? {
        for key in keys {
            if let value = object[key], !value.isNull { return value }
        }
        return nil
    }
}

extension SpanIOValue {
    /// What a list shows of the value: its last message, or where it has none the value itself; at
    /// most `length` characters, an ellipsis behind them when there were more.
    func lastMessage(length: Int) -> String {
        var text = value
        if isJSON, let parsed = try? JSON.parse(value) {
            // What cannot be read as JSON is shown as it is.
            text = LastMessage.text(of: parsed) ?? parsed.stringValue ?? value
        }
        let scalars = text.unicodeScalars
        guard
            let end = scalars.index(
                scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }
}
