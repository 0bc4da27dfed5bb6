import GraphQLCore
import JSON

/// The types of which the documents of a version are made. Their values are the documents
/// themselves, in the shapes of ``PromptSchemas``.
enum PromptDocumentResolvers {
    private typealias Fields = ResolverTable.Fields<JSONValue>

    static func add(to table: inout ResolverTable) {
        addTemplates(to: &table)
        addParameters(to: &table)
        addTools(to: &table)
    }

    // MARK: Templates

    private static func addTemplates(to table: inout ResolverTable) {
        table.object("PromptStringTemplate", of: JSONValue.self) { text("template", &$0) }
        table.object("PromptChatTemplate", of: JSONValue.self) { fields in
            fields.property("messages") { template in
                .list(
                    (template["messages"]?.arrayValue ?? []).map {
                        .typed($0, type: "PromptMessage")
                    })
            }
        }
        table.object("PromptMessage", of: JSONValue.self) { fields in
            fields.property("role") { .string(role($0["role"]?.stringValue ?? "")) }
            fields.property("content") { message in
                switch message["content"] {
                case .array(let parts)?: .list(parts.map(part))
                case let text?: .list([part(["type": "text", "text": text])])
                case nil: .list([])
                }
            }
        }
        addParts(to: &table)
    }

    private static func role(_ name: String) -> String {
        switch name {
        case "assistant", "model", "ai": "AI"
        case "system", "developer": "SYSTEM"
        case "tool": "TOOL"
        default: "USER"
        }
    }

    private static func part(_ part: JSONValue) -> ResolvedValue {
        switch part["type"]?.stringValue {
        case "tool_call": .typed(part, type: "ToolCallContentPart")
        case "tool_result": .typed(part, type: "ToolResultContentPart")
        default: .typed(part, type: "TextContentPart")
        }
    }

    private static func addParts(to table: inout ResolverTable) {
        for (name, field) in [
            ("Text", "text"), ("ToolCall", "toolCall"), ("ToolResult", "toolResult"),
        ] {
            table.object("\(name)ContentPart", of: JSONValue.self) { fields in
                fields.property(field) { .typed($0, type: "\(name)ContentValue") }
            }
        }
        table.object("TextContentValue", of: JSONValue.self) { text("text", &$0) }
        table.object("ToolCallContentValue", of: JSONValue.self) { fields in
            text("toolCallId", "tool_call_id", &fields)
            object("toolCall", "tool_call", type: "ToolCallFunction", &fields)
        }
        table.object("ToolCallFunction", of: JSONValue.self) { fields in
            text("name", &fields)
            text("arguments", &fields)
        }
        table.object("ToolResultContentValue", of: JSONValue.self) { fields in
            text("toolCallId", "tool_call_id", &fields)
            // As in the contract the value is a text, in which the result is written as JSON.
            fields.property("result") { .string(($0["tool_result"] ?? .null).text) }
        }
    }

    // MARK: Parameters

    /// The value of the union of invocation parameters.
    static func parameters(_ document: JSONValue) -> ResolvedValue {
        let type = document["type"]?.stringValue ?? ""
        let content = document[type] ?? [:]
        return switch ModelProvider.Family(rawValue: type) ?? .openAI {
        case .openAI: .typed(content, type: "PromptOpenAIInvocationParameters")
        case .anthropic: .typed(content, type: "PromptAnthropicInvocationParameters")
        case .google: .typed(content, type: "PromptGoogleInvocationParameters")
        case .aws: .typed(content, type: "PromptAwsInvocationParameters")
        }
    }

    private static func addParameters(to table: inout ResolverTable) {
        table.object("PromptOpenAIInvocationParameters", of: JSONValue.self) { fields in
            for (name, member) in [
                ("temperature", "temperature"), ("maxTokens", "max_tokens"),
                ("maxCompletionTokens", "max_completion_tokens"),
                ("frequencyPenalty", "frequency_penalty"),
                ("presencePenalty", "presence_penalty"), ("topP", "top_p"), ("seed", "seed"),
                ("stop", "stop"), ("extraBody", "extra_body"),
            ] {
                value(name, member, &fields)
            }
            choice("reasoningEffort", "reasoning_effort", &fields)
        }
        table.object("PromptAwsInvocationParameters", of: JSONValue.self) { fields in
            for (name, member) in [
                ("maxTokens", "max_tokens"), ("temperature", "temperature"), ("topP", "top_p"),
                ("stopSequences", "stop_sequences"),
            ] {
                value(name, member, &fields)
            }
        }
        table.object("PromptGoogleInvocationParameters", of: JSONValue.self) { fields in
            for (name, member) in [
                ("temperature", "temperature"), ("maxOutputTokens", "max_output_tokens"),
                ("stopSequences", "stop_sequences"), ("presencePenalty", "presence_penalty"),
                ("frequencyPenalty", "frequency_penalty"), ("topP", "top_p"), ("topK", "top_k"),
            ] {
                value(name, member, &fields)
            }
            object(
                "thinkingConfig", "thinking_config", type: "PromptGoogleThinkingConfig", &fields)
        }
        table.object("PromptGoogleThinkingConfig", of: JSONValue.self) { fields in
            value("thinkingBudget", "thinking_budget", &fields)
            choice("thinkingLevel", "thinking_level", &fields)
            value("includeThoughts", "include_thoughts", &fields)
        }
        addAnthropicParameters(to: &table)
    }

    private static func addAnthropicParameters(to table: inout ResolverTable) {
        table.object("PromptAnthropicInvocationParameters", of: JSONValue.self) { fields in
            for (name, member) in [
                ("maxTokens", "max_tokens"), ("temperature", "temperature"), ("topP", "top_p"),
                ("stopSequences", "stop_sequences"), ("extraBody", "extra_body"),
            ] {
                value(name, member, &fields)
            }
            object(
                "outputConfig", "output_config", type: "PromptAnthropicOutputConfig", &fields)
            fields.property("thinking") { parameters in
                guard let thinking = parameters["thinking"] else { return .null }
                return switch thinking["type"]?.stringValue {
                case "enabled": .typed(thinking, type: "PromptAnthropicThinkingEnabled")
                case "adaptive": .typed(thinking, type: "PromptAnthropicThinkingAdaptive")
                default: .typed(thinking, type: "PromptAnthropicThinkingDisabled")
                }
            }
        }
        table.object("PromptAnthropicOutputConfig", of: JSONValue.self) { fields in
            choice("effort", "effort", &fields)
        }
        table.object("PromptAnthropicThinkingDisabled", of: JSONValue.self) { fields in
            fields.property("disabled") { _ in true }
        }
        table.object("PromptAnthropicThinkingEnabled", of: JSONValue.self) { fields in
            value("budgetTokens", "budget_tokens", &fields)
            choice("display", "display", &fields)
        }
        table.object("PromptAnthropicThinkingAdaptive", of: JSONValue.self) { fields in
            choice("display", "display", &fields)
        }
    }

    // MARK: Tools

    private static func addTools(to table: inout ResolverTable) {
        table.object("PromptTools", of: JSONValue.self) { fields in
            fields.property("tools") { tools in
                .list(
                    (tools["tools"]?.arrayValue ?? []).map { tool in
                        let isRaw = tool["type"]?.stringValue == "raw"
                        return .typed(tool, type: isRaw ? "PromptToolRaw" : "PromptToolFunction")
                    })
            }
            object("toolChoice", "tool_choice", type: "PromptToolChoice", &fields)
            value("disableParallelToolCalls", "disable_parallel_tool_calls", &fields)
        }
        table.object("PromptToolRaw", of: JSONValue.self) { value("raw", "raw", &$0) }
        table.object("PromptToolFunction", of: JSONValue.self) {
            object("function", "function", type: "PromptToolFunctionDefinition", &$0)
        }
        table.object("PromptToolFunctionDefinition", of: JSONValue.self) { fields in
            text("name", &fields)
            text("description", &fields)
            // The contract has no null here; a function without parameters takes none.
            fields.property("parameters") { .json($0["parameters"] ?? [:]) }
            value("strict", "strict", &fields)
        }
        table.object("PromptToolChoice", of: JSONValue.self) { fields in
            choice("type", "type", &fields)
            text("functionName", "function_name", &fields)
        }
        table.object("PromptResponseFormatJSONSchema", of: JSONValue.self) {
            object(
                "jsonSchema", "json_schema", type: "PromptResponseFormatJSONSchemaDefinition", &$0)
        }
        table.object("PromptResponseFormatJSONSchemaDefinition", of: JSONValue.self) { fields in
            text("name", &fields)
            text("description", &fields)
            value("schema", "schema", &fields)
            value("strict", "strict", &fields)
        }
    }

    // MARK: Members

    private static func text(_ name: String, _ fields: inout Fields) {
        text(name, name, &fields)
    }

    private static func text(_ name: String, _ member: String, _ fields: inout Fields) {
        fields.property(name) { .string($0[member]?.stringValue) }
    }

    /// A number, a flag, a list of texts, or JSON.
    private static func value(_ name: String, _ member: String, _ fields: inout Fields) {
        fields.property(name) { document in
            switch document[member] {
            case .array(let elements)? where elements.allSatisfy({ $0.stringValue != nil }):
                .list(elements.map { .scalar($0) })
            case let value: .json(value)
            }
        }
    }

    /// A word that is an enumeration in GraphQL.
    private static func choice(_ name: String, _ member: String, _ fields: inout Fields) {
        fields.property(name) { .string($0[member]?.stringValue?.uppercased()) }
    }

    private static func object(
        _ name: String, _ member: String, type: String, _ fields: inout Fields
    ) {
        fields.property(name) { document in
            document[member].map { .typed($0, type: type) } ?? .null
        }
    }
}
