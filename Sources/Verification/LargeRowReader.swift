internal import CopyEncoding
internal import Diagnostics
internal import PostgresClient
internal import PostgresDDL
internal import Schema

/// Reads the few rows of a table whose text or bytea values are too large for one message.
struct LargeRowReader {
    let table: TableReader

    /// A slice of text is cut out of its bytes, so that its length is known before it is fetched.
    private static let sliceByteCount = 4 << 20

    private var large: [Int] {
        table.plan.columns.indices.filter { position in
            let column = table.plan.columns[position]
            return column.codec.type.isSliced
        }
    }

    private func name(_ position: Int) -> String {
        PostgresDDL.identifier(table.plan.columns[position].target)
    }

    /// The column as a type that has a length: json has none of its own.
    private func text(_ position: Int) -> String {
        table.plan.columns[position].codec.type == .json ? "\(name(position))::text" : name(position)
    }

    /// True for the rows that are read here; nil when no column can be large.
    var condition: String? {
        guard !large.isEmpty else { return nil }
        // A length is known without reading the value.
        let lengths = large.map { "coalesce(octet_length(\(text($0))), 0) > \(TargetRow.slicedByteCount)" }
        return "(\(lengths.joined(separator: " OR ")))"
    }

    func add(to sum: inout RowSum, pages: Range<Int64>?, _ connection: isolated PostgresConnection) throws {
        guard let condition else { return }
        let rows = try connection.query(
            "SELECT ctid::text FROM ONLY \(table.targetName)\(table.filter(pages: pages, condition))")
        var row = TargetRow(types: table.codecs.map(\.type), key: table.key)
        for line in rows.rows {
            guard let place = line[0] else { continue }
            sum.add(try hash(of: place, &row, connection))
        }
    }

    private func hash(
        of place: String, _ row: inout TargetRow, _ connection: isolated PostgresConnection
    ) throws -> UInt128 {
        let lengths = try connection.query(
            "SELECT \(fields { "octet_length(\($0))" }) FROM ONLY \(table.targetName) WHERE ctid = $1::tid",
            [place])
        row.begin()
        for position in table.plan.columns.indices {
            let length = lengths[0, position].flatMap(Int.init) ?? 0
            guard length > TargetRow.slicedByteCount else {
                let field = try connection.queryBinary(
                    "SELECT \(name(position)) FROM ONLY \(table.targetName) WHERE ctid = $1::tid", [place])
                try row.append(field: field.bytes(0, 0), at: position)
                continue
            }
            try appendSliced(position, byteCount: length, of: place, &row, connection)
        }
        return row.appendedHash
    }

    private func appendSliced(
        _ position: Int, byteCount: Int, of place: String, _ row: inout TargetRow,
        _ connection: isolated PostgresConnection
    ) throws {
        let isBytes = table.plan.columns[position].codec.type == .bytea
        let bytes = isBytes ? name(position) : "convert_to(\(text(position)), 'UTF8')"
        var hash = KeyedHash(key: table.key)
        var offset = 0
        while offset < byteCount {
            let slice =
                try connection.queryBinary(
                    """
                    SELECT substring(\(bytes) FROM \(offset + 1) FOR \(Self.sliceByteCount))
                    FROM ONLY \(table.targetName) WHERE ctid = $1::tid
                    """, [place]
                ).bytes(0, 0) ?? []
            guard !slice.isEmpty else {
                throw OutgrowError.defect("A value of \(table.plan.target) ended before its length.")
            }
            hash.update(slice)
            offset += slice.count
        }
        try row.append(sliced: hash, byteCount: byteCount, at: position)
    }

    /// One expression for each column: of the large ones, and NULL for the others.
    private func fields(_ expression: (String) -> String) -> String {
        table.plan.columns.indices.map { large.contains($0) ? expression(text($0)) : "NULL" }.joined(
            separator: ", ")
    }
}
