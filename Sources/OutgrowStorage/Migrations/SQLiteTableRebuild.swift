/// A table of SQLite made anew, for what its `ALTER TABLE` cannot do: change a type, a constraint, a key, the order
/// of columns, make it STRICT.
///
/// The new table is made beside the old one, the rows are copied, the old table is dropped and the new one renamed;
/// indexes, triggers, views and the AUTOINCREMENT position are kept. All is one transaction, and at its end no foreign
/// key may be broken that was whole before, and every view and trigger that worked before must still work. Else
/// everything stays as it was.
///
/// ```swift
/// .rebuild(SQLiteTableRebuild(
///     "person", definition: "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
///     copying: ["name": "coalesce(name, '')"]))
/// ```
///
/// The steps are those of https://sqlite.org/lang_altertable.html#otheralter. Costs one copy of the table; no other
/// transaction writes meanwhile. An index, trigger or view that does not fit the new table is dropped by a statement
/// before, and made anew after.
public struct SQLiteTableRebuild: Sendable {
    /// The table's name, which it keeps.
    public let table: String
    let definition: SQL
    let copies: [String: SQL]

    /// Describes the rebuilding of one table; nothing is checked before it runs.
    ///
    /// - Parameters:
    ///   - table: The table's name, without quotation marks.
    ///   - definition: The `CREATE TABLE` statement as it shall be, under the table's own name.
    ///   - copies: Per new column the expression over the old table that fills it. A column that is not named here is
    ///     copied from the old one of the same name, or gets its default.
    public init(_ table: String, definition: SQL, copying copies: [String: SQL] = [:]) {
        self.table = table
        self.definition = definition
        self.copies = copies
    }

    /// Rebuilds the table in a transaction of its own.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/migration`` when something would break.
    public func run(on storage: some Storage) async throws {
        var options = TransactionOptions(.write, label: "table rebuild")
        options.isMigration = true
        options.ignoresForeignKeys = true
        try await storage.transaction(options) { tx in
            try ForeignKeyWatch.run(in: tx) { try apply(in: tx) }
        }
    }

    /// For the checksum, and to be shown.
    var text: String {
        var lines = ["-- +rebuild \(table)"]
        for (column, expression) in copies.sorted(by: { $0.key < $1.key }) {
            lines.append("-- +copy \(column) = \(expression.description)")
        }
        return (lines + [definition.description + ";"]).joined(separator: "\n")
    }

    /// The statement with another name for the table.
    func definition(named name: String) throws(SchemaProblem) -> String {
        guard definition.pieces.isEmpty, definition.parts.isEmpty else {
            throw problem(
                "The new table's definition holds values or parts for one dialect.", "Write plain SQL.")
        }
        let bytes = Array(definition.head.utf8)
        let tokens: [SQLScanner.Token]
        do {
            tokens = try SQLScanner.tokens(of: bytes, .sqlite)
        } catch {
            throw problem("A \(error.what) in the new table's definition does not end.", "Close it.")
        }
        func text(_ index: Int) -> String {
            index < tokens.count ? String(decoding: bytes[tokens[index].range], as: UTF8.self) : ""
        }
        var index = 2
        if text(2).uppercased() == "IF" { index = 5 }
        guard text(0).uppercased() == "CREATE", text(1).uppercased() == "TABLE", index < tokens.count else {
            throw problem("The new table's definition is no CREATE TABLE statement.", "Write one.")
        }
        if text(index + 1) == "." { index += 2 }
        guard Self.unquoted(text(index)).lowercased() == table.lowercased() else {
            throw problem(
                "The new definition is of the table \(Self.unquoted(text(index))), not of \(table).",
                "Give it the table's own name.")
        }
        guard index + 1 < tokens.count, tokens[index + 1].kind == .opening else {
            throw problem(
                "The new table's definition lists no columns.", "Write CREATE TABLE name (columns).")
        }
        return "CREATE TABLE \(SQL.quoted(name)) "
            + String(decoding: bytes[tokens[index + 1].range.lowerBound...], as: UTF8.self)
    }

    private static func unquoted(_ name: String) -> String {
        guard name.count >= 2, let first = name.first, "\"'`[".contains(first) else { return name }
        return String(name.dropFirst().dropLast()).replacing("\(first)\(first)", with: "\(first)")
    }

    func problem(_ summary: String, _ remedy: String) -> SchemaProblem {
        SchemaProblem(.rebuild, at: "table \(table)", summary, fix: remedy)
    }
}

extension SQLiteTableRebuild {
    /// Does it, in a transaction on whose connection foreign keys are off.
    func apply(in tx: Transaction) throws {
        guard tx.dialect == .sqlite else {
            throw StorageError(
                .misuse, "A table is rebuilt on a Postgres database.",
                fix: "Use ALTER TABLE there; see SQLiteTableRebuild.")
        }
        guard try tx.one("PRAGMA foreign_keys", as: Int64.self) == 0 else {
            throw StorageError(
                .misuse,
                "A table is rebuilt while foreign keys are on, and dropping it would delete other rows.",
                fix: "Make the rebuild a step of a migration, or call its run(on:).")
        }
        let attached = try AttachedObjects.read(of: table, in: tx)
        let probes = try SchemaProbes.take(in: tx)
        let sequence = try AutoincrementPosition.read(of: table, in: tx)
        try attached.dropViewsAndTriggers(in: tx)
        let temporary = try freeName(in: tx)
        try tx.execute(
            SQL(unsafe: try wrapped { () throws(SchemaProblem) in try definition(named: temporary) }))
        try copyRows(to: temporary, in: tx)
        try tx.execute("DROP TABLE \(identifier: table)")
        try tx.execute("ALTER TABLE \(identifier: temporary) RENAME TO \(identifier: attached.tableName)")
        try attached.recreate(in: tx)
        try sequence?.restore(in: tx)
        if let broken = try probes.firstBroken(in: tx) {
            throw StorageError([
                problem(
                    "\(broken.object) does not work with the new table: \(broken.failure)",
                    "Drop it before the rebuild and make it anew after, as it shall be.")
            ])
        }
    }

    private func wrapped<Result>(_ body: () throws(SchemaProblem) -> Result) throws -> Result {
        do { return try body() } catch { throw StorageError([error]) }
    }

    private func freeName(in tx: Transaction) throws -> String {
        var name = "outgrow_new_\(table)"
        while try tx.first("SELECT 1 FROM sqlite_schema WHERE name = \(name) COLLATE NOCASE", as: Int64.self)
            != nil
        {
            name += "_"
        }
        return name
    }

    private func copyRows(to new: String, in tx: Transaction) throws {
        let (from, to) = (try TableShape.read(table, in: tx), try TableShape.read(new, in: tx))
        var columns: [String] = []
        var expressions: [SQL] = []
        for column in to.columns where !column.isGenerated {
            if let copy = copies.first(where: { $0.key.lowercased() == column.name.lowercased() }) {
                columns.append(column.name)
                expressions.append(copy.value)
            } else if let old = from.column(column.name) {
                columns.append(column.name)
                expressions.append("\(identifier: old.name)")
            }
        }
        if let unknown = copies.keys.sorted().first(where: { to.column($0)?.isGenerated ?? true }) {
            throw StorageError([
                problem("The new table has no column \(unknown) to copy into.", "Correct the name.")
            ])
        }
        // Rowids that nothing declares are still what full-text indexes and the application may refer to.
        if let one = from.hiddenRowID, let other = to.hiddenRowID {
            columns.append(other)
            expressions.append(SQL(unsafe: one))
        }
        guard !columns.isEmpty else {
            throw StorageError([
                problem("The new table has no column in common with the old one.", "Say what to copy.")
            ])
        }
        let list = SQL(unsafe: columns.map(SQL.quoted).joined(separator: ", "))
        let values = expressions.dropFirst().reduce(expressions[0]) { "\($0), \($1)" }
        try tx.execute(
            "INSERT INTO \(identifier: new) (\(list)) SELECT \(values) FROM \(identifier: table)")
        let counts = try tx.one(
            "SELECT (SELECT count(*) FROM \(identifier: table)), (SELECT count(*) FROM \(identifier: new))",
            as: Int64.self, Int64.self)
        guard counts.0 == counts.1 else {
            throw StorageError([
                problem(
                    "Of \(counts.0) rows only \(counts.1) are in the new table.",
                    "A constraint with ON CONFLICT IGNORE or REPLACE has dropped the rest: mend the rows before."
                )
            ])
        }
    }
}
