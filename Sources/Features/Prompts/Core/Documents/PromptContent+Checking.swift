import APISupport
import JSON

extension PromptContent {
    /// Documents that did not pass the schemas of a request, such as those that GraphQL's input
    /// objects are turned into.
    package struct Unchecked: Sendable {
        package var template: JSONValue
        package var invocationParameters: JSONValue
        package var tools: JSONValue?
        package var responseFormat: JSONValue?

        package init(
            template: JSONValue, invocationParameters: JSONValue, tools: JSONValue? = nil,
            responseFormat: JSONValue? = nil
        ) {
            self.template = template
            self.invocationParameters = invocationParameters
            self.tools = tools
            self.responseFormat = responseFormat
        }
    }

    /// Makes content of documents after checking them.
    ///
    /// - Throws: ``PromptError`` that tells the first fault and where it is.
    package init(
        checking documents: Unchecked, description: String?, modelProvider: ModelProvider,
        modelName: String, templateFormat: TemplateFormat, metadata: JSONValue
    ) throws(PromptError) {
        func checked(
            _ json: JSONValue?, _ name: String, _ schema: Schema
        ) throws(PromptError) -> JSONValue? {
            guard let json else { return nil }
            var validator = Validator()
            let decoded = validator.decode(json, as: schema, at: [.string(name)])
            if let fault = validator.issues.last {
                let place = fault.location.map { $0.stringValue ?? $0.text }
                throw PromptError(
                    .invalid, "\(place.joined(separator: ".")): \(fault.message)")
            }
            return decoded.map { schema.json(of: $0) }
        }
        self.init(
            description: description, modelProvider: modelProvider, modelName: modelName,
            templateType: .chat, templateFormat: templateFormat,
            template: try checked(documents.template, "template", PromptSchemas.template) ?? [:],
            invocationParameters: try checked(
                documents.invocationParameters, "invocation_parameters",
                PromptSchemas.invocationParameters) ?? [:],
            tools: try checked(documents.tools, "tools", PromptSchemas.tools),
            responseFormat: try checked(
                documents.responseFormat, "response_format", PromptSchemas.responseFormat),
            metadata: metadata)
        try validate()
        try requireParametersOfProvider()
    }
}
