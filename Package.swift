// swift-tools-version:6.0
import PackageDescription

// The import graph, ground floor first: a target uses only targets that come before it.

func log(_ name: String = "Logging") -> Target.Dependency {
    .product(name: name, package: "swift-log")
}
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }

let package = Package(
    name: "phoenix",
    products: [.executable(name: "phoenix", targets: ["phoenix"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.5.4"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.65.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.15.0"),
    ],
    targets: [
        // 0 Ground
        .library("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
        .library("CMalloc"),
        .library("CDeflate", pkgConfig: "libdeflate", apt: "libdeflate-dev"),
        .library("CNGHTTP2", pkgConfig: "libnghttp2", apt: "libnghttp2-dev"),
        .library("CPostgreSQL", apt: "libpq-dev"),
        .library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
        .library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
        .library("CZstd", pkgConfig: "libzstd", apt: "libzstd-dev"),
        .floor("Ground", "BinaryText"),
        .floor("Ground", "Calendar"),
        .floor("Ground", "Cryptography", ["CCrypto"]),
        .floor("Ground", "JSON", ["BinaryText"]),
        .floor("Ground", "Locking"),
        .floor("Ground", "Diagnostics", ["Calendar", "JSON", "Locking", log()]),
        // 1 Formats
        .floor("Formats", "ArrowStream", ["JSON"]),
        .floor("Formats", "Compression", ["CDeflate", "CZlib", "CZstd"]),
        .floor("Formats", "HTTPMessages", ["BinaryText", "Calendar"]),
        .floor("Formats", "ProtobufWire"),
        .floor("Formats", "OTLP", ["BinaryText", "JSON", "ProtobufWire"]),
        .floor("Formats", "OpenInference", ["BinaryText", "Calendar", "JSON", "OTLP"]),
        .floor("Formats", "GraphQLCore", ["JSON", "Locking"]),
        .floor("Formats", "PhoenixAPITypes", ["JSON"]),
        .floor("Formats", "RegularExpressions"),
        .floor("Formats", "Tabular"),
        .floor("Formats", "TextSignatures", ["JSON"]),
        // 2 Platform
        .floor("Platform", "Lifecycle", ["CMalloc", log()]),
        .floor("Platform", "SQLCore", ["BinaryText", "JSON", "Locking"]),
        .floor("Platform", "SQLiteDatabase", ["CSQLite", "Lifecycle", "SQLCore"]),
        .floor(
            "Platform", "PostgresDatabase", ["CPostgreSQL", "Lifecycle", "Locking", "SQLCore"]),
        .floor(
            "Platform", "HTTPServing",
            [
                "BinaryText", "CNGHTTP2", "Compression", "HTTPMessages", "Lifecycle", "Locking",
                log(), nio("NIOCore"), nio("NIOPosix"), nio("NIOTLS"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        .floor(
            "Platform", "GRPCServing", ["BinaryText", "Compression", "HTTPMessages", "OTLP", log()]),
        // 3 Domain
        .floor("Domain", "PhoenixModel", ["BinaryText", "Calendar"]),
        .floor("Domain", "DomainEvents", ["JSON", "Locking", "PhoenixModel"]),
        .floor("Domain", "FilterLanguage", ["OpenInference", "SQLCore"]),
        .floor("Domain", "PhoenixSchema", ["SQLCore"]),
        .floor(
            "Domain", "APISupport",
            ["BinaryText", "HTTPMessages", "JSON", "PhoenixAPITypes", "PhoenixModel", "SQLCore"]),
        .floor(
            "Domain", "GraphQLSupport",
            [
                "APISupport", "BinaryText", "Calendar", "Cryptography", "GraphQLCore",
                "HTTPMessages", "JSON", "Locking", "PhoenixModel",
            ], resources: [.embedInCode("Explorer/Page")]),
        // 4 Features
        .floor(
            "Features", "Settings",
            [
                "APISupport", "BinaryText", "Cryptography", "GraphQLCore", "GraphQLSupport",
                "HTTPMessages", "JSON", "PhoenixAPITypes", "PhoenixModel", "SQLCore",
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Tracing",
            [
                "APISupport", "ArrowStream", "BinaryText", "Calendar", "Compression",
                "DomainEvents",
                "FilterLanguage", "GraphQLCore", "GraphQLSupport", "HTTPMessages", "JSON",
                "Lifecycle", "Locking", "OpenInference", "PhoenixAPITypes", "PhoenixModel",
                "RegularExpressions", "SQLCore", "SQLiteDatabase", "TextSignatures", log(),
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Annotations",
            [
                "APISupport", "DomainEvents", "FilterLanguage", "GraphQLCore", "GraphQLSupport",
                "HTTPMessages", "JSON", "Lifecycle", "PhoenixAPITypes", "PhoenixModel", "SQLCore",
                "Tracing", log(),
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Costs",
            [
                "BinaryText", "Cryptography", "GraphQLCore", "GraphQLSupport", "HTTPMessages",
                "JSON", "Locking", "PhoenixModel", "RegularExpressions", "SQLCore", "Tracing",
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Prompts",
            [
                "APISupport", "GraphQLCore", "GraphQLSupport", "HTTPMessages", "JSON", "Locking",
                "PhoenixAPITypes", "PhoenixModel", "SQLCore", "Tracing",
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Datasets",
            [
                "APISupport", "ArrowStream", "Compression", "Cryptography", "GraphQLCore",
                "GraphQLSupport", "HTTPMessages", "JSON", "Lifecycle", "PhoenixAPITypes",
                "PhoenixModel", "SQLCore", "Tabular", "Tracing",
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Ingestion",
            [
                "APISupport", "Compression", "Diagnostics", "GRPCServing", "HTTPMessages",
                "Lifecycle", "Locking", "OTLP", "OpenInference", "PhoenixModel", "SQLCore",
                "Tracing", log(),
            ]),
        .floor(
            "Features", "Retention",
            [
                "GraphQLCore", "GraphQLSupport", "JSON", "Lifecycle", "PhoenixModel", "SQLCore",
                "Tracing", log(),
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "LiveEvents",
            [
                "APISupport", "BinaryText", "Cryptography", "DomainEvents", "HTTPMessages", "JSON",
                "Lifecycle", "Locking", "PhoenixModel", "PostgresDatabase", "SQLCore", log(),
            ]),
        .floor(
            "Features", "Experiments",
            [
                "APISupport", "BinaryText", "Costs", "Datasets", "DomainEvents", "FilterLanguage",
                "GraphQLCore", "GraphQLSupport", "HTTPMessages", "JSON", "PhoenixAPITypes",
                "PhoenixModel", "SQLCore", "Tracing",
            ], resources: [.embedInCode("GraphQL/Schema")]),
        .floor(
            "Features", "Importing",
            [
                "BinaryText", "Calendar", "Cryptography", "JSON", "OpenInference", "PhoenixModel",
                "SQLCore", "Tracing",
            ]),
        // 5 Edges and apps
        .floor("Edges", "Probes", ["APISupport", "HTTPMessages"]),
        .floor("Edges", "WebUIAssets"),
        .floor(
            "Edges", "WebUI",
            ["APISupport", "BinaryText", "Cryptography", "HTTPMessages", "JSON", "WebUIAssets"]),
        .floor(
            "Apps", "PhoenixServer",
            [
                "APISupport", "Annotations", "Costs", "Datasets", "Diagnostics", "DomainEvents",
                "Experiments", "GRPCServing", "GraphQLCore", "GraphQLSupport", "HTTPMessages",
                "HTTPServing", "Importing", "Ingestion", "Lifecycle", "LiveEvents", "Locking",
                "PhoenixModel", "PhoenixSchema", "PostgresDatabase", "Probes", "Prompts",
                "RegularExpressions", "Retention", "SQLCore", "SQLiteDatabase", "Settings",
                "Tracing",
                "WebUI", log(),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "phoenix", dependencies: ["PhoenixServer"], path: "Sources/Apps/phoenix",
            // Packed relocations: 2.5 MB that a start need not read.
            linkerSettings: [
                .unsafeFlags(
                    ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
                    .when(platforms: [.linux], configuration: .release))
            ]),
        // Tests
        .target(
            name: "TestSupport",
            dependencies: [
                "APISupport", "HTTPMessages", "JSON", "Locking", "PhoenixModel", "PhoenixSchema",
                "PostgresDatabase", "SQLCore", "SQLiteDatabase", "Tracing",
            ],
            path: "Tests/TestSupport"),
        .target(
            name: "HTTPTestSupport",
            dependencies: [
                "CNGHTTP2", "HTTPMessages", "HTTPServing", "Locking", log(), nio("NIOCore"),
                nio("NIOPosix"),
            ],
            path: "Tests/HTTPTestSupport"),
        .tests("BinaryText"),
        .tests("Calendar"),
        .tests("Cryptography", ["BinaryText"]),
        .tests("JSON"),
        .tests("Diagnostics", ["Locking", log()]),
        .tests("ArrowStream", ["JSON"]),
        .tests("Compression", ["CZlib"]),
        .tests("HTTPMessages"),
        .tests("ProtobufWire"),
        .tests("OTLP", ["JSON", "ProtobufWire"]),
        .tests(
            "OpenInference", ["BinaryText", "JSON", "OTLP", "ProtobufWire"], exclude: ["README.md"]),
        .tests("GraphQLCore", ["JSON"], exclude: ["Corpus"]),
        .tests("RegularExpressions", ["JSON"], exclude: ["Recorded"]),
        .tests("Tabular"),
        .tests("TextSignatures", ["JSON"]),
        .tests("Lifecycle", ["Locking", log()]),
        .tests("SQLCore"),
        .tests("SQLiteDatabase", ["SQLCore"]),
        .tests("PostgresDatabase", ["SQLCore"]),
        .tests(
            "HTTPServing",
            ["Compression", "HTTPMessages", "HTTPTestSupport", "Locking", log(), nio("NIOCore")]),
        .tests(
            "GRPCServing",
            ["Compression", "HTTPMessages", "HTTPServing", "HTTPTestSupport", log()]),
        .tests(
            "FilterLanguage", ["JSON", "PhoenixModel", "SQLCore", "TestSupport", "Tracing"],
            exclude: ["Recorded"]),
        .tests("PhoenixModel"),
        .tests("DomainEvents", ["JSON", "PhoenixModel"]),
        .tests("APISupport", ["HTTPMessages", "JSON", "PhoenixModel", "SQLCore"]),
        .tests(
            "GraphQLSupport",
            [
                "APISupport", "BinaryText", "Cryptography", "GraphQLCore", "HTTPMessages", "JSON",
                "Locking", "PhoenixModel",
            ]),
        .tests(
            "Settings",
            [
                "APISupport", "GraphQLCore", "GraphQLSupport", "HTTPMessages", "JSON",
                "PhoenixModel", "SQLCore", "TestSupport", "Tracing",
            ]),
        .tests(
            "Tracing",
            [
                "APISupport", "Compression", "FilterLanguage", "GraphQLCore", "GraphQLSupport",
                "HTTPMessages", "JSON", "OpenInference", "PhoenixModel", "SQLCore", "TestSupport",
                "TextSignatures",
            ]),
        .tests(
            "Annotations",
            [
                "APISupport", "DomainEvents", "FilterLanguage", "GraphQLCore", "GraphQLSupport",
                "HTTPMessages", "JSON", "Locking", "PhoenixModel", "SQLCore", "TestSupport",
                "Tracing",
            ]),
        .tests(
            "Costs",
            [
                "FilterLanguage", "GraphQLCore", "JSON", "PhoenixModel", "RegularExpressions",
                "SQLCore", "TestSupport", "Tracing",
            ], exclude: ["Golden"]),
        .tests(
            "Prompts",
            [
                "APISupport", "Costs", "GraphQLCore", "GraphQLSupport", "HTTPMessages", "JSON",
                "PhoenixModel", "SQLCore", "TestSupport", "Tracing",
            ], exclude: ["Recorded"]),
        .tests(
            "Datasets",
            [
                "APISupport", "ArrowStream", "Compression", "GraphQLCore", "GraphQLSupport",
                "HTTPMessages", "JSON", "Locking", "PhoenixModel", "SQLCore", "TestSupport",
                "Tracing",
            ]),
        .tests(
            "Experiments",
            [
                "APISupport", "Annotations", "Costs", "Datasets", "FilterLanguage", "GraphQLCore",
                "GraphQLSupport", "HTTPMessages", "JSON", "PhoenixModel", "SQLCore", "TestSupport",
                "Tracing",
            ]),
        .tests(
            "Ingestion",
            [
                "APISupport", "Compression", "Diagnostics", "GRPCServing", "HTTPMessages",
                "HTTPTestSupport", "JSON", "Locking", "OTLP", "PhoenixModel", "ProtobufWire",
                "SQLCore", "TestSupport", "Tracing", log(),
            ]),
        .tests(
            "Retention", ["Locking", "PhoenixModel", "SQLCore", "TestSupport", "Tracing", log()]),
        .tests(
            "LiveEvents",
            ["APISupport", "DomainEvents", "HTTPMessages", "JSON", "Locking", "PhoenixModel"]),
        .tests(
            "Importing",
            ["JSON", "Locking", "PhoenixModel", "SQLCore", "TestSupport", "Tracing"]),
        .tests("Probes", ["APISupport", "HTTPMessages"]),
        .tests("WebUI", ["APISupport", "HTTPMessages", "JSON"]),
        .tests("PhoenixServer", ["Diagnostics"]),
        .testTarget(
            name: "DatabaseConformanceTests",
            dependencies: [
                "APISupport", "FilterLanguage", "PhoenixModel", "PhoenixSchema",
                "PostgresDatabase", "SQLCore", "SQLiteDatabase", "TestSupport", "Tracing",
            ]),
        .testTarget(name: "RepositoryTests"),
    ]
)

extension Target {
    /// A module of one floor, in the folder of its name.
    static func floor(
        _ floor: String, _ name: String, _ dependencies: [Dependency] = [],
        resources: [Resource]? = nil
    ) -> Target {
        .target(
            name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)",
            resources: resources)
    }

    /// The unit tests of a module, in the folder of its name.
    static func tests(
        _ name: String, _ dependencies: [Dependency] = [], exclude: [String] = []
    ) -> Target {
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies,
            path: "Tests/\(name)Tests", exclude: exclude)
    }

    /// The module map of a C library of the system.
    static func library(_ name: String, pkgConfig: String? = nil, apt: String? = nil) -> Target {
        .systemLibrary(
            name: name, path: "Sources/Ground/\(name)", pkgConfig: pkgConfig,
            providers: apt.map { [.apt([$0])] })
    }
}
