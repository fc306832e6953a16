package import Diagnostics
internal import SQLiteClient
internal import Schema
package import Verification

/// What a run did, decided and found: the value behind the text report and behind `--json`.
package struct MigrationReport: Sendable, Codable {
    package enum Outcome: String, Sendable, Codable {
        /// Everything arrived and was compared.
        case complete
        /// Stopped before anything moved.
        case blocked
        /// Stopped there because the user asked for it.
        case dryRun = "dry-run"
        /// Everything was sent; the comparison found differences.
        case differs
    }

    package var outcome: Outcome
    package var source: String
    package var target: String
    package var targetSchema: String
    package var serverVersion: Int
    package var tables: [Table]
    package var findings: [Finding]
    package var phases: [Phase] = []
    package var forecast: Forecast?
    package var verification: VerificationReport?
    /// Commits made to the source since the snapshot; nil when it did not move, 0 when their number is unknown.
    package var sourceCommitsSince: Int64?
    /// When the snapshot was taken, in UTC.
    package var snapshotTakenAt: String
    package var ledgerSchema: String
    package var ledgerRun: Int64?

    package struct Table: Sendable, Codable {
        package var source: String
        package var target: String
        package var rows: Int64
        package var bytes: Int64
        package var columns: [Column]
    }

    package struct Column: Sendable, Codable {
        package var source: String
        package var target: String
        package var declaredType: String?
        package var type: String
        package var reason: String
    }

    package struct Phase: Sendable, Codable {
        package var name: String
        package var seconds: Double
    }

    package var rowCount: Int64 { tables.reduce(0) { $0 + $1.rows } }
    package var byteCount: Int64 { tables.reduce(0) { $0 + $1.bytes } }
    package var seconds: Double { phases.reduce(0) { $0 + $1.seconds } }

    package func seconds(of phase: String) -> Double {
        phases.filter { $0.name == phase }.reduce(0) { $0 + $1.seconds }
    }
}

extension MigrationReport {
    init(
        plan: MigrationPlan, source: OpenSource, target: TargetFacts, snapshotTakenAt: String,
        ledgerSchema: String
    ) {
        outcome = .blocked
        self.source = source.reader.files.path
        self.target = target.description
        targetSchema = plan.target.name
        serverVersion = target.version
        tables = plan.tables.map(Table.init)
        findings = plan.findings
        self.snapshotTakenAt = snapshotTakenAt
        self.ledgerSchema = ledgerSchema
    }
}

extension MigrationReport.Table {
    init(_ plan: TablePlan) {
        source = plan.source
        target = plan.target
        rows = plan.estimatedRowCount
        bytes = plan.estimatedByteCount
        columns = plan.columns.map { column in
            MigrationReport.Column(
                source: column.source, target: column.target, declaredType: column.declaredType,
                type: column.codec.type.name, reason: column.reason)
        }
    }
}

/// A migration that ended early: the error, and what it left behind.
package struct MigrationFailure: Error, Sendable {
    package var error: OutgrowError
    /// Tables were made, and perhaps parts committed.
    package var isPartial: Bool
    package var committedParts: Int
    /// What stays, in words, when it is no target of `migrate`; the same command goes on from there.
    package var left: String?
    /// What `schema up` or `down` had committed.
    package var schemaRun: SchemaRun?
}
