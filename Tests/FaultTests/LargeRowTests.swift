import Foundation
import TestSupport
import Testing

@Suite("A row as large as a memory")
struct LargeRowTests {
    private static let hasTime = FileManager.default.isExecutableFile(atPath: "/usr/bin/time")
    private static let largestRow = 105_000_000

    /// Peak resident memory of one run, in bytes.
    private func peak(_ command: String, _ path: String, _ target: String, in folder: String) throws -> (
        status: Int32, byteCount: Int
    ) {
        let outcome = try OutgrowProgram.shell(
            "/usr/bin/time -f %M -o peak \"$OUTGROW\" \(command) '\(path)' \(target) --quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        let text = try String(contentsOfFile: folder + "/peak", encoding: .utf8)
        let kilobytes = try #require(text.split(separator: "\n").last.flatMap { Int($0) })
        return (outcome.status, kilobytes * 1024)
    }

    @Test(.enabled(if: hasTime, "needs the program time"), arguments: ["translate", "migrate"])
    func `needs 64 MiB beside its own size`(_ command: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB); INSERT INTO t VALUES(1, zeroblob(\(Self.largestRow))), (2, x'01');",
            on: path)
        // Not a rehearsal: `time` would count the memory of the server that it starts.
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let target = command == "migrate" ? "\"\(database.argument)\"" : ""
        let peak = try peak(command, path, target, in: folder.path)
        #expect(peak.byteCount <= (64 << 20) + Self.largestRow, "\(command): \(peak.byteCount >> 20) MiB")
    }
}
