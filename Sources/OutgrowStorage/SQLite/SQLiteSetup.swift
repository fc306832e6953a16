internal import SQLiteClient

/// A connection that was just opened, for the application's own PRAGMAs; see
/// ``SQLiteStorage/Configuration/preparation``.
///
/// Valid inside of the closure alone.
public struct SQLiteSetup {
    /// What the connection is for.
    public enum Role: String, Sendable, Hashable {
        /// The one that writes.
        case writer
        /// One of those that only read. It can still write here; it is held to reading afterwards.
        case reader
        /// The only one: a database in memory.
        case only
    }

    /// What the connection is for, so that what concerns writing need not be set on readers.
    public let role: Role
    let connection: SQLiteConnection

    /// Runs one statement that takes no values, and throws its rows away.
    ///
    /// - Throws: ``StorageError``.
    public func execute(_ statement: SQL) throws {
        let rendered = try statement.rendered(for: .sqlite)
        guard rendered.parts.isEmpty else {
            throw StorageError(
                .misuse, "The set-up of a connection takes no values.", fix: "Write \\(unsafe: …) instead.")
        }
        do {
            try connection.execute(rendered.text)
        } catch {
            throw StorageError(error, statement: rendered.text)
        }
    }

    /// The first column of the first row as text: what a PRAGMA answers. Nil when there is no row, or it is NULL.
    ///
    /// - Throws: ``StorageError``.
    public func text(_ query: SQL) throws -> String? {
        let rendered = try query.rendered(for: .sqlite)
        do {
            return try connection.text(rendered.text)
        } catch {
            throw StorageError(error, statement: rendered.text)
        }
    }
}
