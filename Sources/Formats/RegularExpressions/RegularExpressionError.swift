/// A pattern that is no regular expression. The wording is that of Python's `re`, as the contract
/// shows it.
package struct RegularExpressionError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// The number of characters before the fault; nil when it has no place.
    package var position: Int?

    package var description: String {
        guard let position else { return message }
        return "\(message) at position \(position)"
    }
}
