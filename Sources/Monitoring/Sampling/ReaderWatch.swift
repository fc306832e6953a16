/// How long readers have been reading: a lock that is there at every look, with the same read mark.
struct ReaderWatch: Sendable {
    struct Reader: Sendable, Hashable {
        var process: Int32
        var byte: Int64
        /// What it sees of the WAL; a reader that began anew after commits has another one.
        var mark: UInt32?
    }

    private var since: [Reader: Double] = [:]

    /// The bytes that must stay locked for a reader to count as the same one.
    var bytes: Set<Int64> { Set(since.keys.map(\.byte)) }

    /// Once a second: who reads now.
    mutating func see(_ readers: Set<Reader>, at time: Double) {
        since = since.filter { readers.contains($0.key) }
        for reader in readers where since[reader] == nil { since[reader] = time }
    }

    /// At every tick: a byte that nobody has locked ends all who read with it.
    mutating func end(byte: Int64) { since = since.filter { $0.key.byte != byte } }

    func oldest(at time: Double) -> (seconds: Double, process: Int32)? {
        since.min { $0.value < $1.value }.map { (time - $0.value, $0.key.process) }
    }

    /// The readers among the locks on a file.
    static func readers(in rows: [LockTable.Row], isWAL: Bool, marks: [UInt32]?) -> Set<Reader> {
        var readers: Set<Reader> = []
        for row in rows where !row.isExclusive {
            if isWAL {
                for byte in LockBytes.walReaders where row.first <= byte && byte <= row.last {
                    readers.insert(
                        Reader(
                            process: row.process, byte: byte,
                            mark: marks?[Int(byte - LockBytes.walReaders.lowerBound)]))
                }
            } else if row.first <= LockBytes.shared, row.last >= LockBytes.shared + LockBytes.sharedCount - 1
            {
                readers.insert(Reader(process: row.process, byte: LockBytes.shared, mark: nil))
            }
        }
        return readers
    }
}
