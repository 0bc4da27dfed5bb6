import APISupport

extension PromptSchemas {
    /// The parameters of calls, by provider.
    package static let invocationParameters = Schema.tagged(
        by: "type",
        ModelProvider.withOwnParameters.map { provider in
            let name = "Prompt\(provider.shapeName)InvocationParameters"
            let type = provider.parametersType
            return ObjectSchema(
                name, forbidsOthers: true,
                fields: [
                    .required("type", .literal([type])),
                    .required(
                        type,
                        .object(
                            ObjectSchema(
                                "\(name)Content", forbidsOthers: true,
                                fields: fields(of: provider.family),
                                rule: provider.family == .anthropic ? thinkingRule : nil))),
                ])
        })

    private static func fields(of family: ModelProvider.Family) -> [ObjectSchema.Field] {
        switch family {
        case .openAI:
            [
                .optional("temperature", .number), .optional("max_tokens", .integer),
                .optional("max_completion_tokens", .integer),
                .optional("frequency_penalty", .number), .optional("presence_penalty", .number),
                .optional("top_p", .number), .optional("seed", .integer),
                .optional("stop", .array(of: .string)),
                .optional(
                    "reasoning_effort",
                    .literal(["none", "minimal", "low", "medium", "high", "xhigh"])),
                .optional("extra_body", .dictionary),
            ]
        case .anthropic:
            [
                .required("max_tokens", .integer), .optional("temperature", .number),
                .optional("top_p", .number), .optional("stop_sequences", .array(of: .string)),
                .optional(
                    "output_config",
                    .object(
                        ObjectSchema(
                            "PromptAnthropicOutputConfig", forbidsOthers: true,
                            fields: [
                                .optional(
                                    "effort", .literal(["low", "medium", "high", "xhigh", "max"]))
                            ]))),
                .optional("thinking", thinking), .optional("extra_body", .dictionary),
            ]
        case .google:
            [
                .optional("temperature", .number), .optional("max_output_tokens", .integer),
                .optional("stop_sequences", .array(of: .string)),
                .optional("presence_penalty", .number), .optional("frequency_penalty", .number),
                .optional("top_p", .number), .optional("top_k", .integer),
                .optional(
                    "thinking_config",
                    .object(
                        ObjectSchema(
                            "PromptGoogleThinkingConfig", forbidsOthers: true,
                            fields: [
                                .optional("thinking_budget", .integer),
                                .optional(
                                    "thinking_level",
                                    .literal(["minimal", "low", "medium", "high"])),
                                .optional("include_thoughts", .boolean),
                            ]))),
            ]
        case .aws:
            [
                .optional("max_tokens", .integer), .optional("temperature", .number),
                .optional("top_p", .number), .optional("stop_sequences", .array(of: .string)),
            ]
        }
    }

    // MARK: Thinking of Anthropic's models

    private static let display = ObjectSchema.Field.optional(
        "display", .literal(["summarized", "omitted"]))

    private static let thinking = Schema.tagged(
        by: "type",
        [
            ObjectSchema(
                "PromptAnthropicThinkingConfigDisabled", forbidsOthers: true,
                fields: [.required("type", .literal(["disabled"]))]),
            ObjectSchema(
                "PromptAnthropicThinkingConfigEnabled", forbidsOthers: true,
                fields: [
                    .required("type", .literal(["enabled"])),
                    .required("budget_tokens", .integer(atLeast: 1024)), display,
                ]),
            ObjectSchema(
                "PromptAnthropicThinkingConfigAdaptive", forbidsOthers: true,
                fields: [.required("type", .literal(["adaptive"])), display]),
        ])

    /// Thinking counts as output, so its budget must leave room for an answer.
    private static let thinkingRule: ObjectSchema.Rule = { members in
        guard let budget = members["thinking"].object?["budget_tokens"].integer,
            let maximum = members["max_tokens"].integer, budget >= maximum
        else { return nil }
        return "The thinking budget must be less than max tokens."
    }
}
