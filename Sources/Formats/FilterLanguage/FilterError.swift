/// A filter condition was refused.
///
/// The message is meant for whoever wrote the condition and quotes it; it is the sentence that the
/// validation fields and the REST routes answer with.
package struct FilterError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// Where in the trimmed condition the trouble starts, in Unicode scalars from 0, when known.
    package var position: Int?

    /// - Parameter message: Cut to ``messageLengthMax`` characters, an ellipsis included.
    package init(_ message: String, at position: Int? = nil) {
        self.message = Self.shortened(message)
        self.position = position
    }

    package var description: String { message }

    package static let messageLengthMax = 300

    private static func shortened(_ message: String) -> String {
        let scalars = message.unicodeScalars
        guard
            let end = scalars.index(
                scalars.startIndex, offsetBy: messageLengthMax, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return message }
        let cut = scalars.index(scalars.startIndex, offsetBy: messageLengthMax - 3)
        return String(scalars[..<cut]) + "..."
    }
}
