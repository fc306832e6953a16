internal import Diagnostics
internal import LocalPostgres
package import Monitoring
internal import SQLiteClient
internal import Threading

/// `outgrow doctor`: settings and layout that hurt, each with the change that mends it.
///
/// The files, locks and the file system are looked at from outside. The schema is read from a copy in a private folder,
/// made without a lock; or with SQLite on the file itself, where that leaves nothing behind.
package struct Doctor: Sendable {
    package struct Request: Sendable {
        package var source: String
        /// Reads the schema where it is, as a migration does.
        package var opensSource = false
        /// A larger database is not copied.
        package var copyLimit: Int64 = 2 << 30

        package init(source: String) { self.source = source }
    }

    private let request: Request

    package init(_ request: Request) { self.request = request }

    package func run() async throws -> DoctorReport {
        let request = request
        // First, as these descriptors must be closed before SQLite has the file open in this process.
        let facts = try await onOwnThread(named: "doctor") { try DoctorFacts.look(at: request.source) }
        var report = DoctorReport(facts: facts)
        report.findings = FileRules.findings(facts)
        do {
            let schema = try await readSchema(facts)
            report.schema = schema
            report.findings += SchemaRules.findings(schema)
        } catch let error as SchemaSkipped {
            report.unseen.append("The schema was not looked at: \(error.reason)")
        }
        report.findings.sort {
            ($1.severity, $0.object ?? "", $0.code) < ($0.severity, $1.object ?? "", $1.code)
        }
        report.unseen += Self.unseen(facts)
        return report
    }

    private static func unseen(_ facts: DoctorFacts) -> [String] {
        var lines = [
            "synchronous, busy_timeout and foreign_keys belong to each connection and are not in the file.",
            "Whether a transaction begins with BEGIN IMMEDIATE: one that begins to write later can fail at once.",
        ]
        if facts.hiddenProcesses > 0 {
            lines.append("Processes of other users could not be looked at: run it as root to see all.")
        }
        return lines
    }

    // MARK: The schema

    private struct SchemaSkipped: Error { var reason: String }

    private func readSchema(_ facts: DoctorFacts) async throws -> SchemaFacts {
        if request.opensSource {
            return try await OpenSource.withOpen(facts.path, observer: { _ in }) { source in
                try source.reader.snapshot.withConnection { try SchemaFacts(reading: $0) }
            }
        }
        let byteCount = facts.byteCount + (facts.byteCount(of: "-wal") ?? 0)
        guard byteCount <= request.copyLimit else {
            throw SchemaSkipped(reason: "the file is large to be copied aside; --open reads it where it is.")
        }
        return try await onOwnThread(named: "doctor") {
            do {
                return try Self.readCopy(facts.path, byteCount)
            } catch let error as OutgrowError {
                throw SchemaSkipped(reason: "\(error.summary) \(error.remedy)")
            } catch let error as SQLiteFailure {
                throw SchemaSkipped(reason: "SQLite cannot read it: \(error.message).")
            }
        }
    }

    private static let purpose = "doctor"

    private static func readCopy(_ path: String, _ byteCount: Int64) throws -> SchemaFacts {
        PrivateFolder.sweep(for: purpose)
        try DiskSpace.require(byteCount, in: PrivateFolder.defaultParent)
        let folder = try PrivateFolder(for: purpose)
        do {
            let files = try SourceFiles.look(at: path)
            // What a crash left has nobody who writes, and its journal must come along.
            let copy =
                files.lockHolder == nil
                ? try PrivateCopy.make(of: files, in: folder.path)
                : try QuietCopy.make(of: path, in: folder.path)
            let connection = try SQLiteConnection(path: copy, mode: .readWrite)
            connection.harden()
            let schema = try SchemaFacts(reading: connection)
            connection.close()
            try folder.remove()
            return schema
        } catch {
            try folder.remove()
            throw error
        }
    }
}

/// What `doctor` found.
package struct DoctorReport: Sendable, Encodable {
    package var facts: DoctorFacts
    /// Nil when it could not be read.
    package var schema: SchemaFacts?
    /// The worst first.
    package var findings: [DoctorFinding] = []
    /// What could not be seen, in words.
    package var unseen: [String] = []

    init(facts: DoctorFacts) { self.facts = facts }
}
