package import Schema

/// A stretch of one table that travels in one transaction: a rowid range, or the whole table.
package struct Part: Sendable, Hashable, Codable {
    /// Position of the table in `MigrationPlan.tables`.
    package var table: Int
    /// From 1, in rowid order.
    package var number: Int
    /// The first rowid, inclusive; nil is open.
    package var lower: Int64?
    /// The last rowid, inclusive; nil is open.
    package var upper: Int64?
    package var estimatedByteCount: Int64

    package init(
        table: Int, number: Int, lower: Int64? = nil, upper: Int64? = nil, estimatedByteCount: Int64 = 0
    ) {
        self.table = table
        self.number = number
        self.lower = lower
        self.upper = upper
        self.estimatedByteCount = estimatedByteCount
    }
}

extension TablePlan {
    /// Splits the table into parts of about `byteCount` by rowid range.
    ///
    /// Ids are taken to be spread evenly; a lopsided table makes lopsided parts, which costs
    /// time and never rows: the outermost ranges are open. A table without rowid is one part.
    package func parts(at table: Int, byteCount: Int64) -> [Part] {
        let wanted = min(max(1, estimatedByteCount / max(1, byteCount)), 4096)
        guard wanted > 1, rowIDName != nil, let first = minRowID, let last = maxRowID, last > first else {
            return [Part(table: table, number: 1, estimatedByteCount: estimatedByteCount)]
        }
        // As unsigned distances, so that ids from -2^63 to 2^63-1 do not overflow.
        let width = UInt64(bitPattern: last &- first)
        let count = UInt64(min(UInt64(wanted), width))
        let step = width / count
        return (0..<count).map { index in
            Part(
                table: table, number: Int(index) + 1,
                lower: index == 0 ? nil : first &+ Int64(bitPattern: index * step),
                upper: index == count - 1 ? nil : first &+ Int64(bitPattern: (index + 1) * step) - 1,
                estimatedByteCount: estimatedByteCount / Int64(count))
        }
    }
}
