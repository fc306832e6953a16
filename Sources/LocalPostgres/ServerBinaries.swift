internal import Diagnostics
internal import Foundation

/// Where the programs of a Postgres server are.
package struct ServerBinaries: Sendable, Equatable {
    /// A folder that holds both `initdb` and `postgres`.
    package let folder: String

    var initdb: String { "\(folder)/initdb" }
    var postgres: String { "\(folder)/postgres" }

    /// Looks in PATH, asks `pg_config`, and then at the usual places, highest version first.
    ///
    /// A wrapper called `postgres` may stand in PATH alone, so only a folder that has both programs counts;
    /// links are followed, as the server looks for its other files from where it really is.
    package static func find() throws -> ServerBinaries {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return try find(
            in: candidates(path: path, configured: try configuredFolder(), versionsIn: "/usr/lib/postgresql"))
    }

    static func find(in folders: [String]) throws -> ServerBinaries {
        let files = FileManager.default
        for folder in folders {
            let programs = ["initdb", "postgres"].map { "\(folder)/\($0)" }
            guard programs.allSatisfy({ files.isExecutableFile(atPath: $0) }) else { continue }
            let homes = programs.map {
                URL(fileURLWithPath: $0).resolvingSymlinksInPath().deletingLastPathComponent()
            }
            return ServerBinaries(folder: homes[0] == homes[1] ? homes[0].path : folder)
        }
        throw OutgrowError(
            "local-postgres-missing", .target, "The programs of a Postgres server are not installed here.",
            fix:
                "Install them: sudo apt-get install postgresql "
                + "(or put the folder of initdb and postgres into PATH).",
            cause: "initdb and postgres are not together in: \(folders.joined(separator: ", "))")
    }

    static func candidates(path: String, configured: String?, versionsIn root: String) -> [String] {
        let installed = Files.names(in: root).compactMap { name in
            Double(name).map { ($0, "\(root)/\(name)/bin") }
        }
        .sorted { $0.0 > $1.0 }.map(\.1)
        return path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
            + (configured.map { [$0] } ?? []) + installed
            + [
                "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql/bin", "/opt/homebrew/bin",
                "/usr/local/bin",
            ]
    }

    /// Nil when there is no `pg_config`, or it knows of no server.
    private static func configuredFolder() throws -> String? {
        guard let program = Command.find("pg_config") else { return nil }
        let outcome = try Command([program, "--bindir"]).run()
        guard outcome.isSuccess else { return nil }
        let folder = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
        return folder.hasPrefix("/") ? folder : nil
    }
}
