internal import Diagnostics
internal import Foundation

/// Who the server runs as: Postgres refuses to run as root.
///
/// As root its commands run as the `postgres` user, by `setpriv` or `runuser`, with nothing
/// of root's left; what they touch on disk they touch with that user's rights only.
struct ServerAccount: Sendable {
    /// Nil when the current user runs the server.
    let userName: String?
    private let prefix: [String]

    static func current() throws -> ServerAccount {
        guard geteuid() == 0 else { return ServerAccount(userName: nil, prefix: []) }
        if let setpriv = Command.find("setpriv") {
            return ServerAccount(
                userName: "postgres",
                prefix: [setpriv, "--reuid=postgres", "--regid=postgres", "--init-groups", "--"])
        }
        if let runuser = Command.find("runuser") {
            return ServerAccount(userName: "postgres", prefix: [runuser, "-u", "postgres", "--"])
        }
        throw OutgrowError(
            "local-postgres-account", .target, "A Postgres server cannot run as root.",
            fix: "Run as another user, or install setpriv or runuser (package util-linux).")
    }

    func command(_ arguments: [String]) -> Command { Command(prefix + arguments) }

    /// Makes a folder 0700 that belongs to the account.
    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        guard let userName else { return }
        do {
            try FileManager.default.setAttributes(
                [.ownerAccountName: userName, .groupOwnerAccountName: userName], ofItemAtPath: path)
        } catch {
            throw OutgrowError(
                "local-postgres-account", .target, "There is no user \(userName) to run the server as.",
                at: path, fix: "Install the Postgres server package, or run as another user than root.",
                cause: (error as NSError).localizedDescription)
        }
    }
}
