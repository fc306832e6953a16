import Diagnostics
import Foundation
import Schema
import TestSupport
import Testing

@testable import Translation

@Suite("Mapping files")
struct MappingTests {
    static let header = #"format: "outgrow.mapping/1""#

    static func read(_ text: String) throws(OutgrowError) -> Mapping {
        try MappingReader.read(Array(text.utf8), file: "m.json5")
    }

    /// What is written, where it is refused, and a part of what is said.
    static let refused: [(text: String, place: String, words: String)] = [
        ("", "1:1", "ends where a value"), ("[]", "1:1", "is an object, not a list"),
        ("{", "1:1", "never closed"),
        ("{}", "1:1", "needs \"format\""), ("{ \(header) } x", "1:33", "follows the end"),
        (#"{ format: "outgrow.mapping/2" }"#, "1:11", "does not know the format"),
        ("{ \(header), format: 1 }", "1:32", "stands twice"),
        ("{ \(header), 'format': 1 }", "1:32", "stands twice"),
        (#"{ \u0066ormat: "outgrow.mapping/1" }"#, "1:3", "A key has to stand"),
        ("{\n  \(header),\n  colums: {},\n}", "3:3", "has no \"colums\""),
        ("{ \(header), framework: 'Django' }", "1:32", "has no \"framework\""),
        ("{ \(header) rules: [] }", "1:31", "comma is missing"),
        ("{ \(header), rules }", "1:38", "colon is missing"),
        ("{ \(header), rules: {} }", "1:39", "takes a list, not an object"),
        ("{ \(header), rules: ['a'] }", "1:40", "is an object, not a text"),
        ("{ \(header), rules: [{ name: 'a', type: 'text' }] }", "1:40", "says no column"),
        ("{ \(header), rules: [{ name: 'a', declared: 'x' }] }", "1:40", "needs \"type\""),
        ("{ \(header), rules: [{ declared: 'x', type: 'text' }] }", "1:40", "needs \"name\""),
        (
            "{ \(header), rules: [{ name: 'a', declared: 5, type: 'text' }] }", "1:63",
            "takes a text, not a number"
        ),
        ("{ \(header), rules: [{ name: 'a', affinity: 'int', type: 'text' }] }", "1:63", "no affinity"),
        (
            "{ \(header), rules: [{ name: 'a', rowid_alias: 1, type: 'text' }] }", "1:66",
            "takes true or false"
        ),
        ("{ \(header), columns: { note: 'text' } }", "1:43", "by its table and its name"),
        ("{ \(header), columns: { 'a.b': 'text); DROP TABLE x' } }", "1:50", "No column can become"),
        ("{ \(header), columns: { 'a.b': 'int[]' } }", "1:50", "No column can become"),
        ("{ \(header), columns: { 'a.b': 'numeric(5,9)' } }", "1:50", "No column can become"),
        ("{ \(header), columns: { 'a.b': 'varchar(99999999)' } }", "1:50", "No column can become"),
        ("{ \(header), columns: { 'a.b': 'interval' } }", "1:50", "says how SQLite holds it"),
        (
            "{ \(header), columns: { 'a.b': { type: 'date', stored: 'unix seconds' } } }", "1:74",
            "No date is read from"
        ),
        ("{ \(header), columns: { 'a.b': { stored: 'words' } } }", "1:50", "needs \"type\""),
        ("{ \(header), columns: { 'a.b': { name: '' } } }", "1:58", "no name of 0 bytes"),
        ("{ \(header), tables: { a: { name: 'a\\0b' } } }", "1:53", "a zero byte"),
        ("{ \(header), tables: { a: {} } }", "1:45", "given no name"),
        ("{ \(header), accept: ['nocase-collation'] }", "1:41", "by its code and its place"),
        ("{ \(header), accept: ['DROP TABLE x'] }", "1:41", "by its code and its place"),
        ("{ /* ", "1:3", "comment does not end"), ("{ / }", "1:3", "slash begins no value"),
        ("{ a: 'x\n' }", "1:6", "does not end on its line"),
        ("{ a: '\\uD800' }", "1:8", "half of a character"),
        ("{ a: '\\u12' }", "1:11", "needs 4 hexadecimal digits"), ("{ a: '\\1' }", "1:8", "no escape"),
        ("{ a: what }", "1:6", "No value begins like this"),
        (String(repeating: "[", count: 100_000), "1:17", "deeper than 16"),
        (String(repeating: "{a:", count: 100_000), "1:49", "deeper than 16"),
        ("\u{FEFF}// é\r\n{ x: }", "2:6", "No value begins like this"),
    ]

    @Test(arguments: refused)
    func `what is not understood is refused, with its place and a remedy`(
        _ text: String, _ place: String, _ words: String
    ) throws {
        let error = try #require(throws: OutgrowError.self) { _ = try Self.read(text) }
        #expect(error.code == "mapping-invalid" && error.kind == .usage)
        #expect(error.location == "m.json5:\(place)", "\(error)")
        #expect(error.summary.contains(words), "\(error)")
        #expect(!error.remedy.isEmpty && error.description.utf8.count < 700)
    }

    @Test func `what is too large or no text is refused before it is read`() throws {
        let large = [UInt8](repeating: 0x20, count: JSON5Reader.maxByteCount + 1)
        #expect(throws: OutgrowError.self) { try MappingReader.read(large, file: "m.json5") }
        let error = try #require(throws: OutgrowError.self) {
            _ = try MappingReader.read(Array("{\n".utf8) + [0xFF, 0x7D], file: "m.json5")
        }
        #expect(error.location == "m.json5:2:1" && error.summary.contains("not UTF-8"))
    }

    @Test func `no piece of a file and no byte of it out of place makes the reader trap`() throws {
        let seed: UInt64 = 61
        var generator = SplitMix64(seed: seed)
        let whole = Array(Self.everything.utf8)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: index)
                case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                default: bytes.insert(Array("{}[]'\",:\\/*u".utf8)[index % 12], at: index)
                }
            }
            do { _ = try MappingReader.read(bytes, file: "m") } catch {
                #expect(error.code == "mapping-invalid")
            }
        }
    }

    static let everything = #"""
        // A file with all that there is.
        {
          "format": 'outgrow.mapping/1', /* quotes of both kinds */
          rules: [
            { name: "epochs", declared: ["integer", "BIGINT ( 20 )"], affinity: "integer", table: "log_*",
              column: ["*_at",], type: "timestamptz", stored: "unix milliseconds" },
            { name: 'json', check: "json_valid", type: "jsonb", },
          ],
          columns: {
            "orders.note": "jsonb",
            "a.b.c": { type: "numeric(10, 2)", name: "\u0063ost" },
            "orders.total": { name: "sum\
        _total" },
          },
          tables: { "Order Items": { name: "order_items" } },
          exclude: "tmp_*",
          accept: ["nocase-collation users.*"],
        }
        """#

    @Test func `all that a mapping may say is read`() throws {
        let mapping = try Self.read(Self.everything)
        #expect(mapping.rules.map(\.name) == ["epochs", "json"])
        #expect(
            mapping.rules[0].declared == ["integer", "bigint(20)"] && mapping.rules[0].columns == ["*_at"])
        #expect(mapping.rules[0].type == MappedType(.timestamptz, form: .unixMilliseconds))
        #expect(mapping.columns.map(\.table) == ["orders", "a.b", "orders"])
        #expect(mapping.columns.map(\.name) == [nil, "cost", "sum_total"])
        #expect(mapping.columns[1].type?.type == .numeric(NumericBounds(precision: 10, scale: 2)))
        #expect(mapping.columns[1].place == "m.json5:11:5")
        #expect(mapping.tables.map(\.name) == ["order_items"] && mapping.exclude == ["tmp_*"])
        #expect(mapping.accept == [AcceptedLoss(code: "nocase-collation", location: "users.*")])
    }

    @Test func `the schema for editors has the same keys`() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "mappings")
        let data = try Data(contentsOf: folder.appending(path: "schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: [String: Any]])
        func keys(_ object: [String: Any]?) -> Set<String> {
            Set((object?["properties"] as? [String: Any] ?? [:]).keys)
        }
        #expect(keys(schema) == Set(MappingKeys.profile))
        #expect(keys(definitions["rule"]) == Set(MappingKeys.rule))
        #expect(keys(definitions["column"]) == Set(MappingKeys.column))
        #expect(keys(definitions["table"]) == Set(MappingKeys.table))
        #expect(keys(definitions["difference"]) == Set(MappingKeys.difference))
        let forms = try #require(definitions["stored"]?["enum"] as? [String])
        #expect(Set(forms) == Set(StoredFormRule.table.map(\.form.rawValue)))
    }
}

@Suite("What a mapping decides")
struct MappingDecisionTests {
    private func options(_ body: String) throws -> PlanOptions {
        var options = PlanOptions.native
        options.add(try MappingTests.read("{ \(MappingTests.header), \(body) }"))
        return options
    }

    private func codecs(_ plan: MigrationPlan) -> [ValueCodec] { plan.tables.flatMap(\.columns).map(\.codec) }

    @Test func `a column's own entry comes before rules, and rules before the standard ones`() throws {
        let source = try Source(
            "CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER); INSERT INTO t VALUES (1, 2, 3)")
        let plan = try source.plan(
            try options(
                """
                columns: { "T.A": { type: "timestamptz", stored: "unix seconds" } },
                rules: [
                  { name: "few", column: ["a", "b"], type: "smallint" },
                  { name: "first", column: "b", type: "integer" },
                ],
                """))
        #expect(codecs(plan) == [.timestampFromEpoch(.seconds), .narrowInteger(.two), .integer])
        #expect(
            plan.tables[0].columns.map(\.reason) == ["mapping: column", "mapping: few", "integer affinity"])
    }

    /// A rule proposes, and the data vetoes; a column's own entry is the user's word, and stops.
    static let vetoed:
        [(declared: String, type: String, values: String, became: ValueCodec, finding: String)] = [
            ("INTEGER", #"type: "smallint""#, "(1), (40000)", .integer, "info limit-dropped"),
            ("INTEGER", #"type: "integer""#, "(1), (5000000000)", .integer, "info limit-dropped"),
            ("INTEGER", #"type: "integer""#, "(1), (1.5)", .double, "loss column-widened"),
            ("VARCHAR(2)", #"type: "varchar(n)""#, "('äö'), ('abc')", .text, "info limit-dropped"),
            ("VARCHAR(2)", #"type: "varchar(n)""#, "('äö'), ('a ')", .varchar(2), ""),
            (
                "INTEGER", #"type: "timestamptz", stored: "unix milliseconds""#, "(1), (9223372036854775807)",
                .integer,
                "loss column-widened"
            ),
            (
                "INTEGER", #"type: "timestamptz", stored: "unix seconds""#, "(1700000000)",
                .timestampFromEpoch(.seconds),
                "info form-changes"
            ),
            ("CHAR(39)", #"type: "inet""#, "('10.0.0.1'), ('10.0.0.0/8')", .text, "loss column-widened"),
            ("JSON", #"type: "json""#, "('{\"a\":1}'), ('7')", .jsonAsWritten, ""),
            ("JSON", #"type: "json""#, "('{\"a\":')", .text, "info type-from-values"),
            (
                "BOOLEAN", #"type: "boolean", stored: "words""#, "('t'), (0)", .booleanFromWords,
                "info form-changes"
            ),
            ("BOOLEAN", #"type: "boolean", stored: "words""#, "(1), (0)", .boolean, ""),
            (
                "TIME", #"type: "time", stored: "text on 2000-01-01""#, "('2000-01-01 10:00:00')",
                .timeFromDateTime, "info form-changes"
            ),
            (
                "BIGINT", #"type: "interval", stored: "microseconds""#, "(-1), (86400000000)",
                .intervalFromMicroseconds, ""
            ),
        ]

    @Test(arguments: vetoed)
    func `a rule proposes, and the data may veto`(
        _ declared: String, _ type: String, _ values: String, _ became: ValueCodec, _ finding: String
    ) throws {
        let source = try Source("CREATE TABLE t (a \(declared)); INSERT INTO t VALUES \(values)")
        let plan = try source.plan(try options("rules: [{ name: 'r', column: 'a', \(type) }]"))
        #expect(codecs(plan) == [became])
        #expect(plan.findings.map { "\($0.severity) \($0.code)" } == (finding.isEmpty ? [] : [finding]))
    }

    @Test func `a column's own type that a value does not fit stops the plan`() throws {
        let source = try Source("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1), (40000)")
        let plan = try source.plan(try options("columns: { 't.a': 'smallint' }"))
        #expect(
            plan.findings.map { "\($0.severity) \($0.code) \($0.location)" } == [
                "blocker override-vetoed t.a"
            ])
        #expect(plan.findings[0].message.contains("given by the mapping"))
    }

    @Test func `columns that keys join stay joined when one is wider`() throws {
        let source = try Source(
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY, k INTEGER UNIQUE);
            CREATE TABLE c (p INTEGER REFERENCES p (id), k SMALLINT REFERENCES p (k), n VARCHAR(5) REFERENCES s (n));
            CREATE TABLE s (n VARCHAR(9) PRIMARY KEY);
            INSERT INTO p VALUES (1, 2); INSERT INTO s VALUES ('a'); INSERT INTO c VALUES (1, 2, 'a');
            """)
        let plan = try source.plan(
            try options(
                """
                rules: [
                  { name: "n", declared: "varchar", type: "varchar(n)" },
                  { name: "s", declared: "smallint", type: "smallint" },
                  { name: "i", declared: "integer", type: "integer" },
                ]
                """))
        #expect(
            codecs(plan) == [.integer, .narrowInteger(.four), .integer, .narrowInteger(.four), .text, .text])
        #expect(plan.target.foreignKeys.count == 3)
        #expect(plan.findings.map(\.code.rawValue).filter { $0 == "key-type-widened" }.count == 2)
    }

    @Test func `json in a key or an index stays text`() throws {
        let source = try Source(
            "CREATE TABLE t (a JSON UNIQUE, b JSON, c JSON); CREATE INDEX i ON t (b); INSERT INTO t VALUES ('{}', '[]', '1')"
        )
        let plan = try source.plan(try options("rules: [{ name: 'j', declared: 'json', type: 'json' }]"))
        #expect(codecs(plan) == [.text, .text, .jsonAsWritten])
        #expect(plan.findings.map(\.code.rawValue).sorted() == ["key-kept-as-text", "key-kept-as-text"])
    }

    @Test func `tables and columns are renamed wherever they are named`() throws {
        let source = try Source(
            """
            CREATE TABLE "Order Items" (id INTEGER PRIMARY KEY, "Unit Price" REAL CHECK ("Unit Price" > 0));
            CREATE TABLE c (i INTEGER REFERENCES "Order Items");
            CREATE INDEX i ON "Order Items" ("Unit Price");
            """)
        let plan = try source.plan(
            try options(
                """
                tables: { "Order Items": { name: "order_items" } },
                columns: { "Order Items.Unit Price": { name: "unit_price" } },
                """))
        #expect(plan.target.tables[0].name == "order_items" && plan.target.indexes[0].table == "order_items")
        #expect(plan.target.tables[0].columns.map(\.name) == ["id", "unit_price"])
        #expect(plan.target.foreignKeys[0].parentTable == "order_items")
        #expect(plan.findings.filter { $0.code == "renamed" }.count == 2)
    }

    @Test func `an accepted loss is listed and does not count, and nothing else is accepted`() throws {
        let source = try Source("CREATE TABLE t (a TEXT COLLATE NOCASE, b TEXT COLLATE NOCASE)")
        let plan = try source.plan(
            try options("accept: ['nocase-collation t.a', 'renamed *', 'view-not-carried *']"))
        #expect(plan.findings.map { "\($0.severity) \($0.location)" } == ["loss t.b", "accepted t.a"])
        #expect(plan.findings.worstSeverity == .loss)
        let blocked = try Source("CREATE TABLE t (a TEXT); INSERT INTO t VALUES (x'00'), ('a')")
        #expect(
            try blocked.plan(try options("accept: ['text-mixed-with-blobs *']")).findings.worstSeverity
                == .blocker)
    }
}

@Suite("Profiles")
struct ProfileTests {
    @Test func `every embedded profile is valid and says what it is for`() {
        #expect(Profiles.standard.rules.count > 10)
        for profile in Profiles.frameworks {
            #expect(profile.profile?.framework.isEmpty == false && !profile.rules.isEmpty)
            #expect(profile.profile?.differences.isEmpty == false)
        }
    }

    static let recognized: [(tables: [String], profile: String?, finding: String?)] = [
        (["django_migrations"], "django", "profile-applied"),
        (["alembic_version"], "sqlalchemy", "profile-applied"),
        (["schema_migrations", "ar_internal_metadata"], "rails", "profile-applied"),
        (["schema_migrations"], nil, nil), ([], nil, nil),
        (["django_migrations", "alembic_version"], nil, "profile-ambiguous"),
    ]

    @Test(arguments: recognized)
    func `a framework is recognized by its tables`(
        _ tables: [String], _ profile: String?, _ finding: String?
    ) throws {
        let tables = tables + ["other"]
        let source = try Source(tables.map { "CREATE TABLE \($0) (a);" }.joined()).schema()
        let resolved = Profiles.resolve(PlanOptions.native, for: source)
        #expect(resolved.options.mappings.map(\.name) == [profile].compactMap(\.self))
        #expect(resolved.findings.map(\.code.rawValue) == [finding].compactMap(\.self))
        var options = PlanOptions.native
        options.profile = .named("standard")
        #expect(Profiles.resolve(options, for: source).options.mappings.isEmpty)
        options.profile = .named("peewee")
        #expect(Profiles.resolve(options, for: source).options.mappings.map(\.name) == ["peewee"])
    }
}
