import Foundation
import Testing

@testable import OutgrowStorage

@Suite("What there is to do")
struct MigrationAgendaTests {
    private static let all = [1, 2, 3].map {
        SchemaMigration(
            version: $0, name: "m\($0)", up: "SELECT \(unsafe: "\($0)")", down: $0 == 1 ? nil : "SELECT 0")
    }

    /// `2` has run, `2!` is dirty, `2~` was changed, `9` is unknown.
    private static func applied(_ words: String) -> [AppliedMigration] {
        words.split(separator: " ").map { word in
            let version = Int64(word.filter { ("0"..."9").contains($0) }) ?? 0
            let checksum = all.first { $0.version == version }?.form(.sqlite).checksum ?? ""
            return AppliedMigration(
                version: version, name: "m", checksum: word.hasSuffix("~") ? "x" : checksum,
                appliedAt: Date(),
                duration: .zero, isDirty: word.hasSuffix("!"))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var agenda: MigrationAgenda
        var applied: String
        /// Versions, or codes.
        var result: String
        var testDescription: String { "\(agenda.direction) \(applied) → \(result)" }

        static func up(_ applied: String, to: Int64? = nil, anyOrder: Bool = false, _ result: String) -> Case
        {
            Case(
                agenda: MigrationAgenda(
                    direction: .up, dialect: .sqlite, target: to, allowsOutOfOrder: anyOrder),
                applied: applied, result: result)
        }
        static func down(_ applied: String, to: Int64? = nil, steps: Int = 1, _ result: String) -> Case {
            Case(
                agenda: MigrationAgenda(direction: .down, dialect: .sqlite, target: to, steps: steps),
                applied: applied, result: result)
        }
    }

    static let cases: [Case] = [
        .up("", "1 2 3"), .up("1", "2 3"), .up("1 2 3", ""), .up("", to: 2, "1 2"), .up("1 2 3", to: 1, ""),
        .up("", to: 7, "schema-unknown-version"), .up("1 3", "schema-out-of-order"),
        .up("1 3", anyOrder: true, "2"), .up("3", to: 1, "schema-out-of-order"),
        .up("1!", "schema-dirty"), .up("1~ 2", "schema-changed"),
        .up("1 9", "schema-missing schema-out-of-order schema-out-of-order"),
        .up("1~ 2! 9", "schema-changed schema-dirty schema-missing schema-out-of-order"),
        .down("", ""), .down("1 2 3", "3"), .down("1 2 3", steps: 2, "3 2"), .down("1 2 3", to: 1, "3 2"),
        .down("1 2 3", to: 3, ""), .down("1 2 3", steps: 0, ""),
        .down("1 2 3", steps: 9, "schema-irreversible"),
        .down("1 2 3", to: 0, "schema-irreversible"), .down("1 2 3", to: 8, "schema-unknown-version"),
        .down("1 2~ 3", "3"), .down("1 2~ 3", steps: 2, "schema-changed"),
        .down("1! 2 3", "schema-dirty"),
        .down("1 2 9", "schema-missing"),
    ]

    @Test(arguments: cases)
    func `is decided before anything runs`(_ example: Case) {
        var result: [String]
        do {
            result = try example.agenda.migrations(of: Self.all, after: Self.applied(example.applied)).map {
                "\($0.version)"
            }
        } catch {
            result = error.schemaProblems.map(\.code.rawValue)
        }
        #expect(result.joined(separator: " ") == example.result)
    }

    @Test func `a checksum of either dialect is known`() throws {
        let migration = SchemaMigration(
            version: 1, name: "a", up: "SELECT \(sqlite: "1", postgres: "2")")
        let row = AppliedMigration(
            version: 1, name: "a", checksum: migration.form(.sqlite).checksum, appliedAt: Date(),
            duration: .zero,
            isDirty: false)
        #expect(migration.form(.sqlite).checksum != migration.form(.postgres).checksum)
        #expect(SchemaStatus([migration], [row]).isUpToDate)
    }

    @Test func `the status names every state`() {
        let status = SchemaStatus(Self.all, Self.applied("2~ 9"))
        #expect(status.entries.map(\.state) == [.outOfOrder, .changed, .outOfOrder, .missing])
        #expect(
            SchemaStatus(Self.all, Self.applied("1 2!")).entries.map(\.state) == [.applied, .dirty, .pending])
    }
}
