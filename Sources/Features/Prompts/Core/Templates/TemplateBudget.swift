/// What filling in the texts of one chat may still cost.
///
/// Sections repeat what is in them, and fields may name much to show little of it, so that a short
/// template could otherwise take any time and make a text without end.
struct TemplateBudget {
    /// How long the texts may become together, in bytes.
    static let bytesMax = 16 << 20
    static let stepsMax = 250_000

    private var bytes = Self.bytesMax
    private var steps = Self.stepsMax

    /// Adds a part to the text that is being made.
    mutating func append(_ part: String, to text: inout String) throws(TemplateError) {
        let count = part.utf8.count
        guard count <= bytes else { throw Self.tooLong }
        bytes -= count
        text += part
    }

    /// - Parameters:
    ///   - count: Parts of a template that are looked at, and scopes that a name is looked for in.
    ///   - text: A text that is looked through.
    mutating func take(_ count: Int = 1, readingThrough text: String = "") throws(TemplateError) {
        steps -= count + text.utf8.count / 32
        guard steps >= 0 else { throw Self.tooLong }
    }

    private static let tooLong = TemplateError(
        "The text would be too long. Give the sections fewer elements.")
}
