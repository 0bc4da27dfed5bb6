import Testing

/// What the sources must not contain, and the few places that may.
struct BannedCalls {
    /// A piece of code that is not wanted, where it is allowed, and what to do instead.
    struct Rule: Sendable, CustomTestStringConvertible {
        let code: String
        let instead: String
        var allowedIn: [String] = []
        var testDescription: String { code }
    }

    static let rules = [
        Rule(code: "try!", instead: "throw, or check with a precondition that names the value"),
        Rule(code: "fatalError(", instead: "use preconditionFailure with a sentence"),
        Rule(code: "Task.detached", instead: "run in a task group that somebody awaits"),
        Rule(
            code: "print(",
            instead: "log a constant sentence with its values as metadata"),
        Rule(code: "NSLock(", instead: "use Mutex"),
        Rule(code: "DispatchSemaphore", instead: "use a continuation, or a thread's own condition"),
    ]

    /// Files that import the whole of Foundation, each with its reason.
    static let wholeFoundation: [String: String] = [:]

    static func foundation(_ file: SourceFile, _ module: String) -> Bool {
        module == "Foundation" && wholeFoundation[file.path] != nil
    }

    @Test(arguments: rules)
    func `the sources keep clear of banned calls`(rule: Rule) throws {
        for file in try Checkout.swiftSources()
        where !rule.allowedIn.contains(where: file.path.hasPrefix) {
            for line in file.codeLines where Self.contains(line.text, rule.code) {
                Issue.record("\(file.path):\(line.number) has \(rule.code); \(rule.instead)")
            }
        }
    }

    @Test func `an unchecked promise to the compiler says why it is safe`() throws {
        for file in try Checkout.swiftSources() {
            let lines = file.lines
            for (number, line) in file.codeLines
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                let nearby = lines[max(0, number - 8)..<number]
                #expect(
                    nearby.contains { $0.contains("SAFETY:") },
                    "\(file.path):\(number) lacks a SAFETY: comment"
                )
            }
        }
    }

    @Test func `Foundation is imported in its small form`() throws {
        for file in try Checkout.swiftSources() where file.imports.contains("Foundation") {
            #expect(
                Self.wholeFoundation[file.path] != nil,
                "\(file.path) imports Foundation; FoundationEssentials starts faster and is smaller"
            )
        }
    }

    /// Whether `code` occurs outside of string literals and is not the tail of a longer name.
    static func contains(_ line: Substring, _ code: String) -> Bool {
        var pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
        // Without its string literals, and cut at a trailing comment.
        pieces = stride(from: 0, to: pieces.count, by: 2).map { pieces[$0] }
        let bare = pieces.joined(separator: "\"\"")
        let text = bare.ranges(of: "//").first.map { bare[..<$0.lowerBound] } ?? bare[...]
        return text.ranges(of: code).contains { range in
            guard range.lowerBound > text.startIndex else { return true }
            let before = text[text.index(before: range.lowerBound)]
            return !(before.isLetter || before.isNumber || before == "_" || before == ".")
        }
    }
}
