import FilterLanguage
import JSON

/// Values as Python's `str` writes them, which is how the contract joins the elements of a list.
enum PythonValueText {
    static func of(_ value: JSONValue) -> String {
        if case .string(let text) = value { return text }
        return literal(value)
    }

    private static func literal(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .integer(let number): "\(number)"
        case .double(let number): PythonText.float(number)
        case .number(let text): text
        case .string(let text): PythonText.quoted(text)
        case .array(let elements): "[\(elements.map(literal).joined(separator: ", "))]"
        case .object(let object): "{\(members(object))}"
        }
    }

    private static func members(_ object: JSONObject) -> String {
        object.map { "\(PythonText.quoted($0.key)): \(literal($0.value))" }
            .joined(separator: ", ")
    }
}
