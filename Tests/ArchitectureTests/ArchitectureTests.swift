import Foundation
import Testing

/// The dependency diagram in `docs/explanation/architecture.md`, as a test.
@Suite struct ArchitectureTests {
    /// Per target: the modules of this package that its files may import.
    static let allowed: [String: Set<String>] = [
        "Diagnostics": [],
        "Threading": [],
        "SQLiteSyntax": ["Diagnostics"],
        "Schema": ["SQLiteSyntax", "Diagnostics"],
        "Compatibility": ["COutgrowCompatibility"],
        "Translation": ["Compatibility", "Schema", "SQLiteSyntax", "Diagnostics"],
        "PostgresDDL": ["Compatibility", "Schema", "Diagnostics"],
        "SQLiteClient": ["COutgrowSQLite", "Diagnostics"],
        "PostgresClient": ["COutgrowLibPQ", "Threading", "Diagnostics"],
        "LocalPostgres": ["PostgresClient", "Threading", "Diagnostics"],
        "CopyEncoding": ["SQLiteClient", "Schema", "Diagnostics"],
        "Inspection": ["SQLiteClient", "SQLiteSyntax", "Schema", "CopyEncoding", "Diagnostics"],
        "CopyEngine": [
            "SQLiteClient", "SQLiteSyntax", "PostgresClient", "PostgresDDL", "CopyEncoding", "Schema",
            "Diagnostics",
        ],
        "Verification": [
            "SQLiteClient", "SQLiteSyntax", "PostgresClient", "PostgresDDL", "CopyEncoding", "Schema",
            "Diagnostics",
        ],
        "OutgrowStorage": ["SQLiteClient", "PostgresClient", "Threading", "Diagnostics"],
        "OutgrowStorageConformance": ["OutgrowStorage"],
        "Monitoring": ["COutgrowProgramPages", "SQLiteClient", "Threading", "Diagnostics"],
        "Outgrow": [
            "OutgrowStorage", "Monitoring", "Inspection", "Translation", "PostgresDDL", "CopyEngine",
            "Verification",
            "LocalPostgres",
            "SQLiteClient",
            "PostgresClient", "CopyEncoding", "SQLiteSyntax", "Schema", "Threading", "Diagnostics",
        ],
        "OutgrowCLI": ["Outgrow", "Monitoring", "Schema", "Verification", "Diagnostics"],
        "outgrow": ["OutgrowCLI"],
    ]

    private static let ownModules = Set(allowed.keys).union([
        "COutgrowSQLite", "COutgrowLibPQ", "COutgrowCompatibility", "COutgrowProgramPages",
    ])
    /// Everything up to the plan is pure.
    private static let pure = [
        "Diagnostics", "SQLiteSyntax", "Schema", "Compatibility", "Translation", "PostgresDDL",
    ]
    private static let mayBeUnsafe: Set<String> = [
        "SQLiteClient", "PostgresClient", "CopyEncoding", "Threading",
    ]

    @Test func `every target is in the diagram`() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources").path
        )
        .filter { !$0.hasPrefix("C") || Self.allowed[$0] != nil }
        #expect(Set(folders) == Set(Self.allowed.keys))
    }

    @Test(arguments: allowed.keys.sorted())
    func `imports only what its layer allows`(_ target: String) throws {
        for file in try sourceFiles(of: target) {
            let imported = try Set(importedModules(in: file)).intersection(Self.ownModules)
            #expect(
                imported.isSubset(of: Self.allowed[target] ?? []),
                "\(file.lastPathComponent) imports \(imported.subtracting(Self.allowed[target] ?? []).sorted())"
            )
        }
    }

    @Test(arguments: pure)
    func `imports no Foundation where everything is pure`(_ target: String) throws {
        for file in try sourceFiles(of: target) {
            let foreign = try Set(importedModules(in: file)).subtracting(Self.ownModules)
            #expect(foreign.isEmpty, "\(file.lastPathComponent) imports \(foreign.sorted())")
        }
    }

    @Test func `only the command line prints, exits and parses arguments`() throws {
        for target in Self.allowed.keys where target != "OutgrowCLI" && target != "outgrow" {
            // The SQL printer's `print` is its own and returns text.
            for file in try sourceFiles(of: target) where !file.lastPathComponent.hasPrefix("SQLPrinter") {
                let code = try codeLines(of: file)
                let forbidden = code.filter { line in
                    line.contains(/(^|[^.\w])(print|exit|_exit)\(/) || line.contains("import ArgumentParser")
                        || line.contains("FileHandle.standard") || line.contains("STDOUT_FILENO")
                }
                #expect(forbidden.isEmpty, "\(file.lastPathComponent): \(forbidden)")
            }
        }
    }

    @Test func `unsafe code stays in the targets that must have it`() throws {
        for target in Self.allowed.keys where !Self.mayBeUnsafe.contains(target) {
            // The documented way past the library lends a pointer; the sampler's and the disk probe's system calls take
            // some; the embedded files are where the C compiler put them.
            let exceptions = ["RawHandle.swift", "RawSystem.swift", "DiskProbe.swift", "EmbeddedFiles.swift"]
            for file in try sourceFiles(of: target) where !exceptions.contains(file.lastPathComponent) {
                // `SQL(unsafe: text)` is a label that warns its reader, not unsafe code.
                let found = try codeLines(of: file).map { $0.replacing(/\bunsafe(:| text:)/, with: "") }
                    .filter {
                        $0.contains(/\bunsafe\b|Unsafe\w*Pointer|nonisolated\(unsafe\)/)
                    }
                #expect(found.isEmpty, "\(file.lastPathComponent): \(found)")
            }
        }
    }

    /// As far as the source can say: nobody here builds on macOS.
    @Test(arguments: ["OutgrowStorage", "SQLiteClient", "PostgresClient", "Threading", "Diagnostics"])
    func `the library imports nothing that Linux alone has`(_ target: String) throws {
        for file in try sourceFiles(of: target) {
            var conditions = 0
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                if line.contains(/^\s*#if canImport/) { conditions += 1 }
                if line.contains(/^\s*#endif/) { conditions -= 1 }
                #expect(
                    conditions > 0 || !line.contains(/import (Glibc|Musl|FoundationEssentials)/),
                    "\(file.lastPathComponent) imports it without asking whether it is there")
                #expect(!line.contains(/\b(eventfd|epoll_|inotify_)/), "\(file.lastPathComponent): \(line)")
            }
        }
    }

    @Test(arguments: allowed.keys.sorted())
    func `no file is longer than 600 lines`(_ target: String) throws {
        for file in try sourceFiles(of: target) {
            let count = try String(contentsOf: file, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false
            ).count
            #expect(count <= 600, "\(file.lastPathComponent) has \(count)")
        }
    }

    @Test func `the sources neither trap on input nor swallow errors`() throws {
        for target in Self.allowed.keys {
            for file in try sourceFiles(of: target) {
                let found = try codeLines(of: file).filter { $0.contains(/\btry!|\bfatalError\(|\bas!/) }
                #expect(found.isEmpty, "\(file.lastPathComponent): \(found)")
            }
        }
    }

    @Test func `the cell test reads both databases on its own`() throws {
        for name in try FileManager.default.subpathsOfDirectory(
            atPath: Self.root.appending(path: "Tests/MigrationTests").path)
        where name.contains("Cell") {
            let file = Self.root.appending(path: "Tests/MigrationTests/\(name)")
            let imported = try Set(importedModules(in: file))
            #expect(imported.isDisjoint(with: ["CopyEncoding", "Verification"]), "\(name)")
        }
    }

    // Helpers.

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func sourceFiles(of target: String) throws -> [URL] {
        let folder = Self.root.appending(path: "Sources/\(target)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") }.map { folder.appending(path: $0) }
        #expect(!files.isEmpty, "\(target) has no sources")
        return files
    }

    private func importedModules(in file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).matches(of: /(?m)^[a-z@ ]*import (\w+)/).map {
            String($0.1)
        }
    }

    /// Without comments and what stands in quotes.
    private func codeLines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            String(line).replacing(/"(\\.|[^"\\])*"/, with: "\"\"").replacing(/\/\/.*/, with: "")
        }
    }
}
