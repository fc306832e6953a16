internal import Diagnostics
internal import Foundation

/// What stands where in a cluster's folder.
///
///     outgrow-pg-…/        ours: 0700, or 0711 as root so that the server's account can pass
///         owner            the lock that says that we live
///         server/          the account's, 0700: the socket and the log
///             data/        the cluster
struct ClusterLayout: Sendable {
    let folder: String

    var home: String { "\(folder)/server" }
    var data: String { "\(home)/data" }
    var log: String { "\(home)/log" }

    /// `sun_path` holds 107 bytes, on some systems 103.
    private static let longestSocketPath = 103

    func make(_ settings: LocalCluster.Settings, _ binaries: ServerBinaries, _ account: ServerAccount) throws
    {
        guard "\(home)/.s.PGSQL.5432".utf8.count <= Self.longestSocketPath else {
            throw OutgrowError(
                "local-postgres-path", .target, "The folder's path is too long for a socket.", at: folder,
                fix: "Name a folder with a shorter path with TMPDIR or --work-dir.")
        }
        if account.userName != nil {
            try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: folder)
        }
        try account.makeFolder(home)
        try requireReachable(account)
        try initialize(binaries, account)
        try configure(settings)
    }

    /// The server's account removes what is its own, so that root deletes nothing in a folder in which
    /// another user could swap names.
    func remove(as account: ServerAccount) throws {
        guard account.userName != nil, FileManager.default.fileExists(atPath: home) else { return }
        // It may not remove `home` itself, which stands in a folder of ours; that is an empty folder then.
        _ = try account.command(["/bin/rm", "-rf", "--", data, log, home]).run()
    }

    private func requireReachable(_ account: ServerAccount) throws {
        guard let userName = account.userName else { return }
        guard try account.command(["/usr/bin/test", "-w", home]).run().isSuccess else {
            throw OutgrowError(
                "local-postgres-path", .target, "The user \(userName) cannot reach the work folder.",
                at: folder,
                fix: "Name a folder that \(userName) may pass through with TMPDIR or --work-dir.")
        }
    }

    private func initialize(_ binaries: ServerBinaries, _ account: ServerAccount) throws {
        let outcome = try account.command([
            binaries.initdb, "-D", data, "-U", LocalCluster.userName, "-A", "trust", "-E", "UTF8",
            "--locale=C",
            "--no-sync", "--no-instructions",
        ]).run()
        guard outcome.isSuccess else {
            throw OutgrowError(
                "local-postgres-start", .target, "A local Postgres cluster cannot be made.", at: data,
                fix: "Read the cause; with no room or rights there, name another folder with --work-dir.",
                cause: outcome.output.suffixLines(3))
        }
    }

    private func configure(_ settings: LocalCluster.Settings) throws {
        var parameters = settings.parameters
        parameters["listen_addresses"] = ""
        parameters["unix_socket_directories"] = home
        parameters["port"] = "5432"
        parameters["timezone"] = "UTC"
        parameters["log_timezone"] = "UTC"
        // The log is ours to quote, and a statement may hold values.
        parameters["log_min_error_statement"] = "panic"
        let lines = parameters.sorted { $0.key < $1.key }.map {
            "\($0.key) = \($0.value.asConfigurationValue)\n"
        }
        try append(lines.joined(), to: "\(data)/postgresql.conf")
        let rules = settings.authenticationRules + ["local all all trust"]
        try overwrite("\(data)/pg_hba.conf", with: rules.joined(separator: "\n") + "\n")
    }

    /// Written in place: the files keep their owner.
    private func append(_ text: String, to path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }

    private func overwrite(_ path: String, with text: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
    }
}

extension String {
    func suffixLines(_ count: Int) -> String {
        split(whereSeparator: \.isNewline).suffix(count).joined(separator: " ")
    }

    fileprivate var asConfigurationValue: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
