import JSON

extension JSONValue {
    /// A chat template, in the shape of ``PromptSchemas/template``, with variables in the places of
    /// its texts. Tool calls and their results are no templates.
    ///
    /// - Throws: ``TemplateError`` when a text is not written as the format has it, a variable is
    ///   missing, or the texts would cost more than one ``TemplateBudget`` has.
    package func chatFilled(
        with variables: JSONObject, format: TemplateFormat
    ) throws(TemplateError) -> JSONValue {
        var budget = TemplateBudget()
        func filled(_ text: JSONValue?) throws(TemplateError) -> JSONValue {
            let template = try TextTemplate(text?.stringValue ?? "", format: format)
            return .string(try template.filled(with: variables, within: &budget))
        }
        var messages: [JSONValue] = []
        for var message in self["messages"]?.arrayValue ?? [] {
            if case .array(var parts)? = message["content"] {
                for index in parts.indices where parts[index]["type"]?.stringValue == "text" {
                    parts[index]["text"] = try filled(parts[index]["text"])
                }
                message["content"] = .array(parts)
            } else {
                message["content"] = try filled(message["content"])
            }
            messages.append(message)
        }
        var copy = self
        copy["messages"] = .array(messages)
        return copy
    }
}
