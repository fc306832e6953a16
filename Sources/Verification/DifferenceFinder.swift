internal import CopyEncoding
internal import PostgresClient
internal import Schema

/// Names the rows in which the two sides of a table differ, in bounded memory.
///
/// Rows fall into buckets by their hash. Buckets whose sums agree hold no difference;
/// of the others the rows' hashes are matched one by one, and what finds no partner
/// is named. Three passes over each side, whatever the size, and only when the table differs.
struct DifferenceFinder {
    let table: TableReader
    let shouldStop: () -> Bool

    static let bucketCount = 4096
    /// How many hashes are matched at once.
    static let matchedRowLimit: Int64 = 400_000
    static let namedRowLimit = 100

    struct Found {
        var differences: [RowDifference] = []
        var count: Int64 = 0
    }

    func find(_ connection: isolated PostgresConnection) throws -> Found {
        let buckets = try differingBuckets(connection)
        let unmatched = try unmatchedRows(in: buckets, connection)
        return try name(unmatched, connection)
    }

    private func differingBuckets(_ connection: isolated PostgresConnection) throws -> Set<Int> {
        var source = [RowSum](repeating: RowSum(), count: Self.bucketCount)
        var target = source
        try table.readSource(shouldStop: shouldStop) { hasher, value, _ in
            let hash = try hasher.hash(value)
            source[bucket(of: hash)].add(hash)
        }
        try table.readTarget(connection) { row in
            let hash = try row.hash()
            target[bucket(of: hash)].add(hash)
        }
        var chosen: Set<Int> = []
        var rows: Int64 = 0
        for index in source.indices where source[index] != target[index] {
            chosen.insert(index)
            rows += source[index].rowCount + target[index].rowCount
            if rows > Self.matchedRowLimit { break }
        }
        return chosen
    }

    /// How many more copies of a row the source has than the target.
    private typealias Balance = [UInt128: (source: Int64, target: Int64)]

    private func unmatchedRows(in buckets: Set<Int>, _ connection: isolated PostgresConnection) throws
        -> Balance
    {
        var balance: Balance = [:]
        try table.readSource(shouldStop: shouldStop) { hasher, value, _ in
            let hash = try hasher.hash(value)
            if buckets.contains(bucket(of: hash)) { balance[hash, default: (0, 0)].source += 1 }
        }
        try table.readTarget(connection) { row in
            let hash = try row.hash()
            if buckets.contains(bucket(of: hash)) { balance[hash, default: (0, 0)].target += 1 }
        }
        return balance.filter { $0.value.source != $0.value.target }
    }

    /// A row that found no partner, with what is needed to say which and where.
    private struct LoneRow {
        var hash: UInt128
        var keyHash: UInt128
        var description: String?
        var columnHashes: [UInt64]
    }

    private func name(_ balance: Balance, _ connection: isolated PostgresConnection) throws -> Found {
        let positions = table.keyPositions
        let columns = positions.map { table.plan.columns[$0].source }
        var source: [LoneRow] = []
        var target: [LoneRow] = []
        try table.readSource(shouldStop: shouldStop) { hasher, value, rowID in
            let hash = try hasher.hash(value)
            guard balance[hash] != nil, source.count < Self.namedRowLimit * 10 else { return }
            var row = LoneRow(hash: hash, keyHash: hash, description: "rowid \(rowID)", columnHashes: [])
            if !positions.isEmpty {
                row.keyHash = try hasher.hash(ofColumns: positions, value)
                row.description = try Self.label(columns, hasher.describe(columns: positions, value))
            }
            try hasher.columnHashes(value, into: &row.columnHashes)
            source.append(row)
        }
        try table.readTarget(connection) { targetRow in
            let hash = try targetRow.hash()
            guard balance[hash] != nil, target.count < Self.namedRowLimit * 10 else { return }
            var row = LoneRow(hash: hash, keyHash: hash, description: nil, columnHashes: [])
            if !positions.isEmpty {
                row.keyHash = try targetRow.hash(ofColumns: positions)
                row.description = try Self.label(columns, targetRow.describe(columns: positions))
            }
            try targetRow.columnHashes(into: &row.columnHashes)
            target.append(row)
        }
        return pair(source, target, balance)
    }

    /// `a=1, b=x` for one key column or several.
    private static func label(_ columns: [String], _ values: String) -> String {
        columns.count == 1 ? "\(columns[0])=\(values)" : "(\(columns.joined(separator: ", ")))=(\(values))"
    }

    private func pair(_ source: [LoneRow], _ target: [LoneRow], _ balance: Balance) -> Found {
        var found = Found()
        var partners = Dictionary(grouping: target, by: \.keyHash)
        var reported: Set<UInt128> = []
        for row in source {
            if balance[row.hash].map({ $0.target > 0 }) == true {
                guard reported.insert(row.hash).inserted else { continue }
                found.add(copies(row, balance))
            } else if let partner = partners[row.keyHash]?.popLast() {
                let columns = zip(row.columnHashes, partner.columnHashes).enumerated()
                    .filter { $0.element.0 != $0.element.1 }.map { table.plan.columns[$0.offset].source }
                found.add(RowDifference(kind: .changed, row: row.description, columns: columns))
            } else {
                found.add(RowDifference(kind: .missing, row: row.description, sourceCopies: 1))
            }
        }
        for row in partners.values.flatMap(\.self) where !reported.contains(row.hash) {
            if balance[row.hash].map({ $0.source > 0 }) == true { continue }
            found.add(RowDifference(kind: .extra, row: row.description, targetCopies: 1))
        }
        return found
    }

    private func copies(_ row: LoneRow, _ balance: Balance) -> RowDifference {
        RowDifference(
            kind: .count, row: row.description, sourceCopies: balance[row.hash]?.source ?? 0,
            targetCopies: balance[row.hash]?.target ?? 0)
    }

    private func bucket(of hash: UInt128) -> Int {
        Int(truncatingIfNeeded: hash & UInt128(Self.bucketCount - 1))
    }
}

extension DifferenceFinder.Found {
    fileprivate mutating func add(_ difference: RowDifference) {
        count += 1
        if differences.count < DifferenceFinder.namedRowLimit { differences.append(difference) }
    }
}
