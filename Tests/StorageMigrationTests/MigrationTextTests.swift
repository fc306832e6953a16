import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("The text of a migration")
struct MigrationTextTests {
    private static func parse(_ text: String, _ dialect: Dialect? = nil) -> MigrationForm {
        MigrationParser.parse(file: Array(text.utf8), dialect, at: "f.sql")
    }

    private static func statements(_ form: MigrationForm) -> [String] {
        form.up.flatMap { step -> [String] in
            if case .sql(let statements) = step { return statements.map(\.text) }
            return []
        }
    }

    struct Split: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var dialect: Dialect?
        var sql: String
        var statements: [String]
    }

    static let splits = [
        Split(testDescription: "plain", sql: "a; b ;\n\n c", statements: ["a", "b", "c"]),
        Split(testDescription: "nothing", sql: " ; ;\n-- only a comment\n/* and; another */", statements: []),
        Split(
            testDescription: "strings", sql: "x 'a;''b;' \"c;\"\"d;\"; y",
            statements: ["x 'a;''b;' \"c;\"\"d;\"", "y"]),
        Split(
            testDescription: "comments", sql: "a -- ; no\n + /* ; no */ b; c",
            statements: ["a -- ; no\n + /* ; no */ b", "c"]),
        Split(
            testDescription: "SQLite names", dialect: .sqlite, sql: "a `x;` [y;]; b",
            statements: ["a `x;` [y;]", "b"]),
        Split(
            testDescription: "an array on Postgres", dialect: .postgres, sql: "a[1]; b",
            statements: ["a[1]", "b"]),
        Split(
            testDescription: "backslash in E", dialect: .postgres, sql: #"a E'\';' ; b"#,
            statements: [#"a E'\';'"#, "b"]),
        Split(
            testDescription: "backslash elsewhere", dialect: .sqlite, sql: #"a '\'; b"#,
            statements: [#"a '\'"#, "b"]),
        Split(
            testDescription: "nested comment", dialect: .postgres, sql: "a /* /* ; */ ; */ x; b",
            statements: ["a /* /* ; */ ; */ x", "b"]),
        Split(
            testDescription: "dollar quotes", dialect: .postgres,
            sql: "a $$ ; $x$ ; $$; b $t$ $$; $t$; c $1; d",
            statements: ["a $$ ; $x$ ; $$", "b $t$ $$; $t$", "c $1", "d"]),
        Split(
            testDescription: "a trigger", dialect: .sqlite,
            sql:
                "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END; c",
            statements: [
                "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END",
                "c",
            ]),
        Split(
            testDescription: "a trigger on Postgres", dialect: .postgres,
            sql: "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f(); c",
            statements: ["CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()", "c"]),
        Split(
            testDescription: "a function's body", dialect: .postgres,
            sql:
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; c",
            statements: [
                "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
                "c",
            ]),
        Split(
            testDescription: "a rule", dialect: .postgres,
            sql: "CREATE RULE r AS ON INSERT TO a DO (b; c); d",
            statements: ["CREATE RULE r AS ON INSERT TO a DO (b; c)", "d"]),
    ]

    @Test(arguments: splits)
    func `is cut into statements`(_ split: Split) {
        let form = Self.parse("-- +up\n" + split.sql, split.dialect)
        #expect(form.problems.isEmpty)
        #expect(Self.statements(form) == split.statements)
    }

    @Test func `has two directions`() {
        let form = Self.parse(
            "-- what it is\n\n-- +up\nCREATE TABLE a (x);\n  --   +down  \r\nDROP TABLE a;\n")
        #expect(form.problems.isEmpty)
        #expect(form.isTransactional)
        #expect(Self.statements(form) == ["CREATE TABLE a (x)"])
        #expect(form.down?.count == 1)
        #expect(Self.parse("-- +up\nx;").down == nil)
        #expect(Self.parse("-- +up\n-- +down").down?.isEmpty == true)
        #expect(!Self.parse("-- +notransaction\n-- +up\nVACUUM;").isTransactional)
    }

    @Test func `has no directive inside of quotes`() {
        let form = Self.parse("-- +up\nINSERT INTO a VALUES ('\n-- +down\n'); -- +down\nSELECT 1 -- + 2\n;")
        #expect(form.problems.isEmpty)
        #expect(form.down == nil)
        #expect(Self.statements(form).count == 2)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var text: String
        var dialect: Dialect?
        var place: String
        var words: String
        var testDescription: String { words }
    }

    static let faults = [
        Fault(text: "CREATE TABLE a (x);", place: "f.sql:1", words: "There is no `-- +up`."),
        Fault(text: "\nSELECT 1;\n-- +up\n", place: "f.sql:2", words: "A statement stands before `-- +up`."),
        Fault(text: "-- +up\n-- +down\n-- +up\n", place: "f.sql:3", words: "`-- +up` stands twice."),
        Fault(text: "-- +up\n-- +dwon\n", place: "f.sql:2", words: "There is no directive `-- +dwon`."),
        Fault(text: "-- +goose Up\n-- +up\n", place: "f.sql:1", words: "is a directive of goose."),
        Fault(text: "-- +up\n-- +notransaction\n", place: "f.sql:2", words: "stands too late."),
        Fault(
            text: "-- +up\n\nSELECT 'a\n;", place: "f.sql:3", words: "A string begins here and does not end."),
        Fault(text: "-- +up\n/* a", place: "f.sql:2", words: "A comment begins here and does not end."),
        Fault(text: "-- +up\n\n$x$ a", place: "f.sql:3", words: "A dollar-quoted string begins here"),
        Fault(
            text: "-- +up\nSELECT 1;\ncommit;", place: "f.sql:3", words: "COMMIT would end the transaction"),
        Fault(text: "-- +up\nSELECT \0;", place: "f.sql:2", words: "U+0000"),
        Fault(text: "-- +up\n-- +copy a = b", place: "f.sql:2", words: "stands without `-- +rebuild`."),
        Fault(
            text: "-- +up\n-- +rebuild a\nCREATE TABLE a (x);", place: "f.sql:2",
            words: "is for SQLite alone."),
        Fault(
            text: "-- +up\n-- +rebuild a\nSELECT 1;", dialect: .sqlite, place: "f.sql:3",
            words: "no CREATE TABLE"),
        Fault(
            text: "-- +up\n-- +rebuild a\nCREATE TABLE b (x);", dialect: .sqlite, place: "f.sql:3",
            words: "not of a."),
        Fault(
            text: "-- +up\n-- +rebuild a\n", dialect: .sqlite, place: "f.sql:2",
            words: "needs the table's name"),
        Fault(
            text: "-- +up\nSELECT 1\n-- +rebuild a\nCREATE TABLE a (x);", dialect: .sqlite, place: "f.sql:2",
            words: "has no end."),
        Fault(
            text: "-- +up\n-- +rebuild a\n-- +copy b\nCREATE TABLE a (x);", dialect: .sqlite,
            place: "f.sql:3",
            words: "is not of its form."),
    ]

    @Test(arguments: faults)
    func `that is wrong says where`(_ fault: Fault) throws {
        let problems = Self.parse(fault.text, fault.dialect).problems
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.place == fault.place)
        #expect(problem.summary.contains(fault.words), "\(problem)")
    }

    @Test func `that is not UTF-8 says in which line`() throws {
        let form = MigrationParser.parse(
            file: Array("-- +up\nSELECT '".utf8) + [0xE4] + Array("';\n".utf8), nil, at: "f.sql")
        #expect(form.problems.map(\.place) == ["f.sql:2"])
        #expect(Self.parse("\u{FEFF}-- +up\nSELECT 1;").problems.isEmpty)
    }

    @Test func `has a checksum that spaces at the ends of lines do not change`() {
        let one = Self.parse("-- +up\nCREATE TABLE a (\n  x);\n\n-- +down\nDROP TABLE a;\n")
        let other = Self.parse(
            "-- a comment\r\n-- +up  \r\n\r\nCREATE TABLE a (  \r\n  x);\r\n-- +down\r\nDROP TABLE a;")
        #expect(one.checksum == other.checksum)
        #expect(one.checksum.count == 64)
        for changed in [
            "-- +up\nCREATE TABLE a (\n   x);\n\n-- +down\nDROP TABLE a;\n",
            "-- +up\nCREATE TABLE a (\n  x);\n",
            "-- +notransaction\n-- +up\nCREATE TABLE a (\n  x);\n-- +down\nDROP TABLE a;",
        ] {
            #expect(Self.parse(changed).checksum != one.checksum, "\(changed)")
        }
    }

    @Test func `of a program is the same as that of a file`() {
        let value = SchemaMigration(version: 1, name: "a", up: "CREATE TABLE a (x);", down: "DROP TABLE a")
        #expect(
            value.form(.sqlite).checksum
                == Self.parse("-- +up\nCREATE TABLE a (x);\n-- +down\nDROP TABLE a").checksum)
        #expect(value.form(.postgres).checksum == value.form(.sqlite).checksum)
    }

    @Test func `of a program binds no values`() {
        #expect(throws: StorageError.self) {
            try SchemaMigrations([SchemaMigration(version: 1, name: "a", up: "SELECT \(1)")])
        }
        #expect(throws: StorageError.self) {
            try SchemaMigrations([
                SchemaMigration(version: 1, name: "a", up: ""),
                SchemaMigration(version: 1, name: "b", up: ""),
            ])
        }
        #expect(throws: StorageError.self) {
            try SchemaMigrations([SchemaMigration(version: 0, name: "a", up: "")])
        }
    }

    /// FIPS 180-4's examples, and the lengths around a block.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ])
    func `SHA-256 is that of the standard`(_ message: String, _ digest: String) {
        #expect(SHA256.hexadecimal(of: message.utf8) == digest)
    }

    @Test func `SHA-256 agrees with sha256sum at every length up to three blocks`() throws {
        let folder = try TemporaryFolder()
        for length in 0...192 {
            try folder.write(String(repeating: "x", count: length), to: String(1000 + length))
        }
        let lines = try Program.run("sh", ["-c", "cd \(folder.path) && sha256sum *"]).split(separator: "\n")
        #expect(lines.count == 193)
        for (length, line) in lines.enumerated() {
            #expect(
                line.hasPrefix(SHA256.hexadecimal(of: [UInt8](repeating: UInt8(ascii: "x"), count: length))))
        }
    }
}
