import BenchSQLite

/// What careful code against the C interface costs from Swift: held statements, no mutex, text
/// bound where it lies, lengths asked for instead of counted, and the same Swift values made.
final class RawSQLite: SQLiteContender {
    let name = "C calls"

    static let addition = "INSERT INTO item (id, name, price, note) VALUES (?, ?, ?, ?)"

    private let library: OpaquePointer
    private let notebook: OpaquePointer
    private let select: OpaquePointer
    private let all: OpaquePointer
    private let add: OpaquePointer

    init(fixture: Fixture) throws {
        library = try Self.open(fixture.libraryPath)
        notebook = try Self.open(fixture.makeNotebook(for: name))
        select = try Self.prepare("SELECT id, name, price, note FROM item WHERE id = ?", on: library)
        all = try Self.prepare("SELECT id, name, price, note FROM item ORDER BY id", on: library)
        add = try Self.prepare(Self.addition, on: notebook)
    }

    func close() {
        for statement in [select, all, add] { sqlite3_finalize(statement) }
        for database in [library, notebook] { sqlite3_close(database) }
    }

    func selectPoints(_ ids: [Int64]) throws -> Checksum {
        try Self.run("BEGIN", on: library)
        var sum = Checksum()
        for id in ids { try selectOne(id, into: &sum) }
        try Self.run("COMMIT", on: library)
        return sum
    }

    /// A SELECT outside a transaction is one of its own.
    func selectAlone(_ ids: [Int64]) throws -> Checksum {
        var sum = Checksum()
        for id in ids { try selectOne(id, into: &sum) }
        return sum
    }

    private func selectOne(_ id: Int64, into sum: inout Checksum) throws {
        sqlite3_bind_int64(select, 1, id)
        guard sqlite3_step(select) == SQLITE_ROW else { throw Self.failure(library) }
        Self.read(select, into: &sum)
        sqlite3_reset(select)
    }

    var scans: [Scan] { [Scan(name: name, run: scan)] }

    private func scan() throws -> Checksum {
        var sum = Checksum()
        var code = sqlite3_step(all)
        while code == SQLITE_ROW {
            Self.read(all, into: &sum)
            code = sqlite3_step(all)
        }
        guard code == SQLITE_DONE else { throw Self.failure(library) }
        sqlite3_reset(all)
        return sum
    }

    func insert(_ items: [Item]) throws {
        try Self.insert(items, with: add, on: notebook)
    }

    static func insert(_ items: [Item], with add: OpaquePointer, on database: OpaquePointer) throws {
        try run("BEGIN IMMEDIATE", on: database)
        for item in items {
            sqlite3_bind_int64(add, 1, item.id)
            sqlite3_bind_double(add, 3, item.price)
            var (name, note) = (item.name, item.note)
            // Bound where it lies: the statement is stepped before the closures end.
            let code = name.withUTF8 { name in
                note.withUTF8 { note in
                    // No destructor is SQLITE_STATIC.
                    sqlite3_bind_text(add, 2, name.baseAddress, Int32(name.count), nil)
                    sqlite3_bind_text(add, 4, note.baseAddress, Int32(note.count), nil)
                    return sqlite3_step(add)
                }
            }
            guard code == SQLITE_DONE else { throw failure(database) }
            sqlite3_reset(add)
        }
        try run("COMMIT", on: database)
    }

    @inline(__always)
    private static func read(_ statement: OpaquePointer, into sum: inout Checksum) {
        sum.add(
            id: sqlite3_column_int64(statement, 0),
            name: text(statement, 1),
            price: sqlite3_column_double(statement, 2),
            note: text(statement, 3))
    }

    @inline(__always)
    private static func text(_ statement: OpaquePointer, _ column: Int32) -> String {
        let start = sqlite3_column_text(statement, column)
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    // MARK: Calls that are not measured

    static func open(_ path: String) throws -> OpaquePointer {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK, let handle else {
            throw BenchFailure("SQLite cannot open \(path)")
        }
        try run(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON", on: handle)
        return handle
    }

    static func run(_ sql: String, on database: OpaquePointer) throws {
        guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw failure(database) }
    }

    static func prepare(_ sql: String, on database: OpaquePointer) throws -> OpaquePointer {
        var statement: OpaquePointer?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sqlite3_prepare_v3(database, sql, -1, flags, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            throw failure(database)
        }
        return statement
    }

    static func failure(_ database: OpaquePointer) -> BenchFailure {
        BenchFailure("SQLite: \(String(cString: sqlite3_errmsg(database)))")
    }
}
