/// Reads the characters of a pattern, with a backslash and what follows it as one.
struct PatternReader {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    /// The next item: one character, or a backslash with its character. Nil at the end.
    private(set) var next: String?

    init(_ pattern: String) throws(RegularExpressionError) {
        scalars = Array(pattern.unicodeScalars)
        try advance()
    }

    /// The number of characters before ``next``.
    var position: Int { index - (next?.unicodeScalars.count ?? 0) }

    mutating func advance() throws(RegularExpressionError) {
        guard index < scalars.count else {
            next = nil
            return
        }
        var item = String(Character(scalars[index]))
        if item == "\\" {
            guard index + 1 < scalars.count else {
                throw RegularExpressionError(
                    message: "bad escape (end of pattern)", position: scalars.count - 1)
            }
            item.unicodeScalars.append(scalars[index + 1])
            index += 1
        }
        index += 1
        next = item
    }

    mutating func get() throws(RegularExpressionError) -> String? {
        let item = next
        try advance()
        return item
    }

    /// Reads past `item` when it comes next.
    mutating func match(_ item: String) throws(RegularExpressionError) -> Bool {
        guard next == item else { return false }
        try advance()
        return true
    }

    mutating func get(
        upTo count: Int, while isWanted: (Unicode.Scalar) -> Bool
    ) throws(RegularExpressionError) -> String {
        var result = ""
        for _ in 0..<count {
            guard let item = next, item.unicodeScalars.count == 1,
                isWanted(item.unicodeScalars.first!)
            else { break }
            result += item
            try advance()
        }
        return result
    }

    mutating func get(
        until terminator: String, _ name: String
    ) throws(RegularExpressionError) -> String {
        var result = ""
        while true {
            guard let item = try get() else {
                if result.isEmpty { throw error("missing \(name)") }
                throw error(
                    "missing \(terminator), unterminated name",
                    back: result.unicodeScalars.count)
            }
            if item == terminator {
                if result.isEmpty { throw error("missing \(name)", back: 1) }
                return result
            }
            result += item
        }
    }

    /// Goes back to a place that ``position`` named.
    mutating func seek(to position: Int) throws(RegularExpressionError) {
        index = position
        try advance()
    }

    func error(_ message: String, back: Int = 0) -> RegularExpressionError {
        RegularExpressionError(message: message, position: position - back)
    }

    func error(_ message: String, at position: Int) -> RegularExpressionError {
        RegularExpressionError(message: message, position: position)
    }
}
