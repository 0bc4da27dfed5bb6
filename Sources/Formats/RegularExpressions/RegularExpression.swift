/// A regular expression in the language of Python's `re`, for asking whether it is found in a text.
///
/// Patterns come from users, so both compiling and searching are bounded: a pattern that is longer
/// than ``patternLengthMax`` or would need more than ``instructionsMax`` instructions is refused, and
/// a search that takes more than ``stepsMax`` steps finds nothing. Without references back to groups a
/// search takes time proportional to the length of pattern and text at most.
package struct RegularExpression: Sendable {
    package static let instructionsMax = 20_000
    package static let stepsMax = 2_000_000
    /// How many groups, counted twice, and loops a pattern may have that refers back to groups.
    static let placesMax = 256
    /// A longer text is never searched.
    package static let textLengthMax = 2_000
    /// How many bytes of UTF-8 a pattern may have.
    package static let patternLengthMax = 1 << 16

    let program: PatternProgram
    /// What the pattern stands for when that is one text only.
    private let literal: [UInt8]?

    /// - Throws: What is wrong with the pattern, in the words of Python.
    package init(_ pattern: String) throws(RegularExpressionError) {
        guard pattern.utf8.count <= Self.patternLengthMax else {
            throw RegularExpressionError(message: "the pattern is too large", position: nil)
        }
        let (node, groups, refersBack) = try PatternParser.parse(pattern)
        program = try PatternProgram(node, groups: groups, refersBack: refersBack)
        literal = node.literal.map { Array($0.utf8) }
    }

    /// What is wrong with a pattern, in the words of Python; nil when nothing is.
    package static func fault(of pattern: String) -> String? {
        do throws(RegularExpressionError) {
            _ = try RegularExpression(pattern)
            return nil
        } catch {
            return error.description
        }
    }

    /// Whether some part of the text matches.
    package func isFound(in text: String) -> Bool {
        if let literal, text.utf8.count <= Self.textLengthMax {
            var text = text
            return text.withUTF8 { Self.contains($0, literal) }
        }
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= Self.textLengthMax else { return false }
        var matcher = PatternMatcher(program, scalars)
        return matcher.search()
    }

    private static func contains(_ text: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
        guard let first = part.first else { return true }
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == first {
            if part.indices.allSatisfy({ text[start + $0] == part[$0] }) { return true }
        }
        return false
    }
}
