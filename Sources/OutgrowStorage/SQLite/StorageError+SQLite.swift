internal import SQLiteClient

extension StorageError {
    /// What SQLite answered, in the words of both backends.
    init(_ failure: SQLiteFailure, statement: String? = nil) {
        let rule =
            SQLiteRule.all.first { $0.code == failure.code }
            ?? SQLiteRule.all.first { $0.code == failure.primaryCode }
            ?? SQLiteRule(
                failure.code, .other, "SQLite reports a failure that has no kind of its own.",
                "Look the number up at https://sqlite.org/rescode.html.")
        self.init(rule.kind, rule.summary, fix: rule.remedy, cause: failure.message, statement: statement)
        sqliteCode = failure.code
        if failure.primaryCode == 19 { read(constraintMessage: failure.message) }
    }
}

/// One line of the table from result codes to kinds: https://sqlite.org/rescode.html
///
/// An extended code is looked for first, then its primary code.
private struct SQLiteRule: Sendable {
    let code: Int32
    let kind: StorageError.Kind
    let summary: String
    let remedy: String

    init(_ code: Int32, _ kind: StorageError.Kind, _ summary: String, _ remedy: String) {
        (self.code, self.kind, self.summary, self.remedy) = (code, kind, summary, remedy)
    }

    static let all = constraints + conflicts + files + program

    private static let constraints = [
        SQLiteRule(2067, .unique, "A row with the same unique value exists.", duplicate),
        SQLiteRule(1555, .unique, "A row with the same primary key exists.", duplicate),
        SQLiteRule(2579, .unique, "A row with the same rowid exists.", duplicate),
        SQLiteRule(
            787, .foreignKey,
            "A foreign key is violated: the row referred to is missing, or still referred to.",
            "Insert the parent first, and delete the children first."),
        SQLiteRule(275, .check, "A CHECK constraint is violated.", "Correct the values of the statement."),
        SQLiteRule(
            1299, .notNull, "A NOT NULL column would get NULL.", "Give the column a value, or a DEFAULT."),
        SQLiteRule(
            3091, .type, "A STRICT table refuses a value of another type.",
            "Bind the type that the column declares."),
        SQLiteRule(20, .type, "A value has the wrong type.", "Bind the type that the column declares."),
        SQLiteRule(
            1811, .check, "A trigger raised an error.", "The cause is the trigger's own message."),
        SQLiteRule(19, .other, "A constraint is violated.", "Correct the values of the statement."),
    ]
    private static let duplicate = "Use another value, or say ON CONFLICT what to do."

    private static let conflicts = [
        SQLiteRule(
            517, .serialization, "The snapshot is no longer the newest, so it cannot be written to.",
            "Run the transaction again."),
        SQLiteRule(
            261, .busy, "Another process is recovering the database after a crash.",
            "Run the transaction again in a moment."),
        SQLiteRule(
            5, .busy, "Another process holds the write lock of the database.",
            "Let it finish its transaction, keep transactions short, or raise busyTimeout; then run again."),
        SQLiteRule(
            6, .busy, "Another connection of this process holds a lock on the table.",
            "Let it finish its transaction, then run again."),
    ]

    private static let files = [
        SQLiteRule(
            1288, .unavailable, "A WAL database cannot be read here without files that cannot be made.", wal),
        SQLiteRule(
            1544, .unavailable, "A WAL database cannot be read here without files that cannot be made.", wal),
        SQLiteRule(
            1032, .unavailable, "The database file was moved or deleted while it was open.",
            "Put the file back, and open the storage again."),
        SQLiteRule(
            8, .readOnly, "The database, or the transaction, cannot be written to.",
            "Use write(_:_:) instead of read(_:_:), and a file and folder that this user may write."),
        SQLiteRule(
            13, .full, "The disk, or the database's own limit of pages, is full.",
            "Free space on the disk, or raise PRAGMA max_page_count."),
        SQLiteRule(
            7, .full, "SQLite ran out of memory.", "Free memory, or work on fewer or smaller rows at a time."),
        SQLiteRule(
            10, .io, "The operating system failed to read or write the database.",
            "Look at the disk (dmesg), and check the rights and the space of the folder."),
        SQLiteRule(
            14, .unavailable, "The database, or a file beside it, cannot be opened.",
            "Check the path, and that this user may read the file and write its folder."),
        SQLiteRule(3, .permission, "This user may not open the database.", "Change the rights of the file."),
        SQLiteRule(23, .permission, "The authorizer refuses the statement.", "Allow it, or do without it."),
        SQLiteRule(
            11, .corrupt, "The database file is damaged.",
            "Restore a backup, or recover what can be read with: sqlite3 damaged.db .recover"),
        SQLiteRule(
            26, .corrupt, "The file is not a SQLite database, or it is encrypted.",
            "Name the right file, or decrypt it first."),
        SQLiteRule(
            15, .unavailable, "The locking protocol of the WAL failed.", "Run again in a moment."),
        SQLiteRule(
            22, .unavailable, "The file is too large for this system.", "Use a system with large files."),
    ]
    private static let wal =
        "Make the folder writable, copy the file elsewhere, or take it out of WAL: PRAGMA journal_mode=DELETE."

    private static let program = [
        SQLiteRule(
            1, .statement, "SQLite does not understand the statement, or it names what does not exist.",
            "Correct the statement; the cause says where."),
        SQLiteRule(
            9, .interrupted, "The statement was interrupted.",
            "Run the transaction again if it is still wanted."),
        SQLiteRule(
            17, .serialization, "The schema changed while the statement ran.", "Run the transaction again."),
        SQLiteRule(
            18, .unsupportedValue, "A value or a statement is larger than SQLite allows.",
            "Cut it into parts: the limit is a billion bytes (https://sqlite.org/limits.html)."),
        SQLiteRule(
            25, .misuse, "A statement has no place for one of its values.",
            "Give it one value per placeholder."),
        SQLiteRule(
            21, .misuse, "SQLite was called in a way that it does not allow.", "Report this as a defect."),
    ]
}

// SQLite tells names only in its message.
extension StorageError {
    private mutating func read(constraintMessage message: String) {
        switch kind {
        case .unique, .notNull:
            guard let names = message.part(after: "constraint failed: ") else { return }
            if let index = names.part(after: "index '"), index.hasSuffix("'") {
                constraint = String(index.dropLast())
            } else {
                read(columns: names)
            }
        case .check:
            // An unnamed CHECK is named by its expression, which is no name.
            guard let name = message.part(after: "constraint failed: "), name.isIdentifier else { return }
            constraint = name
        case .type:
            if let column = message.part(after: " column ") { read(columns: column) }
        default: break
        }
    }

    /// Reads `table.a, table.b`.
    private mutating func read(columns text: String) {
        guard let dot = text.firstIndex(of: ".") else { return }
        let prefix = text[...dot]
        table = String(text[..<dot])
        columns = text.components(separatedBy: ", ").map {
            String($0.hasPrefix(prefix) ? $0.dropFirst(prefix.count) : $0)
        }
    }
}

extension String {
    fileprivate func part(after mark: String) -> String? {
        guard let range = firstRange(of: mark) else { return nil }
        return String(self[range.upperBound...])
    }

    fileprivate func components(separatedBy mark: String) -> [Substring] {
        split(separator: mark, omittingEmptySubsequences: false)
    }

    fileprivate var isIdentifier: Bool {
        !isEmpty && utf8.allSatisfy { $0.isWordByte }
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self) || self == 95
            || self >= 128
    }
}
