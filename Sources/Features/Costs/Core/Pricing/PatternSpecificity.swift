/// How precisely a pattern names a model: of several that match, the most precise one wins.
enum PatternSpecificity {
    /// The score of a pattern: points for each of its parts, and at least 1. The contract gives the
    /// points (data model, section 5).
    static func score(_ pattern: String) -> Int {
        var scanner = Scanner(pattern)
        return max(1, scanner.score())
    }

    private struct Scanner {
        private let characters: [Character]
        private var index = 0

        init(_ pattern: String) { characters = Array(pattern) }

        mutating func score() -> Int {
            var score = characters.count * 2
            switch (characters.first == "^", characters.last == "$") {
            case (true, true): score += 10_000
            case (true, false), (false, true): score += 5_000
            case (false, false): break
            }
            while index < characters.count {
                score += part()
                index += 1
            }
            return score
        }

        /// The points of the part that starts here; ends at its last character.
        private mutating func part() -> Int {
            switch characters[index] {
            case "^", "$", ")": return 0
            case "(":
                skipGroupKind()
                return 0
            case "\\": return escape()
            case "[": return set()
            case ".": return -200
            case "?": return -100
            case "+", "*": return -150
            case "|": return -300
            case "{": return braces()
            default: return 1_000
            }
        }

        /// Passes over what says which kind of group an opened one is, as in `(?:`, `(?<!` or `(?P<n>`.
        private mutating func skipGroupKind() {
            guard index + 2 < characters.count, characters[index + 1] == "?" else { return }
            var end = index + 2
            switch characters[end] {
            case "P":
                while end < characters.count - 1, characters[end] != ">" { end += 1 }
            case "<": end = min(end + 1, characters.count - 1)
            case ":", "=", "!", ">": break
            default:
                while end < characters.count - 1, characters[end] != ":", characters[end] != ")" {
                    end += 1
                }
            }
            index = end
        }

        private mutating func escape() -> Int {
            guard index + 1 < characters.count else { return 1_000 }
            index += 1
            switch characters[index] {
            case "d", "w", "s": return 400
            case "D", "W", "S": return 250
            default: return 950
            }
        }

        private mutating func set() -> Int {
            var end = index + 1
            let isNegated = end < characters.count && characters[end] == "^"
            while end < characters.count, characters[end] != "]" {
                end += characters[end] == "\\" ? 2 : 1
            }
            guard end < characters.count else { return 1_000 }
            index = end
            return isNegated ? 300 : 500
        }

        private mutating func braces() -> Int {
            guard let end = characters[index...].firstIndex(of: "}"), end > index + 1,
                characters[index + 1].isNumber,
                characters[(index + 1)..<end].allSatisfy({ $0.isNumber || $0 == "," })
            else { return 1_000 }
            let isRange = characters[index...end].contains(",")
            index = end
            return isRange ? -100 : -50
        }
    }
}
