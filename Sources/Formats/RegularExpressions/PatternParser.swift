/// Parses the patterns of Python 3.11's `re`, with its words for what is wrong.
struct PatternParser {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let ignoreCase = Flags(rawValue: 1)
        static let multiline = Flags(rawValue: 2)
        static let dotAll = Flags(rawValue: 4)
        static let verbose = Flags(rawValue: 8)
        static let ascii = Flags(rawValue: 16)
        static let unicode = Flags(rawValue: 32)
        static let locale = Flags(rawValue: 64)
        static let types: Flags = [.ascii, .unicode, .locale]

        static let letters: [String: Flags] = [
            "i": .ignoreCase, "m": .multiline, "s": .dotAll, "x": .verbose, "a": .ascii,
            "u": .unicode, "L": .locale,
        ]
    }

    /// Groups may be nested so deep.
    private static let depthMax = 200
    private static let repeatMax = 4_294_967_295

    private var reader: PatternReader
    private var globalFlags: Flags
    private var groupCount = 1
    private var groupNames: [String: Int] = [:]
    private var openGroups: Set<Int> = []
    private var conditionPositions: [(group: Int, position: Int)] = []
    private var lookBehindGroups: Int?
    private var groupWidths: [Int: (Int, Int?)] = [:]
    private var depth = 0
    private(set) var hasBackreferences = false

    /// The number of numbered groups, the whole match counted as one.
    var groupsEnd: Int { groupCount }

    private init(_ pattern: String, flags: Flags) throws(RegularExpressionError) {
        reader = try PatternReader(pattern)
        globalFlags = flags
    }

    /// - Returns: The tree, the number of groups, and whether the pattern refers to what matched.
    static func parse(
        _ pattern: String
    ) throws(RegularExpressionError) -> (node: PatternNode, groups: Int, refersBack: Bool) {
        var parser = try PatternParser(pattern, flags: [])
        var node: PatternNode
        do throws(RestartVerbose) {
            node = try parser.whole()
        } catch {
            if let failure = error.failure { throw failure }
            // A flag for verbose patterns holds for all of the pattern, so it is read again.
            parser = try PatternParser(pattern, flags: .verbose)
            do throws(RestartVerbose) {
                node = try parser.whole()
            } catch {
                throw error.failure
                    ?? RegularExpressionError(message: "unexpected verbose flag", position: nil)
            }
        }
        var groups: [Int: (Int, Int?)] = [:]
        _ = node.width(&groups)
        return (node, parser.groupCount, parser.hasBackreferences)
    }

    /// Why parsing ended early: a fault, or a verbose flag that was not known from the start.
    private struct RestartVerbose: Error {
        var failure: RegularExpressionError?
    }

    private mutating func whole() throws(RestartVerbose) -> PatternNode {
        do throws(RegularExpressionError) {
            let isVerbose = globalFlags.contains(.verbose)
            let node = try alternatives(globalFlags, isFirst: true)
            if !isVerbose, globalFlags.contains(.verbose) { throw Self.restart }
            if reader.next != nil { throw reader.error("unbalanced parenthesis") }
            for (group, position) in conditionPositions where group >= groupCount {
                throw reader.error("invalid group reference \(group)", at: position)
            }
            return node
        } catch {
            if error == Self.restart { throw RestartVerbose() }
            throw RestartVerbose(failure: error)
        }
    }

    private static let restart = RegularExpressionError(message: "", position: -1)

    // MARK: Structure

    private mutating func alternatives(
        _ flags: Flags, isFirst: Bool = false
    ) throws(RegularExpressionError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            throw reader.error("the pattern is nested too deep")
        }
        var branches: [PatternNode] = []
        repeat {
            branches.append(try sequence(flags, isFirst: isFirst && branches.isEmpty))
        } while try reader.match("|")
        return branches.count == 1 ? branches[0] : .alternation(branches)
    }

    private mutating func sequence(
        _ outer: Flags, isFirst: Bool
    ) throws(RegularExpressionError) -> PatternNode {
        var flags = outer
        var nodes: [PatternNode] = []
        while let item = reader.next, item != "|", item != ")" {
            try reader.advance()
            if flags.contains(.verbose) {
                if item.unicodeScalars.count == 1,
                    " \t\n\r\u{0B}\u{0C}".unicodeScalars
                        .contains(item.unicodeScalars.first!)
                {
                    continue
                }
                if item == "#" {
                    while let skipped = try reader.get(), skipped != "\n" {}
                    continue
                }
            }
            switch item {
            case "[": nodes.append(try set(flags))
            case "*", "+", "?", "{": try repetition(item, of: &nodes)
            case ".": nodes.append(.any(includesNewline: flags.contains(.dotAll)))
            case "^":
                nodes.append(.position(flags.contains(.multiline) ? .lineStart : .start))
            case "$":
                nodes.append(.position(flags.contains(.multiline) ? .lineEnd : .endOrLastNewline))
            case "(":
                let isStart = isFirst && nodes.isEmpty
                if let node = try group(&flags, isStart: isStart) { nodes.append(node) }
            case let escape where escape.unicodeScalars.count == 2:
                nodes.append(try self.escape(escape, flags))
            default:
                nodes.append(literal(item.unicodeScalars.first!, flags))
            }
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private func literal(_ scalar: Unicode.Scalar, _ flags: Flags) -> PatternNode {
        .literal(scalar, ignoresCase: flags.contains(.ignoreCase))
    }

    private mutating func repetition(
        _ mark: String, of nodes: inout [PatternNode]
    ) throws(RegularExpressionError) {
        let here = reader.position
        var minimum = 0
        var maximum: Int?
        switch mark {
        case "?": maximum = 1
        case "*": break
        case "+": minimum = 1
        default:
            if reader.next == "}" {
                nodes.append(.literal("{", ignoresCase: false))
                return
            }
            let low = try reader.get(upTo: .max) { ("0"..."9").contains($0) }
            var high = low
            if try reader.match(",") {
                high = try reader.get(upTo: .max) { ("0"..."9").contains($0) }
            }
            guard try reader.match("}") else {
                nodes.append(.literal("{", ignoresCase: false))
                try reader.seek(to: here)
                return
            }
            minimum = try count(low) ?? 0
            maximum = try count(high)
            if let maximum, maximum < minimum {
                throw reader.error("min repeat greater than max repeat", at: here)
            }
        }
        guard let node = nodes.last, !node.isPosition else {
            throw reader.error("nothing to repeat", at: here - 1)
        }
        guard !node.isRepetition else {
            throw reader.error("multiple repeat", at: here - 1)
        }
        var greed = PatternNode.Greed.greedy
        if try reader.match("?") {
            greed = .lazy
        } else if try reader.match("+") {
            greed = .possessive
        }
        nodes[nodes.count - 1] = .repetition(
            node, minimum: minimum, maximum: maximum, greed)
    }

    private func count(_ digits: String) throws(RegularExpressionError) -> Int? {
        guard !digits.isEmpty else { return nil }
        guard let count = Int(digits), count < Self.repeatMax else {
            throw RegularExpressionError(
                message: "the repetition number is too large", position: nil)
        }
        return count
    }

    // MARK: Groups

    /// Reads what follows an opening parenthesis. Nil for comments and flags.
    private mutating func group(
        _ flags: inout Flags, isStart: Bool
    ) throws(RegularExpressionError) -> PatternNode? {
        let start = reader.position - 1
        guard try reader.match("?") else { return try numbered(nil, flags, start) }
        guard let item = try reader.get() else {
            throw reader.error("unexpected end of pattern")
        }
        switch item {
        case "P": return try named(flags, start)
        case ":": return .group(number: nil, try closed(flags, start))
        case "#":
            while let skipped = try reader.get() { if skipped == ")" { return nil } }
            throw reader.error("missing ), unterminated comment", at: start)
        case "=", "!":
            return .look(isAhead: true, isNegated: item == "!", try closed(flags, start))
        case "<": return try lookBehind(flags, start)
        case "(": return try condition(flags, start)
        case ">": return .atomic(try closed(flags, start))
        default:
            guard item == "-" || Flags.letters[item] != nil else {
                throw reader.error(
                    "unknown extension ?\(item)", back: item.unicodeScalars.count + 1)
            }
            guard let (added, removed) = try inlineFlags(item) else {
                guard isStart else {
                    throw reader.error(
                        "global flags not at the start of the expression", at: start)
                }
                if globalFlags.contains(.verbose), !flags.contains(.verbose) { throw Self.restart }
                flags = globalFlags
                return nil
            }
            var inner = flags.union(added).subtracting(removed)
            if !added.isDisjoint(with: .types) {
                inner = inner.subtracting(.types).union(added.intersection(.types))
            }
            return .group(number: nil, try closed(inner, start))
        }
    }

    private mutating func closed(
        _ flags: Flags, _ start: Int
    ) throws(RegularExpressionError) -> PatternNode {
        let node = try alternatives(flags)
        guard try reader.match(")") else {
            throw reader.error("missing ), unterminated subpattern", at: start)
        }
        return node
    }

    private mutating func numbered(
        _ name: String?, _ flags: Flags, _ start: Int
    ) throws(RegularExpressionError) -> PatternNode {
        let number = groupCount
        groupCount += 1
        if let name {
            if let known = groupNames[name] {
                throw reader.error(
                    "redefinition of group name '\(name)' as group \(number); was group \(known)",
                    back: name.unicodeScalars.count + 1)
            }
            groupNames[name] = number
        }
        openGroups.insert(number)
        let node = PatternNode.group(number: number, try closed(flags, start))
        openGroups.remove(number)
        _ = node.width(&groupWidths)
        return node
    }

    private mutating func named(
        _ flags: Flags, _ start: Int
    ) throws(RegularExpressionError) -> PatternNode {
        if try reader.match("<") {
            let name = try reader.get(until: ">", "group name")
            try check(name)
            return try numbered(name, flags, start)
        }
        if try reader.match("=") {
            let name = try reader.get(until: ")", "group name")
            try check(name)
            let back = name.unicodeScalars.count + 1
            guard let number = groupNames[name] else {
                throw reader.error("unknown group name '\(name)'", back: back)
            }
            return try backreference(number, flags, back: back)
        }
        guard let item = try reader.get() else { throw reader.error("unexpected end of pattern") }
        throw reader.error("unknown extension ?P\(item)", back: item.unicodeScalars.count + 2)
    }

    private func check(_ name: String) throws(RegularExpressionError) {
        guard Self.isIdentifier(name) else {
            throw reader.error(
                "bad character in group name '\(name)'", back: name.unicodeScalars.count + 1)
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first else { return false }
        guard first == "_" || first.properties.isXIDStart else { return false }
        return name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
    }

    private mutating func backreference(
        _ number: Int, _ flags: Flags, back: Int
    ) throws(RegularExpressionError) -> PatternNode {
        if openGroups.contains(number) {
            throw reader.error("cannot refer to an open group", back: back)
        }
        if let lookBehindGroups, number >= lookBehindGroups {
            throw reader.error(
                "cannot refer to group defined in the same lookbehind subpattern")
        }
        hasBackreferences = true
        return .backreference(number, ignoresCase: flags.contains(.ignoreCase))
    }

    private mutating func lookBehind(
        _ flags: Flags, _ start: Int
    ) throws(RegularExpressionError) -> PatternNode {
        guard let item = try reader.get() else { throw reader.error("unexpected end of pattern") }
        guard item == "=" || item == "!" else {
            throw reader.error("unknown extension ?<\(item)", back: item.unicodeScalars.count + 2)
        }
        let outer = lookBehindGroups
        if outer == nil { lookBehindGroups = groupCount }
        let node = try closed(flags, start)
        lookBehindGroups = outer
        var widths = groupWidths
        let width = node.width(&widths)
        guard width.minimum == width.maximum else {
            throw RegularExpressionError(
                message: "look-behind requires fixed-width pattern", position: nil)
        }
        return .look(isAhead: false, isNegated: item == "!", node)
    }

    private mutating func condition(
        _ flags: Flags, _ start: Int
    ) throws(RegularExpressionError) -> PatternNode {
        let name = try reader.get(until: ")", "group name")
        let back = name.unicodeScalars.count + 1
        let number: Int
        if Self.isIdentifier(name) {
            guard let known = groupNames[name] else {
                throw reader.error("unknown group name '\(name)'", back: back)
            }
            number = known
        } else {
            guard name.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) }),
                let value = Int(name)
            else { throw reader.error("bad character in group name '\(name)'", back: back) }
            guard value > 0 else { throw reader.error("bad group number", back: back) }
            number = value
            if !conditionPositions.contains(where: { $0.group == value }) {
                conditionPositions.append((value, reader.position - back))
            }
        }
        if let lookBehindGroups, number >= lookBehindGroups {
            throw reader.error(
                "cannot refer to group defined in the same lookbehind subpattern")
        }
        hasBackreferences = true
        let yes = try sequence(flags, isFirst: false)
        var no = PatternNode.sequence([])
        if try reader.match("|") {
            no = try sequence(flags, isFirst: false)
            if reader.next == "|" {
                throw reader.error("conditional backref with more than two branches")
            }
        }
        guard try reader.match(")") else {
            throw reader.error("missing ), unterminated subpattern", at: start)
        }
        return .condition(group: number, yes, no)
    }

    /// Reads flags up to a colon. Nil for flags of the whole pattern, which end with a parenthesis.
    private mutating func inlineFlags(
        _ first: String
    ) throws(RegularExpressionError) -> (added: Flags, removed: Flags)? {
        var added: Flags = []
        var removed: Flags = []
        var item = first
        while item != "-", item != ":" {
            guard let flag = Flags.letters[item] else {
                throw reader.error(Self.unknownFlag(item, "missing -, : or )"), back: item.count)
            }
            if flag == .locale {
                throw reader.error("bad inline flags: cannot use 'L' flag with a str pattern")
            }
            added.insert(flag)
            if !flag.isDisjoint(with: .types), added.intersection(.types) != flag {
                throw reader.error(
                    "bad inline flags: flags 'a', 'u' and 'L' are incompatible")
            }
            guard let next = try reader.get() else { throw reader.error("missing -, : or )") }
            item = next
            if item == ")" {
                globalFlags.formUnion(added)
                return nil
            }
        }
        guard item == "-" else { return (added, removed) }
        guard var flagItem = try reader.get() else { throw reader.error("missing flag") }
        var missing = "missing flag"
        repeat {
            guard let flag = Flags.letters[flagItem] else {
                throw reader.error(Self.unknownFlag(flagItem, missing), back: flagItem.count)
            }
            if !flag.isDisjoint(with: .types) {
                throw reader.error(
                    "bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
            }
            removed.insert(flag)
            missing = "missing :"
            guard let next = try reader.get() else { throw reader.error(missing) }
            flagItem = next
        } while flagItem != ":"
        if !added.isDisjoint(with: removed) {
            throw reader.error("bad inline flags: flag turned on and off", back: 1)
        }
        return (added, removed)
    }

    private static func unknownFlag(_ item: String, _ missing: String) -> String {
        item.unicodeScalars.first?.properties.isAlphabetic == true ? "unknown flag" : missing
    }

    // MARK: Characters

    private mutating func set(_ flags: Flags) throws(RegularExpressionError) -> PatternNode {
        let here = reader.position - 1
        var set = ScalarSet(
            ignoresCase: flags.contains(.ignoreCase), isASCII: flags.contains(.ascii))
        set.isNegated = try reader.match("^")
        while true {
            guard let item = try reader.get() else {
                throw reader.error("unterminated character set", at: here)
            }
            if item == "]", !set.items.isEmpty { return .set(set) }
            let (first, firstText) = try setItem(item)
            guard try reader.match("-") else {
                set.items.append(first)
                continue
            }
            guard let last = try reader.get() else {
                throw reader.error("unterminated character set", at: here)
            }
            if last == "]" {
                set.items += [first, .range(0x2D...0x2D)]
                return .set(set)
            }
            let (second, secondText) = try setItem(last)
            guard case .range(let low) = first, case .range(let high) = second,
                low.lowerBound <= high.lowerBound
            else {
                let text = "\(firstText)-\(secondText)"
                throw reader.error(
                    "bad character range \(text)", back: text.unicodeScalars.count)
            }
            set.items.append(.range(low.lowerBound...high.lowerBound))
        }
    }

    /// One member of a set, and how it is written.
    private mutating func setItem(
        _ item: String
    ) throws(RegularExpressionError) -> (ScalarSet.Item, String) {
        guard item.unicodeScalars.count == 2 else {
            let value = item.unicodeScalars.first!.value
            return (.range(value...value), item)
        }
        let letter = item.unicodeScalars.last!
        if let (category, isNegated) = Self.categories[letter] {
            return (.category(category, isNegated: isNegated), item)
        }
        if letter == "b" { return (.range(8...8), item) }
        if let (value, text) = try numericEscape(item) { return (.range(value...value), text) }
        if Self.isOctal(letter) {
            let text = item + (try reader.get(upTo: 2, while: Self.isOctal))
            let value = try octal(text)
            return (.range(value...value), text)
        }
        let value = try plainEscape(item)
        return (.range(value...value), item)
    }

    private static let categories: [Unicode.Scalar: (ScalarSet.Category, Bool)] = [
        "d": (.digit, false), "D": (.digit, true), "s": (.space, false), "S": (.space, true),
        "w": (.word, false), "W": (.word, true),
    ]

    private static let controls: [Unicode.Scalar: UInt32] = [
        "a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 0x5C,
    ]

    private static func isOctal(_ scalar: Unicode.Scalar) -> Bool { ("0"..."7").contains(scalar) }

    private func octal(_ text: String) throws(RegularExpressionError) -> UInt32 {
        let value = UInt32(text.dropFirst(), radix: 8) ?? 0
        guard value <= 0o377 else {
            throw reader.error(
                "octal escape value \(text) outside of range 0-0o377", back: text.count)
        }
        return value
    }

    /// `\x41`, `\u0041`, `\U00000041` and `\N{…}`.
    private mutating func numericEscape(
        _ item: String
    ) throws(RegularExpressionError) -> (UInt32, String)? {
        let digits: Int
        switch item {
        case "\\x": digits = 2
        case "\\u": digits = 4
        case "\\U": digits = 8
        case "\\N":
            guard try reader.match("{") else { throw reader.error("missing {") }
            let name = try reader.get(until: "}", "character name")
            // Names of characters would need a table that nothing else here needs.
            throw reader.error(
                "undefined character name '\(name)'", back: name.unicodeScalars.count + 4)
        default: return nil
        }
        let text = item + (try reader.get(upTo: digits) { $0.properties.isASCIIHexDigit })
        guard text.count == digits + 2 else {
            throw reader.error("incomplete escape \(text)", back: text.count)
        }
        guard let value = UInt32(text.dropFirst(2), radix: 16), value <= 0x10FFFF else {
            throw reader.error("bad escape \(text)", back: text.count)
        }
        return (value, text)
    }

    private func plainEscape(_ item: String) throws(RegularExpressionError) -> UInt32 {
        let letter = item.unicodeScalars.last!
        if let value = Self.controls[letter] { return value }
        if letter.isASCII, letter.properties.isAlphabetic || ("0"..."9").contains(letter) {
            throw reader.error("bad escape \(item)", back: 2)
        }
        return letter.value
    }

    private mutating func escape(
        _ item: String, _ flags: Flags
    ) throws(RegularExpressionError) -> PatternNode {
        let letter = item.unicodeScalars.last!
        let isASCII = flags.contains(.ascii)
        if let (category, isNegated) = Self.categories[letter] {
            return .set(
                ScalarSet(items: [.category(category, isNegated: isNegated)], isASCII: isASCII))
        }
        switch letter {
        case "A": return .position(.start)
        case "Z": return .position(.end)
        case "b": return .position(.wordBoundary(isNegated: false, isASCII: isASCII))
        case "B": return .position(.wordBoundary(isNegated: true, isASCII: isASCII))
        default: break
        }
        if let (value, _) = try numericEscape(item) { return scalar(value, flags) }
        if letter == "0" {
            let text = item + (try reader.get(upTo: 2, while: Self.isOctal))
            return scalar(try octal(text), flags)
        }
        if ("1"..."9").contains(letter) { return try reference(item, flags) }
        return scalar(try plainEscape(item), flags)
    }

    /// A backslash with digits: a group, or three octal digits of a character.
    private mutating func reference(
        _ item: String, _ flags: Flags
    ) throws(RegularExpressionError) -> PatternNode {
        var text = item + (try reader.get(upTo: 1) { ("0"..."9").contains($0) })
        let digits = Array(text.unicodeScalars.dropFirst())
        if digits.count == 2, digits.allSatisfy(Self.isOctal) {
            text += try reader.get(upTo: 1, while: Self.isOctal)
            if text.count == 4 { return scalar(try octal(text), flags) }
        }
        let number = Int(text.dropFirst()) ?? 0
        guard number < groupCount else {
            throw reader.error("invalid group reference \(number)", back: text.count - 1)
        }
        return try backreference(number, flags, back: text.count)
    }

    private func scalar(_ value: UInt32, _ flags: Flags) -> PatternNode {
        // Text has no surrogates, so an escape of one never matches.
        guard let scalar = Unicode.Scalar(value) else { return .set(ScalarSet()) }
        return literal(scalar, flags)
    }
}
