import Diagnostics
import SQLiteSyntax
import Schema

/// One foreign key with its names looked up.
struct ForeignKeyDraft: Sendable {
    /// Position of the child among the tables, and of the key among the child's.
    let table: Int
    let position: Int
    let source: SourceForeignKey
    let columns: [Int]
    let parent: Int
    let parentColumns: [Int]
    /// The parent's uniqueness folds case or trailing spaces, which the key in Postgres does not.
    let isFolded: Bool
}

/// All foreign keys of the tables that are carried, and one type for the columns that each joins.
struct ForeignKeyGraph: Sendable {
    private(set) var keys: [ForeignKeyDraft] = []
    private(set) var findings: [Finding] = []

    init(_ tables: [TableDraft], in source: SourceSchema) {
        for (position, table) in tables.enumerated() {
            for (number, key) in table.source.foreignKeys.enumerated() {
                do throws(Untranslatable) {
                    keys.append(try Self.resolve(key, at: number, of: position, tables, source))
                } catch {
                    findings.append(Self.loss(key, of: table, error.reason))
                }
            }
        }
    }

    static func loss(_ key: SourceForeignKey, of table: TableDraft, _ reason: String) -> Finding {
        Finding(
            "foreign-key-not-carried", .loss,
            at: Location(table.name, column: key.columns.joined(separator: ", ")),
            "The foreign key to \(key.clause.table) is not carried because \(reason).", sql: Self.sql(key))
    }

    private static func sql(_ key: SourceForeignKey) -> String {
        let parent = (key.clause.columns ?? []).map(SQLiteName.quoted).joined(separator: ", ")
        return "FOREIGN KEY (\(key.columns.map(SQLiteName.quoted).joined(separator: ", "))) "
            + "REFERENCES \(SQLiteName.quoted(key.clause.table))\(parent.isEmpty ? "" : " (\(parent))")"
    }

    private static func resolve(
        _ key: SourceForeignKey, at number: Int, of position: Int, _ tables: [TableDraft],
        _ source: SourceSchema
    ) throws(Untranslatable) -> ForeignKeyDraft {
        guard let parent = tables.firstIndex(where: { SQLiteName.equal($0.name, key.clause.table) }) else {
            let exists = source.table(named: key.clause.table) != nil
            throw Untranslatable(exists ? "that table is excluded" : "there is no such table")
        }
        let columns = key.columns.compactMap { tables[position].position(ofColumn: $0) }
        guard columns.count == key.columns.count else {
            throw Untranslatable("one of its columns does not exist")
        }
        let parentColumns: [Int]
        if let names = key.clause.columns {
            parentColumns = names.compactMap { tables[parent].position(ofColumn: $0) }
            guard parentColumns.count == names.count else {
                throw Untranslatable("a column it refers to does not exist")
            }
        } else {
            guard let primary = tables[parent].primaryKey else {
                throw Untranslatable("the table it refers to has no primary key")
            }
            parentColumns = primary.columns
        }
        guard columns.count == parentColumns.count else {
            throw Untranslatable("it refers to another number of columns than it has")
        }
        guard Set(columns).count == columns.count, Set(parentColumns).count == columns.count else {
            throw Untranslatable("it names a column twice")
        }
        guard let isFolded = tables[parent].uniqueness(of: parentColumns) else {
            throw Untranslatable("the columns it refers to are not unique")
        }
        return ForeignKeyDraft(
            table: position, position: number, source: key, columns: columns, parent: parent,
            parentColumns: parentColumns, isFolded: isFolded)
    }

    /// Gives the columns joined by keys one type: the widest that either side needs, through the whole graph.
    mutating func unifyTypes(of tables: inout [TableDraft]) {
        while let problem = firstConflict(in: tables) {
            for index in problem.keys.reversed() {
                let key = keys.remove(at: index)
                findings.append(
                    Self.loss(key.source, of: tables[key.table], "its columns have no common type"))
            }
        }
        for group in groups(of: tables) {
            guard case .changes(let changes) = KeyTypes(group.members, tables).resolution else { continue }
            for (place, codec) in changes {
                let column = tables[place.table].columns[place.column]
                tables[place.table].columns[place.column].codec = codec
                tables[place.table].columns[place.column].reason =
                    "\(column.reason); as the keys that join it need"
                if codec.type.isInteger, column.codec.type.isInteger { continue }
                findings.append(
                    Finding(
                        "key-type-widened", .info, at: tables[place.table].location(place.column),
                        "The column becomes \(codec.type.name) instead of \(column.codec.type.name), "
                            + "as the columns that foreign keys join with it."))
            }
        }
    }

    /// The keys to give up in the first group that has no common type: those whose own ends differ.
    private func firstConflict(in tables: [TableDraft]) -> (keys: [Int], Void)? {
        for group in groups(of: tables) {
            guard case .none = KeyTypes(group.members, tables).resolution else { continue }
            let differing = group.keys.filter { index in
                let key = keys[index]
                return zip(key.columns, key.parentColumns).contains { child, parent in
                    group.members.contains(ColumnPlace(table: key.table, column: child))
                        && tables[key.table].columns[child].codec.type
                            != tables[key.parent].columns[parent].codec.type
                }
            }
            return (differing.isEmpty ? group.keys : differing, ())
        }
        return nil
    }

    private struct Group {
        var members: [ColumnPlace]
        var keys: [Int]
    }

    /// The columns that are joined directly or through others, in a stable order.
    private func groups(of tables: [TableDraft]) -> [Group] {
        var roots: [ColumnPlace: ColumnPlace] = [:]
        func root(_ place: ColumnPlace) -> ColumnPlace {
            var current = place
            while let above = roots[current], above != current { current = above }
            return current
        }
        for key in keys {
            for (child, parent) in zip(key.columns, key.parentColumns) {
                let one = root(ColumnPlace(table: key.table, column: child))
                let other = root(ColumnPlace(table: key.parent, column: parent))
                roots[one] = min(one, other)
                roots[other] = min(one, other)
            }
        }
        var result: [ColumnPlace: Group] = [:]
        for place in roots.keys.sorted() {
            result[root(place), default: Group(members: [], keys: [])].members.append(place)
        }
        for (index, key) in keys.enumerated() {
            for place in Set(key.columns.map { root(ColumnPlace(table: key.table, column: $0)) }) {
                result[place]?.keys.append(index)
            }
        }
        return result.keys.sorted().compactMap { result[$0] }
    }
}

struct ColumnPlace: Sendable, Hashable, Comparable {
    var table: Int
    var column: Int

    static func < (one: ColumnPlace, other: ColumnPlace) -> Bool {
        (one.table, one.column) < (other.table, other.column)
    }
}

extension TableDraft {
    /// nil when nothing makes the columns unique; true when what does folds their text.
    func uniqueness(of columns: [Int]) -> Bool? {
        let wanted = Set(columns)
        let matching = keys.filter { Set($0.columns) == wanted && $0.columns.count == columns.count }
        if matching.contains(where: { !isFolded($0.parts) }) { return false }
        for index in source.indexes where index.definition.isUnique && index.definition.filter == nil {
            let parts = index.definition.columns.compactMap { item -> KeyDraft.Part? in
                guard let column = item.columnName.flatMap(position(ofColumn:)) else { return nil }
                let collation = item.collation.map(SourceCollation.init) ?? self.columns[column].collation
                return KeyDraft.Part(column: column, collation: collation)
            }
            guard parts.count == columns.count, parts.count == index.definition.columns.count,
                Set(parts.map(\.column)) == wanted
            else { continue }
            return isFolded(parts) ? nil : false
        }
        return matching.isEmpty ? nil : true
    }

    func isFolded(_ parts: [KeyDraft.Part]) -> Bool {
        parts.contains { $0.collation != .binary && columns[$0.column].type.isCollatable }
    }
}
