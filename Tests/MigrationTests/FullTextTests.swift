import Diagnostics
import Foundation
import Outgrow
import PostgresClient
import Schema
import TestSupport
import Testing
import Verification

@Suite(.serialized) struct FullTextTests {
    static let setup = """
        CREATE VIRTUAL TABLE docs USING fts5(title, body, path UNINDEXED);
        CREATE VIRTUAL TABLE old USING fts4(title, body, tokenize=simple);
        CREATE TABLE page(id INTEGER PRIMARY KEY, title TEXT, body TEXT, hits INTEGER);
        CREATE VIRTUAL TABLE page_index USING fts5(title, body, content='page', content_rowid='id');
        CREATE TRIGGER page_ai AFTER INSERT ON page BEGIN
            INSERT INTO page_index(rowid, title, body) VALUES (new.id, new.title, new.body);
        END;
        CREATE TRIGGER page_ad AFTER DELETE ON page BEGIN
            INSERT INTO page_index(page_index, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
        END;
        CREATE TRIGGER page_au AFTER UPDATE ON page BEGIN
            INSERT INTO page_index(page_index, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);
            INSERT INTO page_index(rowid, title, body) VALUES (new.id, new.title, new.body);
        END;
        CREATE TRIGGER page_copied AFTER INSERT ON page BEGIN
            INSERT INTO docs(rowid, title, body, path) VALUES (new.id + 1000, new.title, new.body, '/copied');
        END;
        """

    static let words = [
        "apple", "banana", "Cherry", "date", "elder", "fig", "grape", "äpfel", "straße", "42", "7", "the",
        "of",
    ]

    /// The same seed gives the same rows; it is in the name of the test that fails.
    static func rows(seed: UInt64) -> String {
        var state = seed
        func next(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        func text(_ count: Int) -> String {
            (0..<count).map { _ in words[next(words.count)] }.joined(separator: [" ", ", ", "; "][next(3)])
        }
        return (1...60).map { id in
            let values = "'\(text(1 + next(2)))', \(next(9) == 0 ? "NULL" : "'\(text(next(6)))'")"
            return """
                INSERT INTO docs(rowid, title, body, path) VALUES (\(id), \(values), '/apple/\(id)');
                INSERT INTO old(docid, title, body) VALUES (\(id * 2), \(values));
                INSERT INTO page(id, title, body, hits) VALUES (\(id), \(values), \(id));
                """
        }.joined(separator: "\n")
    }

    private static let searches: [(table: String, sqlite: String, postgres: String)] = [
        ("docs", "SELECT rowid FROM docs WHERE docs MATCH", "SELECT rowid FROM docs WHERE tsv @@"),
        ("old", "SELECT docid FROM old WHERE old MATCH", "SELECT docid FROM old WHERE tsv @@"),
        ("page", "SELECT rowid FROM page_index WHERE page_index MATCH", "SELECT id FROM page WHERE tsv @@"),
    ]

    /// Every word, and pairs of them, finds the same rows on both sides.
    private func expectSameSearches(_ source: SourceFile, _ connection: PostgresConnection) async throws {
        let asked = Self.words.map(\.localizedLowercase) + ["apple fig", "cherry date", "nothing"]
        for search in Self.searches {
            var found = 0
            for text in asked {
                // FTS4's simple tokenizer folds ASCII only, and finds other letters as they are written.
                if search.table == "old", !text.utf8.allSatisfy({ $0 < 0x80 }) { continue }
                let expected = try SQLiteShell.run("\(search.sqlite) '\(text)' ORDER BY 1", on: source.path)
                    .split(separator: "\n").map(String.init)
                let rows = try await connection.run { connection in
                    try connection.query(
                        "\(search.postgres) websearch_to_tsquery('simple', $1) ORDER BY 1", [text]
                    ).rows.map { $0[0] ?? "" }
                }
                #expect(rows == expected, "\(search.table): \(text)")
                found += rows.count
            }
            #expect(found > 100, "\(search.table)")
        }
    }

    @Test(arguments: [1, 20_261_130] as [UInt64])
    func `a search of a word finds the same rows, before and after changes`(seed: UInt64) async throws {
        let source = try SourceFile(Self.setup + Self.rows(seed: seed))
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database) {
            $0.plan.fullTextConfiguration = "simple"
        }
        #expect(report.outcome == .complete)
        let losses = report.findings.filter { $0.severity == .loss && $0.code != "full-text-tokenizer" }
        #expect(losses.isEmpty, "\(losses)")
        #expect(
            report.findings.filter { $0.code == "full-text-trigger-not-needed" }.map(\.location.description)
                .sorted() == ["page_ad", "page_ai", "page_au"])
        let connection = try await database.connect()
        defer { Task { await connection.close() } }
        try await expectSameSearches(source, connection)
        #expect(try await compare(source.path, with: database).verification.matches)

        for change in [
            "INSERT INTO docs(title, body, path) VALUES ('date', 'elder', 'fig')",
            "INSERT INTO page(id, title, body, hits) VALUES (500, 'fig', 'banana apple', 1)",
            "UPDATE page SET body = 'cherry' WHERE id < 10", "DELETE FROM page WHERE id BETWEEN 20 AND 30",
            "INSERT INTO old VALUES ('grape', NULL)", "UPDATE docs SET title = 'grape' WHERE rowid = 3",
            "DELETE FROM old WHERE docid = 4",
        ] {
            try SQLiteShell.run(change, on: source.path)
            _ = try await connection.run { try $0.execute(change) }
        }
        let copied = "SELECT count(*) FROM docs WHERE path = '/copied'"
        #expect(try await database.scalar(copied) == "61")
        try await expectSameSearches(source, connection)
    }

    @Test func `letters beyond ASCII are a loss where they are found otherwise`() async throws {
        let source = try SourceFile(
            "CREATE VIRTUAL TABLE docs USING fts5(a); INSERT INTO docs VALUES ('Café'), ('cafe');")
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database) {
            $0.plan.fullTextConfiguration = "simple"
        }
        let found = report.findings.filter { $0.code == "full-text-tokenizer" && $0.severity == .loss }
        #expect(found.contains { $0.message.contains("finds é by e") }, "\(report.findings)")
        let matches = "SELECT count(*) FROM docs WHERE"
        #expect(try SQLiteShell.run("\(matches) docs MATCH 'cafe'", on: source.path) == "2\n")
        #expect(try await database.scalar("\(matches) tsv @@ to_tsquery('simple', 'cafe')") == "1")
    }

    @Test func `the index is used, and rows that differ are found by verify`() async throws {
        let source = try SourceFile(Self.setup + Self.rows(seed: 2))
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        _ = try await migrate(source.path, into: database) { $0.plan.fullTextConfiguration = "simple" }
        let connection = try await database.connect()
        defer { Task { await connection.close() } }
        let plan = try await connection.run { connection in
            try connection.execute("SET enable_seqscan = off")
            let search = "EXPLAIN SELECT * FROM docs WHERE tsv @@ to_tsquery('simple', 'fig')"
            return try connection.query(search).rows.map { $0[0] ?? "" }
        }
        #expect(plan.contains { $0.contains("docs_tsv_idx") }, "\(plan)")
        _ = try await database.scalar("UPDATE docs SET body = 'changed' WHERE rowid = 5 RETURNING 1")
        let changed = try await compare(source.path, with: database)
        #expect(!changed.verification.matches)
        try await database.execute("DROP INDEX docs_tsv_idx")
        let broken = try await compare(source.path, with: database)
        #expect("\(broken.verification)".contains("docs_tsv_idx"))
    }

    @Test func `without being asked, virtual tables are losses and nothing else is lost`() async throws {
        let source = try SourceFile(
            """
            CREATE VIRTUAL TABLE docs USING fts5(a);
            INSERT INTO docs VALUES ('x');
            CREATE VIRTUAL TABLE boxes USING rtree(id, a, b);
            CREATE TABLE notes_content(id INTEGER PRIMARY KEY, a TEXT);
            INSERT INTO notes_content VALUES (1, 'kept');
            CREATE VIRTUAL TABLE notes USING fts5(a, content='notes_content', content_rowid='id');
            CREATE TABLE plain_data(a TEXT);
            """)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let result = try await Tool.run(["migrate", source.path, database.argument])
        #expect(result.status == 3)
        #expect(result.errors.contains("--fts simple") || result.output.contains("--fts simple"), "\(result)")
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        #expect(try await database.column(tables) == ["notes_content", "plain_data"])
        #expect(try await database.scalar("SELECT a FROM notes_content") == "kept")
    }

    @Test func `a configuration that the server does not have stops before anything is made`() async throws {
        let source = try SourceFile("CREATE VIRTUAL TABLE docs USING fts5(a);")
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--fts", "klingon"])
        #expect(result.status == 64, "\(result)")
        #expect(result.errors.contains("no text search configuration klingon"), "\(result)")
        #expect(try await database.relations().isEmpty)
        let form = try await Tool.run(["translate", source.path, "--fts", "simple'; DROP TABLE t"])
        #expect(form.status == 64)
    }

    @Test func `a configuration of the application's own is named with its schema`() async throws {
        let source = try SourceFile(
            "CREATE VIRTUAL TABLE docs USING fts5(a); INSERT INTO docs VALUES ('Running');")
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(
            "CREATE SCHEMA own; CREATE TEXT SEARCH CONFIGURATION own.mine (COPY = english);")
        let report = try await migrate(source.path, into: database) {
            $0.plan.fullTextConfiguration = "own.mine"
        }
        #expect(report.outcome == .complete)
        #expect(try await database.scalar("SELECT tsv::text FROM docs") == "'run':1")
    }

    /// Words that fill a tsvector as no prose does, by their number `i`.
    static let dearWords = [
        "'a' || i", "md5(i::text)", "chr(97 + i % 26) || '-' || chr(97 + i % 25) || '-' || i",
        "'a' || i || '-b-c-d'", "i || '.de/a/b'", "'x' || i || '@a.de'", "chr(131072 + i)",
        "'/a' || i || '/b'",
        "to_hex(i + 4096) || '.de/' || to_hex(i)", "'a-' || to_hex(i) || '-' || to_hex(i + 65536)",
        longWords, "repeat(chr(131072 + i), 100) || '-' || repeat(chr(131073 + i), 100)",
    ]

    private static let longWords = """
        chr(131072 + i % 40000) || chr(131072 + (i * 7) % 40000) || '-'
          || chr(131072 + (i * 11) % 40000) || chr(131072 + (i * 13) % 40000)
        """

    /// The size of the tsvector of the first characters of such words.
    private static func filling(_ word: String, characters: String) -> String {
        """
        SELECT pg_column_size(to_tsvector('simple', left(text, (\(characters))::int)))::text
        FROM (SELECT string_agg(\(word), ' ') AS text FROM generate_series(1, 40000) AS i) AS words
        """
    }

    @Test(arguments: dearWords)
    func `no text that is searched as a whole or cut passes the limit of a tsvector`(word: String)
        async throws
    {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let cut = try await database.scalar(Self.filling(word, characters: "125000"))
        #expect(Int(cut ?? "").map { $0 > 1000 } == true)
        let characters = "250000.0 * char_length(text) / octet_length(text)"
        let whole = try await database.scalar(Self.filling(word, characters: characters))
        #expect(Int(whole ?? "").map { $0 > 1000 } == true)
    }

    @Test func `half as much again would not fit`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        await #expect(throws: (any Error).self) {
            try await database.scalar(Self.filling(Self.longWords, characters: "187500"))
        }
    }

    @Test func `a text too long for a tsvector arrives whole and is searched by its beginning`() async throws
    {
        let source = try SourceFile(
            """
            CREATE VIRTUAL TABLE docs USING fts5(a);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
            INSERT INTO docs SELECT group_concat('word' || i, ' ') FROM n;
            """)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database) {
            $0.plan.fullTextConfiguration = "simple"
        }
        #expect(report.outcome == .complete)
        #expect(report.finding("full-text-cut")?.severity == .loss)
        #expect(try await compare(source.path, with: database).verification.matches)
        func count(_ word: String) async throws -> String? {
            try await database.scalar(
                "SELECT count(*) FROM docs WHERE tsv @@ to_tsquery('simple', '\(word)')")
        }
        #expect(try await count("word77") == "1")
        #expect(try await count("word299999") == "0")
    }

    @Test func `statements on full-text tables have the class that is theirs`() async throws {
        let source = try SourceFile(Self.setup)
        var options = PlanOptions()
        options.fullTextConfiguration = "simple"
        let expected: [(sql: String, kind: ClassifiedStatement.Class, holds: String)] = [
            ("SELECT rowid FROM docs WHERE docs MATCH 'x'", .fails, "@@"),
            ("SELECT title FROM docs WHERE rowid = 1", .portable, ""),
            ("SELECT count(*) FROM docs", .portable, ""),
            ("SELECT * FROM docs", .changesMeaning, "tsv"), ("SELECT * FROM page", .changesMeaning, "tsv"),
            ("SELECT title FROM docs ORDER BY rank", .fails, "ts_rank"),
            ("INSERT INTO docs(docs) VALUES ('optimize')", .fails, "no column docs"),
            ("SELECT title FROM page_index", .fails, "tsvector column of page"),
            ("INSERT INTO docs(title, body) VALUES ('a', 'b')", .changesMeaning, ""),
            ("DELETE FROM docs WHERE rowid = 3", .portable, ""),
            ("SELECT title FROM docs WHERE _rowid_ = 1", .fails, "_rowid_"),
        ]
        let found = try await StatementTranslation(source: source.path, options: options).run(
            expected.map(\.sql).joined(separator: ";\n"))
        try #require(found.count == expected.count)
        for (example, statement) in zip(expected, found) {
            #expect(statement.class == example.kind, "\(statement)")
            let text = statement.reasons.joined(separator: "; ")
            #expect(example.holds.isEmpty || text.contains(example.holds), "\(statement)")
        }
    }

    @Test func `only the tables that a query reads say whether there is a rowid`() async throws {
        let source = try SourceFile(
            """
            CREATE VIRTUAL TABLE docs USING fts5(a); INSERT INTO docs VALUES ('apple');
            CREATE TABLE docs_archive(id INTEGER PRIMARY KEY, a TEXT); INSERT INTO docs_archive VALUES (1, 'fig');
            """)
        var options = PlanOptions()
        options.fullTextConfiguration = "simple"
        let found = try await StatementTranslation(source: source.path, options: options).run(
            "SELECT rowid, a FROM docs; SELECT rowid, a FROM docs_archive;")
        #expect(found.map(\.class) == [.portable, .fails])
        #expect(found.last?.reasons.contains("Postgres has no rowid") == true)
    }

    @Test func `a plan that was saved carries them as it says`() async throws {
        let source = try SourceFile(Self.setup + Self.rows(seed: 3))
        let folder = try TemporaryFolder()
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let plan = folder.file("plan.json")
        let first = try await Tool.run([
            "migrate", source.path, database.argument, "--fts", "english", "--dry-run", "--save-plan", plan,
        ])
        #expect([0, 3].contains(first.status), "\(first)")
        let second = try await Tool.run(["migrate", source.path, database.argument, "--plan", plan])
        #expect([0, 3].contains(second.status), "\(second)")
        #expect(try await database.scalar("SELECT count(*) FROM docs") == "120")
        let definition = try await database.scalar(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'docs'::regclass")
        #expect(definition?.contains("'english'::regconfig") == true, "\(definition ?? "")")
        let verified = try await Tool.run(["verify", source.path, database.argument])
        #expect(verified.status == 0, "\(verified)")
    }
}
