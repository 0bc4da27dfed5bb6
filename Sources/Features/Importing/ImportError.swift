/// An import that cannot begin or go on. The message is a sentence for whoever started it.
package struct ImportError: Error, Sendable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
