import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// `outgrow check` with several databases, with other thresholds and with probes.
@Suite struct CheckCommandTests {
    private static func database(_ folder: TemporaryFolder, _ name: String, _ journal: String) throws
        -> LiveShell
    {
        let shell = try LiveShell(folder.file(name))
        try shell.run("PRAGMA journal_mode = \(journal); CREATE TABLE t(x); INSERT INTO t VALUES(1);")
        return shell
    }

    // MARK: Several

    @Test func `several databases have a line each, and the worst decides the status`() throws {
        let folder = try TemporaryFolder()
        let shells = [try Self.database(folder, "a.db", "wal"), try Self.database(folder, "b.db", "delete")]
        let calm = try OutgrowProgram.run(["check", "a.db", "b.db", "--for", "4s"], in: folder.path)
        let lines = calm.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("OUTGROW OK - \(folder.path)/a.db: "), "\(calm)")
        #expect(lines[1].hasPrefix("OUTGROW OK - \(folder.path)/b.db: "), "\(calm)")
        #expect(calm.status == 0, "\(calm)")
        let bad = try OutgrowProgram.run(["check", "a.db", "missing.db", "--for", "4s"], in: folder.path)
        #expect(bad.output.contains("\nOUTGROW UNKNOWN - missing.db: "), "\(bad)")
        #expect(bad.status == 3, "\(bad)")
        withExtendedLifetime(shells) {}
    }

    @Test func `several databases are one JSON document`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder, "a.db", "wal")
        let outcome = try OutgrowProgram.run(
            ["check", "a.db", "no.db", "--for", "1s", "--json"], in: folder.path)
        let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        let document = try #require(object as? [String: Any])
        #expect(document["schema"] as? String == "outgrow.checks/1")
        #expect(document["exit_status"] as? Int == 3)
        let databases = try #require(document["databases"] as? [[String: Any]])
        #expect(databases.count == 2)
        #expect(databases.first?["verdict"] != nil)
        #expect((databases.last?["error"] as? [String: Any])?["code"] as? String == "source-missing")
        withExtendedLifetime(shell) {}
    }

    // MARK: Thresholds

    @Test func `a threshold is named, parsed by its unit and kept within its range`() throws {
        var rules = VerdictRules()
        try rules.set("stall=250ms")
        try rules.set("bad-ratio=2%")
        try rules.set("bad-days=2")
        #expect(rules.stall == 0.25 && rules.badRatio == 0.02 && rules.badDays == 2)
        let wrong: [(String, VerdictRules.SettingFailure)] = [
            ("stall", .form("stall")), ("speed=1", .unknown("speed")),
            ("bad-days=2.5", .range("bad-days", "1 to 366")), ("bad-days=0", .range("bad-days", "1 to 366")),
            ("bad-ratio=200%", .range("bad-ratio", "0.0001 to 1.0")),
            ("bad-ratio=nan", .range("bad-ratio", "0.0001 to 1.0")),
        ]
        for (text, failure) in wrong {
            #expect(throws: failure) { try rules.set(text) }
        }
        for threshold in VerdictRules.thresholds {
            #expect(threshold.range.contains(threshold.value(in: VerdictRules())), "\(threshold.name)")
        }
    }

    @Test func `a threshold that is changed stands beside its number`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder, "a.db", "wal")
        let outcome = try OutgrowProgram.run(
            ["check", "a.db", "--for", "1s", "--threshold", "minimum-looks=7"], in: folder.path)
        let line = outcome.output.split(separator: "\n").first {
            $0.contains("looks at the lock in a window")
        }
        #expect(line?.split(separator: " ").contains("7") == true, "\(outcome)")
        let wrong = try OutgrowProgram.run(["check", "a.db", "--threshold", "speed=1"], in: folder.path)
        #expect(wrong.status == 64 && wrong.errors.contains("bad-minute-share"), "\(wrong)")
        withExtendedLifetime(shell) {}
    }

    @Test func `every threshold is in the reference, with its default`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/reference/verdicts.md"), encoding: .utf8)
        for threshold in VerdictRules.thresholds {
            let value = threshold.value(in: VerdictRules())
            let number =
                switch threshold.unit {
                case .seconds: value < 1 ? "\(Int((value * 1000).rounded())) ms" : "\(Int(value)) s"
                case .share: "\(Int((value * 100).rounded())) %"
                case .count: "\(Int(value))"
                }
            #expect(page.contains("| `\(threshold.name)` | \(number) |"), "\(threshold.name) \(number)")
        }
    }

    // MARK: Probes

    @Test(arguments: ["lock", "write"])
    func `a probe asks as one more writer, changes no value and leaves the files`(_ kind: String) throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder, "a.db", "wal")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let dump = try shell.run(".dump")
        let outcome = try OutgrowProgram.run(
            ["check", "a.db", "--for", "2s", "--probe", kind], in: folder.path)
        #expect(outcome.output.contains("Probe of the \(kind) ("), "\(outcome)")
        #expect(!outcome.output.contains(" 0 attempts"), "\(outcome)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == names)
        #expect(try shell.run(".dump") == dump)
        #expect(try shell.run("INSERT INTO t VALUES(2); SELECT count(*) FROM t;") == "2")
        #expect(!outcome.output.contains("Held the write lock"), "the probe is no writer: \(outcome)")
    }

    @Test func `a probe that finds the lock held gives up in time and says so`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder, "a.db", "wal")
        try shell.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(2);")
        let outcome = try OutgrowProgram.run(
            ["check", "a.db", "--for", "2s", "--probe", "lock"], in: folder.path)
        #expect(outcome.output.contains("given up after 250 ms"), "\(outcome)")
        #expect(try shell.run("COMMIT; SELECT count(*) FROM t;") == "2")
    }

    @Test func `a probe does not open what it could harm`() throws {
        let folder = try TemporaryFolder()
        let rollback = try Self.database(folder, "rollback.db", "delete")
        try Self.database(folder, "closed.db", "wal").quit()
        let open = try Self.database(folder, "open.db", "wal")
        try Program.run("chmod", ["0755", folder.path])
        var cases: [(String, TestUser, String)] = [
            ("rollback.db", .current, "not in WAL mode"), ("closed.db", .current, "nobody has it open"),
        ]
        if TestUser.canBeOthers { cases.append(("open.db", .nobody, "another user")) }
        let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        for (name, user, reason) in cases {
            let outcome = try OutgrowProgram.run(
                ["check", folder.file(name), "--for", "1s", "--probe", "lock"], as: user)
            #expect(outcome.status == 3 && outcome.code == "probe-refused", "\(outcome)")
            #expect(outcome.errors.contains(reason), "\(outcome)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
        withExtendedLifetime((rollback, open)) {}
    }

    @Test func `the disk is probed in a file that nobody sees`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder, "a.db", "delete")
        let state = "stat -c '%n %s %y %i' . * && sha256sum *"
        let before = try OutgrowProgram.shell(state, in: folder.path).output
        let outcome = try OutgrowProgram.run(
            ["check", "a.db", "--for", "1s", "--probe", "disk"], in: folder.path)
        #expect(
            outcome.output.contains("Probe of the disk") || outcome.output.contains("nameless"), "\(outcome)")
        #expect(try OutgrowProgram.shell(state, in: folder.path).output == before)
        withExtendedLifetime(shell) {}
    }
}
