import Testing

/// The reader of Package.swift itself.
struct ManifestTests {
    static let text = """
        func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
        let package = Package(
            name: "x",
            dependencies: [.package(url: "https://host/a.git", from: "1.0.0")],
            targets: [
                .library("CZ", pkgConfig: "z", apt: "z-dev"),  // the "first" one
                .floor("Formats", "A", ["CZ", log(), nio("NIOCore")]),
                .executableTarget(name: "b", dependencies: ["A"], path: "Sources/Apps/b"),
                .testTarget(name: "ATests", dependencies: ["A"]),
            ]
        )
        """

    @Test func `names, paths and dependencies are read in order`() {
        let manifest = Manifest(text: Self.text, folders: ["Tests/ATests"])
        #expect(manifest.targets.map(\.name) == ["CZ", "A", "b", "ATests"])
        #expect(manifest.targets[1].dependencies.isSuperset(of: ["CZ", "Logging", "NIOCore"]))
        #expect(
            manifest.targets.map(\.path) == [
                "Sources/Ground/CZ", "Sources/Formats/A", "Sources/Apps/b", "Tests/ATests",
            ])
        #expect(manifest.targets.map(\.isTest) == [false, false, false, true])
    }

    @Test func `a file belongs to the target whose folder holds it`() {
        let manifest = Manifest(text: Self.text, folders: ["Tests/ATests"])
        #expect(manifest.target(holding: "Sources/Formats/A/B/C.swift")?.name == "A")
        #expect(manifest.target(holding: "Sources/Formats/AB/C.swift") == nil)
    }

    @Test func `imports are read behind attributes and kinds`() {
        let file = SourceFile(
            path: "x.swift",
            text: """
                @preconcurrency import NIOSSL
                package import JSON
                import struct HTTPMessages.HTTPRequest
                // import Nothing
                """
        )
        #expect(file.imports == ["NIOSSL", "JSON", "HTTPMessages"])
    }

    @Test(arguments: [
        ("let x = try! f()", "try!", true),
        ("debugPrint(x)", "print(", false),
        ("message.print(x)", "print(", false),
        ("log(\"print( is banned\")", "print(", false),
        ("f()  // not try!", "try!", false),
    ])
    func `a banned call counts only as code`(line: String, code: String, found: Bool) {
        #expect(BannedCalls.contains(line[...], code) == found)
    }
}
