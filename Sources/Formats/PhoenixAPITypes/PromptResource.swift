import JSON

/// A prompt as REST shows it.
package struct PromptResource: JSONWritable, Hashable {
    package var id: String
    package var name: String
    package var description: String?
    package var sourcePromptID: String?
    package var metadata: JSONValue
    /// Whether members without a value are left out instead of being null.
    package var omitsNulls: Bool

    package init(
        id: String, name: String, description: String?, sourcePromptID: String?,
        metadata: JSONValue, omitsNulls: Bool
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.sourcePromptID = sourcePromptID
        self.metadata = metadata
        self.omitsNulls = omitsNulls
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        if description != nil || !omitsNulls { writer.member("description", description) }
        if sourcePromptID != nil || !omitsNulls {
            writer.member("source_prompt_id", sourcePromptID)
        }
        writer.key("metadata")
        writer.value(metadata)
        writer.member("id", id)
        writer.endObject()
    }
}

/// A version of a prompt as REST shows it: its documents are in the shapes in which they were sent.
package struct PromptVersionResource: JSONWritable, Hashable {
    package var id: String
    package var description: String
    /// Left out when it is empty.
    package var metadata: JSONObject
    package var modelProvider: String
    package var modelName: String
    package var template: JSONValue
    package var templateType: String
    package var templateFormat: String
    package var invocationParameters: JSONValue
    package var tools: JSONValue?
    package var responseFormat: JSONValue?

    package init(
        id: String, description: String, metadata: JSONObject, modelProvider: String,
        modelName: String, template: JSONValue, templateType: String, templateFormat: String,
        invocationParameters: JSONValue, tools: JSONValue?, responseFormat: JSONValue?
    ) {
        self.id = id
        self.description = description
        self.metadata = metadata
        self.modelProvider = modelProvider
        self.modelName = modelName
        self.template = template
        self.templateType = templateType
        self.templateFormat = templateFormat
        self.invocationParameters = invocationParameters
        self.tools = tools
        self.responseFormat = responseFormat
    }

    package func write(to writer: inout JSONWriter) {
        func document(_ name: String, _ json: JSONValue?) {
            guard let json else { return }
            writer.key(name)
            writer.value(json)
        }
        writer.beginObject()
        writer.member("description", description)
        if !metadata.isEmpty { document("metadata", .object(metadata)) }
        writer.member("model_provider", modelProvider)
        writer.member("model_name", modelName)
        document("template", template)
        writer.member("template_type", templateType)
        writer.member("template_format", templateFormat)
        document("invocation_parameters", invocationParameters)
        document("tools", tools)
        document("response_format", responseFormat)
        writer.member("id", id)
        writer.endObject()
    }
}

/// A tag of a version of a prompt as REST shows it.
package struct PromptVersionTagResource: JSONWritable, Hashable {
    package var id: String
    package var name: String
    package var description: String?

    package init(id: String, name: String, description: String?) {
        self.id = id
        self.name = name
        self.description = description
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        if let description { writer.member("description", description) }
        writer.member("id", id)
        writer.endObject()
    }
}
