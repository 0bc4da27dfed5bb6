import APISupport
import JSON

/// The bodies of requests and answers.
extension PromptSchemas {
    private static let promptFields: [ObjectSchema.Field] = [
        .required("name", name), .optional("description", .string.orNull),
        .optional("source_prompt_id", .string.orNull), .optional("metadata", .dictionary.orNull),
    ]

    private static let versionFields: [ObjectSchema.Field] = [
        .optional("description", .string.orNull),
        .optional("metadata", .dictionary.described("Anything.")),
        .required("model_provider", modelProvider), .required("model_name", .string),
        .required("template", template), .required("template_type", templateType),
        .required("template_format", templateFormat),
        .required("invocation_parameters", invocationParameters),
        .optional("tools", tools.orNull), .optional("response_format", responseFormat.orNull),
    ]

    private static let tagFields: [ObjectSchema.Field] = [
        .required("name", name), .optional("description", .string.orNull),
    ]

    private static let id = ObjectSchema.Field.required("id", .string)

    // MARK: Requests

    private static let newPrompt = ObjectSchema("PromptData", fields: promptFields)

    private static let newVersion = ObjectSchema(
        "PromptVersionData", fields: versionFields,
        rule: { members in
            let isChat = members["template"].object?["type"].string == "chat"
            let saysChat =
                members["template_type"].string == PromptContent.TemplateType.chat.rawValue
            return isChat == saysChat ? nil : "Template type does not match template"
        })

    static let newTag = ObjectSchema("PromptVersionTagData", fields: tagFields)

    static let createPrompt = ObjectSchema(
        "CreatePromptRequestBody",
        fields: [
            .required("prompt", .object(newPrompt)), .required("version", .object(newVersion)),
        ])

    static let createVersion = ObjectSchema(
        "CreatePromptVersionRequestBody",
        fields: [
            .required("version", .object(newVersion)),
            .optional("tags", Schema.array(of: .object(newTag)).orNull),
        ])

    static let patchPrompt = ObjectSchema(
        "PatchPromptRequestBody",
        description: "What is left out stays as it is.",
        fields: [
            .optional("description", .string.orNull.described("Null takes it away.")),
            .optional("metadata", .dictionary.described("Takes the place of all metadata.")),
        ],
        rule: { members in
            members.given.isEmpty ? "at least one field must be provided" : nil
        })

    // MARK: Answers

    private static let prompt = Schema.object(ObjectSchema("Prompt", fields: promptFields + [id]))
    private static let version = Schema.object(
        ObjectSchema("PromptVersion", fields: versionFields + [id]))
    private static let tag = Schema.object(
        ObjectSchema("PromptVersionTag", fields: tagFields + [id]))

    static let prompts = ObjectSchema.page("GetPromptsResponseBody", of: prompt)
    static let patchedPrompt = ObjectSchema.envelope("PatchPromptResponseBody", prompt)
    static let versions = ObjectSchema.page("GetPromptVersionsResponseBody", of: version)
    static let tags = ObjectSchema.page("GetPromptVersionTagsResponseBody", of: tag)

    /// An answer with one version.
    static func version(_ name: String) -> ObjectSchema { .envelope(name, version) }
}

extension PromptContent {
    /// What the contract's shape of a new version admitted.
    init(_ version: DecodedObject) {
        func document(_ name: String, _ schema: Schema) -> JSONValue? {
            guard !version[name].isNull else { return nil }
            return schema.json(of: version[name])
        }
        self.init(
            description: version["description"].string,
            modelProvider: ModelProvider(rawValue: version.text("model_provider")) ?? .openAI,
            modelName: version.text("model_name"),
            templateType: TemplateType(rawValue: version.text("template_type")) ?? .chat,
            templateFormat: TemplateFormat(rawValue: version.text("template_format")) ?? .none,
            template: document("template", PromptSchemas.template) ?? [:],
            invocationParameters: document(
                "invocation_parameters", PromptSchemas.invocationParameters) ?? [:],
            tools: document("tools", PromptSchemas.tools),
            responseFormat: document("response_format", PromptSchemas.responseFormat),
            metadata: version["metadata"].json ?? [:])
    }
}

extension PromptTagDraft {
    init(_ tag: DecodedObject) {
        self.init(name: tag.text("name"), description: tag["description"].string)
    }
}
