// swift-tools-version: 6.2
import PackageDescription

/// What one call of the library costs beside bare C calls and beside GRDB; `make bench` runs it.
///
/// A package of its own, so that nobody who builds Outgrow has to fetch or compile GRDB.
let package = Package(
    name: "storage-bench",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "outgrow", path: "../.."),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // Other names than the root's system libraries: SwiftPM wants them unique in the whole graph.
        .systemLibrary(name: "BenchSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "BenchLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .executableTarget(
            name: "storage-bench",
            dependencies: [
                "BenchSQLite", "BenchLibPQ",
                .product(name: "OutgrowStorage", package: "outgrow"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
        ]
}
