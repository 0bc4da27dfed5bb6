/// What a pattern is made of.
indirect enum PatternNode {
    case literal(Unicode.Scalar, ignoresCase: Bool)
    case any(includesNewline: Bool)
    case set(ScalarSet)
    case position(Position)
    case sequence([PatternNode])
    case alternation([PatternNode])
    /// A group, counted when it has a number.
    case group(number: Int?, PatternNode)
    case repetition(PatternNode, minimum: Int, maximum: Int?, Greed)
    /// What matched inside is never given up for another way.
    case atomic(PatternNode)
    case look(isAhead: Bool, isNegated: Bool, PatternNode)
    case backreference(Int, ignoresCase: Bool)
    case condition(group: Int, PatternNode, PatternNode)

    enum Position {
        case lineStart, lineEnd, start, end, endOrLastNewline
        case wordBoundary(isNegated: Bool, isASCII: Bool)
    }

    enum Greed { case greedy, lazy, possessive }

    /// The text that alone is matched, when there is one.
    var literal: String? {
        switch self {
        case .literal(let scalar, ignoresCase: false): return String(Character(scalar))
        case .sequence(let nodes):
            var text = String.UnicodeScalarView()
            for node in nodes {
                guard case .literal(let scalar, ignoresCase: false) = node else { return nil }
                text.append(scalar)
            }
            return String(text)
        default: return nil
        }
    }

    var isPosition: Bool {
        if case .position = self { true } else { false }
    }

    var isRepetition: Bool {
        if case .repetition = self { true } else { false }
    }

    /// The fewest and most characters that can match; nil is no bound.
    ///
    /// - Parameter groups: The widths of numbered groups met so far; it is added to.
    func width(_ groups: inout [Int: (Int, Int?)]) -> (minimum: Int, maximum: Int?) {
        switch self {
        case .literal, .any, .set: return (1, 1)
        case .position, .look: return (0, 0)
        case .sequence(let nodes):
            return nodes.reduce((0, 0)) { sum, node in
                let width = node.width(&groups)
                return (Self.sum(sum.0, width.minimum), Self.sum(sum.1, width.maximum))
            }
        case .alternation(let nodes):
            let widths = nodes.map { $0.width(&groups) }
            let maxima = widths.map(\.maximum)
            return (
                widths.map(\.minimum).min() ?? 0,
                maxima.contains { $0 == nil } ? nil : maxima.compactMap { $0 }.max() ?? 0
            )
        case .group(let number, let node):
            let width = node.width(&groups)
            if let number { groups[number] = width }
            return width
        case .repetition(let node, let minimum, let maximum, _):
            let width = node.width(&groups)
            return (
                Self.product(width.minimum, minimum),
                width.maximum == 0
                    ? 0
                    : maximum.flatMap { times in width.maximum.map { Self.product($0, times) } }
            )
        case .atomic(let node): return node.width(&groups)
        case .backreference(let number, _): return groups[number] ?? (0, nil)
        case .condition(_, let yes, let no):
            return Self.alternation([yes, no]).width(&groups)
        }
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    private static func sum(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return nil }
        return sum(left, right)
    }

    private static func product(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}

/// Characters between brackets, or a class such as `\d`.
struct ScalarSet: Sendable {
    enum Category: Sendable { case digit, space, word }

    enum Item: Sendable {
        case range(ClosedRange<UInt32>)
        case category(Category, isNegated: Bool)
    }

    var items: [Item] = []
    var isNegated = false
    var ignoresCase = false
    /// Whether classes hold ASCII characters only.
    var isASCII = false

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        var found = hasItem(scalar)
        if !found, ignoresCase {
            found = hasItem(scalar.lowered) || hasItem(scalar.uppered)
        }
        return found != isNegated
    }

    private func hasItem(_ scalar: Unicode.Scalar) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar.value)
            case .category(let category, let isNegated):
                category.contains(scalar, isASCII: isASCII) != isNegated
            }
        }
    }
}

extension ScalarSet.Category {
    func contains(_ scalar: Unicode.Scalar, isASCII: Bool) -> Bool {
        if isASCII, !scalar.isASCII { return false }
        switch self {
        case .digit: return scalar.properties.generalCategory == .decimalNumber
        case .space:
            return scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
        case .word:
            if scalar == "_" { return true }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                .otherLetter, .decimalNumber, .letterNumber, .otherNumber:
                return true
            default: return false
            }
        }
    }
}

extension Unicode.Scalar {
    /// The lower-case form, when that is one character.
    var lowered: Unicode.Scalar { Self.single(properties.lowercaseMapping) ?? self }
    /// The upper-case form, when that is one character.
    var uppered: Unicode.Scalar { Self.single(properties.uppercaseMapping) ?? self }

    private static func single(_ text: String) -> Unicode.Scalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
