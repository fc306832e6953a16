internal import Foundation

/// A statement that the server has parsed, or is about to.
@safe package final class PreparedStatement: @unchecked Sendable {
    /// Empty for the unnamed statement.
    let name: String
    /// The name as libpq takes it.
    let terminatedName: UnsafeMutablePointer<CChar>
    package let text: String
    let types: [UInt32]
    /// Running it leaves something behind in the session: a setting, a temporary table.
    let touchesSession: Bool
    /// Whether the server has said that all texts whose type was left to it are texts there, so that their binary form
    /// is theirs as well: libpq then does not look for their ends. Set on the connection's thread.
    var takesBinaryTexts = false
    /// As its cache counts, on the connection's thread.
    fileprivate(set) var lastUse = 0
    private let isASCII: Bool

    /// Whether this is its text, byte for byte: `==` also takes "e\u{301}" for "\u{E9}", which as a literal are two.
    fileprivate func has(_ text: String) -> Bool {
        self.text.utf8.count == text.utf8.count && self.text == text
            && (isASCII || self.text.utf8.elementsEqual(text.utf8))
    }

    init(name: String, text: String, types: [UInt32]) {
        self.name = name
        self.text = text
        self.types = types
        touchesSession = text.touchesSession
        isASCII = text.utf8.allSatisfy { $0 < 128 }
        unsafe terminatedName = unsafe strdup(name)
    }

    deinit { unsafe free(terminatedName) }

    /// Whether there is a text among the values, or anything else of which the server finds out the type.
    var hasInferredTypes: Bool { types.contains(0) }

    /// Notes what the server says of the parameters: the answer to `PQsendDescribePrepared`.
    func describe(_ result: PostgresResult) {
        takesBinaryTexts = types.indices.allSatisfy {
            types[$0] != 0 || Self.textTypes.contains(result.parameterType($0))
        }
    }

    /// Types that take any text as it is: `text`, `varchar`, `bpchar`.
    private static let textTypes: Set<UInt32> = [25, 1043, 1042]
}

/// The prepared statements of one session, by text and by the types of the values; the oldest give way.
package struct StatementCache {
    /// 0: only unnamed statements, for poolers that change the session between transactions.
    package var capacity = 256
    /// How often a statement had to be prepared; tests watch it.
    package private(set) var preparedCount = 0
    private(set) var count = 0
    /// Names on the server that nobody uses any more.
    package internal(set) var discarded: [String] = []
    private var byText: [String: [PreparedStatement]] = [:]
    /// The last one used: a loop over one statement finds it by comparing its text, without hashing.
    private var recent: PreparedStatement?
    private var clock = 0
    private var lastName = 0

    /// The statement as it was prepared before for values of the same types.
    mutating func statement(
        _ text: String, _ buffer: ParameterBuffer, _ start: Int, _ count: Int
    ) -> PreparedStatement? {
        func fits(_ known: PreparedStatement) -> Bool {
            known.types.count == count && buffer.hasTypes(known.types, at: start) && known.has(text)
        }
        clock += 1
        if let recent, fits(recent) {
            recent.lastUse = clock
            return recent
        }
        guard let found = byText[text]?.first(where: fits) else { return nil }
        found.lastUse = clock
        recent = found
        return found
    }

    /// Makes room, and a statement that is yet to be prepared.
    mutating func add(_ text: String, _ types: [UInt32]) -> PreparedStatement {
        if count >= capacity { removeOldest() }
        lastName += 1
        let statement = PreparedStatement(name: "outgrow_\(lastName)", text: text, types: types)
        clock += 1
        statement.lastUse = clock
        byText[text, default: []].append(statement)
        (count, preparedCount) = (count + 1, preparedCount + 1)
        return statement
    }

    mutating func remove(_ statement: PreparedStatement, isOnServer: Bool) {
        guard let index = byText[statement.text]?.firstIndex(where: { $0 === statement }) else { return }
        byText[statement.text]?.remove(at: index)
        if byText[statement.text]?.isEmpty == true { byText[statement.text] = nil }
        count -= 1
        if recent === statement { recent = nil }
        if isOnServer { discarded.append(statement.name) }
    }

    /// The server has refused to prepare it, or was not asked any more.
    mutating func removeUnprepared(_ statement: PreparedStatement) {
        remove(statement, isOnServer: false)
        // It may have given way to others of the same batch.
        discarded.removeAll { $0 == statement.name }
    }

    /// Forgets all: the schema has changed below them.
    mutating func removeAll() {
        for statement in byText.values.joined() { discarded.append(statement.name) }
        byText = [:]
        recent = nil
        count = 0
    }

    // Linear, but only when something new is prepared, which costs the server far more.
    private mutating func removeOldest() {
        guard let oldest = byText.values.joined().min(by: { $0.lastUse < $1.lastUse }) else { return }
        remove(oldest, isOnServer: true)
    }
}

extension String {
    /// Whether a statement that begins like this may leave something behind in the session.
    var touchesSession: Bool {
        let words = firstWords(4)
        guard let first = words.first else { return false }
        switch first {
        case "SET": return !["LOCAL", "TRANSACTION", "CONSTRAINTS"].contains(words.dropFirst().first ?? "")
        case "CREATE":
            return words.dropFirst().contains { $0 == "TEMP" || $0 == "TEMPORARY" }
                || uppercased().contains("PG_TEMP")
        // SELECT … INTO TEMP t
        case "SELECT", "WITH": return utf8.contains { $0 == 0x54 || $0 == 0x74 } && createsTemporaryTable
        case "RESET", "LISTEN", "UNLISTEN", "PREPARE", "DEALLOCATE", "DISCARD", "LOAD": return true
        case "DECLARE": return uppercased().contains("WITH HOLD")
        default: return false
        }
    }

    private var createsTemporaryTable: Bool {
        let words = uppercased().split(whereSeparator: { !$0.isLetter })
        return zip(words, words.dropFirst()).contains { one, other in
            ["INTO", "LOCAL", "GLOBAL"].contains(one) && ["TEMP", "TEMPORARY"].contains(other)
        }
    }

    /// In capitals; comments in front are left out.
    private func firstWords(_ count: Int) -> [String] {
        var rest = self[...]
        while let first = rest.first {
            if first.isWhitespace || first == ";" {
                rest.removeFirst()
            } else if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = rest.afterBlockComment
            } else {
                break
            }
        }
        return rest.prefix(80).split(whereSeparator: { $0.isWhitespace || $0 == ";" }).prefix(count)
            .map { $0.uppercased() }
    }

    /// Whether any statement of a script may do so; in doubt yes.
    var mayTouchSession: Bool {
        let signs: Set<Substring> = [
            "SET", "RESET", "LISTEN", "PREPARE", "DEALLOCATE", "DISCARD", "LOAD", "TEMP", "TEMPORARY", "HOLD",
        ]
        return uppercased().split(whereSeparator: { !$0.isLetter }).contains(where: signs.contains)
    }
}

extension Substring {
    /// What follows the block comment that this begins with; they may be nested.
    /// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS
    fileprivate var afterBlockComment: Substring {
        var (rest, depth) = (self, 0)
        while !rest.isEmpty {
            if rest.hasPrefix("/*") {
                (rest, depth) = (rest.dropFirst(2), depth + 1)
            } else if rest.hasPrefix("*/") {
                (rest, depth) = (rest.dropFirst(2), depth - 1)
                if depth == 0 { return rest }
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }
}
