/// A pattern as instructions for ``PatternMatcher``.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        case literal(Unicode.Scalar)
        case foldedLiteral(Unicode.Scalar)
        case any(includesNewline: Bool)
        case set(ScalarSet)
        case start, end, endOrLastNewline, lineStart, lineEnd
        case wordBoundary(isNegated: Bool, isASCII: Bool)
        /// Goes on at the first, and when that fails at the second.
        case split(Int, Int)
        case jump(Int)
        case save(Int)
        case backreference(Int, ignoresCase: Bool)
        /// Runs what follows up to its `accept` as a search of its own, then goes on at `next`.
        case look(isNegated: Bool, behind: Int?, next: Int)
        case atomic(next: Int)
        case condition(group: Int, no: Int)
        /// Fails when nothing was read since the loop came by last.
        case progress(Int)
        case accept
    }

    private(set) var instructions: [Instruction] = []
    /// Two places for each group, then one for each loop.
    private(set) var placeCount: Int
    let refersBack: Bool
    private var groupWidths: [Int: (Int, Int?)] = [:]

    init(
        _ node: PatternNode, groups: Int, refersBack: Bool
    ) throws(RegularExpressionError) {
        placeCount = groups * 2
        self.refersBack = refersBack
        try add(node)
        try append(.accept)
        // Each way that is not tried yet keeps its own places.
        if refersBack, placeCount > RegularExpression.placesMax {
            throw RegularExpressionError(message: "the pattern is too large", position: nil)
        }
    }

    private mutating func append(_ instruction: Instruction) throws(RegularExpressionError) {
        guard instructions.count < RegularExpression.instructionsMax else {
            throw RegularExpressionError(message: "the pattern is too large", position: nil)
        }
        instructions.append(instruction)
    }

    /// Appends a placeholder, to be replaced when its targets are known.
    private mutating func hole() throws(RegularExpressionError) -> Int {
        try append(.accept)
        return instructions.count - 1
    }

    private mutating func add(_ node: PatternNode) throws(RegularExpressionError) {
        switch node {
        case .literal(let scalar, let ignoresCase):
            try append(ignoresCase ? .foldedLiteral(scalar.lowered) : .literal(scalar))
        case .any(let includesNewline): try append(.any(includesNewline: includesNewline))
        case .set(let set): try append(.set(set))
        case .position(let position): try append(Self.instruction(position))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .alternation(let nodes): try add(alternatives: nodes)
        case .group(let number, let node):
            guard let number else { return try add(node) }
            try append(.save(number * 2))
            try add(node)
            try append(.save(number * 2 + 1))
        case .repetition(let node, let minimum, let maximum, .possessive):
            try add(.atomic(.repetition(node, minimum: minimum, maximum: maximum, .greedy)))
        case .repetition(let node, let minimum, let maximum, let greed):
            try add(node, minimum: minimum, maximum: maximum, isLazy: greed == .lazy)
        case .atomic(let node):
            let hole = try hole()
            try add(node)
            try append(.accept)
            instructions[hole] = .atomic(next: instructions.count)
        case .look(let isAhead, let isNegated, let node):
            let width = node.width(&groupWidths)
            let hole = try hole()
            try add(node)
            try append(.accept)
            instructions[hole] = .look(
                isNegated: isNegated, behind: isAhead ? nil : width.minimum,
                next: instructions.count)
        case .backreference(let number, let ignoresCase):
            try append(.backreference(number, ignoresCase: ignoresCase))
        case .condition(let group, let yes, let no):
            let test = try hole()
            try add(yes)
            let end = try hole()
            instructions[test] = .condition(group: group, no: instructions.count)
            try add(no)
            instructions[end] = .jump(instructions.count)
        }
    }

    private static func instruction(_ position: PatternNode.Position) -> Instruction {
        switch position {
        case .lineStart: .lineStart
        case .lineEnd: .lineEnd
        case .start: .start
        case .end: .end
        case .endOrLastNewline: .endOrLastNewline
        case .wordBoundary(let isNegated, let isASCII):
            .wordBoundary(isNegated: isNegated, isASCII: isASCII)
        }
    }

    private mutating func add(
        alternatives nodes: [PatternNode]
    ) throws(RegularExpressionError) {
        var ends: [Int] = []
        for node in nodes.dropLast() {
            let split = try hole()
            try add(node)
            ends.append(try hole())
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = nodes.last { try add(last) }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func add(
        _ node: PatternNode, minimum: Int, maximum: Int?, isLazy: Bool
    ) throws(RegularExpressionError) {
        // Repeating what is empty is the same as having it once.
        var widths = groupWidths
        if node.width(&widths).maximum == 0, minimum > 1 {
            return try add(node, minimum: 1, maximum: 1, isLazy: isLazy)
        }
        for _ in 0..<minimum { try add(node) }
        func split(_ hole: Int, _ exit: Int) -> Instruction {
            isLazy ? .split(exit, hole + 1) : .split(hole + 1, exit)
        }
        guard let maximum else {
            let loop = try hole()
            let place = placeCount
            placeCount += 1
            try append(.progress(place))
            try add(node)
            try append(.jump(loop))
            instructions[loop] = split(loop, instructions.count)
            return
        }
        var holes: [Int] = []
        for _ in 0..<max(0, maximum - minimum) {
            holes.append(try hole())
            try add(node)
        }
        for hole in holes { instructions[hole] = split(hole, instructions.count) }
    }
}
