#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A migration that the database says has run.
public struct AppliedMigration: Sendable, Hashable {
    /// ``SchemaMigration/version``.
    public var version: Int64
    /// The name it had when it ran.
    public var name: String
    /// SHA-256 of its text when it ran.
    public var checksum: String
    /// When it ran, by the clock of the program that ran it.
    public var appliedAt: Date
    /// How long it took.
    public var duration: Duration
    /// It ran without a transaction and did not come to its end, or has not yet.
    public var isDirty: Bool
}

/// The table `outgrow_migrations`, one row for each migration that has run.
///
/// Its declared types mean the same on both engines, so that `outgrow migrate` takes it along.
enum MigrationHistory {
    static let table = "outgrow_migrations"

    static func create(in tx: Transaction) throws {
        try tx.execute(
            """
            CREATE TABLE IF NOT EXISTS outgrow_migrations (
              version bigint NOT NULL PRIMARY KEY,
              name text NOT NULL,
              checksum text NOT NULL,
              applied_at timestamptz NOT NULL,
              duration_ms bigint NOT NULL,
              is_dirty boolean NOT NULL)
            """)
    }

    static func exists(in tx: Transaction) throws -> Bool {
        try tx.one(
            """
            SELECT count(*) FROM \
            \(sqlite: "sqlite_schema WHERE type = 'table' AND name = 'outgrow_migrations'",
              postgres: "(SELECT to_regclass('outgrow_migrations') AS oid) AS t WHERE oid IS NOT NULL")
            """, as: Int64.self) > 0
    }

    /// What has run, the oldest version first.
    static func read(in tx: Transaction) throws -> [AppliedMigration] {
        try tx.rows(
            """
            SELECT version, name, checksum, applied_at, duration_ms, is_dirty
            FROM outgrow_migrations ORDER BY version
            """, as: Int64.self, String.self, String.self, Date.self, Int64.self, Bool.self
        ).map {
            AppliedMigration(
                version: $0.0, name: $0.1, checksum: $0.2, appliedAt: $0.3, duration: .milliseconds($0.4),
                isDirty: $0.5)
        }
    }

    /// Whether a mark is set.
    static func isDirty(in tx: Transaction) throws -> Bool {
        try exists(in: tx)
            && tx.one("SELECT count(*) FROM outgrow_migrations WHERE is_dirty = \(true)", as: Int64.self) > 0
    }

    static func insert(_ row: AppliedMigration, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO outgrow_migrations (version, name, checksum, applied_at, duration_ms, is_dirty)
            VALUES (\(row.version), \(row.name), \(row.checksum), \(row.appliedAt),
              \(row.duration.inMilliseconds), \(row.isDirty))
            """)
    }

    static func delete(_ version: Int64, in tx: Transaction) throws {
        try tx.execute("DELETE FROM outgrow_migrations WHERE version = \(version)")
    }

    static func markDirty(_ version: Int64, in tx: Transaction) throws {
        try tx.execute(
            "UPDATE outgrow_migrations SET is_dirty = \(true), applied_at = \(Date()) WHERE version = \(version)"
        )
    }

    static func markClean(_ version: Int64, after duration: Duration, in tx: Transaction) throws {
        try tx.execute(
            """
            UPDATE outgrow_migrations SET is_dirty = \(false), duration_ms = \(duration.inMilliseconds)
            WHERE version = \(version)
            """)
    }
}

extension Duration {
    var inMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
