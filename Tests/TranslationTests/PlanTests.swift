import Diagnostics
import SQLiteSyntax
import Schema
import Testing

@testable import Translation

@Suite("The plan")
struct PlanTests {
    private static func schema(_ statements: String...) throws -> SourceSchema {
        var schema = SourceSchema(
            fingerprint: SourceFingerprint(schemaDigest: "", userVersion: 0, applicationID: 0))
        for sql in statements {
            guard case .createTable(let table) = try Parser.parseStatement(sql) else { continue }
            schema.tables.append(SourceTable(definition: table, sql: sql))
        }
        return schema
    }

    private static func codes(_ plan: MigrationPlan) -> [String] {
        plan.findings.map { "\($0.severity.rawValue) \($0.code.rawValue)" }
    }

    @Test func `is the same every time`() throws {
        let names = (0..<40).map {
            "CREATE TABLE \"T\($0)\" (a INT UNIQUE REFERENCES \"T\(($0 * 7) % 40)\" (a), B TEXT)"
        }
        var schema = try Self.schema()
        for name in names { schema.tables += try Self.schema(name).tables }
        let first = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(
            (0..<5).allSatisfy { _ in Translator.plan(for: schema, options: PlanOptions.native) == first })
        #expect(first.target.foreignKeys.count == 40)
    }

    @Test func `stops at more columns than Postgres holds`() throws {
        let columns = (0..<1_601).map { "c\($0)" }.joined(separator: ",")
        let plan = Translator.plan(
            for: try Self.schema("CREATE TABLE t (\(columns))"), options: PlanOptions.native)
        #expect(Self.codes(plan) == ["blocker too-many-columns"])
    }

    @Test func `stops at a primary key of more than 32 columns`() throws {
        let columns = (0..<33).map { "c\($0)" }.joined(separator: ",")
        let sql = "CREATE TABLE t (\(columns), PRIMARY KEY (\(columns)))"
        let plan = Translator.plan(for: try Self.schema(sql), options: PlanOptions.native)
        #expect(Self.codes(plan) == ["blocker primary-key-not-carried"])
    }

    @Test func `widens through a chain of keys and keeps the identity`() throws {
        let schema = try Self.schema(
            "CREATE TABLE a (id INTEGER PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY REFERENCES a)",
            "CREATE TABLE c (id TEXT REFERENCES b)")
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(plan.target.tables.map { $0.columns[0].type } == [.bigint, .bigint, .text])
        #expect(plan.target.foreignKeys.map(\.table) == ["b"])
        #expect(Self.codes(plan).contains("loss foreign-key-not-carried"))
    }

    @Test func `gives a chain without identity one type`() throws {
        let schema = try Self.schema(
            "CREATE TABLE a (id INT PRIMARY KEY)", "CREATE TABLE b (id INT PRIMARY KEY REFERENCES a)",
            "CREATE TABLE c (id TEXT REFERENCES b)")
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(plan.target.tables.map { $0.columns[0].type } == [.text, .text, .text])
        #expect(plan.target.foreignKeys.count == 2)
    }

    @Test func `counts identity positions from the largest id ever used`() throws {
        var schema = try Self.schema("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)")
        var observed = TableObservation()
        observed.maxRowID = 5
        schema.tables[0].observed = observed
        schema.tables[0].sequencePosition = 9
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(plan.tables[0].identity == IdentityPlan(column: "id", lastUsed: 9))
    }

    @Test func `says which patterns and overrides match nothing`() throws {
        let schema = try Self.schema("CREATE TABLE orders (id INT)")
        var options = PlanOptions.native
        options.includedTables = ["ORD*"]
        options.excludedTables = ["tmp_*"]
        options.overrides = [
            ColumnOverride(table: "Orders", column: "ID", type: .text),
            ColumnOverride(table: "orders", column: "nope", type: .text),
        ]
        #expect(Translator.unmatchedPatterns(in: schema, options: options) == ["tmp_*"])
        #expect(Translator.unmatchedOverrides(in: schema, options: options).map(\.column) == ["nope"])
    }
}
