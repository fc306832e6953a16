/// The first words of a statement, in capitals, comments left out: enough to tell what kind it is.
struct StatementWords {
    private let words: [String]

    init(of text: some StringProtocol) {
        var scanner = WordScanner(Substring(text).utf8)
        var words: [String] = []
        while words.count < 4, let word = scanner.next() { words.append(word) }
        self.words = words
    }

    /// It may insert, update or delete rows; a WITH may also be a query.
    var isChange: Bool {
        guard let first = words.first else { return false }
        return ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"].contains(first)
    }

    var isPragma: Bool { words.first == "PRAGMA" }

    /// It may leave behind what the next user of the connection would meet: a temporary table, which hides one of the
    /// same name, a setting, an attached file.
    func touchesSession(_ text: some StringProtocol) -> Bool {
        switch words.first {
        case "CREATE": words.dropFirst().first.map { ["TEMP", "TEMPORARY"].contains($0) } ?? false
        case "ATTACH", "DETACH": true
        case "PRAGMA":
            Self.givesValue(text)
                && !words.dropFirst().contains(where: Self.harmless.contains)
        default: false
        }
    }

    /// They take a value and answer, or keep it in the file.
    private static let harmless: Set = [
        "TABLE_INFO", "TABLE_XINFO", "TABLE_LIST", "INDEX_LIST", "INDEX_INFO", "INDEX_XINFO",
        "FOREIGN_KEY_LIST", "FOREIGN_KEY_CHECK", "INTEGRITY_CHECK", "QUICK_CHECK", "USER_VERSION",
        "APPLICATION_ID", "OPTIMIZE",
        "WAL_CHECKPOINT", "INCREMENTAL_VACUUM", "DEFER_FOREIGN_KEYS",
    ]

    /// Refuses what would break the transaction, or the connection for those who use it next.
    func check(_ text: some StringProtocol) throws {
        try checkTransactionControl()
        switch words.first {
        case "PRAGMA" where words.dropFirst().contains(where: { Self.ours.contains($0) }):
            guard !Self.givesValue(text) else {
                throw StorageError(
                    .misuse, "This PRAGMA belongs to the storage.",
                    fix:
                        "Set it for all connections when the storage is opened (SQLiteStorage.Configuration)."
                )
            }
        default: break
        }
    }

    /// Refuses what would begin or end a transaction.
    func checkTransactionControl() throws {
        if Self.controlsTransaction(words) { throw Self.control }
    }

    /// Refuses a script of which a statement would begin or end a transaction, before any of it is run.
    static func checkTransactionControl(inScript script: String, _ dialect: Dialect) throws {
        let bytes = Array(script.utf8)
        let tokens: [SQLScanner.Token]
        do {
            tokens = try SQLScanner.tokens(of: bytes, dialect)
        } catch {
            return  // The engine will say what has no end.
        }
        for statement in StatementSplitter.split(tokens[...], of: bytes)
        where controlsTransaction(statement.leadingWords) {
            throw control
        }
    }

    /// Refuses it in each statement that is run: the first letters tell nearly all that do no such thing.
    static func refuseTransactionControl(_ text: String) throws {
        var bytes = text.utf8.makeIterator()
        switch bytes.next().map({ $0 | 0x20 }) {
        case UInt8(ascii: "i"), UInt8(ascii: "u"), UInt8(ascii: "d"), UInt8(ascii: "w"): return
        case UInt8(ascii: "s") where bytes.next().map({ $0 | 0x20 }) == UInt8(ascii: "e"): return
        default: try Self(of: text).checkTransactionControl()
        }
    }

    /// Whether a statement that begins with these words, in capitals, begins or ends a transaction.
    static func controlsTransaction(_ words: [String]) -> Bool {
        switch words.first {
        case "BEGIN", "COMMIT", "END", "ABORT": true
        case "START", "PREPARE": words.dropFirst().first == "TRANSACTION"
        case "ROLLBACK": !words.contains("TO")
        default: false
        }
    }

    /// `PRAGMA name = value` or `PRAGMA name(value)`, in the first statement of the text.
    private static func givesValue(_ text: some StringProtocol) -> Bool {
        text.utf8.prefix { $0 != UInt8(ascii: ";") }
            .contains { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "(") }
    }

    private static let ours: Set = ["QUERY_ONLY", "BUSY_TIMEOUT", "JOURNAL_MODE", "LOCKING_MODE"]

    static let control = StorageError(
        .misuse, "A transaction is begun and ended by the storage alone.",
        fix: "Throw an error to roll back; use savepoint(_:) for a part that may fail.")
}

private struct WordScanner {
    var rest: Substring.UTF8View

    init(_ rest: Substring.UTF8View) { self.rest = rest }

    /// The next word of letters and underscores, nil at anything else but space, comments and signs between words.
    mutating func next() -> String? {
        skip()
        let word = rest.prefix { $0.isLetter }
        guard !word.isEmpty else { return nil }
        rest = rest[word.endIndex...]
        return String(decoding: word.map { (97...122).contains($0) ? $0 - 32 : $0 }, as: UTF8.self)
    }

    private mutating func skip() {
        while let byte = rest.first {
            if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != 10 }
            } else if rest.starts(with: "/*".utf8) {
                skipBlockComment()
            } else if byte <= 32 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "\"")
            {
                rest = rest.dropFirst()
            } else {
                return
            }
        }
    }

    private mutating func skipBlockComment() {
        rest = rest.dropFirst(2)
        while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
        rest = rest.dropFirst(2)
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        (65...90).contains(self) || (97...122).contains(self) || self == UInt8(ascii: "_")
    }
}
