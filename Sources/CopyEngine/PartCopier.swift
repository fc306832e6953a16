internal import CopyEncoding
internal import Diagnostics
internal import PostgresClient
internal import PostgresDDL
internal import SQLiteClient
internal import Schema

/// Copies one part: its rows and its ledger row in one transaction.
struct PartCopier {
    let engine: CopyEngine
    let part: Part
    /// Another worker has failed, or the user has had enough.
    let shouldStop: () -> Bool

    private var table: TablePlan { engine.plan.tables[part.table] }

    func copy(_ connection: isolated PostgresConnection, onProgress: CopyEngine.Progress) throws -> RowSum {
        var sum = RowSum()
        try connection.withTransaction {
            try connection.copyIn(copyStatement)
            sum = try sendRows(connection, onProgress)
            let received = try connection.endCopy()
            guard received == sum.rowCount else {
                throw OutgrowError.defect(
                    "The server took \(received) rows of \(sum.rowCount).", at: table.source)
            }
            try engine.ledger.note(
                part, of: table, rows: sum.rowCount, sum: sum.hexadecimal, run: engine.run, connection)
        }
        return sum
    }

    private var copyStatement: String {
        let columns = table.columns.map { PostgresDDL.identifier($0.target) }.joined(separator: ", ")
        return
            "COPY \(PostgresDDL.qualified(engine.plan.target.name, table.target)) (\(columns)) FROM STDIN (FORMAT binary)"
    }

    /// Fills a block under the snapshot's lock, sends it outside: while one worker sends, another reads.
    private func sendRows(
        _ connection: isolated PostgresConnection, _ onProgress: CopyEngine.Progress
    ) throws -> RowSum {
        let codecs = table.columns.map(\.codec)
        var encoder = CopyRowEncoder(codecs: codecs, table: table.source)
        var hasher = SourceRowHasher(codecs: codecs, table: table.source, key: engine.hashKey)
        var sum = RowSum()
        let rows = try reading { try PartReader(part, of: table, on: $0) }
        defer { engine.reader.snapshot.withConnection { _ in rows.statement.finalize() } }
        try encoder.beginStream { try connection.putCopyData($0) }
        var isAtEnd = false
        while !isAtEnd {
            if shouldStop() { throw CancellationError() }
            let rowsBefore = sum.rowCount
            var byteCount = 0
            func send(_ block: RawSpan) throws {
                byteCount += block.byteCount
                try connection.putCopyData(block)
            }
            isAtEnd = try reading { connection in
                let statement = rows.statement
                while !encoder.isNearlyFull {
                    guard try statement.step() else { return true }
                    let sentBefore = byteCount
                    sum.add(try hasher.hash(statement))
                    try encoder.encodeRow(statement, flush: send)
                    // A row that did not fit into the block ends this turn.
                    guard byteCount == sentBefore else {
                        return try !rows.releaseLargeRow(byteCount - sentBefore, on: connection)
                    }
                }
                return false
            }
            if isAtEnd { try encoder.endStream(flush: send) }
            try encoder.withBytes(send)
            encoder.removeAll()
            onProgress(.sent(rows: sum.rowCount - rowsBefore, bytes: Int64(byteCount)))
        }
        return sum
    }

    private func reading<Result>(_ body: (SQLiteConnection) throws -> Result) throws -> Result {
        try engine.reader.snapshot.withConnection { (connection) throws in
            do {
                return try body(connection)
            } catch let failure as SQLiteFailure {
                throw failure.asSourceError(at: "\(engine.reader.files.path), table \(table.source)")
            }
        }
    }
}
