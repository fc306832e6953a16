/// The first 100 bytes of a SQLite database (https://sqlite.org/fileformat.html#the_database_header).
package struct DatabaseHeader: Sendable, Hashable {
    package static let byteCount = 100

    package var pageSize: Int64
    /// File format versions 2: the file was last in WAL mode.
    package var isWAL: Bool
    /// Goes up with each transaction in rollback mode.
    package var changeCounter: UInt32
    /// In pages; only to be trusted when `isPageCountValid`.
    package var pageCount: UInt32
    package var isPageCountValid: Bool

    /// Reads a header, or returns nil when the bytes are not one.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.byteCount, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
            return nil
        }
        func bigEndian(_ offset: Int) -> UInt32 {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        let size = Int64(bytes[16]) << 8 | Int64(bytes[17])
        pageSize = size == 1 ? 65536 : size
        isWAL = bytes[18] == 2 || bytes[19] == 2
        changeCounter = bigEndian(24)
        pageCount = bigEndian(28)
        isPageCountValid = bigEndian(92) == changeCounter && pageCount > 0
    }

    /// What a file that is no database seems to be by its first bytes, and what to do with it.
    package static func guess(_ bytes: [UInt8]) -> (name: String, remedy: String)? {
        if let row = signatures.first(where: { bytes.starts(with: $0.bytes) }) {
            return (row.name, row.remedy)
        }
        let isText = bytes.prefix(64).allSatisfy {
            $0 == 9 || $0 == 10 || $0 == 13 || (0x20..<0x7F).contains($0)
        }
        guard isText, !bytes.isEmpty else { return nil }
        return ("text", "Name the database itself; an SQL dump is loaded with: sqlite3 new.db < dump.sql")
    }

    private static let signatures: [(bytes: [UInt8], name: String, remedy: String)] = [
        ([0x1F, 0x8B], "a gzip file", "Unpack it first, with gunzip."),
        ([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", "Unpack it first, with unzstd."),
        ([0x50, 0x4B, 0x03, 0x04], "a zip file", "Unpack it first, with unzip."),
        ([0x42, 0x5A, 0x68], "a bzip2 file", "Unpack it first, with bunzip2."),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file", "Unpack it first, with unxz."),
        (
            Array("PGDMP".utf8), "a pg_dump archive",
            "Load it with pg_restore: it comes from Postgres, not from SQLite."
        ),
        (
            Array("** This file contains an SQLite 2".utf8), "a SQLite 2 database",
            "Convert it first: sqlite old.db .dump | sqlite3 new.db"
        ),
        ([0x37, 0x7F, 0x06, 0x82], "a SQLite -wal file", "Name the database beside it, without -wal."),
        ([0x37, 0x7F, 0x06, 0x83], "a SQLite -wal file", "Name the database beside it, without -wal."),
        (
            [0xD9, 0xD5, 0x05, 0xF9], "a SQLite rollback journal",
            "Name the database beside it, without -journal."
        ),
    ]
}
