/// A template that cannot be read, or not be filled in with the variables given.
package struct TemplateError: Error, Hashable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }

    static func missing(_ names: some Sequence<String>) -> TemplateError {
        TemplateError("Missing template variable(s): \(names.sorted().joined(separator: ", "))")
    }
}
