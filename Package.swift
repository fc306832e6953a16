// swift-tools-version: 6.2
import PackageDescription

/// The targets of docs/explanation/architecture.md, bottom to top.
/// Each lists the targets of ours that it may import; `ArchitectureTests` holds the sources to it.
let package = Package(
    name: "outgrow",
    platforms: [.macOS(.v15)],
    products: [
        // No `.executable`: this package has it anyway, and a declared one would make every package that depends on
        // the library fetch and build what the command line needs.
        .library(name: "OutgrowStorage", targets: ["OutgrowStorage"]),
        .library(name: "OutgrowStorageConformance", targets: ["OutgrowStorageConformance"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.1.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        // Their names must be unlike those of any other package in an application: a C module cannot be aliased, and
        // several packages have a CSQLite.
        .systemLibrary(name: "COutgrowSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COutgrowLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        .target(name: "Diagnostics"),
        .target(name: "Threading"),
        .target(name: "SQLiteSyntax", dependencies: ["Diagnostics"]),
        .target(name: "Schema", dependencies: ["SQLiteSyntax", "Diagnostics"]),
        // It embeds the files of Compatibility/SQL.
        .target(name: "COutgrowCompatibility"),
        .target(name: "Compatibility", dependencies: ["COutgrowCompatibility"], exclude: ["SQL"]),
        // Profiles/mappings is a link to the folder at the top, where people look for it.
        .target(
            name: "Translation", dependencies: ["Compatibility", "Schema", "SQLiteSyntax", "Diagnostics"],
            exclude: ["Profiles/mappings/schema.json"],
            resources: ["standard", "django", "peewee", "rails", "sqlalchemy"].map {
                .embedInCode("Profiles/mappings/\($0).json5")
            }),
        .target(name: "PostgresDDL", dependencies: ["Compatibility", "Schema", "Diagnostics"]),
        .target(name: "SQLiteClient", dependencies: ["COutgrowSQLite", "Diagnostics"]),
        .target(name: "PostgresClient", dependencies: ["COutgrowLibPQ", "Threading", "Diagnostics"]),
        .target(name: "LocalPostgres", dependencies: ["PostgresClient", "Threading", "Diagnostics"]),
        .target(name: "CopyEncoding", dependencies: ["SQLiteClient", "Schema", "Diagnostics"]),
        .target(
            name: "Inspection",
            dependencies: ["SQLiteClient", "SQLiteSyntax", "Schema", "CopyEncoding", "Diagnostics"]),
        .target(
            name: "CopyEngine",
            dependencies: [
                "SQLiteClient", "PostgresClient", "PostgresDDL", "CopyEncoding", "Schema", "Diagnostics",
            ]),
        .target(
            name: "Verification",
            dependencies: [
                "SQLiteClient", "PostgresClient", "PostgresDDL", "CopyEncoding", "Schema", "Diagnostics",
            ]),
        .target(
            name: "OutgrowStorage",
            dependencies: [
                "SQLiteClient", "PostgresClient", "Threading", "Diagnostics",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ]),
        .target(name: "OutgrowStorageConformance", dependencies: ["OutgrowStorage"]),
        .target(name: "COutgrowProgramPages"),
        .target(
            name: "Monitoring",
            dependencies: [
                "COutgrowProgramPages", "SQLiteClient", "Threading", "Diagnostics",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        // Writes to a database and logs what it felt, for MonitoringTests.
        .executableTarget(name: "sqlite-load", dependencies: ["SQLiteClient"], path: "Tests/SQLiteLoad"),
        .testTarget(
            name: "MonitoringTests",
            dependencies: [
                "outgrow", "sqlite-load", "Outgrow", "OutgrowStorage", "Monitoring", "PostgresClient",
                "TestSupport",
                "Diagnostics",
            ]),
        .target(
            name: "Outgrow",
            dependencies: [
                "OutgrowStorage", "Monitoring", "Inspection", "Translation", "PostgresDDL", "CopyEngine",
                "Verification",
                "LocalPostgres",
                "SQLiteClient", "PostgresClient", "CopyEncoding", "SQLiteSyntax", "Schema", "Threading",
                "Diagnostics",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        .target(
            name: "OutgrowCLI",
            dependencies: [
                "Outgrow", "Monitoring", "Schema", "Verification", "Diagnostics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "outgrow", dependencies: ["OutgrowCLI"]),

        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "CopyEngineTests", dependencies: ["CopyEngine", "Schema", "TestSupport"]),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["outgrow", "LocalPostgres", "PostgresClient", "Threading", "TestSupport"]),
        // What StorageTests runs beside themselves, and kills.
        .executableTarget(
            name: "storage-writer", dependencies: ["OutgrowStorage"], path: "Tests/StorageWriter"),
        .target(
            name: "TestSupport", dependencies: ["LocalPostgres", "PostgresClient"], path: "Tests/TestSupport"),
        .testTarget(
            name: "PostgresClientTests",
            dependencies: ["PostgresClient", "LocalPostgres", "TestSupport", "Diagnostics"]),
        .testTarget(
            name: "LocalPostgresTests",
            dependencies: ["LocalPostgres", "PostgresClient", "TestSupport", "Diagnostics"]),

        .testTarget(
            name: "CopyEncodingTests",
            dependencies: [
                "CopyEncoding", "SQLiteClient", "PostgresClient", "Schema", "TestSupport", "Diagnostics",
            ]),

        .testTarget(
            name: "StorageTests",
            dependencies: [
                "OutgrowStorage", "OutgrowStorageConformance", "storage-writer", "SQLiteClient",
                "PostgresClient",
                "LocalPostgres", "TestSupport", "Diagnostics",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        .testTarget(
            name: "StorageMigrationTests",
            dependencies: ["outgrow", "OutgrowStorage", "PostgresClient", "LocalPostgres", "TestSupport"]),
        .testTarget(name: "SQLiteClientTests", dependencies: ["SQLiteClient", "TestSupport", "Diagnostics"]),
        .testTarget(
            name: "InspectionTests",
            dependencies: [
                "Inspection", "SQLiteClient", "SQLiteSyntax", "Schema", "CopyEncoding", "TestSupport",
                "Diagnostics",
            ]),
        .testTarget(name: "CommandLineTests", dependencies: ["outgrow", "OutgrowCLI", "TestSupport"]),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "outgrow", "Outgrow", "PostgresClient", "LocalPostgres", "TestSupport", "Diagnostics",
            ]),
        .testTarget(name: "SQLiteSyntaxTests", dependencies: ["SQLiteSyntax"]),
        .testTarget(
            name: "TranslationTests",
            dependencies: [
                "Compatibility", "Translation", "PostgresDDL", "Inspection", "SQLiteClient", "SQLiteSyntax",
                "PostgresClient",
                "Schema",
                "TestSupport", "Diagnostics",
            ]),
        .testTarget(
            name: "MigrationTests",
            dependencies: [
                // The executable, so that its binary lies beside the tests.
                "outgrow", "Outgrow", "Verification", "PostgresClient", "Schema", "Threading", "TestSupport",
                "Diagnostics",
            ]),
        .testTarget(
            name: "CompatibilityTests",
            dependencies: ["Compatibility", "PostgresDDL", "PostgresClient", "SQLiteClient", "TestSupport"]),
        .testTarget(
            name: "FrameworkTests",
            dependencies: [
                "outgrow", "Translation", "Schema", "PostgresClient", "Threading", "TestSupport",
            ],
            exclude: ["Frameworks"]),
        .testTarget(
            name: "PostgresDDLTests",
            dependencies: ["PostgresDDL", "Schema", "PostgresClient", "TestSupport"]),
    ]
)

// One loop, so that no target can be forgotten.
for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .strictMemorySafety(),
        ]
}
