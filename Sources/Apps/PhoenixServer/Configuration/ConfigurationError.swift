/// A flag or an environment variable has a value that the server cannot start with.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) { self.message = message }

    package var description: String { message }
}
