internal import Diagnostics
internal import Foundation

/// The running `postgres` of a cluster, a child of ours.
///
/// Not started through `pg_ctl`: its server would hold on to a descriptor by which Foundation waits for
/// `pg_ctl` to end. As a direct child it is also reaped here, so nothing is left behind in a container whose
/// first process reaps nobody.
///
/// `Process` is guarded by its own lock, and only read here.
struct ServerProcess: @unchecked Sendable {
    private let process: Process
    var processID: Int32 { process.processIdentifier }

    private static let patience: Duration = .seconds(60)

    /// Starts the server and returns when it accepts connections. Blocks.
    static func start(
        _ layout: ClusterLayout, _ binaries: ServerBinaries, _ account: ServerAccount
    ) throws -> ServerProcess {
        guard
            FileManager.default.createFile(
                atPath: layout.log, contents: nil, attributes: [.posixPermissions: 0o600]),
            let log = FileHandle(forUpdatingAtPath: layout.log)
        else { throw failure("The server's log cannot be written.", layout) }
        let process = try account.command([binaries.postgres, "-D", layout.data]).start(loggingTo: log)
        try log.close()
        let server = ServerProcess(process: process)
        let deadline = ContinuousClock.now + patience
        while !isReady(layout) {
            guard process.isRunning, ContinuousClock.now < deadline else {
                server.stop()
                throw failure("A local Postgres server does not start.", layout)
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return server
    }

    /// Ends the server at once, without a checkpoint: its data goes next. Blocks until it is gone.
    func stop() {
        let deadline = ContinuousClock.now + .seconds(5)
        if process.isRunning { kill(processID, SIGQUIT) }
        while process.isRunning, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.005) }
        guard process.isRunning else { return }
        // Its children notice that it is gone and end by themselves.
        kill(processID, SIGKILL)
        while process.isRunning { Thread.sleep(forTimeInterval: 0.005) }
    }

    /// Ends the server that a killed run has left in `layout`.
    ///
    /// The process number in `postmaster.pid` may be somebody else's by now: only a process whose working folder
    /// is the cluster, as a server's is, gets the signal.
    static func stopLeftOver(of layout: ClusterLayout) throws {
        guard let processID = recordedProcessID(layout), isServer(processID, of: layout) else { return }
        kill(processID, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(5)
        while isServer(processID, of: layout) {
            guard ContinuousClock.now < deadline else {
                throw failure("A left-over Postgres server does not stop.", layout)
            }
            Thread.sleep(forTimeInterval: 0.005)
        }
    }

    static func isServer(_ processID: Int32, of layout: ClusterLayout) -> Bool {
        let cluster = URL(fileURLWithPath: layout.data).resolvingSymlinksInPath().path
        return Files.destination(of: "/proc/\(processID)/cwd") == cluster
    }

    /// Whether the terminal's Ctrl-C would reach it together with us.
    static func isSameProcessGroup(_ processID: Int32) -> Bool { getpgid(processID) == getpgrp() }

    static func recordedProcessID(_ layout: ClusterLayout) -> Int32? {
        pidFileLines(layout).first.flatMap { Int32($0) }
    }

    /// The eighth line of `postmaster.pid` says how far the start has come; `pg_ctl` waits for the same.
    private static func isReady(_ layout: ClusterLayout) -> Bool {
        pidFileLines(layout).dropFirst(7).first?.hasPrefix("ready") ?? false
    }

    private static func pidFileLines(_ layout: ClusterLayout) -> [Substring] {
        let data = FileManager.default.contents(atPath: "\(layout.data)/postmaster.pid") ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func failure(_ summary: String, _ layout: ClusterLayout) -> OutgrowError {
        let log = FileManager.default.contents(atPath: layout.log).map { String(decoding: $0, as: UTF8.self) }
        return OutgrowError(
            "local-postgres-start", .target, summary, at: layout.home,
            fix: "Read the cause; another folder or less memory may help (--work-dir).",
            cause: log?.suffixLines(3))
    }
}
