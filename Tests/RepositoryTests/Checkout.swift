import FoundationEssentials
import Testing

/// A file of the checkout and its path from the root.
struct SourceFile: CustomTestStringConvertible, Sendable {
    let path: String
    let text: String

    var testDescription: String { path }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines with their numbers, without those that are nothing but a comment.
    var codeLines: [(number: Int, text: Substring)] {
        lines.enumerated()
            .map { (number: $0.offset + 1, text: $0.element) }
            .filter { !$0.text.drop(while: { $0 == " " }).hasPrefix("//") }
    }

    /// The modules that this file imports, whatever attributes or access levels stand before.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let keyword = words.firstIndex(of: "import"),
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || Self.accessLevels.contains($0) }
                )
            else { return nil }
            let kinds: Set = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let module = words[(keyword + 1)...].first { !kinds.contains($0) }
            return module.map { String($0.prefix(while: { $0 != "." && $0 != ";" })) }
        }
    }

    private static let accessLevels: Set = [
        "public", "package", "internal", "fileprivate", "private",
    ]
}

/// The tree that these tests were built from.
enum Checkout {
    /// Found from this file's own place: `<root>/Tests/RepositoryTests/Checkout.swift`.
    static let root: String =
        #filePath
        .split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3).joined(separator: "/")

    static func text(of path: String) throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: root + "/" + path))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Paths below `folder`, from the root, sorted; hidden files and folders are left out.
    static func paths(in folder: String) throws -> [String] {
        let below = root + "/" + folder
        guard FileManager.default.fileExists(atPath: below) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: below)
            .filter { path in
                !path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__pycache__" }
            }
            .map { folder + "/" + $0 }
            .sorted()
    }

    static func files(in folder: String, endingWith endings: String...) throws -> [SourceFile] {
        try paths(in: folder)
            .filter { path in endings.contains(where: path.hasSuffix) }
            .map { SourceFile(path: $0, text: try text(of: $0)) }
    }

    static func swiftSources() throws -> [SourceFile] {
        try files(in: "Sources", endingWith: ".swift")
    }
}
