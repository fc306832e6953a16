/// The bytes that SQLite locks (`os.h` and `wal.c`; https://sqlite.org/walformat.html#wal_locks).
enum LockBytes {
    // In the database file.
    static let pending: Int64 = 0x4000_0000
    static let reserved = pending + 1
    static let shared = pending + 2
    static let sharedCount: Int64 = 510

    // In the -shm file.
    static let walWrite: Int64 = 120
    static let walCheckpoint: Int64 = 121
    static let walReaders: ClosedRange<Int64> = 123...127
    /// Held by every connection.
    static let walLive: Int64 = 128
}
