import JSON

/// Everything that somebody writes in a version of a prompt. The documents are in the shapes of
/// ``PromptSchemas``.
package struct PromptContent: Hashable, Sendable {
    package enum TemplateType: String, Hashable, Sendable, CaseIterable {
        /// One text, as old versions have it. New versions are chats.
        case text = "STR"
        case chat = "CHAT"
    }

    /// Who may speak in a chat.
    package static let roles = ["user", "assistant", "model", "ai", "tool", "system", "developer"]

    package var description: String?
    package var modelProvider: ModelProvider
    package var modelName: String
    package var templateType: TemplateType
    package var templateFormat: TemplateFormat
    package var template: JSONValue
    /// In the form of the provider's family.
    package private(set) var invocationParameters: JSONValue
    package var tools: JSONValue?
    package var responseFormat: JSONValue?
    /// A JSON object.
    package var metadata: JSONValue

    package init(
        description: String? = nil, modelProvider: ModelProvider, modelName: String,
        templateType: TemplateType = .chat, templateFormat: TemplateFormat = .mustache,
        template: JSONValue, invocationParameters: JSONValue, tools: JSONValue? = nil,
        responseFormat: JSONValue? = nil, metadata: JSONValue = [:]
    ) {
        self.description = description
        self.modelProvider = modelProvider
        self.modelName = modelName
        self.templateType = templateType
        self.templateFormat = templateFormat
        self.template = template
        self.invocationParameters = Self.normalized(parameters: invocationParameters)
        self.tools = tools
        self.responseFormat = responseFormat
        self.metadata = metadata
    }
}

extension PromptContent {
    /// Checks what the shapes of the documents cannot say.
    ///
    /// - Throws: ``PromptError`` with code `invalid`.
    func validate() throws(PromptError) {
        guard templateType == .chat, template["type"] == "chat" else {
            throw PromptError(.invalid, "Only CHAT template type is supported for prompts")
        }
        for document in [template, invocationParameters, tools, responseFormat, metadata] {
            try document?.requireStorable()
        }
    }

    /// - Throws: ``PromptError`` with code `invalid`.
    func requireParametersOfProvider() throws(PromptError) {
        let given = invocationParameters["type"]?.stringValue ?? ""
        let expected = modelProvider.family.rawValue
        guard given == expected else {
            throw PromptError(
                .invalid,
                "Invocation parameters variant '\(given)' does not match model provider "
                    + "'\(modelProvider.rawValue)' (expected '\(expected)').")
        }
    }

    /// Invocation parameters in the form of their family: providers that take what OpenAI takes
    /// have them as those of OpenAI.
    static func normalized(parameters: JSONValue) -> JSONValue {
        guard let type = parameters["type"]?.stringValue, let inner = parameters[type],
            ModelProvider.withOwnParameters.contains(where: {
                $0.parametersType == type && $0.family == .openAI
            })
        else { return parameters }
        let family = ModelProvider.Family.openAI.rawValue
        return ["type": .string(family), family: inner]
    }
}

extension JSONValue {
    /// - Throws: ``PromptError`` when JSON has no word for a number in here, or it was too large to
    ///   be read as it was written.
    func requireStorable() throws(PromptError) {
        guard isStorable else {
            throw PromptError(
                .invalid, "A number in the request is not finite, or too large to be stored.")
        }
    }

    private var isStorable: Bool {
        switch self {
        case .double(let number): number.isFinite
        case .integer(let number): number != .max && number != .min
        case .array(let elements): elements.allSatisfy(\.isStorable)
        case .object(let members): members.allSatisfy(\.value.isStorable)
        default: true
        }
    }
}
