internal import CopyEncoding
internal import Diagnostics
internal import PostgresClient
internal import PostgresDDL
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Reads one table on both sides, each through its own road to the values' meaning.
struct TableReader: Sendable {
    let plan: TablePlan
    let schema: String
    let key: HashKey
    let reader: SourceReader
    /// Target columns that have another type than planned: read through a cast.
    var castColumns: Set<String> = []
    /// Target columns that are planned and not there.
    var missingColumns: Set<String> = []

    var codecs: [ValueCodec] { plan.columns.map(\.codec) }

    /// Positions of the key's columns among the copied ones; empty when the table has no (whole) key.
    var keyPositions: [Int] {
        let positions = plan.keyColumns.compactMap { name in
            plan.columns.firstIndex { SQLiteName.equal($0.source, name) }
        }
        return positions.count == plan.keyColumns.count ? positions : []
    }

    /// Calls `body` with each source row, from the snapshot.
    ///
    /// - Parameter body: gets the hasher, how to reach the row's values, and its rowid (or ordinal).
    func readSource(
        shouldStop: () -> Bool,
        _ body: (inout SourceRowHasher, (Int) -> BorrowedValue, Int64) throws -> Void
    ) throws {
        let names = plan.columns.map { SQLiteName.quoted($0.source) }
        let list = [plan.rowIDName ?? "NULL"] + names
        let sql = "SELECT \(list.joined(separator: ", ")) FROM \(SQLiteName.quoted(plan.source)) NOT INDEXED"
        var hasher = SourceRowHasher(codecs: codecs, table: plan.source, key: key)
        let rows = try explaining { try reader.snapshot.withConnection { try $0.prepare(sql) } }
        defer { reader.snapshot.withConnection { _ in rows.finalize() } }
        var ordinal: Int64 = 0
        var isAtEnd = false
        while !isAtEnd {
            if shouldStop() { throw CancellationError() }
            isAtEnd = try explaining {
                try reader.snapshot.withConnection { _ in
                    // In batches, so that several workers take turns with the one reader.
                    for _ in 0..<512 {
                        guard try rows.step() else { return true }
                        ordinal += 1
                        let rowID = plan.rowIDName == nil ? ordinal : rows.integer(at: 0)
                        try body(&hasher, { rows.value(at: $0 + 1) }, rowID)
                    }
                    return false
                }
            }
        }
    }

    /// Calls `body` with each row of the target, or of a stretch of its pages.
    func readTarget(
        _ connection: isolated PostgresConnection, pages: Range<Int64>? = nil,
        except condition: String? = nil,
        _ body: (inout TargetRow) throws -> Void
    ) throws {
        var decoder = CopyRowDecoder(types: codecs.map(\.type), key: key)
        try connection.copyOut(copyStatement(pages: pages, except: condition)) { message in
            try decoder.readRows(in: message, body)
        }
        guard decoder.isFinished else {
            throw OutgrowError.defect("The COPY of \(plan.target) ended without its trailer.")
        }
    }

    /// Rows with a value of more than this many bytes are read apart, slice by slice.
    private var hasLargeRows: Bool { plan.largestRowByteCount > Int64(TargetRow.slicedByteCount) }

    /// Adds up the target's rows, or those of a stretch of its pages, in bounded memory.
    ///
    /// libpq holds a whole row twice while it is read; so a row with a large text or bytea is
    /// fetched by its ctid, the large values in slices.
    func sumTarget(
        _ connection: isolated PostgresConnection, pages: Range<Int64>? = nil, onRows: (Int64) throws -> Void
    ) throws -> RowSum {
        var sum = RowSum()
        let large = hasLargeRows ? LargeRowReader(table: self) : nil
        var reported: Int64 = 0
        try readTarget(connection, pages: pages, except: large?.condition) { row in
            sum.add(try row.hash())
            guard sum.rowCount & 0xFFF == 0 else { return }
            try onRows(sum.rowCount - reported)
            reported = sum.rowCount
        }
        if let large { try large.add(to: &sum, pages: pages, connection) }
        try onRows(sum.rowCount - reported)
        return sum
    }

    /// `WHERE` for a stretch of pages and a condition.
    func filter(pages: Range<Int64>?, _ condition: String?) -> String {
        var conditions: [String] = []
        if let pages {
            conditions.append("ctid >= '(\(pages.lowerBound),0)'::tid")
            if pages.upperBound < .max { conditions.append("ctid < '(\(pages.upperBound),0)'::tid") }
        }
        if let condition { conditions.append(condition) }
        return conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
    }

    var targetName: String { PostgresDDL.qualified(schema, plan.target) }

    private func copyStatement(pages: Range<Int64>?, except condition: String?) -> String {
        let columns = plan.columns.map { column in
            let name = PostgresDDL.identifier(column.target)
            // Read as NULL, a lost column differs in the rows that have a value for it.
            if missingColumns.contains(column.target) { return "NULL::\(column.codec.type.name)" }
            return castColumns.contains(column.target) ? "\(name)::\(column.codec.type.name)" : name
        }
        let rows = filter(pages: pages, condition.map { "NOT \($0)" })
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM ONLY \(targetName)\(rows)"
        return "COPY (\(sql)) TO STDOUT (FORMAT binary)"
    }

    private func explaining<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let failure as SQLiteFailure {
            throw failure.asSourceError(at: "\(reader.files.path), table \(plan.source)")
        }
    }
}
