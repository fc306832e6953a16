internal import CopyEncoding
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Looks for texts that differ in SQLite and would be one value in Postgres, in columns that have to be
/// unique: two spellings of one UUID are two keys before, and one after.
struct KeyMeanings {
    let connection: SQLiteConnection
    let table: SourceTable

    /// A bound for memory: what lies behind it, the index itself will find.
    private static let valueLimit = 400_000

    /// Sets `meaningsClash` on the columns that are in question.
    func note(in observed: inout TableObservation) throws {
        for position in table.uniqueColumns.sorted() where observed.columns.indices.contains(position) {
            guard let column = observed.columns[position], column.texts == column.values,
                let codec = column.candidate?.codecByMeaning
            else { continue }
            observed.columns[position]?.candidate?.meaningsClash = try hasClash(position, codec)
        }
    }

    private func hasClash(_ position: Int, _ codec: ValueCodec) throws -> Bool {
        let name = SQLiteName.quoted(table.definition.columns[position].name)
        let statement = try connection.prepare(
            "SELECT \(name) FROM \(SQLiteName.quoted(table.name)) NOT INDEXED WHERE \(name) IS NOT NULL")
        var hasher = SourceRowHasher(codecs: [codec, .text], table: table.name, key: .random())
        var hashes: [UInt64] = []
        var texts: [UInt64: UInt64] = [:]
        while try statement.step() {
            try hasher.columnHashes({ _ in statement.value(at: 0) }, into: &hashes)
            if let text = texts[hashes[0]] {
                if text != hashes[1] { return true }
            } else if texts.count < Self.valueLimit {
                texts[hashes[0]] = hashes[1]
            }
        }
        return false
    }
}

extension CandidateObservation {
    /// The codec that would carry the values, when it equates texts and some are not in its own form.
    fileprivate var codecByMeaning: ValueCodec? {
        guard misfits == 0, formChanges + withOffset > 0, codec.equivalence != nil else { return nil }
        guard codec == .timestamp else { return codec }
        if withoutZone == 0 { return .timestampWithTimeZone(assumedOffset: nil) }
        return withOffset == 0 ? codec : nil
    }
}

extension SourceTable {
    /// Positions of the columns in a PRIMARY KEY, a UNIQUE constraint or a unique index.
    fileprivate var uniqueColumns: Set<Int> {
        var result: Set<Int> = []
        func add(_ items: [IndexedColumn]) {
            for name in items.compactMap(\.columnName) {
                if let position = definition.columns.firstIndex(where: { SQLiteName.equal($0.name, name) }) {
                    result.insert(position)
                }
            }
        }
        for (position, column) in definition.columns.enumerated() where !column.isVirtual {
            for constraint in column.constraints {
                switch constraint.kind {
                case .primaryKey, .unique: result.insert(position)
                default: break
                }
            }
        }
        for constraint in definition.constraints {
            switch constraint.kind {
            case .primaryKey(let columns, _, _), .unique(let columns, _): add(columns)
            default: break
            }
        }
        for index in indexes where index.definition.isUnique { add(index.definition.columns) }
        return result.filter { !definition.columns[$0].isVirtual }
    }
}
