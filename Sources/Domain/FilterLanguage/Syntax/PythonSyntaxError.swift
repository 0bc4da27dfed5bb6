/// The condition is not one Python expression.
struct PythonSyntaxError: Error, Sendable {
    var message: String
    /// In scalars from 0.
    var position: Int
    /// The sentence stands alone, without Python's words for where.
    var isPlain = false

    init(_ message: String, at position: Int, isPlain: Bool = false) {
        self.message = message
        self.position = position
        self.isPlain = isPlain
    }

    static func tooDeep(at position: Int) -> PythonSyntaxError {
        PythonSyntaxError("filter condition is nested too deeply", at: position, isPlain: true)
    }
}
