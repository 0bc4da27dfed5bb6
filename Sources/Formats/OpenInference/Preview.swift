import JSON
import OTLP

/// The beginning of a long text, for lists.
package enum Preview {
    private static let maximumLength = 100

    /// The text when it has at most 100 Unicode scalars, else the first 97 and `...`.
    package static func truncated(_ text: String) -> String {
        var text = text
        return text.withUTF8 { truncated(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// The same for UTF-8, of which no more than the beginning is looked at.
    static func truncated(utf8 text: UnsafeRawBufferPointer) -> String {
        if text.count <= maximumLength { return UTF8Scan.shownText(text) }
        var index = 0
        var scalars = 0
        var cut = 0
        if text[...maximumLength].allSatisfy({ $0 < 0x80 }) {
            cut = maximumLength - 3
            scalars = maximumLength + 1
        }
        while index < text.count, scalars <= maximumLength {
            if scalars == maximumLength - 3 { cut = index }
            index += text[index] < 0x80 ? 1 : max(UTF8Scan.sequenceLength(text, at: index), 1)
            scalars += 1
        }
        if scalars <= maximumLength { return UTF8Scan.shownText(text) }
        return UTF8Scan.shownText(UnsafeRawBufferPointer(rebasing: text[..<cut])) + "..."
    }

    /// The preview of a value, as JSON when it is no string; `nil` for null.
    static func text(_ value: AttributeValue) -> String? {
        switch value {
        case .wire(let value) where value.kind == .string: truncated(utf8: value.content)
        case .wire(let value) where value.kind == .unset: nil
        case .tree(.null): nil
        default: truncated(PythonText.description(value.tree))
        }
    }
}
