import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("The folder of migrations")
struct MigrationFolderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        /// Code and place, in order; empty when it is right.
        var problems: [String]
    }

    static let cases = [
        Case(
            testDescription: "right",
            files: [
                "common/00001_a.sql": "-- +up\nSELECT 1", "sqlite/00002_b.sql": "-- +up",
                "postgres/00002_b.sql": "-- +up\nSELECT 1",
                "common/20261123153900_c.sql": "-- +up\nSELECT 1", "README.md": "x",
                "common/.hidden.sql": "x",
                "notes/a.txt": "x",
            ], problems: []),
        Case(
            testDescription: "a dialect lacks one",
            files: ["sqlite/1_a.sql": "-- +up\nSELECT 1", "postgres/2_b.sql": "-- +up\nSELECT 1"],
            problems: [
                "schema-dialect-missing sqlite/1_a.sql", "schema-dialect-missing postgres/2_b.sql",
            ]),
        Case(
            testDescription: "in common and elsewhere",
            files: ["common/1_a.sql": "-- +up\nSELECT 1", "sqlite/01_a.sql": "-- +up\nSELECT 1"],
            problems: ["schema-duplicate sqlite/01_a.sql"]),
        Case(
            testDescription: "twice in one folder",
            files: ["common/1_a.sql": "-- +up\nSELECT 1", "common/01_b.sql": "-- +up\nSELECT 1"],
            problems: ["schema-duplicate common/1_a.sql"]),
        Case(
            testDescription: "two names",
            files: ["sqlite/1_a.sql": "-- +up\nSELECT 1", "postgres/1_b.sql": "-- +up\nSELECT 1"],
            problems: ["schema-name sqlite/1_a.sql"]),
        Case(
            testDescription: "bad names",
            files: [
                "common/a.sql": "-- +up\nSELECT 1", "common/0_a.sql": "-- +up\nSELECT 1",
                "common/1-a.sql": "-- +up\nSELECT 1",
                "common/2_ä.sql": "-- +up\nSELECT 1", "common/99999999999999999999_a.sql": "-- +up\nSELECT 1",
                "1_a.sql": "-- +up\nSELECT 1",
                "postgresql/1_a.sql": "-- +up\nSELECT 1",
            ],
            problems: [
                "schema-name 1_a.sql", "schema-name common/0_a.sql", "schema-name common/1-a.sql",
                "schema-name common/2_ä.sql", "schema-name common/99999999999999999999_a.sql",
                "schema-name common/a.sql", "schema-name postgresql",
            ]),
        Case(
            testDescription: "not filled in yet",
            files: [
                "common/1_a.sql": "-- +up\n\n-- +down\n", "sqlite/2_b.sql": "-- +up\n-- nothing\n;",
                "postgres/2_b.sql": "-- +up",
            ], problems: ["schema-empty common/1_a.sql", "schema-empty postgres/2_b.sql"]),
        Case(
            testDescription: "all that is wrong in several",
            files: ["common/1_a.sql": "", "common/2_b.sql": "-- +up\n-- +x\nSELECT '"],
            problems: ["schema-syntax common/1_a.sql:1", "schema-syntax common/2_b.sql:3"]),
    ]

    @Test(arguments: cases)
    func `is read`(_ example: Case) throws {
        let folder = try TemporaryFolder()
        for (path, text) in example.files {
            let parent = URL(fileURLWithPath: folder.file(path)).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try folder.write(text, to: path)
        }
        let read = MigrationFolder(folder.path)
        let found = read.problems.map {
            "\($0.code.rawValue) \($0.place.replacing(folder.path + "/", with: ""))"
        }
        #expect(found == example.problems)
        if example.problems.isEmpty {
            #expect(read.migrations.map(\.version) == [1, 2, 20_261_123_153_900])
            #expect(read.migrations.allSatisfy { $0.forms.count == 2 })
        } else {
            let error = #expect(throws: StorageError.self) { try SchemaMigrations(directory: folder.path) }
            #expect(error?.kind == .migration)
            #expect(error?.schemaProblems.count == example.problems.count)
        }
    }

    @Test func `that is missing is an error`() {
        let error = #expect(throws: StorageError.self) { try SchemaMigrations(directory: "/nowhere/at/all") }
        #expect(error?.schemaProblems.first?.code == .unreadable)
    }

    @Test func `takes new files with the next number`() throws {
        let folder = try TemporaryFolder()
        let root = folder.file("migrations")
        #expect(
            try SchemaMigrations.create("people", in: root, forEachDialect: false)
                == ["\(root)/common/00001_people.sql"])
        #expect(
            try SchemaMigrations.create("orders", in: root, forEachDialect: true)
                == ["\(root)/sqlite/00002_orders.sql", "\(root)/postgres/00002_orders.sql"])
        let folderRead = MigrationFolder(root)
        #expect(folderRead.migrations.map(\.name) == ["people", "orders"])
        // Not to be run before they are filled in.
        #expect(folderRead.problems.map(\.code) == [.empty, .empty])
        #expect(throws: StorageError.self) {
            try SchemaMigrations.create("a/b", in: root, forEachDialect: false)
        }
    }
}
