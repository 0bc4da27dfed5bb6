import Testing

/// The checkout as a place to read: no overlong files, nothing of anyone's own machine.
struct TreeTests {
    static let linesMax = 800

    /// Files that may be longer, each with its reason.
    static let longFiles: [String: String] = [:]

    @Test func `no source file outgrows one concept`() throws {
        let files =
            try Checkout.swiftSources() + Checkout.files(in: "Tests", endingWith: ".swift", ".py")
            + Checkout.files(in: "benchmarks", endingWith: ".py")
        for file in files where Self.longFiles[file.path] == nil {
            #expect(
                file.lines.count <= Self.linesMax,
                "\(file.path) has \(file.lines.count) lines; split it by aspect"
            )
        }
    }

    @Test func `no file names a folder of the machine it was written on`() throws {
        // In two pieces, so that this file passes its own test.
        let machinePaths = ["/wo" + "rk/", "/tmp/" + "pkg", "/ro" + "ot/", "/ho" + "me/"]
        var files: [SourceFile] = []
        for folder in ["Sources", "Tests", "docs", "scripts", "benchmarks", ".ci"] {
            for path in try Checkout.paths(in: folder)
            where !path.contains(".") || Self.texts.contains(where: path.hasSuffix) {
                guard let text = try? Checkout.text(of: path) else { continue }  // A folder.
                files.append(SourceFile(path: path, text: text))
            }
        }
        for path in ["Package.swift", "Makefile", "README.md", "CONTRIBUTING.md", "SECURITY.md"] {
            files.append(SourceFile(path: path, text: try Checkout.text(of: path)))
        }
        for file in files where !file.path.hasPrefix("Tests/Fixtures/") {
            for path in machinePaths {
                #expect(!file.text.contains(path), "\(file.path) mentions \(path)")
            }
        }
    }

    private static let texts = [
        ".swift", ".md", ".py", ".txt", ".json", ".jsonl", ".h", ".modulemap", ".sql", ".html",
        ".css", ".js",
    ]

    @Test func `every decision record has its four sections`() throws {
        for file in try Checkout.files(in: "docs/adr", endingWith: ".md")
        where file.path != "docs/adr/README.md" {
            for section in ["## Context", "## Decision", "## Consequences", "## Alternatives"] {
                #expect(file.text.contains(section), "\(file.path) lacks \(section)")
            }
        }
    }

    @Test func `the readme names only make commands that exist`() throws {
        let makefile = try Checkout.text(of: "Makefile")
        for line in try Checkout.text(of: "README.md").split(separator: "\n")
        where line.hasPrefix("make ") {
            let command = line.dropFirst(5).prefix { $0.isLetter }
            #expect(makefile.contains("\n\(command):"), "README.md shows `make \(command)`")
        }
    }
}
