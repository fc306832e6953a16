import Foundation
import Outgrow
import Schema
import TestSupport
import Testing

/// Every cell, compared by two other programs and by rules of the tests' own.
@Suite(.serialized) struct CellTests {
    @Test(
        .enabled(if: Place.hasRealDatabases, "The real databases are not on this machine."),
        arguments: RealDatabase.allCases)
    func `every cell of a real database arrives`(_ name: RealDatabase) async throws {
        try await expectEqualCells(of: SourceFile(copying: Place.realDatabase(name.rawValue)))
    }

    /// Thinned where a thousand rows say as much as a hundred thousand; the statistics are the sample's own.
    @Test func `every cell of the sample arrives`() async throws {
        let source = try SourceFile.sample(
            adding: """

                PRAGMA foreign_keys = OFF;
                DELETE FROM gate_scan WHERE rowid % 40; DELETE FROM ticket WHERE id % 20; DELETE FROM payment WHERE id % 20;
                DELETE FROM seat WHERE id % 20; DELETE FROM ticket_order WHERE id % 20;
                DELETE FROM customer WHERE id % 10 AND typeof(birth_year) <> 'text';
                """)
        try await expectEqualCells(of: source)
    }

    @Test func `every cell of every codec arrives`() async throws {
        let source = try SourceFile(CodecFixture.sql)
        let report = try await expectEqualCells(of: source) {
            $0.plan.unstorableText = .bytea
            $0.plan.overrides = [try OptionParsing.override("texts.mixed=text")]
        }
        let types = Set(report.tables.flatMap(\.columns).map(\.type))
        let all: Set = [
            "bigint", "double precision", "numeric", "numeric(10,2)", "text", "bytea", "boolean", "timestamp",
            "timestamptz", "date", "time", "uuid", "jsonb",
        ]
        #expect(types == all)
    }

    /// What judges the codecs must not be made of them.
    @Test(arguments: ["CellComparison", "CanonicalCell", "CellTests"])
    func `the comparison knows nothing of the product's codecs`(_ file: String) throws {
        let text = try String(
            contentsOf: Place.package.appendingPathComponent("Tests/MigrationTests/\(file).swift"),
            encoding: .utf8)
        let imports = text.split(separator: "\n").filter { $0.hasPrefix("import ") }
        #expect(!imports.isEmpty)
        #expect(!imports.contains { $0.hasSuffix("CopyEncoding") || $0.hasSuffix("Verification") })
    }

    @discardableResult
    private func expectEqualCells(
        of source: SourceFile, _ change: (inout MigrationOptions) throws -> Void = { _ in }
    ) async throws -> MigrationReport {
        let before = try source.contents()
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database, change)
        try #require(report.outcome == .complete, "\(report.findingLines)")
        #expect(try source.contents() == before)
        #expect(Set(report.tables.map(\.source)) == (try Self.tables(of: source)))
        for table in report.tables {
            #expect(table.columns.map(\.source) == (try Self.columns(of: table.source, in: source)))
            let comparison = CellComparison(
                sourcePath: source.path, conninfo: database.argument, sourceTable: table.source,
                targetTable: "public.\(CellComparison.quoted(table.target))",
                columns: table.columns.map { .init(source: $0.source, target: $0.target, type: $0.type) })
            let (rowCount, found) = try comparison.differences()
            #expect(found == [])
            #expect(Int64(rowCount) == table.rows)
        }
        return report
    }

    /// The ordinary tables as SQLite itself counts them, so that none can be forgotten.
    private static func tables(of source: SourceFile) throws -> Set<String> {
        let text = try SQLiteShell.run(
            """
            SELECT name FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\';
            """, on: source.path)
        return Set(text.split(separator: "\n").map(String.init))
    }

    private static func columns(of table: String, in source: SourceFile) throws -> [String] {
        let text = try SQLiteShell.run(
            "SELECT name FROM pragma_table_xinfo('\(table.replacing("'", with: "''"))') WHERE hidden = 0;",
            on: source.path)
        return text.split(separator: "\n").map(String.init)
    }
}
