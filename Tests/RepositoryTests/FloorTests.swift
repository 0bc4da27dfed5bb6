import Testing

/// The import graph against the drawing in Package.swift.
///
/// The compiler lets an undeclared import pass whenever that module happens to be built already, so
/// it is these tests that keep the floors.
struct FloorTests {
    let manifest: Manifest
    let sources: [SourceFile]

    init() throws {
        let folders = try Checkout.paths(in: "Sources") + Checkout.paths(in: "Tests")
        manifest = Manifest(text: try Checkout.text(of: "Package.swift"), folders: folders)
        sources = try Checkout.swiftSources()
    }

    /// Folders under `Sources/`, lowest first.
    static let floors = [
        "Ground", "Formats", "Analysis", "Platform", "Domain", "Libraries", "Features", "Edges",
        "Apps",
    ]

    /// Modules of the toolchain that any target may import.
    static let toolchain: Set = [
        "Swift", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin", "FoundationEssentials",
        "_Concurrency", "RegexBuilder",
    ]

    /// Where a module from outside may be imported: the adapters that the rest speaks through.
    static let adapters: [String: Set<String>] = [
        "NIOCore": ["HTTPServing", "GRPCServing"],
        "NIOPosix": ["HTTPServing", "GRPCServing"],
        "NIOHTTP1": ["HTTPServing", "GRPCServing"],
        "NIOTLS": ["HTTPServing", "GRPCServing"],
        "NIOSSL": ["HTTPServing", "GRPCServing"],
        "NIOConcurrencyHelpers": ["HTTPServing", "GRPCServing"],
        "CNGHTTP2": ["HTTPServing", "GRPCServing"],
        "CCrypto": ["Cryptography"],
        "CDeflate": ["Compression"],
        "CZlib": ["Compression"],
        "CZstd": ["Compression"],
        "CSQLite": ["SQLiteDatabase"],
        "CPostgreSQL": ["PostgresDatabase"],
        "WebUIAssets": ["WebUI"],
        "ArgumentParser": ["PhoenixServer", "phoenix"],
    ]

    @Test func `the manifest names every target's folder`() {
        #expect(manifest.targets.count > 5)
        for target in manifest.targets {
            #expect(!target.path.isEmpty, "\(target.name) has no folder")
        }
    }

    @Test func `targets stand in the order of their floors`() {
        var highest = 0
        for target in manifest.targets where !target.isTest {
            let floor = target.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
            guard let rank = Self.floors.firstIndex(of: floor) else {
                Issue.record("\(target.name) lies in \(target.path), which is on no floor")
                continue
            }
            #expect(rank >= highest, "\(target.name) stands above a target of a higher floor")
            highest = max(highest, rank)
        }
    }

    @Test func `a target depends only on targets that come before it`() {
        let names = Set(manifest.targets.map(\.name))
        var earlier: Set<String> = []
        for target in manifest.targets {
            let upward = target.dependencies.intersection(names).subtracting(earlier)
            #expect(upward.isEmpty, "\(target.name) depends on \(upward.sorted()), later ones")
            earlier.insert(target.name)
        }
    }

    @Test func `every source file belongs to a target`() {
        for file in sources {
            #expect(manifest.target(holding: file.path) != nil, "\(file.path) belongs to no target")
        }
    }

    @Test func `a file imports only what its target declares`() {
        for file in sources {
            guard let target = manifest.target(holding: file.path) else { continue }
            for module in file.imports where !Self.toolchain.contains(module) {
                #expect(
                    target.dependencies.contains(module) || BannedCalls.foundation(file, module),
                    "\(file.path) imports \(module), which \(target.name) does not declare"
                )
            }
        }
    }

    @Test func `packages and C libraries are imported only by their adapter`() {
        for file in sources {
            guard let target = manifest.target(holding: file.path) else { continue }
            for module in file.imports {
                guard let allowed = Self.adapters[module] else { continue }
                #expect(
                    allowed.contains(target.name),
                    "\(file.path) imports \(module); only \(allowed.sorted()) may"
                )
            }
        }
    }
}
