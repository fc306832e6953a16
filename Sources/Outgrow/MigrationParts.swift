internal import CopyEncoding
internal import CopyEngine
internal import Diagnostics
internal import FoundationEssentials
internal import PostgresClient
internal import SQLiteClient
internal import Schema
internal import Verification

/// The tool's version, as `outgrow --version` prints it.
package let toolVersion = "0.1.0"

/// Times the phases of a story on the monotonic clock.
struct PhaseClock {
    private(set) var phases: [MigrationReport.Phase] = []
    private var started = ContinuousClock.now

    mutating func finish(_ name: String) {
        add(name, .now - started)
        restart()
    }

    mutating func add(_ name: String, _ duration: Duration) {
        phases.append(.init(name: name, seconds: duration.inSeconds))
    }

    mutating func restart() { started = .now }
}

enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

extension OutgrowError {
    /// Anything thrown, as an error for the user.
    package init(describing cause: any Error) {
        switch cause {
        case let error as OutgrowError: self = error
        case let failure as MigrationFailure: self = failure.error
        case is CancellationError:
            self = OutgrowError(
                "interrupted", .interrupted, "The run was interrupted.", fix: "Run the same command again.")
        case let failure as SQLiteFailure: self = failure.asSourceError(at: "the source")
        default: self = .defect("An error of an unexpected kind: \(cause)")
        }
    }
}

extension Finding {
    var ledgerRow: Ledger.FindingRow { (severity.rawValue, code.rawValue, location.description, message) }
}

extension HashKey {
    var text: String { "\(first) \(second)" }
}

extension SourceFiles.Stamp {
    /// One line for the ledger; equal lines mean that nobody wrote in between.
    var text: String { parts.map { "\($0)" }.joined(separator: "; ") }
}

extension Forecast {
    /// A modest rate for the whole run, measured on two slow cores over a socket.
    private static let bytesPerSecond: Double = 40_000_000
    /// Rows, indexes and the WAL of the load.
    private static let diskFactor: Double = 1.6

    init(plan: MigrationPlan, files: SourceFiles, access: SourceAccess) {
        tables = plan.tables.count
        rows = plan.tables.reduce(0) { $0 + $1.estimatedRowCount }
        bytes = plan.tables.reduce(0) { $0 + $1.estimatedByteCount }
        seconds = 1 + Double(bytes) / Self.bytesPerSecond
        targetDiskBytes = Int64(Double(bytes) * Self.diskFactor) + 24 * rows + 16_000_000
        openedBy = files.lockHolder.map { process in
            "process \(process)" + (SourceFiles.commandName(of: process).map { " (\($0))" } ?? "")
        }
        meaning =
            switch access {
            case .privateCopy: "The application is not affected: a private copy is read."
            case .direct where !files.header.isWAL:
                "The application can read, and its writes wait until the last row is read: its busy timeout may run out."
            default:
                "The application can read and write; its -wal grows until the run ends, as nothing can be checkpointed."
            }
    }
}

/// What `migrate` says when the application wrote while it was read.
enum SourceMovedFinding {
    static func make(_ movement: SourceMovement, since time: String) -> Finding? {
        let what: String
        switch movement {
        case .none: return nil
        case .commits(1): what = "1 commit"
        case .commits(let count): what = "\(count) commits"
        case .unknown: what = "Writes"
        }
        var finding = Finding(
            "source-moved", .loss, at: Location(),
            "\(what) to the source since \(time) \(what == "1 commit" ? "is" : "are") not in Postgres.",
            fix: "Stop the application and run again with --replace; or accept the state of that moment.")
        if case .commits(let count) = movement { finding.rowCount = count }
        return finding
    }
}

/// Why the target's relations are in the way, and what our ledger knows of them.
enum OccupationFinding {
    static func make(
        _ conflicts: [(name: String, kind: String)], ours: [LedgerObject], runs: [LedgerRun], schema: String
    ) -> [Finding] {
        let ourNames = Set(ours.map(\.name))
        let areAllOurs =
            conflicts.filter { ["table", "view"].contains($0.kind) }.allSatisfy { ourNames.contains($0.name) }
            && !ours.isEmpty
        let names = conflicts.prefix(5).map { "\($0.kind) \($0.name)" }.joined(separator: ", ")
        let more = conflicts.count > 5 ? " and \(conflicts.count - 5) more" : ""
        guard areAllOurs, let run = runs.first else {
            return [
                Finding(
                    "target-occupied", .blocker, at: Location(schema),
                    conflicts.count == 1
                        ? "A name that the plan needs is taken already: \(names)."
                        : "\(conflicts.count) names that the plan needs are taken already: \(names)\(more).",
                    fix: "Migrate into an empty schema (--schema NAME), or drop them if nobody needs them.",
                    rowCount: Int64(conflicts.count))
            ]
        }
        let what = run.state == .complete ? "a complete migration" : "a migration that did not end"
        return [
            Finding(
                "target-has-earlier-run", .blocker, at: Location(schema),
                "Schema \(schema) holds \(what), begun \(run.startedAt) from \(run.source): "
                    + "\(run.partCount) parts with \(run.rowCount) rows are committed.",
                fix: "Run again with --replace, which drops only the tables that our ledger says we made.",
                rowCount: Int64(conflicts.count))
        ]
    }
}

/// Whether tables that somebody else made can take the rows.
struct DataOnlyCheck {
    let plan: MigrationPlan

    func findings(_ connection: isolated PostgresConnection) throws -> [Finding] {
        let columns = try TargetCatalog.columns(in: plan.target.name, connection)
        return try plan.tables.flatMap { table -> [Finding] in
            guard let standing = columns[table.target] else {
                return [blocker(table, nil, "There is no table \(table.target) to copy into.")]
            }
            let missing = table.columns.filter { column in
                standing[column.target] != column.codec.type.catalogName
            }
            guard missing.isEmpty else {
                return missing.map {
                    blocker(
                        table, $0.source,
                        "The target has no column \($0.target) of type \($0.codec.type.name).")
                }
            }
            let hasRows =
                try connection.scalar(
                    "SELECT 1 FROM \(TargetCatalog.name(table.target, in: plan.target.name)) LIMIT 1") != nil
            let planned = plan.target.foreignKeys.filter { $0.table == table.target }.map(\.name)
            let foreign = try TargetCatalog.foreignKeys(of: table.target, in: plan.target.name, connection)
                .subtracting(planned)
            return (hasRows ? [blocker(table, nil, "The table holds rows already.")] : [])
                + foreign.sorted().map { name in
                    blocker(
                        table, nil,
                        "Foreign key \(name) is not the plan's, and rows arrive in no order that it allows.")
                }
        }
    }

    private func blocker(_ table: TablePlan, _ column: String?, _ message: String) -> Finding {
        Finding(
            "target-not-ready", .blocker, at: Location(table.source, column: column), message,
            fix:
                "Make the tables with outgrow migrate --schema-only, from the same source and with the same options."
        )
    }
}
