import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// Input objects as drafts and documents.
enum PromptInputs {
    /// The scalar of names of prompts and tags.
    static let identifier = Scalar(parse: { value in
        guard let text = value.stringValue, PromptName.isValid(text) else {
            throw ScalarError(
                "Value cannot represent an Identifier: it should match the pattern "
                    + "'\(PromptName.pattern)'.")
        }
        return value
    })

    static func text(_ input: JSONObject, _ name: String) -> String? { input[name]?.stringValue }

    /// Metadata; null counts as none.
    ///
    /// - Throws: ``GraphQLFault`` when it is no object.
    static func metadata(_ value: JSONValue?) throws(GraphQLFault) -> JSONValue {
        switch value {
        case nil, .null?: return [:]
        case .object?: return value ?? [:]
        default: throw .badRequest("metadata must be a JSON object")
        }
    }

    static func tags(_ input: JSONObject) -> [PromptTagDraft] {
        (input["tags"]?.arrayValue ?? []).map {
            PromptTagDraft(
                name: $0["name"]?.stringValue ?? "", description: $0["description"]?.stringValue)
        }
    }

    /// The version that a `ChatPromptVersionInput` describes.
    ///
    /// - Throws: ``PromptError`` or ``GraphQLFault`` when it is not right.
    static func version(_ input: JSONObject) throws -> PromptContent {
        if let provider = text(input, "customProviderId") {
            throw GraphQLFault.notFound("Custom provider with ID '\(provider)' not found")
        }
        return try PromptContent(
            checking: PromptContent.Unchecked(
                template: template(input["template"] ?? [:]),
                invocationParameters: try parameters(input["invocationParameters"] ?? [:]),
                tools: try given(input["tools"]).map(tools),
                responseFormat: given(input["responseFormat"]).map(responseFormat)),
            description: text(input, "description"),
            modelProvider: text(input, "modelProvider").flatMap(ModelProvider.init) ?? .openAI,
            modelName: text(input, "modelName") ?? "",
            templateFormat: text(input, "templateFormat").flatMap(TemplateFormat.init) ?? .none,
            metadata: try metadata(input["metadata"]))
    }

    /// A value that is there and not null.
    private static func given(_ value: JSONValue?) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        return value
    }

    /// An object of those members that have a value.
    private static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(JSONObject(members.compactMap { name, value in given(value).map { (name, $0) } }))
    }

    // MARK: Templates

    /// The chat that a `PromptChatTemplateInput` describes.
    static func template(_ input: JSONValue) -> JSONValue {
        let messages = (input["messages"]?.arrayValue ?? []).map { message in
            object([
                ("role", message["role"]?.stringValue.map { .string($0.lowercased()) }),
                ("content", .array((message["content"]?.arrayValue ?? []).map(part))),
            ])
        }
        return ["type": "chat", "messages": .array(messages)]
    }

    private static func part(_ input: JSONValue) -> JSONValue {
        if let call = given(input["toolCall"]) {
            let function = call["toolCall"] ?? [:]
            return object([
                ("type", "tool_call"), ("tool_call_id", call["toolCallId"]),
                (
                    "tool_call",
                    object([
                        ("type", "function"), ("name", function["name"]),
                        ("arguments", function["arguments"]),
                    ])
                ),
            ])
        }
        if let result = given(input["toolResult"]) {
            var part = object([("type", "tool_result"), ("tool_call_id", result["toolCallId"])])
            part["tool_result"] = toolResult(result["result"] ?? .null)
            return part
        }
        return object([("type", "text"), ("text", input["text"]?["text"])])
    }

    /// As in the contract a text that is JSON stands for that.
    private static func toolResult(_ value: JSONValue) -> JSONValue {
        guard let text = value.stringValue else { return value }
        // A text that is no JSON stands for itself.
        return (try? JSON.parse(text)) ?? value
    }

    // MARK: Parameters

    private static func parameters(_ input: JSONValue) throws(GraphQLFault) -> JSONValue {
        for family in ModelProvider.Family.allCases {
            guard let content = given(input[family.rawValue])?.objectValue else { continue }
            if let extra = given(content["extraBody"]), extra.objectValue == nil {
                throw .badRequest("extra_body must be a JSON object")
            }
            return ["type": .string(family.rawValue), family.rawValue: snakeCase(content)]
        }
        return [:]
    }

    /// Members that have a value, under the names of the documents, enumerations as their words.
    private static func snakeCase(_ input: JSONObject) -> JSONValue {
        object(
            input.map { name, value in
                switch name {
                // As in the contract no stop sequences are the same as none.
                case "stop", "stopSequences":
                    let isEmpty = value.arrayValue?.isEmpty ?? true
                    return (name == "stop" ? "stop" : "stop_sequences", isEmpty ? nil : value)
                case "extraBody": return ("extra_body", value)
                case "thinking": return ("thinking", given(value).map(thinking))
                case "outputConfig", "thinkingConfig":
                    return (
                        name == "outputConfig" ? "output_config" : "thinking_config",
                        value.objectValue.map(snakeCase)
                    )
                case "reasoningEffort", "effort", "thinkingLevel", "display":
                    return (snakeCase(name), value.stringValue.map { .string($0.lowercased()) })
                default: return (snakeCase(name), value)
                }
            })
    }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { result, character in
            if character.isUppercase { result.append("_") }
            result += character.lowercased()
        }
    }

    private static func thinking(_ input: JSONValue) -> JSONValue {
        for type in ["enabled", "adaptive"] {
            guard let content = given(input[type])?.objectValue else { continue }
            var thinking: JSONValue = ["type": .string(type)]
            for (name, value) in snakeCase(content).objectValue ?? [:] { thinking[name] = value }
            return thinking
        }
        return ["type": "disabled"]
    }

    // MARK: Tools

    private static func tools(_ input: JSONValue) throws(GraphQLFault) -> JSONValue {
        var tools: [JSONValue] = []
        for tool in input["tools"]?.arrayValue ?? [] { tools.append(try self.tool(tool)) }
        return object([
            ("type", "tools"), ("tools", .array(tools)),
            ("tool_choice", given(input["toolChoice"]).map(toolChoice)),
            ("disable_parallel_tool_calls", input["disableParallelToolCalls"]),
        ])
    }

    private static func tool(_ input: JSONValue) throws(GraphQLFault) -> JSONValue {
        if let function = given(input["function"]) {
            return [
                "type": "function",
                "function": object(
                    ["name", "description", "parameters", "strict"].map { ($0, function[$0]) }),
            ]
        }
        guard let raw = input["raw"], raw.objectValue != nil else {
            throw .badRequest("PromptToolInput.raw must be a JSON object")
        }
        return ["type": "raw", "raw": raw]
    }

    private static func toolChoice(_ input: JSONValue) -> JSONValue {
        if let function = given(input["functionName"]) {
            return ["type": "specific_function", "function_name": function]
        }
        // As in the contract it matters which of the flags is there, and not what it says.
        for (name, type) in [("none", "none"), ("zeroOrMore", "zero_or_more")]
        where given(input[name]) != nil {
            return ["type": .string(type)]
        }
        return ["type": "one_or_more"]
    }

    private static func responseFormat(_ input: JSONValue) -> JSONValue {
        let definition = input["jsonSchema"] ?? [:]
        return [
            "type": "json_schema",
            "json_schema": object(
                ["name", "description", "schema", "strict"].map { ($0, definition[$0]) }),
        ]
    }
}
