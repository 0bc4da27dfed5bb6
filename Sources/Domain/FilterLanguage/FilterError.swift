/// A filter condition was refused.
///
/// The message is meant for whoever wrote the condition and quotes it; it is the sentence that the
/// validation fields and the REST routes answer with.
package struct FilterError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// Where in the trimmed condition the trouble starts, in Unicode scalars from 0, when known.
    package var position: Int?

    package init(_ message: String, at position: Int? = nil) {
        self.message = message
        self.position = position
    }

    package var description: String { message }
}
