/// A trigger, what sets it off, and what to look at afterwards. All runs on SQLite and on Postgres.
struct TriggerCase: Sendable, CustomStringConvertible {
    var description: String
    /// On SQLite, before the move.
    var setup: String
    /// On both, after the move; a statement that fails must fail on both.
    var changes: [String]
    /// On both, compared as text.
    var probes: [String]
    /// The codes of the findings about triggers.
    var findings: Set<String> = []

    init(
        _ description: String, _ setup: String, _ changes: [String], _ probes: [String],
        _ findings: Set<String> = []
    ) {
        self.description = description
        self.setup = setup
        self.changes = changes
        self.probes = probes
        self.findings = findings
    }
}

extension TriggerCase {
    private static let accounts = """
        CREATE TABLE acc(id INTEGER PRIMARY KEY, bal INTEGER, name TEXT);
        CREATE TABLE log(n INTEGER PRIMARY KEY, what TEXT, a INTEGER, b INTEGER);
        INSERT INTO acc VALUES (1, 100, 'x'), (2, 50, 'y');

        """
    private static let accountProbes = [
        "SELECT id, bal, name FROM acc ORDER BY id", "SELECT what, a, b FROM log ORDER BY n",
    ]

    private static func onAccounts(
        _ description: String, _ triggers: String, _ changes: [String], _ findings: Set<String> = []
    ) -> TriggerCase {
        TriggerCase(description, accounts + triggers, changes, accountProbes, findings)
    }

    static let all: [TriggerCase] = [
        onAccounts(
            "AFTER UPDATE reads OLD and NEW",
            "CREATE TRIGGER tr AFTER UPDATE ON acc BEGIN INSERT INTO log(what, a, b) VALUES ('upd', OLD.bal, NEW.bal); END;",
            ["UPDATE acc SET bal = bal + 1", "UPDATE acc SET bal = bal WHERE id = 1"]),
        onAccounts(
            "several statements after DELETE",
            """
            CREATE TRIGGER tr AFTER DELETE ON acc BEGIN
              INSERT INTO log(what, a) VALUES ('del ' || OLD.name, OLD.id); DELETE FROM log WHERE n > 100; END;
            """, ["DELETE FROM acc WHERE id = 1"]),
        onAccounts(
            "BEFORE INSERT changes another row",
            "CREATE TRIGGER tr BEFORE INSERT ON acc BEGIN UPDATE acc SET bal = bal - NEW.bal WHERE id = 1; END;",
            ["INSERT INTO acc VALUES (3, 10, 'n')", "INSERT INTO acc VALUES (4, 1, 'm'), (5, 2, 'o')"]),
        onAccounts(
            "WHEN lets only some rows through",
            """
            CREATE TRIGGER tr AFTER UPDATE ON acc WHEN NEW.bal < OLD.bal AND NEW.name <> 'y' BEGIN
              INSERT INTO log(what, a, b) VALUES ('down', OLD.bal, NEW.bal); END;
            """, ["UPDATE acc SET bal = bal - 10", "UPDATE acc SET bal = NULL", "UPDATE acc SET bal = 1"]),
        onAccounts(
            "UPDATE OF looks at the columns that are named",
            """
            CREATE TRIGGER tr AFTER UPDATE OF bal, id ON acc BEGIN
              INSERT INTO log(what, a) VALUES ('bal', NEW.id); END;
            """,
            ["UPDATE acc SET name = 'z'", "UPDATE acc SET bal = bal, name = 'w' WHERE id = 2"]),
        onAccounts(
            "RAISE(ABORT) refuses the statement",
            """
            CREATE TRIGGER tr BEFORE UPDATE ON acc BEGIN
              SELECT RAISE(ABORT, 'negative') WHERE NEW.bal < 0;
              SELECT CASE WHEN NEW.name IS NULL THEN RAISE(ROLLBACK, 'no name') WHEN NEW.bal = 13 THEN RAISE(ABORT, 'thirteen') END;
            END;
            """,
            [
                "UPDATE acc SET bal = bal - 60", "UPDATE acc SET bal = bal - 10",
                "UPDATE acc SET name = NULL WHERE id = 1", "UPDATE acc SET bal = 13 WHERE id = 2",
            ]),
        onAccounts(
            "RAISE for what a query finds",
            """
            CREATE TRIGGER tr BEFORE INSERT ON acc BEGIN
              SELECT RAISE(ABORT, 'twice') FROM acc WHERE name = NEW.name;
              SELECT CASE WHEN (SELECT count(*) FROM acc) >= 4 THEN RAISE(ABORT, 'full') END;
              SELECT iif(NEW.bal > 1000, RAISE(ABORT, 'rich'), 0);
            END;
            """,
            [
                "INSERT INTO acc VALUES (7, 1, 'x')", "INSERT INTO acc VALUES (8, 1, 'q')",
                "INSERT INTO acc VALUES (9, 1001, 'r')", "INSERT INTO acc VALUES (10, 1, 's')",
                "INSERT INTO acc VALUES (11, 1, 't')",
            ]),
        onAccounts(
            "RAISE(IGNORE) gives up the row and no other",
            """
            CREATE TRIGGER tr BEFORE UPDATE ON acc BEGIN
              INSERT INTO log(what, a) VALUES ('seen', NEW.id);
              SELECT RAISE(IGNORE) WHERE NEW.id = 1;
              INSERT INTO log(what, a) VALUES ('done', NEW.id);
            END;
            """, ["UPDATE acc SET bal = 0"]),
        onAccounts(
            "a trigger does not set itself off",
            """
            CREATE TRIGGER tr AFTER UPDATE ON acc BEGIN
              UPDATE acc SET bal = bal + 1 WHERE id = NEW.id; INSERT INTO log(what, a) VALUES ('one', NEW.bal); END;
            """, ["UPDATE acc SET name = 'q'", "UPDATE acc SET bal = 7 WHERE id = 2"]),
        onAccounts(
            "but it sets off others, which set off it no more",
            """
            CREATE TRIGGER a1 AFTER INSERT ON log WHEN NEW.a < 10 BEGIN UPDATE acc SET bal = bal + 1 WHERE id = 1; END;
            CREATE TRIGGER a2 AFTER UPDATE ON acc WHEN OLD.bal < 200 BEGIN INSERT INTO log(what, a) VALUES ('upd', 1); END;
            """, ["INSERT INTO log(what, a) VALUES ('start', 0)", "UPDATE acc SET bal = 5 WHERE id = 2"]),
        TriggerCase(
            "a guard ends with an error, too",
            accounts + """
                CREATE TRIGGER tr AFTER UPDATE ON acc BEGIN
                  SELECT RAISE(ABORT, 'no') WHERE NEW.bal < 0;
                  UPDATE acc SET name = name || '!' WHERE id = NEW.id;
                END;
                """, ["UPDATE acc SET bal = -1 WHERE id = 1", "UPDATE acc SET bal = 3 WHERE id = 1"],
            accountProbes),
        onAccounts(
            "OR IGNORE leaves out what conflicts",
            """
            CREATE TRIGGER tr AFTER INSERT ON acc BEGIN
              INSERT OR IGNORE INTO log VALUES (NEW.bal, 'ignored or not', 1, 2); END;
            """,
            [
                "INSERT INTO acc VALUES (3, 7, 'a')", "INSERT INTO acc VALUES (4, 7, 'b')",
                "INSERT INTO acc VALUES (5, 8, 'c')",
            ]),
        TriggerCase(
            "OR IGNORE leaves out rows without a value",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT);
            CREATE TABLE u(k TEXT PRIMARY KEY, v TEXT NOT NULL);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO u VALUES ('k' || NEW.id, NEW.v); END;
            """, ["INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, 'c')"], ["SELECT k, v FROM u ORDER BY k"]),
        TriggerCase(
            "OR REPLACE with one key",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, n INT);
            CREATE TABLE last(k TEXT PRIMARY KEY, n INT DEFAULT 7, note TEXT DEFAULT 'none') WITHOUT ROWID;
            INSERT INTO last VALUES ('a', 1, 'kept?');
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN REPLACE INTO last(k, n) VALUES (NEW.v, NEW.n); END;
            """, ["INSERT INTO t VALUES (1, 'a', 5), (2, 'b', 6)", "INSERT INTO t VALUES (3, 'b', 9)"],
            ["SELECT k, n, note FROM last ORDER BY k"]),
        TriggerCase(
            "OR REPLACE with two keys deletes all that conflicts",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT);
            CREATE TABLE u(a INT PRIMARY KEY, b INT UNIQUE, c TEXT);
            INSERT INTO u VALUES (1, 10, 'x'), (2, 20, 'y'), (3, 30, 'z');
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO u VALUES (NEW.a, NEW.b, 'new'); END;
            """, ["INSERT INTO t VALUES (1, 1, 20)", "INSERT INTO t VALUES (2, 9, 90), (3, 9, 91)"],
            ["SELECT a, b, c FROM u ORDER BY a"]),
        TriggerCase(
            "ON CONFLICT DO UPDATE counts",
            """
            CREATE TABLE word(id INTEGER PRIMARY KEY, w TEXT);
            CREATE TABLE tally(w TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 1);
            CREATE TRIGGER tr AFTER INSERT ON word BEGIN
              INSERT INTO tally(w) VALUES (NEW.w) ON CONFLICT(w) DO UPDATE SET n = n + excluded.n WHERE tally.w <> 'stop'; END;
            """,
            ["INSERT INTO word(w) VALUES ('a'), ('b'), ('a'), ('stop'), ('stop')"],
            ["SELECT w, n FROM tally ORDER BY w"]),
        TriggerCase(
            "INSERT from a query row by row",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
            CREATE TABLE s(k INT); INSERT INTO s VALUES (1), (2), (1);
            CREATE TABLE u(k INT PRIMARY KEY, n INT);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN
              INSERT INTO u SELECT k, NEW.a FROM s WHERE true ON CONFLICT(k) DO UPDATE SET n = n + excluded.n; END;
            """, ["INSERT INTO t(a) VALUES (5)", "INSERT INTO t(a) VALUES (7)"],
            ["SELECT k, n FROM u ORDER BY k"]),
        TriggerCase(
            "dates, booleans and reals become what the columns are",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, paid BOOLEAN, price REAL, at DATETIME, note TEXT);
            INSERT INTO t VALUES (1, 1, 1.5, '2024-01-02 03:04:05', 'a'), (2, 0, 2.0, '2024-01-02 03:04:06', 'b');
            CREATE TABLE h(id INTEGER PRIMARY KEY, paid BOOLEAN, price REAL, at DATETIME, note TEXT, cents INTEGER);
            INSERT INTO h VALUES (1, 0, 1.5, '2024-01-02 03:04:05', 'seed', 1);
            CREATE TRIGGER tr AFTER UPDATE ON t BEGIN
              INSERT INTO h(paid, price, at, note, cents) VALUES (NEW.paid, NEW.price * 2, OLD.at, NEW.note || NEW.id, NEW.price * 100);
              INSERT INTO h(paid, price, at, note) VALUES (NEW.price > 1, NEW.id, '2025-06-07 08:09:10', 12);
              UPDATE t SET at = datetime('2030-01-01 00:00:00') WHERE id = NEW.id;
            END;
            """, ["UPDATE t SET price = price + 0.5"],
            [
                "SELECT id, CASE WHEN paid THEN 1 ELSE 0 END, price * 4, CAST(at AS TEXT), note, cents FROM h ORDER BY id",
                "SELECT id, CAST(at AS TEXT) FROM t ORDER BY id",
            ]),
        TriggerCase(
            "INSTEAD OF makes a view writable",
            """
            CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE q(p_id INT, mail TEXT);
            INSERT INTO p VALUES (1, 'ann'); INSERT INTO q VALUES (1, 'a@x');
            CREATE VIEW v AS SELECT p.id, p.name, q.mail FROM p JOIN q ON q.p_id = p.id;
            CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN
              INSERT INTO p VALUES (NEW.id, NEW.name); INSERT INTO q VALUES (NEW.id, NEW.mail); END;
            CREATE TRIGGER vu INSTEAD OF UPDATE ON v BEGIN
              UPDATE p SET name = NEW.name WHERE id = OLD.id; UPDATE q SET mail = NEW.mail WHERE p_id = OLD.id; END;
            CREATE TRIGGER vd INSTEAD OF DELETE ON v WHEN OLD.id > 1 BEGIN DELETE FROM q WHERE p_id = OLD.id; DELETE FROM p WHERE id = OLD.id; END;
            """,
            [
                "INSERT INTO v(id, name, mail) VALUES (2, 'bob', 'b@x'), (3, 'cy', 'c@x')",
                "UPDATE v SET name = name || '!' WHERE id < 3", "DELETE FROM v WHERE id <> 2",
            ], ["SELECT id, name, mail FROM v ORDER BY id", "SELECT id, name FROM p ORDER BY id"]),
        TriggerCase(
            "UPDATE FROM and row assignments",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT, b INT);
            CREATE TABLE s(id INTEGER PRIMARY KEY, x INT, y INT);
            INSERT INTO s VALUES (1, 10, 20), (2, 30, 40);
            CREATE TABLE r(id INTEGER PRIMARY KEY, a INT, b INT); INSERT INTO r VALUES (1, 0, 0), (2, 0, 0);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN
              UPDATE r SET a = s.x + NEW.a FROM s WHERE s.id = r.id;
              UPDATE r SET (a, b) = (SELECT a + 1, y FROM s WHERE s.id = r.id) WHERE id = 1;
              UPDATE r SET (a, b) = (b, a) WHERE id = 2;
            END;
            """, ["INSERT INTO t(a, b) VALUES (1, 2)", "INSERT INTO t(a, b) VALUES (3, 4)"],
            ["SELECT id, a, b FROM r ORDER BY id"]),
        TriggerCase(
            "NULL for the rowid takes the next one",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
            CREATE TABLE u(id INTEGER PRIMARY KEY, a INT);
            INSERT INTO u VALUES (5, 0);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN
              INSERT INTO u VALUES (NULL, NEW.a); INSERT INTO u SELECT nullif(NEW.a, NEW.a), 2; END;
            """, ["INSERT INTO t(a) VALUES (1)"], ["SELECT id, a FROM u ORDER BY id"]),
        TriggerCase(
            "a cascade sets off triggers",
            """
            PRAGMA foreign_keys = ON;
            CREATE TABLE p(id INTEGER PRIMARY KEY);
            CREATE TABLE c(id INTEGER PRIMARY KEY, p_id INT REFERENCES p(id) ON DELETE CASCADE);
            CREATE TABLE log(n INTEGER PRIMARY KEY, what INT);
            INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES (10, 1), (11, 1), (12, 2);
            CREATE TRIGGER tr AFTER DELETE ON c BEGIN INSERT INTO log(what) VALUES (OLD.id); END;
            """, ["DELETE FROM p WHERE id = 1"],
            ["SELECT what FROM log ORDER BY what", "SELECT id FROM c ORDER BY id"]),
        TriggerCase(
            "the trigger counts rows of its own table",
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
            CREATE TABLE s(n INT); INSERT INTO s VALUES (0);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE s SET n = (SELECT count(*) FROM t); END;
            """, ["INSERT INTO t(a) VALUES (1)", "INSERT INTO t(a) VALUES (2), (3)"], ["SELECT n FROM s"],
            ["trigger-timing"]),
        TriggerCase(
            "the rowid of a table without one of its own",
            """
            CREATE TABLE t(a INT NOT NULL, b TEXT NOT NULL, n INT, PRIMARY KEY (a, b));
            INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2);
            CREATE TRIGGER ti AFTER INSERT ON t BEGIN UPDATE t SET n = n * 10 WHERE rowid = NEW.rowid; END;
            CREATE TRIGGER tu AFTER UPDATE OF b ON t BEGIN UPDATE t SET n = n + 1 WHERE rowid = OLD.rowid AND n > 0; END;
            """, ["INSERT INTO t VALUES (3, 'z', 3), (4, 'w', 4)", "UPDATE t SET b = b || '!' WHERE a < 4"],
            ["SELECT a, b, n FROM t ORDER BY a"]),
        TriggerCase(
            "names that need quotes, and capitals",
            """
            CREATE TABLE "My Table"("Id" INTEGER PRIMARY KEY, "select" TEXT, "new" INT);
            CREATE TABLE "Log"("n" INTEGER PRIMARY KEY, "What's" TEXT);
            CREATE TRIGGER "My Trigger" AFTER INSERT ON "My Table" BEGIN
              INSERT INTO "Log"("What's") VALUES (NEW."select" || ' $trigger$ '' ' || NEW."new"); END;
            """, ["INSERT INTO \"My Table\" VALUES (1, 'x', 5)"], ["SELECT \"What's\" FROM \"Log\""]),
    ]

    /// What is not carried, each with the reason.
    static let refused: [(trigger: String, reason: String)] = [
        ("AFTER INSERT ON t BEGIN INSERT INTO u VALUES (last_insert_rowid()); END", "last_insert_rowid"),
        ("AFTER UPDATE ON t BEGIN INSERT INTO u VALUES (changes()); END", "changes"),
        ("BEFORE UPDATE ON t BEGIN UPDATE t SET a = 1 WHERE id = NEW.id; END", "changes its own table"),
        ("AFTER INSERT ON t BEGIN INSERT INTO nowhere VALUES (1); END", "nowhere"),
        ("AFTER INSERT ON t BEGIN SELECT my_function(NEW.a); END", "my_function"),
        ("AFTER INSERT ON t BEGIN SELECT coalesce(NEW.a, RAISE(ABORT, 'x')); END", "RAISE"),
        ("AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1) ON CONFLICT(a) DO NOTHING; END", "names no key"),
        ("AFTER INSERT ON t BEGIN UPDATE u SET a = OLD.a; END", "OLD"),
        ("AFTER INSERT ON t BEGIN REPLACE INTO w VALUES (1, 2); END", "DELETE triggers"),
    ]
}
