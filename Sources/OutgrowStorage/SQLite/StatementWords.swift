/// The first words of a statement, in capitals, comments left out: enough to tell what kind it is.
struct StatementWords {
    private let words: [String]

    init(of text: String) {
        var scanner = WordScanner(text.utf8[...])
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

    /// Refuses what would break the transaction, or the connection for those who use it next.
    func check(_ text: String) throws {
        guard let first = words.first else { return }
        switch first {
        case "BEGIN", "COMMIT", "END": throw Self.control
        case "ROLLBACK" where !words.contains("TO"): throw Self.control
        case "PRAGMA" where words.dropFirst().contains(where: { Self.ours.contains($0) }):
            guard !text.utf8.contains(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "(") }) else {
                throw StorageError(
                    .misuse, "This PRAGMA belongs to the storage.",
                    fix:
                        "Set it for all connections when the storage is opened (SQLiteStorage.Configuration)."
                )
            }
        default: break
        }
    }

    private static let ours: Set = ["QUERY_ONLY", "BUSY_TIMEOUT", "JOURNAL_MODE", "LOCKING_MODE"]

    private static let control = StorageError(
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
