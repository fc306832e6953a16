import Foundation
import TestSupport
import Testing

/// The screen of `watch`, on a terminal that `script` makes.
@Suite struct WatchScreenTests {
    @Test func `a terminal gets one screen, and gets its own back`() throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run(
            "PRAGMA journal_mode = wal; CREATE TABLE t(x); BEGIN IMMEDIATE; INSERT INTO t VALUES(1);")
        // `script` gives it a terminal; the screen's own text says when it has drawn a whole minute.
        let outcome = try OutgrowProgram.shell(
            """
            export TERM=xterm XDG_STATE_HOME="$PWD/state"
            script -qfec "stty cols 100 rows 50; exec '$OUTGROW' watch app.db --interval 1s" typescript >/dev/null </dev/null & child=$!
            for i in $(seq 1 400); do grep -q 'held by' typescript 2>/dev/null && break; sleep 0.1; done
            pkill -INT -P $child; wait $child; cat typescript
            """, in: folder.path)
        let text = outcome.output
        #expect(text.contains("\u{1B}[?1049h"), "\(outcome)")
        #expect(text.contains("outgrow watch  "))
        #expect(text.contains("app.db  "))
        for word in [
            "  lock      [", "  24 hours  [", "  waits     ", "    over 100 ms",
            "  held by   sqlite3 (process \(shell.processID))", "  storage   journal wal",
            "  NOW       held for", "  not seen  ",
        ] {
            #expect(text.contains(word), "\(word)")
        }
        let end = try #require(text.range(of: "\u{1B}[?1049l"))
        #expect(text[end.upperBound...].contains(" app.db "), "the last line stays")
        #expect(text.contains("state: complete"))
    }
}
