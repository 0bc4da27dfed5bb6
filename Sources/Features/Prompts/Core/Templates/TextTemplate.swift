import JSON

/// A text with places for variables.
package struct TextTemplate: Sendable {
    private enum Form: Sendable {
        case mustache(MustacheTemplate)
        case fString(FStringTemplate)
        case none(String)
    }

    private let form: Form

    /// - Throws: ``TemplateError`` when the text is not written as the format has it.
    package init(_ text: String, format: TemplateFormat) throws(TemplateError) {
        form =
            switch format {
            case .mustache: .mustache(try MustacheTemplate(text))
            case .fString: .fString(try FStringTemplate(text))
            case .none: .none(text)
            }
    }

    /// The names of the variables that have to be given.
    package var variables: Set<String> {
        switch form {
        case .mustache(let template): template.variables
        case .fString(let template): template.variables
        case .none: []
        }
    }

    /// The text with the variables in their places.
    ///
    /// - Throws: ``TemplateError`` when a variable is missing, a part of one is asked for that it does
    ///   not have, or it would cost more than a ``TemplateBudget`` has.
    package func filled(with variables: JSONObject) throws(TemplateError) -> String {
        var budget = TemplateBudget()
        return try filled(with: variables, within: &budget)
    }

    func filled(
        with variables: JSONObject, within budget: inout TemplateBudget
    ) throws(TemplateError) -> String {
        let missing = self.variables.filter { variables[$0] == nil }
        guard missing.isEmpty else { throw .missing(missing) }
        return switch form {
        case .mustache(let template): try template.filled(with: variables, within: &budget)
        case .fString(let template): try template.filled(with: variables, within: &budget)
        case .none(let text): text
        }
    }
}
