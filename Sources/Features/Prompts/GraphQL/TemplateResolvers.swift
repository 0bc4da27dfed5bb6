import GraphQLCore
import GraphQLSupport
import JSON

/// Filling in chats that are not stored, to try them out.
enum TemplateResolvers {
    static func add(to table: inout ResolverTable) {
        table.object("Query", of: GraphQLRoot.self) { fields in
            // A field by itself is not begun when nobody waits for the answer any more.
            fields.field("applyChatTemplate") { _, arguments, _ in
                let options = arguments.object("templateOptions") ?? [:]
                let format = options["format"]?.stringValue.flatMap(TemplateFormat.init) ?? .none
                var variables = try variables(options["variables"] ?? .null)
                if let mapping = arguments.object("inputMapping") {
                    variables = try mapped(variables, mapping)
                }
                let chat = PromptInputs.template(arguments["template"] ?? [:])
                return .typed(
                    try chat.chatFilled(with: variables, format: format),
                    type: "PromptChatTemplate")
            }
        }
    }

    /// An object, or a text with one.
    private static func variables(_ value: JSONValue) throws -> JSONObject {
        if let object = value.objectValue { return object }
        // A text that is no JSON is answered like a text of something else.
        if let text = value.stringValue, let object = (try? JSON.parse(text))?.objectValue {
            return object
        }
        throw GraphQLFault.badRequest("Variables must be a dictionary or a string")
    }

    /// The variables with those that a mapping adds: parts of the variables, then literals.
    private static func mapped(
        _ variables: JSONObject, _ mapping: JSONObject
    ) throws -> JSONObject {
        var result = variables
        for (name, value) in mapping["pathMapping"]?.objectValue ?? [:] {
            guard let path = value.stringValue else {
                throw invalid(name, "\(value.text) is not a string")
            }
            let steps: [TemplatePath.Step]
            do throws(TemplatePath.Fault) {
                steps = try TemplatePath.parse(path)
            } catch {
                throw invalid(name, error.reason)
            }
            guard let part = TemplatePath.value(at: steps, in: .object(variables)) else {
                throw GraphQLFault.badRequest(
                    "JSONPath expression '\(path)' for key '\(name)' did not match any values")
            }
            result[name] = part
        }
        for (name, value) in mapping["literalMapping"]?.objectValue ?? [:] { result[name] = value }
        return result
    }

    private static func invalid(_ name: String, _ reason: String) -> GraphQLFault {
        .badRequest("Invalid JSONPath expression for key '\(name)': \(reason)")
    }
}
