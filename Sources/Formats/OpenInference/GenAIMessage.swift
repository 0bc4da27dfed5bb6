import JSON

/// A message of a conversation as `gen_ai.input.messages` and its kin hold it.
struct GenAIMessage {
    private var role: String
    private var name: String?
    private var finishReason: String?
    private var contents: [Content] = []
    private var toolCalls: [JSONValue] = []
    private var toolResponse: JSONValue?

    private enum Content {
        case text(String)
        case reasoning(String)
        case image(url: String)

        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }
    }

    /// `nil` when the role, the parts or, for an output, the finish reason is missing.
    init?(_ value: JSONValue, isOutput: Bool) {
        guard let role = value["role"]?.stringValue, let parts = value["parts"]?.arrayValue else {
            return nil
        }
        self.init(role: role, parts: parts)
        name = value["name"]?.stringValue
        if isOutput {
            guard let reason = value["finish_reason"]?.stringValue else { return nil }
            finishReason = reason
        }
    }

    /// `nil` when a part is no object with a type.
    init?(role: String, parts: [JSONValue]) {
        self.role = role
        for part in parts {
            guard let type = part["type"]?.stringValue else { return nil }
            add(part, type)
        }
    }

    /// Takes one part; parts of unknown types and shapes leave no trace.
    private mutating func add(_ part: JSONValue, _ type: String) {
        switch type {
        case "text":
            if let text = part["content"]?.stringValue { contents.append(.text(text)) }
        case "reasoning":
            if let text = part["content"]?.stringValue { contents.append(.reasoning(text)) }
        case "tool_call":
            if part["name"]?.stringValue != nil { toolCalls.append(part) }
        case "tool_call_response":
            if part["response"] != nil { toolResponse = part }
        case "blob" where part["modality"] == "image":
            if let content = part["content"]?.stringValue {
                let type = part["mime_type"]?.stringValue ?? "image/png"
                contents.append(.image(url: "data:\(type);base64,\(content)"))
            }
        case "uri" where part["modality"] == "image":
            if let uri = part["uri"]?.stringValue { contents.append(.image(url: uri)) }
        default: break
        }
    }

    /// The message's attributes, with keys below `message.`.
    func attributes() -> [(String, JSONValue)] {
        var attributes: [(String, JSONValue)] = [("role", .string(role))]
        if let name { attributes.append(("name", .string(name))) }
        if let finishReason, !finishReason.isEmpty {
            attributes.append(("finish_reason", .string(finishReason)))
        }
        if contents.count == 1, let text = contents[0].text {
            attributes.append(("content", .string(text)))
        } else {
            for (index, content) in contents.enumerated() {
                let key = "contents.\(index).message_content"
                switch content {
                case .text(let text):
                    attributes.append(("\(key).type", "text"))
                    attributes.append(("\(key).text", .string(text)))
                case .reasoning(let text):
                    attributes.append(("\(key).type", "reasoning"))
                    attributes.append(("\(key).text", .string(text)))
                case .image(let url):
                    attributes.append(("\(key).type", "image"))
                    attributes.append(("\(key).image.image.url", .string(url)))
                }
            }
        }
        for (index, call) in toolCalls.enumerated() {
            let key = "tool_calls.\(index).tool_call"
            if let id = call["id"]?.stringValue { attributes.append(("\(key).id", .string(id))) }
            if let name = call["name"] { attributes.append(("\(key).function.name", name)) }
            if let arguments = call["arguments"], !arguments.isNull {
                attributes.append(("\(key).function.arguments", .string(Self.text(arguments))))
            }
        }
        if let toolResponse {
            if let id = toolResponse["id"]?.stringValue {
                attributes.append(("tool_call_id", .string(id)))
            }
            if let response = toolResponse["response"], !response.isNull {
                attributes.append(("content", .string(Self.text(response))))
            }
        }
        return attributes
    }

    /// A string as it is, anything else as JSON.
    static func text(_ value: JSONValue) -> String {
        value.stringValue ?? PythonText.json(value)
    }
}
