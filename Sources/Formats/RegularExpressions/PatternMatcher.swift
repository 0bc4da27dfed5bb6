/// Runs a program over one text.
///
/// It tries one way after the other. Where only the instruction and the place in the text decide what
/// can follow, a state that failed once is not tried again, which keeps the number of steps below
/// their product.
struct PatternMatcher {
    private let program: PatternProgram
    private let text: [Unicode.Scalar]
    private(set) var steps = 0

    init(_ program: PatternProgram, _ text: [Unicode.Scalar]) {
        self.program = program
        self.text = text
    }

    private struct State {
        var instruction: Int
        var place: Int
        var saved: [Int]
    }

    mutating func search() -> Bool {
        var failed = Failed(program, text.count)
        let places = emptyPlaces
        for start in 0...text.count {
            if run(from: 0, at: start, places, &failed) != nil { return true }
            if steps > RegularExpression.stepsMax { return false }
        }
        return false
    }

    private var emptyPlaces: [Int] {
        program.refersBack ? [Int](repeating: -1, count: program.placeCount) : []
    }

    /// The states that were tried, unless the pattern refers back to groups.
    private struct Failed {
        private var bits: [UInt64]
        private let width: Int
        /// What making one costs, in steps: as fast as one is taken, some words of memory are cleared.
        var steps: Int { bits.count / 8 }

        init(_ program: PatternProgram, _ length: Int) {
            width = length + 1
            bits =
                program.refersBack
                ? [] : [UInt64](repeating: 0, count: program.instructions.count * width / 64 + 1)
        }

        /// Notes a state. False when it was there before.
        mutating func insert(_ instruction: Int, _ place: Int) -> Bool {
            guard !bits.isEmpty else { return true }
            let index = instruction * width + place
            let bit = UInt64(1) << UInt64(index % 64)
            guard bits[index / 64] & bit == 0 else { return false }
            bits[index / 64] |= bit
            return true
        }
    }

    /// Where the first match that starts here ends, and what its groups are.
    private mutating func run(
        from instruction: Int, at place: Int, _ places: [Int], _ failed: inout Failed
    ) -> (end: Int, places: [Int])? {
        var waiting = [State(instruction: instruction, place: place, saved: places)]
        while var state = waiting.popLast() {
            while true {
                steps += 1
                guard steps <= RegularExpression.stepsMax else { return nil }
                guard failed.insert(state.instruction, state.place) else { break }
                let current = program.instructions[state.instruction]
                if case .accept = current { return (state.place, state.saved) }
                if case .split(let first, let second) = current {
                    var other = state
                    other.instruction = second
                    waiting.append(other)
                    state.instruction = first
                    continue
                }
                guard step(current, &state) else { break }
            }
        }
        return nil
    }

    /// Performs one instruction. False when it does not match.
    private mutating func step(
        _ instruction: PatternProgram.Instruction, _ state: inout State
    ) -> Bool {
        switch instruction {
        case .literal(let scalar):
            return read(&state) { $0 == scalar }
        case .foldedLiteral(let scalar):
            return read(&state) { $0.lowered == scalar || $0.uppered.lowered == scalar }
        case .any(let includesNewline):
            return read(&state) { includesNewline || $0 != "\n" }
        case .set(let set):
            return read(&state) { set.contains($0) }
        case .jump(let target):
            state.instruction = target
            return true
        case .save(let index):
            if program.refersBack { state.saved[index] = state.place }
            state.instruction += 1
            return true
        case .progress(let index):
            if program.refersBack {
                guard state.saved[index] != state.place else { return false }
                state.saved[index] = state.place
            }
            state.instruction += 1
            return true
        case .condition(let group, let no):
            let isSet = state.saved[group * 2 + 1] >= 0
            state.instruction = isSet ? state.instruction + 1 : no
            return true
        case .backreference(let group, let ignoresCase):
            return readAgain(group, ignoresCase, &state)
        case .look(let isNegated, let behind, let next):
            return look(isNegated, behind, next, &state)
        case .atomic(let next):
            var failed = statesOfInnerSearch()
            guard
                let match = run(
                    from: state.instruction + 1, at: state.place, state.saved, &failed)
            else { return false }
            state = State(instruction: next, place: match.end, saved: match.places)
            return true
        default:
            guard holds(instruction, at: state.place) else { return false }
            state.instruction += 1
            return true
        }
    }

    private mutating func statesOfInnerSearch() -> Failed {
        let failed = Failed(program, text.count)
        steps = min(steps + failed.steps, RegularExpression.stepsMax)
        return failed
    }

    private func read(_ state: inout State, _ matches: (Unicode.Scalar) -> Bool) -> Bool {
        guard state.place < text.count, matches(text[state.place]) else { return false }
        state.place += 1
        state.instruction += 1
        return true
    }

    private func readAgain(_ group: Int, _ ignoresCase: Bool, _ state: inout State) -> Bool {
        let start = state.saved[group * 2]
        let end = state.saved[group * 2 + 1]
        guard start >= 0, end >= start, state.place + end - start <= text.count else {
            return false
        }
        for offset in 0..<(end - start) {
            let left = text[start + offset]
            let right = text[state.place + offset]
            guard left == right || (ignoresCase && left.lowered == right.lowered) else {
                return false
            }
        }
        state.place += end - start
        state.instruction += 1
        return true
    }

    private mutating func look(
        _ isNegated: Bool, _ behind: Int?, _ next: Int, _ state: inout State
    ) -> Bool {
        let place = state.place - (behind ?? 0)
        var match: (end: Int, places: [Int])?
        if place >= 0 {
            var failed = statesOfInnerSearch()
            match = run(from: state.instruction + 1, at: place, state.saved, &failed)
        }
        guard (match != nil) != isNegated else { return false }
        if let match, !isNegated { state.saved = match.places }
        state.instruction = next
        return true
    }

    private func holds(_ instruction: PatternProgram.Instruction, at place: Int) -> Bool {
        switch instruction {
        case .start: return place == 0
        case .end: return place == text.count
        case .endOrLastNewline:
            return place == text.count || (place == text.count - 1 && text[place] == "\n")
        case .lineStart: return place == 0 || text[place - 1] == "\n"
        case .lineEnd: return place == text.count || text[place] == "\n"
        case .wordBoundary(let isNegated, let isASCII):
            let word = ScalarSet.Category.word
            let before = place > 0 && word.contains(text[place - 1], isASCII: isASCII)
            let after = place < text.count && word.contains(text[place], isASCII: isASCII)
            // Python finds no boundary, of either sort, in an empty text.
            return !text.isEmpty && (before != after) != isNegated
        default: return false
        }
    }
}
