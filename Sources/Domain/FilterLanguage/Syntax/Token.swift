/// One token of a Python expression, with the place of its first scalar.
struct Token: Sendable {
    enum Kind: Sendable, Hashable {
        case name(String)
        /// A keyword of Python, also those that no expression may hold.
        case keyword(String)
        case integer(String)
        case float(Double)
        /// `1j`, kept as its text.
        case imaginary(String)
        case string(String, isUnicode: Bool)
        case bytes(String)
        /// An f-string, as it is written.
        case formatted(String)
        case symbol(String)
        case end
    }

    var kind: Kind
    /// In scalars from 0.
    var position: Int
    /// How many brackets are open at the token, its own included.
    var depth: Int
}
