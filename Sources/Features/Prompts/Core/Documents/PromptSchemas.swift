import APISupport
import JSON

/// The documents that a version of a prompt is made of, in the contract's shapes. What REST and
/// GraphQL take is checked against them, and they are stored in the same shapes.
package enum PromptSchemas {
    package static let name = Schema(
        .named(
            "Identifier",
            Schema.string.matching(
                Schema.Pattern(PromptName.pattern, matches: PromptName.isValid))))

    package static let modelProvider = Schema(
        .named("ModelProvider", .literal(ModelProvider.allCases.map(\.rawValue))))
    package static let templateType = Schema(
        .named("PromptTemplateType", .literal(PromptContent.TemplateType.allCases.map(\.rawValue))))
    package static let templateFormat = Schema(
        .named("PromptTemplateFormat", .literal(TemplateFormat.allCases.map(\.rawValue))))

    /// A literal of one value, by which objects are told apart.
    private static func type(_ tag: String) -> ObjectSchema.Field {
        .required("type", .literal([tag]))
    }

    private static func closed(_ name: String, _ fields: [ObjectSchema.Field]) -> ObjectSchema {
        ObjectSchema(name, forbidsOthers: true, fields: fields)
    }

    // MARK: Templates

    private static let textPart = closed(
        "TextContentPart", [type("text"), .required("text", .string)])

    private static let toolCallPart = closed(
        "ToolCallContentPart",
        [
            type("tool_call"), .required("tool_call_id", .string),
            .required(
                "tool_call",
                .tagged(
                    by: "type",
                    [
                        closed(
                            "ToolCallFunction",
                            [
                                type("function"), .required("name", .string),
                                .required("arguments", .string),
                            ])
                    ])),
        ])

    private static let toolResultPart = closed(
        "ToolResultContentPart",
        [
            type("tool_result"), .required("tool_call_id", .string),
            .required(
                "tool_result",
                .either([
                    .boolean, .integer, .number, .string, .dictionary, .array(of: .any), .null,
                ])),
        ])

    private static let content = Schema(
        .alternatives([
            .init("str", .string),
            .init(
                "list[tagged-union[TextContentPart,ToolCallContentPart,ToolResultContentPart]]",
                .array(
                    of: .tagged(by: "type", [textPart, toolCallPart, toolResultPart]), minItems: 1)),
        ]))

    private static let message = closed(
        "PromptMessage",
        [
            .required("role", .literal(PromptContent.roles)), .required("content", content),
        ])

    package static let template = Schema.tagged(
        by: "type",
        [
            closed(
                "PromptChatTemplate",
                [type("chat"), .required("messages", .array(of: .object(message)))]),
            closed("PromptStringTemplate", [type("string"), .required("template", .string)]),
        ])

    // MARK: Tools

    private static let tool = Schema.tagged(
        by: "type",
        [
            closed(
                "PromptToolFunction",
                [
                    type("function"),
                    .required(
                        "function",
                        .object(
                            closed(
                                "PromptToolFunctionDefinition",
                                [
                                    .required("name", .string), .optional("description", .string),
                                    .optional("parameters", .dictionary),
                                    .optional("strict", .boolean),
                                ]))),
                ]),
            closed("PromptToolRaw", [type("raw"), .required("raw", .dictionary)]),
        ])

    private static let toolChoice = Schema.tagged(
        by: "type",
        [
            closed("PromptToolChoiceNone", [type("none")]),
            closed("PromptToolChoiceZeroOrMore", [type("zero_or_more")]),
            closed("PromptToolChoiceOneOrMore", [type("one_or_more")]),
            closed(
                "PromptToolChoiceSpecificFunctionTool",
                [type("specific_function"), .required("function_name", .string)]),
        ])

    package static let tools = Schema.object(
        closed(
            "PromptTools",
            [
                type("tools"), .required("tools", .array(of: tool, minItems: 1)),
                .optional("tool_choice", toolChoice),
                .optional("disable_parallel_tool_calls", .boolean),
            ]))

    package static let responseFormat = Schema.tagged(
        by: "type",
        [
            closed(
                "PromptResponseFormatJSONSchema",
                [
                    type("json_schema"),
                    .required(
                        "json_schema",
                        .object(
                            closed(
                                "PromptResponseFormatJSONSchemaDefinition",
                                [
                                    .required("name", .string), .optional("description", .string),
                                    .optional("schema", .dictionary), .optional("strict", .boolean),
                                ]))),
                ])
        ])
}
