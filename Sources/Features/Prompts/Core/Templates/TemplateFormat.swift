/// How variables are written in the texts of a prompt.
package enum TemplateFormat: String, Hashable, Sendable, CaseIterable {
    /// `{{name}}`, with sections.
    case mustache = "MUSTACHE"
    /// `{name}`, as in Python.
    case fString = "F_STRING"
    /// Not at all: texts are what they are.
    case none = "NONE"
}
