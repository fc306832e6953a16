import Diagnostics
import Foundation
import Inspection
import PostgresDDL
import SQLiteClient
import Schema
import TestSupport
import Testing
import Translation

@Suite("The DDL of the golden stories")
struct GoldenTests {
    /// Every file is one example: SQLite in, Postgres and findings out.
    /// `GOLDEN=update swift test` rewrites them; read the difference before you commit it.
    @Test(arguments: try GoldenStory.all())
    func `is what the golden file says`(_ story: GoldenStory) throws {
        let plan = try Source(story["source.sql"]).plan(try PlanOptions(story["options"]))
        try story.expect([
            "target.sql": PostgresDDL.body(for: plan.target),
            "findings": plan.findings.map(\.line).joined(separator: "\n").appending("\n"),
        ])
    }

    /// A golden file that does not run is only calligraphy.
    @Test(arguments: try GoldenStory.all())
    func `runs on a real server`(_ story: GoldenStory) async throws {
        let plan = try Source(story["source.sql"]).plan(try PlanOptions(story["options"]))
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let identities = plan.tables.compactMap { table in table.identity.map { (table.target, $0) } }
        try await database.execute(PostgresDDL.script(for: plan.target, identities: identities))
    }

    @Test func `are at least forty`() throws {
        #expect(try GoldenStory.all().count >= 40)
    }
}

extension PostgresDDL {
    /// The script without what is the same in all of them.
    fileprivate static func body(for target: TargetSchema) -> String {
        let script = script(for: target)
        let start = script.range(of: "CREATE SCHEMA IF NOT EXISTS \(identifier(target.name));\n\n")?
            .upperBound
        let end = script.range(of: "\n\nCOMMIT;", options: .backwards)?.lowerBound
        return String(script[(start ?? script.startIndex)..<(end ?? script.endIndex)]) + "\n"
    }
}

extension Finding {
    fileprivate var line: String {
        var text = "\(severity.rawValue)  \(code.rawValue)  \(location.description)  \(message)"
        if let rowCount { text += " [\(rowCount)]" }
        if !examples.isEmpty { text += " (\(examples.joined(separator: ", ")))" }
        return text
    }
}
