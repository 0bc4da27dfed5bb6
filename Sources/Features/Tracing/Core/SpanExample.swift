import JSON

/// A span as the example of a dataset: what went in, what came out, and what it was.
package struct SpanExample: Sendable, Hashable {
    package var input: JSONObject
    package var output: JSONObject
    package var metadata: JSONObject

    package init(kind: String, content: SpanContent) throws {
        let attributes = JSONValue.object(try content.attributes())
        if kind == "LLM" {
            input = Self.modelInput(attributes)
            output = Self.modelOutput(attributes)
        } else {
            input = Self.value("input", of: attributes)
            output =
                (kind == "RETRIEVER" ? Self.documents(of: attributes) : nil)
                ?? Self.value("output", of: attributes)
        }
        metadata = ["span_kind": .string(kind)]
    }

    // MARK: Any span

    /// The value of a direction: a JSON object as it is, all else under the direction's name.
    private static func value(_ direction: String, of attributes: JSONValue) -> JSONObject {
        guard case .string(let text)? = attributes.member(direction, "value") else { return [:] }
        guard attributes.member(direction, "mime_type") == "application/json",
            // What is no JSON in spite of its type stays text.
            let value = try? JSON.parse(text), !value.isNull
        else { return [direction: .string(text)] }
        return value.objectValue ?? [direction: value]
    }

    /// What a retriever found, when all of it has the shape of documents.
    private static func documents(of attributes: JSONValue) -> JSONObject? {
        guard let items = attributes.member("retrieval", "documents")?.arrayValue else {
            return nil
        }
        let documents = items.compactMap { $0.member("document") }
        return documents.count == items.count ? ["documents": .array(documents)] : nil
    }

    // MARK: Language models

    private static func modelInput(_ attributes: JSONValue) -> JSONObject {
        var input: JSONObject
        if let messages = messages(at: "input_messages", of: attributes) {
            input = ["messages": .array(messages.map(JSONValue.object))]
        } else {
            input = value("input", of: attributes)
        }
        let variables = attributes.member("llm", "prompt_template", "variables")?.objectValue
        for (name, value) in variables ?? [:] { input[name] = value }
        let tools = (attributes.member("llm", "tools")?.arrayValue ?? []).compactMap(tool)
        if !tools.isEmpty { input["tools"] = .array(tools) }
        return input
    }

    private static func modelOutput(_ attributes: JSONValue) -> JSONObject {
        guard let messages = messages(at: "output_messages", of: attributes) else {
            return value("output", of: attributes)
        }
        return ["messages": .array(merged(messages).map(JSONValue.object))]
    }

    /// The definition of a tool; null when it is no JSON, nil when there is none.
    private static func tool(_ item: JSONValue) -> JSONValue? {
        switch item.member("tool", "json_schema") {
        case .string(let text)?: (try? JSON.parse(text)) ?? .null  // As said above.
        case let definition: definition
        }
    }

    /// How many messages a text in place of a list stands for at most.
    private static let messagesOfTextMax = 1000

    /// The messages of a list; nil when there is none. What is no message still counts as one of
    /// the assistant, and a text in place of the list as one for each character.
    private static func messages(at name: String, of attributes: JSONValue) -> [JSONObject]? {
        let items: [JSONValue]
        switch attributes.member("llm", name) {
        case .array(let elements)?: items = elements
        case .object(let members)?: items = members.map { _ in .null }
        case .string(let text)?:
            items = text.unicodeScalars.prefix(messagesOfTextMax).map { _ in .null }
        default: return nil
        }
        return items.isEmpty ? nil : items.map { message($0["message"] ?? .null) }
    }

    private static func message(_ source: JSONValue) -> JSONObject {
        var message: JSONObject = ["role": source.member("role") ?? "assistant"]
        if let content = source.member("content") ?? contentText(source) {
            message["content"] = content
        }
        if let name = source.member("name") { message["name"] = name }
        let calls = toolCalls(source)
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        return message
    }

    /// The texts among the parts of a message.
    private static func contentText(_ source: JSONValue) -> JSONValue? {
        let texts = (source.member("contents")?.arrayValue ?? []).compactMap {
            $0.member("message_content", "text")?.stringValue
        }
        return texts.isEmpty ? nil : .string(texts.joined(separator: "\n\n"))
    }

    private static func toolCalls(_ source: JSONValue) -> [JSONValue] {
        var calls: [JSONValue] = []
        let name = source.member("function_call_name")
        let arguments = source.member("function_call_arguments_json")
        if name != nil || arguments != nil { calls.append(call(name, arguments)) }
        for item in source.member("tool_calls")?.arrayValue ?? [] {
            if let function = item.member("tool_call", "function")?.objectValue {
                calls.append(call(function["name"], function["arguments"]))
            }
        }
        return calls
    }

    private static func call(_ name: JSONValue?, _ arguments: JSONValue?) -> JSONValue {
        var value = arguments ?? .null
        // What is no JSON stays text.
        if case .string(let text) = value, let parsed = try? JSON.parse(text) { value = parsed }
        return ["function": ["name": name ?? "", "arguments": value]]
    }

    /// Joins messages of the assistant that follow each other: the first content, all tool calls.
    private static func merged(_ messages: [JSONObject]) -> [JSONObject] {
        var merged: [JSONObject] = []
        for message in messages {
            guard message["role"] == "assistant", var last = merged.last,
                last["role"] == "assistant"
            else {
                merged.append(message)
                continue
            }
            if last["content"] == nil, let content = message["content"] {
                last["content"] = content
            }
            let calls =
                (last["tool_calls"]?.arrayValue ?? []) + (message["tool_calls"]?.arrayValue ?? [])
            if !calls.isEmpty { last["tool_calls"] = .array(calls) }
            merged[merged.count - 1] = last
        }
        return merged
    }
}
