#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// A mark left in a database that was moved away: it says where to, and ``Database`` refuses to open what bears it.
///
/// After a migration the old file still opens, and a forgotten job that writes to it loses what it writes. The mark
/// is a row of the table `outgrow_tombstone(moved_to text, moved_at text, note text)`, in the schema that an
/// unqualified CREATE TABLE uses. It binds programs that look for it (``TombstoneStorage``), nobody else.
///
/// ```swift
/// let old = try await Database.open("sqlite:app.db")
/// try await Tombstone.place(on: old, movedTo: "postgres://db.example.com/app", note: "OPS-1234")
/// ```
public struct Tombstone: Sendable, Hashable {
    /// The new address, without a password.
    public var movedTo: String
    /// When, as ISO 8601 in UTC.
    public var movedAt: String
    /// What somebody wanted to add.
    public var note: String?

    /// Marks `storage` as moved; an earlier mark is replaced.
    ///
    /// Passwords are taken out of `address` before it is stored. Transactions that began before it may still commit:
    /// place it when the last rows have been copied and writers have been stopped, or before the copying begins.
    ///
    /// - Throws: ``StorageError``.
    public static func place(
        on storage: any Storage, movedTo address: String, note: String? = nil
    ) async throws {
        let address = DatabaseURL.withoutPassword(address)
        let moment = Date().formatted(.iso8601)
        try await storage.write(label("place")) { tx in
            try tx.execute(
                """
                CREATE TABLE IF NOT EXISTS outgrow_tombstone (
                    moved_to text NOT NULL, moved_at text NOT NULL, note text)
                """)
            try tx.execute("DELETE FROM outgrow_tombstone")
            try tx.execute(
                """
                INSERT INTO outgrow_tombstone (moved_to, moved_at, note)
                VALUES (\(address), \(moment), \(note))
                """)
        }
    }

    /// Takes the mark away; does nothing where there is none.
    ///
    /// Reach a marked database with ``Database/Configuration/tombstoneCheck`` set to `.never`.
    public static func remove(from storage: any Storage) async throws {
        _ = try await storage.write(label("remove")) { tx in
            try tx.execute("DROP TABLE IF EXISTS outgrow_tombstone")
        }
    }

    /// The mark, or nil when the database was not moved.
    public static func find(on storage: any Storage) async throws -> Tombstone? {
        var options = TransactionOptions.read
        options.label = "tombstone-find"
        return try await storage.read(options) { tx in try tx.tombstone() }
    }

    private static func label(_ word: String) -> TransactionOptions {
        TransactionOptions(.write, label: "tombstone-\(word)")
    }
}

extension Tombstone {
    /// What a storage that bears it throws.
    package var error: StorageError {
        StorageError(
            .moved,
            "This database was moved to \(movedTo) at \(movedAt)." + (note.map { " Note: \($0)" } ?? ""),
            fix: "Open \(movedTo) instead. To use the old database all the same, open it with "
                + "tombstoneCheck = .never; Tombstone.remove(from:) takes the mark away.")
    }
}

extension Transaction {
    /// The mark in this database, read within the transaction.
    ///
    /// The statements are the library's own and differ by dialect, so they go past the check for portability.
    func tombstone() throws -> Tombstone? {
        let exists =
            switch dialect {
            case .sqlite: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'outgrow_tombstone'"
            case .postgres: "SELECT 1 WHERE to_regclass('outgrow_tombstone') IS NOT NULL"
            }
        var isThere = false
        try session.forEachRow(RenderedSQL(exists)) { _ in
            isThere = true
            return false
        }
        guard isThere else { return nil }
        var found: Tombstone?
        let query = RenderedSQL("SELECT moved_to, moved_at, note FROM outgrow_tombstone")
        try session.forEachRow(query) { row in
            found = Tombstone(
                movedTo: try row.string(at: 0), movedAt: try row.string(at: 1),
                note: try row.isNull(at: 2) ? nil : try row.string(at: 2))
            return false
        }
        return found
    }
}
