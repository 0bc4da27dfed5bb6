/// What Package.swift says of its targets, read as text.
///
/// The reader knows just enough of Swift for the list of calls behind `targets:`. It knows the
/// manifest's own words `.floor("Floor", "Name", […])`, `.library("Name", …)` and
/// `.tests("Name", […])`; in any other call the first string is the name and a string that begins
/// with `Sources/` or `Tests/` is the path. The remaining strings are what the target depends on.
struct Manifest: Sendable {
    struct Target: Sendable {
        let name: String
        let path: String
        let dependencies: Set<String>
        let isTest: Bool
    }

    let targets: [Target]

    init(text: String, folders: [String]) {
        let code = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Self.withoutComment($0) }.joined(separator: "\n")
        targets = Self.elements(of: "targets: [", in: code).compactMap { call in
            var strings = Self.strings(in: call)
            var path = strings.first { $0.hasPrefix("Sources/") || $0.hasPrefix("Tests/") }
            if call.contains(".floor("), strings.count > 1 {
                path = "Sources/\(strings[0])/\(strings[1])"
                strings.removeFirst()
            }
            guard var name = strings.first else { return nil }
            if call.contains(".tests(") {
                strings.insert(name + "Tests", at: 0)
                name = strings[0]
                path = "Tests/\(name)"
            }
            if call.contains(".library(") { path = "Sources/Ground/\(name)" }
            if call.contains("log()") { strings.append("Logging") }
            return Target(
                name: name,
                path: path ?? folders.first { $0.hasSuffix("/" + name) } ?? "",
                dependencies: Set(strings.dropFirst()),
                isTest: name.hasSuffix("Tests") || name.hasSuffix("TestSupport")
            )
        }
    }

    /// The target whose folder holds `path`; the deepest one, should folders nest.
    func target(holding path: String) -> Target? {
        targets.filter { !$0.path.isEmpty && path.hasPrefix($0.path + "/") }
            .max { $0.path.utf8.count < $1.path.utf8.count }
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var inString = false
        var previous: Character = " "
        for index in line.indices {
            let character = line[index]
            if character == "\"" && previous != "\\" { inString.toggle() }
            if !inString && character == "/" && previous == "/" {
                return line[..<line.index(before: index)]
            }
            previous = character
        }
        return line
    }

    /// The elements of the last array that `opening` begins, split at its own commas.
    private static func elements(of opening: String, in code: String) -> [String] {
        guard let start = code.ranges(of: opening).last?.upperBound else { return [] }
        var elements: [String] = []
        var current = ""
        var depth = 0
        var inString = false
        for character in code[start...] {
            if character == "\"" { inString.toggle() }
            if !inString {
                if "([{".contains(character) { depth += 1 }
                if ")]}".contains(character) { depth -= 1 }
                if depth < 0 { break }
                if character == "," && depth == 0 {
                    elements.append(current)
                    current = ""
                    continue
                }
            }
            current.append(character)
        }
        return (elements + [current]).filter { $0.contains("\"") }
    }

    private static func strings(in code: String) -> [String] {
        let parts = code.split(separator: "\"", omittingEmptySubsequences: false)
        return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
    }
}
